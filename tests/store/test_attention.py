"""What is left of people's attention: one budget over everything that asks for it."""

from datetime import time, timedelta, timezone
from typing import Any

import pytest

from bot.domain.attention import Attention, Rate
from bot.domain.lifecycle import InvitationState
from bot.store.attention import Person
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from models import Member
from tests.factories import GUILD_ID, NOW, a_helper, a_member, a_question, an_invitation

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
COUNTS = ("asked_last_day", "asked_last_two_days", "asked_last_week", "asked_last_fortnight", "asked_last_month")


async def asked(work: UnitOfWork, member: Member, *ago: timedelta, **chosen: object) -> None:
    """Ask a member for one request after the other, each so long ago."""
    asker = await a_member(work, member.guild_id)
    for each in ago:
        await an_invitation(work, await a_question(work, asker), member, created_at=NOW - each, **chosen)


def spent(person: Person) -> tuple[int, ...]:
    """Return what was asked of someone in the last day, two days, week, fortnight and month."""
    return tuple(getattr(person.attention, name) for name in COUNTS)


async def test_only_those_who_opted_in_are_people_to_ask(database: Database) -> None:
    async with database.begin() as work:
        helper, shy, other = await a_helper(work), await a_member(work), await a_helper(work)

        assert list(await work.attention.of([shy.id, helper.id, 999], NOW)) == [helper.id]
        assert set(await work.attention.of({helper.id, other.id}, NOW)) == {helper.id, other.id}
        assert await work.attention.of([], NOW) == {}


async def test_whoever_was_never_asked_has_all_of_it_left(database: Database) -> None:
    async with database.begin() as work:
        helper = await a_helper(work)
        assert await work.attention.of([helper.id], NOW) == {
            helper.id: Person(helper.id, frozenset(), Attention(Rate.ONE_A_DAY))
        }


async def test_a_person_is_known_by_everything_they_chose(database: Database) -> None:
    chosen: dict[str, Any] = {
        "rate": "more",
        "zone": "Africa/Nairobi",
        "begins": time(20),
        "ends": time(2, 30),
        "paused_at": NOW - DAY,
        "paused_until": NOW + DAY,
        "silences": 4,
    }
    async with database.begin() as work:
        helper = await a_helper(work, languages=["fr", "sw"], **chosen)
        await asked(work, helper, DAY / 2)
        found = (await work.attention.of([helper.id], NOW))[helper.id]
    attention: dict[str, Any] = {**chosen, "rate": Rate.MORE, **dict.fromkeys(COUNTS, 1)}
    assert found == Person(helper.id, frozenset({"fr", "sw"}), Attention(**attention))


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(0), (1, 1, 1, 1, 1)),
        (DAY - MOMENT, (1, 1, 1, 1, 1)),
        (DAY, (0, 1, 1, 1, 1)),
        (2 * DAY, (0, 0, 1, 1, 1)),
        (7 * DAY - MOMENT, (0, 0, 1, 1, 1)),
        (7 * DAY, (0, 0, 0, 1, 1)),
        (14 * DAY, (0, 0, 0, 0, 1)),
        (30 * DAY - MOMENT, (0, 0, 0, 0, 1)),
        (30 * DAY, (0, 0, 0, 0, 0)),
    ],
)
async def test_every_window_ends_now_and_begins_after_its_first_moment(
    database: Database, ago: timedelta, expected: tuple[int, ...]
) -> None:
    async with database.begin() as work:
        helper = await a_helper(work)
        await asked(work, helper, ago)
        assert spent((await work.attention.of([helper.id], NOW))[helper.id]) == expected


@pytest.mark.parametrize("state", InvitationState)
async def test_whatever_came_of_it_only_what_reached_nobody_cost_nothing(sqlite_database: Database, state: str) -> None:
    async with sqlite_database.begin() as work:
        helper = await a_helper(work)
        await asked(work, helper, timedelta(0), state=state)
        cost = int(state != InvitationState.UNDELIVERED)
        assert spent((await work.attention.of([helper.id], NOW))[helper.id]) == (cost,) * 5


async def test_each_person_s_own_invitations_are_counted_and_nobody_else_s(database: Database) -> None:
    async with database.begin() as work:
        busy, idle, elsewhere = await a_helper(work), await a_helper(work), await a_helper(work, GUILD_ID + 1)
        await asked(work, busy, DAY / 2, 3 * DAY, 10 * DAY, 20 * DAY, 40 * DAY)
        await asked(work, elsewhere, DAY / 2)
        people = await work.attention.of([busy.id, idle.id, elsewhere.id], NOW)
    assert {each: spent(person) for each, person in people.items()} == {
        busy.id: (1, 1, 2, 3, 4),
        idle.id: (0, 0, 0, 0, 0),
        elsewhere.id: (1, 1, 1, 1, 1),
    }


async def test_what_is_written_in_the_same_transaction_counts(database: Database) -> None:
    async with database.begin() as work:
        helper = await a_helper(work)
        for expected in range(3):
            person = (await work.attention.of([helper.id], NOW))[helper.id]
            assert person.attention.asked_last_day == expected
            await asked(work, helper, timedelta(0))


async def test_moments_in_another_zone_are_the_same_moments(database: Database) -> None:
    far_east = NOW.astimezone(timezone(timedelta(hours=12)))
    async with database.begin() as work:
        helper = await a_helper(work)
        await asked(work, helper, DAY - MOMENT, DAY)
        assert spent((await work.attention.of([helper.id], far_east))[helper.id])[:2] == (1, 2)
