"""`python -m evaluation.hints [--data DIR]`: how many real questions get a hint though people answered them.

It reads what `python -m evaluation` reads: questions with their title, as they were asked, and questions of other
languages with their translations.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.domain.ask_well import hint
from evaluation.folders import DEFAULT, records

LONGEST = 1_500
"""Characters of a question that `/ask` takes."""


def main(arguments: list[str] | None = None) -> int:
    """Print a line for each folder; return 1 where there is none."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.hints", description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT, metavar="DIR", help="the benchmark's folder")
    place = parser.parse_args(arguments).data
    found = list(_questions(place)) if place.is_dir() else []
    if not found:
        print(f"There are no questions in {place}: name the benchmark's folder with --data DIR.", file=sys.stderr)
    for name, texts in found:
        print(_line(name, texts))
    return 0 if found else 1


def _questions(place: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the questions of each folder, each with what they are."""
    for events in sorted(place.glob("routing_*/events.jsonl")):
        asked = [each for each in records(events) if each["type"] == "question"]
        yield f"{events.parent.name}, whole", [f"{each.get('title', '')}\n{each['text']}"[:LONGEST] for each in asked]
        yield f"{events.parent.name}, titles", [each["title"] for each in asked if "title" in each]
    for pairs in sorted(place.glob("*/pairs.jsonl")):
        rows = list(records(pairs))
        yield f"{pairs.parent.name}, as asked", [each["question"] for each in rows]
        yield f"{pairs.parent.name}, translated", [each["translated"] for each in rows]


def _line(name: str, texts: Iterable[str]) -> str:
    said = Counter(found.value if (found := hint(text)) else "none" for text in texts)
    hints = ", ".join(f"{kind} {count}" for kind, count in sorted(said.items()) if kind != "none")
    return f"{name:32}{said.total():6} questions  {said.total() - said['none']:4} hints  {hints}"


if __name__ == "__main__":
    sys.exit(main())
