"""Small made-up communities, written down as the benchmark writes real ones."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

Event = dict[str, object]

MOMENTS = [f"2020-01-{day:02}T10:00:00" for day in range(1, 32)]


def asked(name: str, at: str, member: str, title: str, text: str = "") -> Event:
    return {"type": "question", "id": name, "ts": at, "member": member, "title": title, "text": text}


def answered(question: str, at: str, member: str, text: str) -> Event:
    name = f"{question}-{member}"
    return {"type": "answer", "id": name, "question_id": question, "ts": at, "member": member, "text": text}


def judged(question: str, *members: str) -> Event:
    return {"qid": question, "relevant": dict.fromkeys(members, 1.0), "answerers": list(members)}


def write(file: Path, records: Iterable[Mapping[str, object]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return file


def write_routing(folder: Path, events: Iterable[Event], judgements: Iterable[Event]) -> Path:
    write(folder / "events.jsonl", events)
    write(folder / "qrels.jsonl", judgements)
    return folder


def write_scorer(place: Path, source: str = "") -> Path:
    """Put something where the scorer lies; what needs its figures takes the real one."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "eval_reference.py").write_text(source, encoding="utf-8")
    return place


def craft(name: str, subject: str) -> tuple[list[Event], list[Event]]:
    """Return a community of two crafts whose masters answer by turns, and no one knows the other's."""
    events: list[Event] = []
    judgements: list[Event] = []
    for number, at in enumerate(MOMENTS[:20]):
        theme, master = ((subject, "ada"), ("gardens and soil", "bob"))[number % 2]
        question = f"{name}{number}"
        events.append(asked(question, at, "cleo", f"{theme} {name} {number}", f"What of {theme}?"))
        events.append(answered(question, at.replace("T10", "T20"), master, f"About {theme} I know everything."))
        judgements.append(judged(question, master))
    return events, judgements[4:]
