"""Task `reviewers`: researchers with their past papers, and how expert they call themselves on papers they have read.

For one researcher, papers are compared with each other: what counts is how well each fits, not who fits it best.

Source: Stelmakh et al. (2023), A Gold Standard Dataset for the Reviewer Assignment Problem.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from bot.routing.ports import Query, StoredText
from bot.routing.router import Router
from evaluation.folders import NotFound
from evaluation.history import clipped
from evaluation.progress import progress
from evaluation.ranking import Ranking, Texts, found

NEEDS = ("papers.jsonl", "profiles.jsonl", "ratings.jsonl")
LONGEST = 3_000
"""Characters of a title and an abstract that are compared, as of a draft."""

Record = dict[str, Any]
Profiles = dict[str, list[str]]
"""The words of each member's past papers."""

_NAMES = ("id", "paper", "paper_id")
_WORDS = ("abstract", "text", "summary")
"""Where a paper's words may stand beside its title; the first that is there counts."""
_LISTS = ("papers", "past_papers", "past", "paper_ids", "publications", "profile")
"""Where a member's past papers may be listed."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Everyone who rated papers, in one or more versions: each takes other past papers of the same people."""

    papers: Mapping[str, str] = field(repr=False)
    """Their words by name."""
    versions: Mapping[int, Profiles] = field(repr=False)
    rated: Sequence[tuple[str, str]] = field(repr=False)
    """Members and papers."""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a folder's three files.

        Raises:
            NotFound: something in them can't be made sense of.
        """
        papers = {_name(record, place): _words(record, place) for place, record in _lines(folder / NEEDS[0])}
        rated = [(_text(record, "member", place), _name(record, place)) for place, record in _lines(folder / NEEDS[2])]
        if unknown := next((paper for _, paper in rated if paper not in papers), None):
            msg = f"{folder.name}: the paper {unknown} is rated in {NEEDS[2]}, and {NEEDS[0]} doesn't have it."
            raise NotFound(msg)
        return cls(papers, _versions(folder / NEEDS[1], papers), rated)

    @property
    def read_papers(self) -> dict[str, str]:
        """Return the words of each rated paper, by name."""
        return {paper: self.papers[paper] for _, paper in self.rated}

    def scores(self, version: int, fits: Mapping[str, Mapping[str, float]]) -> Iterator[Ranking]:
        """Yield each rating's score as the scorer reads it, by paper and member; without past papers, 0."""
        for member, paper in self.rated:
            yield {"version": version, "member": member, "paper": paper, "score": fits[paper].get(member, 0.0)}


def texts(folder: Path) -> Texts:
    """Return every rated paper, and every past paper."""
    panel = Panel.read(folder)
    return Texts(
        list(panel.read_papers.values()),
        [text for profiles in panel.versions.values() for texts in profiles.values() for text in texts],
    )


async def rankings(router: Router, folder: Path) -> list[Ranking]:
    """Say how well each paper fits each member who rated it, every version in a community of its own."""
    panel = Panel.read(folder)
    scores: list[Ranking] = []
    papers = {paper: await router.read(text) for paper, text in panel.read_papers.items()}
    with progress(f"fitting {folder.name}", len(panel.versions)) as advance:
        for guild_id, (version, profiles) in enumerate(panel.versions.items(), start=1):
            scores += panel.scores(version, await _fits(router, guild_id, profiles, papers))
            advance(1)
    return scores


async def _fits(
    router: Router, guild_id: int, profiles: Profiles, papers: Mapping[str, Query]
) -> dict[str, dict[str, float]]:
    """Let the members join; return how well each paper fits each of them."""
    members = dict(enumerate(profiles, start=1))
    await found(router, guild_id)
    for number, member in members.items():
        encoded = await router.encode(profiles[member])
        own = zip(profiles[member], encoded, strict=True)
        router.replace(
            guild_id, number, [StoredText(place, number, text, vectors) for place, (text, vectors) in enumerate(own)]
        )
    return {
        paper: {members[number]: fit for number, fit in (await router.fits(guild_id, query)).items()}
        for paper, query in papers.items()
    }


def _versions(file: Path, papers: Mapping[str, str]) -> dict[int, Profiles]:
    """Read profiles: a line for a member, or for each of their papers, of the version it names or of the only one."""
    versions: dict[int, Profiles] = defaultdict(lambda: defaultdict(list))
    for place, record in _lines(file):
        member = _text(record, "member", place)
        for version, listed in _samples(record, place):
            versions[version][member] += [_past(each, papers, place) for each in listed]
    if not versions:
        msg = f"{file.name} is empty."
        raise NotFound(msg)
    return {version: dict(versions[version]) for version in sorted(versions)}


def _samples(record: Record, place: str) -> Iterator[tuple[int, list[Any]]]:
    """Yield a line's past papers by version."""
    own = next((record[each] for each in _LISTS if each in record), [record])
    if own == [record] and not record.keys() & {"versions", "title", *_NAMES, *_WORDS}:
        msg = f"{place}: a member's past papers are looked for under {', '.join(_LISTS)} or versions."
        raise NotFound(msg)
    several = record.get("versions", own)
    if isinstance(several, dict):
        yield from ((_number(version, place), _listed(listed, place)) for version, listed in several.items())
    elif "versions" in record:
        yield from (
            (version, _listed(listed, place)) for version, listed in enumerate(_listed(several, place), start=1)
        )
    else:
        yield _number(record.get("version", 1), place), _listed(own, place)


def _listed(papers: object, place: str) -> list[Any]:
    if not isinstance(papers, list):
        msg = f"{place}: papers are to be a list."
        raise NotFound(msg)
    return papers


def _number(version: object, place: str) -> int:
    try:
        return int(version)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        msg = f"{place}: a version is a number."
        raise NotFound(msg) from None


def _past(paper: object, papers: Mapping[str, str], place: str) -> str:
    """Return the words of a past paper, which stand there or under its name."""
    if isinstance(paper, dict) and any(paper.get(each) for each in ("title", *_WORDS)):
        return _words(paper, place)
    name = _name(paper, place) if isinstance(paper, dict) else str(paper)
    if name not in papers:
        msg = f"{place}: {NEEDS[0]} has no paper {name}."
        raise NotFound(msg)
    return papers[name]


def _words(record: Record, place: str) -> str:
    body = next((str(record[each]) for each in _WORDS if record.get(each)), "")
    words = "\n".join(part for part in (str(record.get("title") or ""), body) if part.strip())
    if not words:
        msg = f"{place}: a paper needs a title, or an abstract, or a text."
        raise NotFound(msg)
    return clipped(words, LONGEST)


def _name(record: Record, place: str) -> str:
    name = next((record[each] for each in _NAMES if each in record), None)
    if name is None:
        msg = f"{place}: a paper needs a name, under one of {', '.join(_NAMES)}."
        raise NotFound(msg)
    return str(name)


def _text(record: Record, key: str, place: str) -> str:
    if key not in record:
        msg = f"{place}: there is no {key}."
        raise NotFound(msg)
    return str(record[key])


def _lines(file: Path) -> Iterator[tuple[str, Record]]:
    """Yield the objects of a file, each with where it stands."""
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            place = f"{file.parent.name}/{file.name}, line {number}"
            if line.strip():
                yield place, _object(line, place)


def _object(line: str, place: str) -> Record:
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        msg = f"{place} is no JSON object."
        raise NotFound(msg)
    return record
