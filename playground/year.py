"""A community's year, drawn by chance: who asked, who was asked, who answered and when. No one in it is real."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert

from bot.domain import policy
from bot.domain.wording import text_hash
from bot.routing.ports import Vectors, to_bytes
from bot.store.engine import Database
from models import (
    Base,
    Draft,
    Fact,
    Guild,
    GuildSettings,
    HelpInteraction,
    Invitation,
    Member,
    Occurrence,
    OfficeHours,
    Question,
    QuestionVector,
    Request,
    Slot,
    Statement,
    StatementVector,
)
from playground.year_drafts import Paper, draft_facts, draft_row, draw_drafts, request_row
from playground.year_office_hours import (
    TimeOffered,
    draw_office_hours,
    occurrence_rows,
    office_hours_facts,
    series_rows,
    slot_rows,
)

FIRST_USER = 400_000_000_000_000_000
DIMENSION = 64
MODEL = "year"
_AT_ONCE = 2_000
_SATURDAY = 5
_AWAKE = range(7, 20)
"""Hours of the day by UTC in which most is asked."""
ZONES = ("America/New_York", "Africa/Nairobi", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo")
_UNSAID = 0.1
"""The part of people who named no zone, and of those who named no language."""
_PAUSED = 0.12
"""The part of people who took a break lately, and of those who said no end of it."""
LANGUAGES = ("en", "en", "en", "fr", "pt", "sw", "ar")
URGENCIES = ("today", "this_week", "whenever")
TOPICS = (
    ("calibration", "probability thresholds isotonic"), ("survival analysis", "censored hazards cohort"),
    ("federated learning", "sites aggregation privacy"), ("medical imaging", "segmentation scans radiology"),
    ("missing values", "imputation records sparse"), ("causal inference", "confounding treatment propensity"),
    ("language models", "prompts notes extraction"), ("fairness audits", "subgroups disparity metrics"),
)  # fmt: skip
_WHERE = ("for my thesis", "in a hospital", "in a registry", "in a small study", "across two cohorts", "on a laptop")
RARELY_ANSWERED = 1
"""The topic of which most questions stay without an answer."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    people: int = 2_000
    questions: int = 6_000
    weeks: int = 52
    drafts: int = 2_000


@dataclass(frozen=True, slots=True)
class Person:
    """One member."""

    id: int
    zone: str | None
    languages: tuple[str, ...]
    joined: datetime
    is_helper: bool
    begins: time
    ends: time
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    left: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One person who was asked for help, and what they did."""

    member_id: int
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Matter:
    """One question and what became of it."""

    id: int
    asker_id: int
    at: datetime
    urgency: str
    visibility: str
    topic: int
    state: str
    asked: tuple[Asked, ...] = ()
    taken: datetime | None = None
    answers: tuple[tuple[datetime, int], ...] = ()
    """When, and the person who gave it; the first comes first."""
    outcome: tuple[datetime, str] | None = None


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """What a helper would help with."""

    id: int
    member_id: int
    topic: int


@dataclass(frozen=True, slots=True)
class Year:
    """Everything that happened up to `until`."""

    guild_id: int
    until: datetime
    people: tuple[Person, ...]
    questions: tuple[Matter, ...]
    vectors: Vectors = field(repr=False)
    """float32[n, d] of unit length, one a question."""
    drafts: tuple[Paper, ...] = ()
    lines: tuple[OfferedLine, ...] = ()
    line_vectors: Vectors = field(default_factory=lambda: np.empty((0, DIMENSION), np.float32), repr=False)
    """The same, one a line."""
    time_offered: TimeOffered = field(default_factory=TimeOffered)


def year(guild_id: int, until: datetime, size: Size | None = None, seed: int = 0) -> Year:
    """Draw a year that ends at a moment; the same every time."""
    return _Draw(guild_id, until, size or Size(), random.Random(seed)).year()


class _Draw:
    def __init__(self, guild_id: int, until: datetime, size: Size, draw: random.Random) -> None:
        self._guild_id, self._until, self._size, self._draw = guild_id, until, size, draw
        self._since = until - timedelta(weeks=size.weeks)
        self._first = guild_id * 1_000_000

    def year(self) -> Year:
        people = tuple(self._rested(self._person(self._first + number)) for number in range(self._size.people))
        helpers = [each for each in people if each.is_helper] or people[:1]
        # A few people ask and help much, most a little.
        busy = [self._draw.paretovariate(1.2) for _ in helpers]
        eager = [self._draw.paretovariate(1.5) for _ in people]
        askers = self._draw.choices(people, eager, k=self._size.questions)
        moments = sorted(self._moment() for _ in askers)
        questions = tuple(
            self._matter(self._first + number, asker, at, helpers, busy)
            for number, (asker, at) in enumerate(zip(askers, moments, strict=True))
        )
        lines = tuple(each for person in people if person.is_helper for each in self._lines(person))
        topics, of_lines = ([each.topic for each in some] for some in (questions, lines))
        offered = draw_office_hours([each.id for each in people], self._first, self._since, self._until)
        return Year(
            self._guild_id, self._until, people, questions, _near(topics, 0), self._drafts(people), lines,
            _near(of_lines, 1), offered,
        )  # fmt: skip

    def _drafts(self, people: Sequence[Person]) -> tuple[Paper, ...]:
        first = self._first + self._size.questions
        ids = [each.id for each in people]
        return draw_drafts(ids, first, self._size.drafts, self._since, self._until)

    def _person(self, member_id: int) -> Person:
        begins, unsaid = self._draw.choice((7, 8, 9, 10)), random.Random(f"what {member_id} didn't say")
        zone, language = self._draw.choice(ZONES), self._draw.choice(LANGUAGES)
        return Person(
            member_id, None if unsaid.random() < _UNSAID else zone, () if unsaid.random() < _UNSAID else (language,),
            self._since + self._draw.random() ** 3 * (self._until - self._since), self._chance(0.3),
            time(begins), time(begins + 9),
        )  # fmt: skip

    def _rested(self, person: Person) -> Person:
        """Return a person who may take a break, or have taken one."""
        draw = random.Random(f"the break of {person.id}")
        if draw.random() > _PAUSED:
            return person
        since = self._until - timedelta(days=draw.random() * 20)
        until = None if draw.random() < _PAUSED else since + timedelta(days=draw.choice((7, 14, 30)))
        return replace(person, paused_at=since, paused_until=until)

    def _moment(self) -> datetime:
        """Return a moment, on workdays and by day rather than at the weekend or by night."""
        while True:
            at = self._since + self._draw.random() * (self._until - self._since)
            if self._chance((1 if at.weekday() < _SATURDAY else 0.4) * (1 if at.hour in _AWAKE else 0.3)):
                return at

    def _matter(
        self, request_id: int, asker: Person, at: datetime, helpers: Sequence[Person], busy: Sequence[float]
    ) -> Matter:
        urgency, topic = self._draw.choice(URGENCIES), self._draw.randrange(len(TOPICS))
        hours = {"today": 3, "this_week": 9, "whenever": 24}[urgency]
        chosen = {each.id: each for each in self._draw.choices(helpers, busy, k=self._draw.randint(2, 8))}
        chosen.pop(asker.id, None)
        wait = timedelta(hours=self._draw.lognormvariate(0, 1.3) * hours)
        has_answer = self._draw.random() < (0.35 if topic == RARELY_ANSWERED else 0.9)
        answered = at + wait if has_answer and at + wait < self._until and chosen else None
        asked = tuple(self._asked(each, at, answered, number) for number, each in enumerate(chosen.values()))
        answers = self._answers(asked, answered)
        outcome = self._outcome(answers)
        state = (
            "resolved" if outcome else "answered" if answers else self._draw.choice(("waiting", "waiting", "closed"))
        )
        return Matter(
            request_id, asker.id, at, urgency, self._draw.choice(("public",) * 4 + ("matched",)), topic, state, asked,
            min((each.at for each in asked if each.state == "taken"), default=None), answers, outcome,
        )  # fmt: skip

    def _asked(self, helper: Person, at: datetime, answered: datetime | None, number: int) -> Asked:
        if number == 0 and answered is not None:
            return Asked(helper.id, at + (answered - at) / 2, "taken")
        return Asked(helper.id, at, self._draw.choice(("passed", "expired", "expired", "off_topic")))

    def _answers(self, asked: Sequence[Asked], answered: datetime | None) -> tuple[tuple[datetime, int], ...]:
        if answered is None:
            return ()
        more = [each for each in asked[1:] if self._chance(0.15)]
        later = [(answered + timedelta(hours=self._draw.random() * 20 + 0.1), each.member_id) for each in more]
        return ((answered, asked[0].member_id), *sorted(each for each in later if each[0] < self._until))

    def _outcome(self, answers: Sequence[tuple[datetime, int]]) -> tuple[datetime, str] | None:
        if not answers or self._chance(0.25):
            return None
        at = answers[0][0] + timedelta(hours=self._draw.random() * 40)
        said = self._draw.choice(("helped", "helped", "helped", "partly", "not_yet"))
        return (at, said) if at < self._until else None

    def _chance(self, part: float) -> bool:
        return self._draw.random() < part

    def _lines(self, helper: Person) -> Iterator[OfferedLine]:
        """Yield one or two lines of a helper; no one offers what is rarely answered."""
        draw = random.Random(f"what {helper.id} offers")
        offered = [topic for topic in range(len(TOPICS)) if topic != RARELY_ANSWERED]
        for number, topic in enumerate(draw.sample(offered, draw.choice((1, 2)))):
            yield OfferedLine(helper.id * 10 + number, helper.id, topic)


def _near(topics: Sequence[int], seed: int) -> Vectors:
    """Return a vector near to each of these topics, float32[n, d] of unit length."""
    centres = np.random.default_rng(0).normal(size=(len(TOPICS), DIMENSION))
    noise = np.random.default_rng([seed, 1]).normal(size=(len(topics), DIMENSION))
    drawn = centres[list(topics)] + 0.6 * noise
    unit: Vectors = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    return unit


async def keep(database: Database, drawn: Year) -> None:
    """Write a year into empty tables."""
    for table, rows in _tables(drawn):
        async with database.engine.begin() as connection:
            while some := [row for _, row in zip(range(_AT_ONCE), rows, strict=False)]:
                await connection.execute(insert(table.__table__), some)  # type: ignore[arg-type]


def _tables(drawn: Year) -> Iterator[tuple[type[Base], Iterator[Row]]]:
    questions = drawn.questions
    yield Guild, iter([{"id": drawn.guild_id, "joined_at": drawn.people[0].joined}])
    yield GuildSettings, iter([{"guild_id": drawn.guild_id, "open_limit": 3}])
    yield Member, (_member(drawn, each) for each in drawn.people)
    yield Request, (_request(drawn, each) for each in questions)
    yield Question, (_question(each) for each in questions)
    yield (
        QuestionVector,
        (
            {"question_id": each.id, "model_id": MODEL, "vector": to_bytes(vector)}
            for each, vector in zip(questions, drawn.vectors, strict=True)
        ),
    )
    yield Statement, (_statement(each) for each in drawn.lines)
    yield (
        StatementVector,
        (
            {"statement_id": each.id, "model_id": MODEL, "vector": to_bytes(vector)}
            for each, vector in zip(drawn.lines, drawn.line_vectors, strict=True)
        ),
    )
    yield Invitation, (row for each in questions for row in _invitations(each))
    yield HelpInteraction, (row for each in questions for row in _parts(each))
    yield (
        Fact,
        (
            {"guild_id": drawn.guild_id, "request_id": each.id, "type": name, "at": at, "member_id": member_id}
            for each in questions
            for name, at, member_id in facts(each)
        ),
    )
    yield Request, (request_row(drawn.guild_id, each) for each in drawn.drafts)
    yield Draft, (draft_row(each) for each in drawn.drafts)
    yield Fact, (row for each in drawn.drafts for row in draft_facts(drawn.guild_id, each))
    yield OfficeHours, series_rows(drawn.guild_id, drawn.time_offered)
    yield Occurrence, occurrence_rows(drawn.guild_id, drawn.time_offered)
    yield Slot, slot_rows(drawn.guild_id, drawn.time_offered)
    yield Fact, office_hours_facts(drawn.guild_id, drawn.time_offered)


def facts(matter: Matter) -> Iterator[tuple[str, datetime, int | None]]:
    """Return what was noted about a question: what, when and the person."""
    yield "asked", matter.at, matter.asker_id
    if matter.asked:
        yield "routed", matter.at, None
    for each in matter.asked:
        yield "invited", matter.at, each.member_id
        if each.state in {"taken", "passed", "expired", "off_topic"}:
            yield each.state, each.at, each.member_id
    for at, member_id in matter.answers:
        yield "answered", at, member_id
    if matter.outcome is not None:
        yield matter.outcome[1], matter.outcome[0], None


def _member(drawn: Year, each: Person) -> Row:
    return {
        "id": each.id, "guild_id": drawn.guild_id, "user_id": FIRST_USER + each.id, "joined_at": each.joined,
        "is_helper": each.is_helper, "rate": "one_a_day", "languages": list(each.languages), "zone": each.zone,
        "begins": each.begins, "ends": each.ends, "learns_from_help": False, "direct_messages": "open", "silences": 0,
        "read_areas": [], "version": 1, "paused_at": each.paused_at, "paused_until": each.paused_until,
        "left_at": each.left,
    }  # fmt: skip


def _request(drawn: Year, each: Matter) -> Row:
    return {
        "id": each.id, "type": "question", "guild_id": drawn.guild_id, "created_at": each.at, "state": each.state,
        "asker_id": each.asker_id, "urgency": each.urgency, "visibility": each.visibility, "thread_id": None,
        "waiting_since": each.at, "extra_invitations": 0, "version": 1,
        "close_reason": "asker" if each.state == "closed" else None,
    }  # fmt: skip


def _question(each: Matter) -> Row:
    return {"id": each.id, "text": text_of(each), "kind": "concept", "is_english": True}


def text_of(each: Matter) -> str:
    """Return the words of a question."""
    draw, (name, words) = random.Random(each.id), TOPICS[each.topic]
    begin = draw.choice(("How do I begin with", "What should I read about", "Why does my code fail at"))
    some, more = (draw.choice(words.split()) for _ in range(2))
    return f"{begin} {name}: {some}, {more}, {draw.choice(_WHERE)}, {draw.choice(_WHERE)}?"


def _statement(each: OfferedLine) -> Row:
    name, _ = TOPICS[each.topic]
    return {
        "id": each.id, "member_id": each.member_id, "text": name, "text_hash": text_hash(name), "source": "declared",
        "added_at": datetime(2020, 1, 1, tzinfo=UTC), "is_muted": False,
    }  # fmt: skip


def _invitations(each: Matter) -> Iterator[Row]:
    for number, asked in enumerate(each.asked):
        yield {
            "id": each.id * 10 + number, "request_id": each.id, "member_id": asked.member_id, "created_at": each.at,
            "expertise": 1.0, "availability": 1.0, "freshness": 1.0, "policy_version": policy.VERSION, "version": 1,
            "state": asked.state, "decided_at": asked.at,
        }  # fmt: skip


def _parts(each: Matter) -> Iterator[Row]:
    for at, member_id in {member_id: (at, member_id) for at, member_id in reversed(each.answers)}.values():
        yield {
            "request_id": each.id, "helper_id": member_id, "asker_id": each.asker_id, "answered_at": at,
            "outcome": each.outcome[1] if each.outcome else None,
        }  # fmt: skip
