"""Everyone's attention while many questions, presses and sweeps come at once, in one process and in two."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping
from dataclasses import replace
from datetime import time, timedelta
from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.lifecycle import Urgency
from bot.domain.policy import DEFAULT
from bot.errors import Conflict
from bot.store.engine import Database, create_engine
from models import Fact, HelpInteraction, Invitation, Member, OutboxLetter, Request
from tests.factories import GUILD_ID
from tests.fakes import House, a_new_question, new_id, values
from tests.services.scenes import ask, at_once, decline_all

pytestmark = pytest.mark.both

ALWAYS: dict[str, Any] = {"begins": time(0), "ends": time(0)}
"""Awake around the clock."""
DAY = timedelta(days=1)
PATIENCE = 90
"""Seconds after which people who act at once have to be called deadlocked."""
RATES = ("more", "more", "one_a_day", "one_a_day", "one_a_week", "never")
QUESTIONS = 50


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    house = House(database)
    await house.open()
    async with asyncio.timeout(PATIENCE):
        yield house


@pytest.fixture
async def other(house: House, database_url: str) -> AsyncIterator[House]:
    """Run a second process over the same database and the same Discord."""
    other = House(Database(create_engine(database_url)), house.messenger, house.clock)
    yield other
    await other.database.close()


async def asked(house: House) -> Counter[str]:
    """Return how often the people of each rate were asked by now, all of them together."""
    rates = {row["id"]: row["rate"] for row in await house.rows(Member)}
    return Counter(rates[row["member_id"]] for row in await house.rows(Invitation))


async def test_fifty_questions_at_once_ask_everybody_as_often_as_they_chose(house: House, other: House) -> None:
    for rate in RATES:
        await house.helper(rate=rate, **ALWAYS)
    acts: list[Awaitable[object]] = []
    for _ in range(QUESTIONS // 2):
        acts += [house.ask(), other.ask(), house.inviting.sweep()]
    assert await at_once(acts) == {}
    assert await asked(house) == {"more": 6, "one_a_day": 2, "one_a_week": 1}

    # Everyone says no to everything, so that no silence joins in.
    for more, one_a_day in ((12, 4), (18, 6), (20, 6), (20, 6)):
        await decline_all(house)
        house.clock.advance(DAY)
        assert await at_once([each.inviting.sweep() for each in (house, other, house, other)]) == {}
        assert await asked(house) == {"more": more, "one_a_day": one_a_day, "one_a_week": 1}


async def test_places_of_fifty_questions_that_run_out_at_once_end_once(house: House, other: House) -> None:
    helpers = await house.helpers(20, rate="more", **ALWAYS)
    assert await at_once(house.ask() for _ in range(QUESTIONS)) == {}
    await house.settle()
    before = len(await house.rows(Invitation))
    assert before == 3 * len(helpers)

    house.clock.advance(timedelta(hours=4))
    assert await at_once([each.inviting.sweep() for each in (house, other) * 3]) == {}

    assert Counter(values(await house.rows(Invitation), "state")) == {"expired": before}
    expired = values(await house.rows(Fact, type="expired"), "member_id")
    assert Counter(expired) == {each.id: 3 for each in helpers}
    assert values(await house.rows(Member, is_helper=True), "silences") == [3] * len(helpers)


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_comes_at_once_leaves_consistent_rows_and_locks_nobody_out(
    house: House, other: House, seed: int
) -> None:
    random = Random(seed)
    people = [await house.helper(rate=random.choice(RATES[:5]), **ALWAYS) for _ in range(12)]
    by_member = {each.id: each.user_id for each in people}
    await at_once(house.asking.ask(replace(a_new_question(1000 + each), urgency=Urgency.TODAY)) for each in range(12))
    await house.settle()
    with capture_logs() as logs:
        for _ in range(4):
            assert set(await at_once(await everything(random, house, other, by_member))) <= {Conflict}
            house.clock.advance(random.choice([timedelta(minutes=31), timedelta(hours=3), DEFAULT.claimed_for]))
    assert [entry["error"] for entry in logs if entry["event"] == "write_conflict"] == []
    await judge(house)


async def everything(random: Random, house: House, other: House, by_member: dict[int, int]) -> list[Awaitable[object]]:
    """Press every button there is, and look at everything, in any order and in both processes."""
    users = list(by_member.values())
    acts = [
        act
        for row in await house.rows(Invitation)
        for act in presses(random, random.choice([house, other]), row, by_member[row["member_id"]])
    ]
    askers = {row["id"]: row["user_id"] for row in await house.rows(Member)}
    for row in random.sample(await house.rows(Request), 6):
        at = random.choice([house, other])
        acts.append(at.following_up.ask_more(row["id"], askers[row["asker_id"]]))
        if row["thread_id"] is not None:
            acts.append(at.answer(row["thread_id"], random.choice(users)))
    acts += [house.blocking.block(GUILD_ID, *random.sample(users, 2)) for _ in users]
    for each in (house, other):
        acts += [
            each.inviting.sweep(),
            each.claiming.sweep(),
            each.following_up.sweep(),
            each.settle(),
            ask(each, new_id()),
        ]
    random.shuffle(acts)
    return acts


def presses(random: Random, at: House, row: Mapping[str, Any], user_id: int) -> Iterator[Awaitable[object]]:
    """Let a person who was asked press something that is there to be pressed."""
    verbs = (at.helping.take, at.helping.pass_on, at.helping.off_topic, at.pausing.from_invitation)
    if row["state"] == "taken":
        yield at.claiming.give_back(row["id"], user_id)
    elif row["state"] in {"asked", "expired"}:
        yield random.choice(verbs)(row["id"], user_id)
    if random.random() < 0.2:
        yield at.referring.refer(row["id"], user_id, random.choice([5, user_id + 1]))


async def judge(house: House) -> None:
    """Say what has to hold for all that happened, in any order."""
    invitations = await house.rows(Invitation)
    pairs = Counter((row["request_id"], row["member_id"]) for row in invitations)
    assert max(pairs.values()) == 1
    requests = {row["id"]: row for row in await house.rows(Request)}
    for request_id, request in requests.items():
        own = [row for row in invitations if row["request_id"] == request_id]
        routed = [row for row in own if row["referrer_id"] is None]
        assert len(routed) <= 7 + request["extra_invitations"]
        assert sum(row["state"] == "asked" for row in routed) <= 3
        claims = [row for row in own if row["state"] == "taken" and row["expires_at"] is not None]
        assert request["state"] != "taken" or claims
    parts = {(row["request_id"], row["helper_id"]) for row in await house.rows(HelpInteraction)}
    assert {(row["request_id"], row["member_id"]) for row in invitations if row["state"] == "taken"} <= parts
    keys = values(await house.rows(OutboxLetter), "key")
    assert len(keys) == len(set(keys))
