"""Counting: two windows side by side, over facts alone."""

from datetime import timedelta

import pytest

from bot.services.results import DraftWindow, Window
from bot.store.engine import Database
from models import Member
from tests.factories import GUILD_ID, NOW, a_draft, a_member, a_question
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


async def test_what_was_only_written_isnt_counted(database: Database) -> None:
    asker = await an_asker(database)
    async with database.begin() as work:
        await a_question(work, asker, state="unposted")

    assert await summarised(database) == (EMPTY, EMPTY)


async def test_other_communities_arent_counted(database: Database) -> None:
    await happened(database, await an_asker(database, GUILD_ID + 1), WEEK)

    assert await summarised(database, weeks=12) == (EMPTY, EMPTY)


async def a_past_draft(
    database: Database, author: Member, ago: timedelta, *acts: tuple[str, timedelta], days: int = 7, **chosen: object
) -> None:
    """Write a draft sent `ago`, needed so many days later, and what happened to it how long after."""
    at = NOW - ago
    async with database.begin() as work:
        draft = await a_draft(work, author, created_at=at, needed_by=at + timedelta(days=days), **chosen)
        work.facts.add("asked", draft, at, author.id)
        for act, later in acts:
            work.facts.add(act, draft, at + later)


async def drafts(database: Database) -> tuple[DraftWindow, DraftWindow] | None:
    return (await House(database).counting.summarise(GUILD_ID, 4)).drafts


async def test_drafts_and_questions_are_counted_apart(database: Database) -> None:
    author = await an_asker(database)
    await happened(database, author, WEEK, ("taken", HOUR), ("answered", 2 * HOUR), state="answered")
    await a_past_draft(database, author, WEEK, ("taken", HOUR), ("answered", 30 * HOUR), state="answered")
    await a_past_draft(database, author, 5 * WEEK, state="archived")

    now, before = await summarised(database)
    assert (now.asked, now.taken, now.answered, now.median_wait) == (1, 1, 1, 2 * HOUR)
    assert before == EMPTY
    assert await drafts(database) == (
        DraftWindow(asked=1, taken=1, in_time=1, rounds=1, unmatched=0, median_wait=30 * HOUR),
        DraftWindow(asked=1, taken=0, in_time=0, rounds=1, unmatched=1, median_wait=None),
    )


async def test_without_a_draft_there_is_nothing_to_say_of_them(database: Database) -> None:
    author = await an_asker(database)
    await a_past_draft(database, author, 9 * WEEK)
    async with database.begin() as work:
        await a_draft(work, author, state="unposted")
    assert await drafts(database) is None


@pytest.mark.parametrize(("hours", "in_time"), [(23, 1), (24, 1), (25, 0)])
async def test_in_time_is_before_it_is_needed(database: Database, hours: int, in_time: int) -> None:
    author = await an_asker(database)
    await a_past_draft(database, author, WEEK, ("answered", hours * HOUR), days=1, state="answered")
    found = await drafts(database)
    assert found is not None
    assert found[0].in_time == in_time


@pytest.mark.parametrize(
    ("answers", "in_time"),
    [
        ([(30 * HOUR, 24 * HOUR)], 0),
        ([(30 * HOUR, 24 * HOUR), (40 * HOUR, 48 * HOUR)], 1),
        ([(30 * HOUR, 24 * HOUR), (50 * HOUR, 48 * HOUR)], 0),
        ([(20 * HOUR, 24 * HOUR), (50 * HOUR, 48 * HOUR)], 1),
    ],
)
async def test_what_is_said_in_a_round_counts_against_the_date_of_that_round(
    database: Database, answers: list[tuple[timedelta, timedelta]], in_time: int
) -> None:
    author, began = await an_asker(database), NOW - WEEK
    async with database.begin() as work:
        draft = await a_draft(work, author, created_at=began)
        work.facts.add("asked", draft, began, author.id)
        for after, date in answers:
            draft.needed_by = began + date
            work.facts.add("answered", draft, began + after)
        draft.needed_by = began + 5 * WEEK
    found = await drafts(database)
    assert found is not None
    assert found[0].in_time == in_time


@pytest.mark.parametrize(
    ("acts", "state", "days", "unmatched"),
    [
        ((), "waiting", 14, 0),
        ((), "waiting", 1, 1),
        ((), "closed", 14, 1),
        ((("taken", HOUR),), "waiting", 1, 0),
        ((("answered", HOUR),), "answered", 1, 0),
    ],
)
async def test_a_draft_is_without_a_reader_once_it_is_needed_or_over(
    database: Database, acts: tuple[tuple[str, timedelta], ...], state: str, days: int, unmatched: int
) -> None:
    await a_past_draft(database, await an_asker(database), WEEK, *acts, days=days, state=state)
    found = await drafts(database)
    assert found is not None
    assert found[0].unmatched == unmatched


async def test_drafts_that_wait_or_ended_in_vain_make_the_median_longer(database: Database) -> None:
    author = await an_asker(database)
    await a_past_draft(database, author, WEEK, ("answered", HOUR), state="answered")
    await a_past_draft(database, author, WEEK, ("answered", 3 * HOUR), state="answered", round=2)
    await a_past_draft(database, author, WEEK, state="closed")
    found = await drafts(database)
    assert found is not None
    assert (found[0].median_wait, found[0].rounds) == (3 * HOUR, 4)
    await a_past_draft(database, author, WEEK)
    await a_past_draft(database, author, WEEK)
    found = await drafts(database)
    assert found is not None
    assert found[0].median_wait is None
