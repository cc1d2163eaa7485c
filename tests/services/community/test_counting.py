"""Counting: two windows side by side, over facts alone."""

from datetime import timedelta

import pytest

from bot.services.results import Window
from bot.store.engine import Database
from models import Member
from tests.factories import GUILD_ID, NOW, a_member, a_question
from tests.fakes import House

pytestmark = pytest.mark.both

WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
EMPTY = Window(asked=0, taken=0, answered=0, helped=0, open=0, median_wait=None)


async def an_asker(database: Database, guild_id: int = GUILD_ID) -> Member:
    async with database.begin() as work:
        return await a_member(work, guild_id)


async def happened(
    database: Database, asker: Member, ago: timedelta, *acts: tuple[str, timedelta], state: str = "waiting"
) -> None:
    """Write a question asked `ago`, and what happened to it how long after."""
    at = NOW - ago
    async with database.begin() as work:
        question = await a_question(work, asker, created_at=at, state=state)
        work.facts.add("asked", question, at, asker.id)
        for act, later in acts:
            work.facts.add(act, question, at + later)


async def summarised(database: Database, weeks: int = 4) -> tuple[Window, Window]:
    table = await House(database).counting.summarise(GUILD_ID, weeks)
    assert table.weeks == weeks
    return table.now, table.before


async def test_nothing_has_happened(database: Database) -> None:
    assert await summarised(database) == (EMPTY, EMPTY)


async def test_the_windows_touch_and_dont_overlap(database: Database) -> None:
    asker = await an_asker(database)
    moment = timedelta(microseconds=1)
    for ago in (timedelta(0), 4 * WEEK, 4 * WEEK + moment, 8 * WEEK, 8 * WEEK + moment):
        await happened(database, asker, ago)

    now, before = await summarised(database)

    assert (now.asked, before.asked) == (2, 2)
    assert (now.open, before.open) == (2, 2)


@pytest.mark.parametrize(
    ("waits", "median"),
    [([3], 3), ([1, 9], 5), ([1, 2, 9], 2), ([1, 1, 4, 100], 2.5)],
)
async def test_the_median_wait(database: Database, waits: list[int], median: float) -> None:
    asker = await an_asker(database)
    for wait in waits:
        await happened(database, asker, WEEK, ("answered", wait * HOUR), state="answered")

    now, _ = await summarised(database)

    assert (now.answered, now.median_wait) == (len(waits), median * HOUR)


async def test_the_first_answer_counts_and_only_once(database: Database) -> None:
    asker = await an_asker(database)
    await happened(
        database, asker, WEEK, ("taken", HOUR), ("taken", 2 * HOUR), ("answered", 3 * HOUR), ("answered", 9 * HOUR)
    )

    now, _ = await summarised(database)

    assert (now.asked, now.taken, now.answered, now.median_wait) == (1, 1, 1, 3 * HOUR)


@pytest.mark.parametrize(
    ("outcomes", "helped"),
    [
        (["helped"], 1),
        (["partly"], 0),
        (["not_yet"], 0),
        (["helped", "not_yet"], 0),
        (["not_yet", "helped"], 1),
        (["not_yet", "partly", "helped"], 1),
    ],
)
async def test_the_last_word_counts(database: Database, outcomes: list[str], helped: int) -> None:
    asker = await an_asker(database)
    await happened(database, asker, WEEK, ("answered", HOUR), *((each, 2 * HOUR) for each in outcomes))

    now, _ = await summarised(database)

    assert now.helped == helped


async def test_a_question_is_followed_into_the_present(database: Database) -> None:
    asker = await an_asker(database)
    await happened(database, asker, 5 * WEEK, ("answered", 4 * WEEK), ("helped", 4 * WEEK), state="resolved")

    now, before = await summarised(database)

    assert now == EMPTY
    assert (before.asked, before.answered, before.helped, before.median_wait) == (1, 1, 1, 4 * WEEK)


async def test_a_draft_isnt_counted(database: Database) -> None:
    asker = await an_asker(database)
    async with database.begin() as work:
        await a_question(work, asker, state="unposted")

    assert await summarised(database) == (EMPTY, EMPTY)


async def test_other_communities_arent_counted(database: Database) -> None:
    await happened(database, await an_asker(database, GUILD_ID + 1), WEEK)

    assert await summarised(database, weeks=12) == (EMPTY, EMPTY)
