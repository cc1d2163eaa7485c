"""Load the sample community: people, what they can help with, and a short history of questions."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from importlib import resources
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

RATES: Final = frozenset({"never", "one_a_week", "one_a_day", "more"})
KINDS: Final = frozenset({"concept", "resource", "stuck", "method", "writing", "career", "morale"})
OUTCOMES: Final = frozenset({"helped", "partly", "none"})
STATEMENTS: Final = frozenset({0, 2, 3, 4, 5})
"""How many statements a member may have; none means someone who only asks."""

QUESTION_LENGTH: Final = range(20, 401)
ABOUT_LENGTH: Final = range(40, 3_001)
AREAS: Final = frozenset({"direction", "design", "analysis", "presentation"})
BECOMES: Final = frozenset({"changed", "partly", "not_now", "differently"})
MINUTES: Final = frozenset({15, 30, 45})
"""What a member may say that one draft takes at most."""
READERS: Final = 2
NAME_LENGTH: Final = range(1, 33)
"""Characters. Source: Discord's limit for a display name."""


class CommunityError(ValueError):
    """Name everything that is wrong with a community, one problem a line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class SampleReading:
    """Describe which drafts a member would read."""

    minutes: int
    """At most."""
    areas: tuple[str, ...]
    """About any of these; without one, about anything."""


@dataclass(frozen=True, slots=True)
class SampleMember:
    """Describe one member of the sample community."""

    handle: str
    name: str
    hint: str
    timezone: str
    languages: tuple[str, ...]
    wakes: time
    sleeps: time
    rate: str
    statements: tuple[str, ...]
    learning: str
    reads: SampleReading | None = None
    """Which drafts they would read; none, like most people, without it."""

    @property
    def is_helper(self) -> bool:
        """Return whether this member offers anything to be asked about."""
        return bool(self.statements)


@dataclass(frozen=True, slots=True)
class SampleQuestion:
    """Describe one question asked before the playground was opened; members by handle."""

    asker: str
    helper: str
    kind: str
    text: str
    age: timedelta
    outcome: str
    answer: str = ""
    """What the helper wrote; told of a few, so that there are threads to be led to."""


@dataclass(frozen=True, slots=True)
class SampleExample:
    """Propose the question of the guided path, who asks it, and what a helper could answer."""

    asker: str
    text: str
    tried: str
    answer: str


@dataclass(frozen=True, slots=True)
class SampleAsk:
    """Propose one more question of the guided path, and who asks it."""

    asker: str
    text: str


@dataclass(frozen=True, slots=True)
class SampleFeedback:
    """Propose what a reader says about the draft, with one point, and what its author makes of that."""

    summary: str
    strengths: str
    answers: str
    area: str
    where: str
    remark: str
    suggestion: str
    becomes: str
    note: str


@dataclass(frozen=True, slots=True)
class SampleDraft:
    """Propose the draft of the guided path, its next round, and what its readers say."""

    author: str
    about: str
    questions: str
    needed_by: str
    file: str
    text: str
    compare_at: str
    """When its readers compare their notes, as one of them types it."""
    together: str
    """What they say together."""
    changes: str
    """What is new in its next round."""
    round_by: str
    round_file: str
    round_text: str
    feedback: tuple[SampleFeedback, ...]


@dataclass(frozen=True, slots=True)
class Community:
    """Hold the whole sample community; members keep the order of the file."""

    members: tuple[SampleMember, ...]
    history: tuple[SampleQuestion, ...]
    example: SampleExample
    again: SampleAsk
    """A question like one that was answered before."""
    abroad: SampleAsk
    """A question in a language that no profile is written in."""
    unseen: SampleExample
    """A question without a name, and what its asker adds."""
    draft: SampleDraft
    moderator: str

    def member(self, handle: str) -> SampleMember:
        """Return the member with this handle.

        Raises:
            LookupError: no one has it.
        """
        found = next((member for member in self.members if member.handle == handle), None)
        if found is None:
            raise LookupError(handle)
        return found


def load(text: str | None = None) -> Community:
    """Return the community written in `text`, or the one that comes with the playground.

    Raises:
        CommunityError: something in it is wrong; every problem is named.
        ValueError: it is not TOML, or an hour is not an hour.
    """
    document = tomllib.loads(_packaged() if text is None else text)
    try:
        community = _community(document)
    except (KeyError, TypeError) as error:
        raise CommunityError([f"the file lacks or misspells {error}"]) from error
    problems = list(_problems(community))
    if problems:
        raise CommunityError(problems)
    return community


def _packaged() -> str:
    return (resources.files(__package__) / "community.toml").read_text(encoding="utf-8")


def _community(document: Mapping[str, Any]) -> Community:
    return Community(
        members=tuple(_member(entry) for entry in document["member"]),
        history=tuple(_question(entry) for entry in document["history"]),
        example=SampleExample(**document["example"]),
        again=SampleAsk(**document["again"]),
        abroad=SampleAsk(**document["abroad"]),
        unseen=SampleExample(**document["unseen"]),
        draft=_draft(document["draft"]),
        moderator=document["moderator"],
    )


def _member(entry: Mapping[str, Any]) -> SampleMember:
    wakes, _, sleeps = entry["hours"].partition("-")
    rest = {key: value for key, value in entry.items() if key not in {"hours", "languages", "statements", "reads"}}
    return SampleMember(
        languages=tuple(entry["languages"]),
        wakes=time.fromisoformat(wakes),
        sleeps=time.fromisoformat(sleeps),
        statements=tuple(entry["statements"]),
        reads=_reading(entry["reads"]) if "reads" in entry else None,
        **rest,
    )


def _reading(entry: Mapping[str, Any]) -> SampleReading:
    return SampleReading(**{**entry, "areas": tuple(entry["areas"])})


def _draft(entry: Mapping[str, Any]) -> SampleDraft:
    return SampleDraft(**{**entry, "feedback": tuple(SampleFeedback(**each) for each in entry["feedback"])})


def _question(entry: Mapping[str, Any]) -> SampleQuestion:
    rest = {key: value for key, value in entry.items() if key != "ago"}
    return SampleQuestion(age=timedelta(hours=entry["ago"]), **rest)


def _problems(community: Community) -> Iterator[str]:
    handles = [member.handle for member in community.members]
    yield from (f"{handle}: this handle is used twice" for handle, count in Counter(handles).items() if count > 1)
    for member in community.members:
        yield from (f"{member.handle}: {problem}" for problem in _member_problems(member))
    for number, question in enumerate(community.history, start=1):
        yield from (f"history {number}: {problem}" for problem in _question_problems(community, question))
    if community.moderator not in handles:
        yield f"moderator: {community.moderator} is not a member"
    asks: dict[str, SampleExample | SampleAsk] = {
        "example": community.example, "again": community.again, "abroad": community.abroad,
        "unseen": community.unseen,
    }  # fmt: skip
    for name, ask in asks.items():
        if ask.asker not in handles:
            yield f"{name}: {ask.asker} is not a member"
        if len(ask.text) not in QUESTION_LENGTH:
            yield f"{name}: the question needs 20 to 400 characters"
    yield from (f"draft: {problem}" for problem in _draft_problems(community.draft, handles))


def _draft_problems(draft: SampleDraft, handles: Sequence[str]) -> Iterator[str]:
    if draft.author not in handles:
        yield f"{draft.author} is not a member"
    if len(draft.about) not in ABOUT_LENGTH:
        yield f"what it is about needs {ABOUT_LENGTH[0]} to {ABOUT_LENGTH[-1]:,} characters"
    if len(draft.feedback) != READERS:
        yield f"{READERS} people read it"
    for each in draft.feedback:
        if each.area not in AREAS:
            yield f"the area of a point is one of {', '.join(sorted(AREAS))}"
        if each.becomes not in BECOMES:
            yield f"a point becomes one of {', '.join(sorted(BECOMES))}"


def _member_problems(member: SampleMember) -> Iterator[str]:
    if len(member.name) not in NAME_LENGTH:
        yield "the name needs 1 to 32 characters"
    if not _is_zone(member.timezone):
        yield f"{member.timezone} is not a time zone; write it like Africa/Nairobi"
    if member.wakes >= member.sleeps:
        yield "the usual hours end before they begin"
    if member.rate not in RATES:
        yield f"the rate is one of {', '.join(sorted(RATES))}"
    if len(member.statements) not in STATEMENTS:
        yield "there are 2 to 5 statements, or none for someone who only asks"
    if not member.languages:
        yield "there is at least one language"
    if member.reads is not None:
        yield from _reading_problems(member.reads)


def _reading_problems(reads: SampleReading) -> Iterator[str]:
    if reads.minutes not in MINUTES:
        yield f"the longest read is one of {', '.join(map(str, sorted(MINUTES)))} minutes"
    if not AREAS.issuperset(reads.areas):
        yield f"the areas are some of {', '.join(sorted(AREAS))}"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def _question_problems(community: Community, question: SampleQuestion) -> Iterator[str]:
    helpers = {member.handle for member in community.members if member.is_helper}
    if question.asker not in {member.handle for member in community.members}:
        yield f"the asker {question.asker} is not a member"
    if question.helper not in helpers - {question.asker}:
        yield f"{question.helper} is not another person who helps"
    if question.kind not in KINDS:
        yield f"the kind is one of {', '.join(sorted(KINDS))}"
    if question.outcome not in OUTCOMES:
        yield f"the outcome is one of {', '.join(sorted(OUTCOMES))}"
    if len(question.text) not in QUESTION_LENGTH:
        yield "the question needs 20 to 400 characters"
    if question.age <= timedelta():
        yield "the question was asked in the past"
