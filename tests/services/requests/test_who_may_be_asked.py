"""In any crowd, for any question: no one is asked if anything speaks against it, as the tables hold it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.attention import Attention, Rate
from bot.domain.lifecycle import InvitationState, Urgency
from bot.domain.policy import DEFAULT, WAVES, Policy
from bot.routing.ports import Match
from bot.services.requests.seating import fill_seats
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Member, Question
from tests.conftest import kept_engine, renewed_inline
from tests.domain.crowds import LANGUAGES, MOMENTS, attentions, has_room, is_left_in_peace, is_up
from tests.factories import a_member, a_question, a_referral, an_invitation
from tests.fakes import House

MOST_PEOPLE, MOST_EARLIER = 7, 4
CHOSEN = ("rate", "zone", "begins", "ends", "paused_at", "paused_until", "silences")
COUNTED = ("asked_last_day", "asked_last_two_days", "asked_last_week", "asked_last_fortnight", "asked_last_month")
ANYBODY = st.integers(0, MOST_PEOPLE - 1)
PAIRS = st.frozensets(st.tuples(ANYBODY, ANYBODY).filter(lambda pair: pair[0] != pair[1]), max_size=4)
AGES = st.integers(0, 32 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
ENDS = [state for state in InvitationState if state is not InvitationState.ASKED]


@dataclass(frozen=True)
class Person:
    """Someone, and how long ago they were asked before."""

    attention: Attention
    languages: frozenset[str]
    is_helper: bool
    asked_ago: list[timedelta]


@dataclass(frozen=True)
class Wish:
    """A question by the place of its asker, and who fits it, best first."""

    asker: int
    urgency: Urgency
    ranking: tuple[int, ...]
    expertise: tuple[float, ...]
    referrals: frozenset[tuple[int, int]]


# Made up at random, few may be asked at any one moment; these are awake around the clock.
willing = st.builds(
    Attention,
    st.sampled_from([Rate.MORE, Rate.ONE_A_DAY]),
    begins=st.just(time()),
    ends=st.just(time()),
    silences=st.integers(0, 4),
)
people = st.builds(
    Person,
    willing | willing | willing | attentions(),
    LANGUAGES,
    st.integers(1, 9).map(lambda number: number > 1),
    st.lists(AGES, max_size=MOST_EARLIER),
)
wishes = st.builds(
    Wish,
    ANYBODY,
    st.sampled_from(Urgency),
    st.permutations(range(MOST_PEOPLE)).map(tuple),
    st.lists(st.floats(0, 9), min_size=MOST_PEOPLE, max_size=MOST_PEOPLE).map(lambda odds: tuple(sorted(odds)[::-1])),
    PAIRS,
)


@dataclass(frozen=True)
class Story:
    """A community, what is asked in it, and what happens between one look and the next."""

    crowd: list[Person]
    asked: list[Wish]
    blocks: frozenset[tuple[int, int]]
    rounds: list[tuple[timedelta, list[InvitationState]]]
    began: datetime
    percent: int


stories = st.builds(
    Story,
    st.lists(people, min_size=MOST_PEOPLE, max_size=MOST_PEOPLE),
    st.lists(wishes, min_size=1, max_size=5),
    PAIRS,
    st.lists(st.tuples(AGES, st.lists(st.sampled_from(ENDS), max_size=6)), min_size=2, max_size=4),
    MOMENTS,
    st.sampled_from([0, 20, 100]),
)


@dataclass
class Town:
    """A story in the tables, and what is remembered of it to judge what becomes of it."""

    house: House
    story: Story
    members: list[Member]
    questions: list[Question]
    moments: list[list[datetime]]
    """When each of the people was asked."""
    seen: set[int]

    async def live(self) -> None:
        """Look again and again, and judge after each look."""
        numbers, now = replace(DEFAULT, exploratory_percent=self.story.percent), self.story.began
        for later, ends in self.story.rounds:
            now += later
            await self.decide(ends)
            for row in await self.fill(numbers, now):
                self.judge(row, now)
            await self.judge_crowding()

    async def fill(self, numbers: Policy, now: datetime) -> list[dict[str, Any]]:
        """Fill the places of every question in one transaction, and return the new invitations."""
        ranked = {
            question.id: [
                Match(self.members[place].id, 0, odds) for place, odds in zip(wish.ranking, wish.expertise, strict=True)
            ]
            for question, wish in zip(self.questions, self.story.asked, strict=True)
        }
        async with self.house.database.begin() as work:
            await fill_seats(work, numbers, ranked, now)
        new = [row for row in await self.house.rows(Invitation) if row["id"] not in self.seen]
        self.seen |= {row["id"] for row in new}
        return new

    async def decide(self, ends: Sequence[InvitationState]) -> None:
        """Let some of the invitations that stand end somehow."""
        asked = await self.house.rows(Invitation, state="asked")
        async with self.house.database.begin() as work:
            for row, state in zip(asked, ends, strict=False):
                await work.invitations.end([row["id"]], state, row["created_at"])
                if state is InvitationState.UNDELIVERED:
                    # It never reached them, and cost them nothing.
                    place = [member.id for member in self.members].index(row["member_id"])
                    self.moments[place].remove(row["created_at"])

    def judge(self, row: dict[str, Any], now: datetime) -> None:
        """Say that nothing spoke against a new invitation, as it was when it was decided."""
        place = [member.id for member in self.members].index(row["member_id"])
        wish = self.story.asked[[question.id for question in self.questions].index(row["request_id"])]
        person, asker = self.story.crowd[place], self.story.crowd[wish.asker]
        attention = attention_at(person, now, self.moments[place])
        self.moments[place].append(now)
        assert has_room(attention)
        assert is_up(attention, now)
        assert not is_left_in_peace(attention, now)
        assert person.is_helper
        assert place != wish.asker
        assert self.are_at_peace(place, wish.asker)
        if row["referrer_id"] is None:
            assert wish.expertise[wish.ranking.index(place)] > 0
            assert not person.languages or not asker.languages or person.languages & asker.languages
        else:
            referrer = [member.id for member in self.members].index(row["referrer_id"])
            assert self.are_at_peace(place, referrer)
            assert (place, referrer) in wish.referrals

    def are_at_peace(self, one: int, other: int) -> bool:
        """Tell whether neither keeps the other away."""
        return not self.story.blocks & {(one, other), (other, one)}

    async def judge_crowding(self) -> None:
        """Say that no one was asked twice for one question, and no question asks too many."""
        for question, wish in zip(self.questions, self.story.asked, strict=True):
            rows = await self.house.rows(Invitation, request_id=question.id)
            routed = [row for row in rows if row["referrer_id"] is None]
            considering = sum(row["state"] == "asked" for row in routed)
            assert len({row["member_id"] for row in rows}) == len(rows)
            assert considering <= max(wave.size for wave in WAVES[wish.urgency])
            assert len(routed) <= DEFAULT.most_invitations


def attention_at(person: Person, now: datetime, moments: Sequence[datetime]) -> Attention:
    """Return someone's attention as it was, given when they had been asked before."""
    counts = [sum(moment > now - timedelta(days=days) for moment in moments) for days in (1, 2, 7, 14, 30)]
    return replace(person.attention, **dict(zip(COUNTED, counts, strict=True)))  # type: ignore[arg-type]


async def settled(house: House, story: Story) -> Town:
    """Keep a story in the tables, with everything that was asked before."""
    async with house.database.begin() as work:
        stranger = await a_member(work)
        earlier = [await a_question(work, stranger, state="closed") for _ in range(MOST_EARLIER)]
        members = [await a_person(work, person, earlier, story.began) for person in story.crowd]
        questions = [await a_question(work, members[each.asker], urgency=each.urgency) for each in story.asked]
        for question, wish in zip(questions, story.asked, strict=True):
            for named, referrer in dict(sorted(wish.referrals)).items():
                await a_referral(work, question, members[named], members[referrer])
        for blocker, blocked in story.blocks:
            await work.blocks.add(members[blocker].id, members[blocked].id, story.began)
    moments = [[story.began - ago for ago in person.asked_ago] for person in story.crowd]
    seen = {row["id"] for row in await house.rows(Invitation)}
    return Town(house, story, members, questions, moments, seen)


async def a_person(work: UnitOfWork, person: Person, earlier: Sequence[Question], now: datetime) -> Member:
    chosen = {name: getattr(person.attention, name) for name in CHOSEN}
    member = await a_member(work, is_helper=person.is_helper, languages=sorted(person.languages), **chosen)
    for question, ago in zip(earlier, person.asked_ago, strict=False):
        await an_invitation(work, question, member, created_at=now - ago, state="passed")
    return member


async def lived(url: str, story: Story) -> None:
    house = House(Database(kept_engine(url)))
    try:
        await (await settled(house, story)).live()
    finally:
        await house.database.close()


@settings(max_examples=30, deadline=None)
@given(story=stories)
def test_nobody_is_asked_whom_anything_speaks_against(migrated_sqlite: Path, story: Story) -> None:
    asyncio.run(lived(renewed_inline(migrated_sqlite), story))
