"""Statistics: queries over facts that are never changed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from models import Fact, Member, Question
from tests import counted
from tests.counted import Counted
from tests.factories import GUILD_ID, NOW, a_draft, a_member, a_question

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOTHING = Counted(asked=0, taken=0, answered=0, helped=0, open=0, waits=())


async def a_story(work: UnitOfWork, asker: Member, *facts: str, state: str, asked_at: datetime = NOW) -> Question:
    """Tell what happened to a question, one fact an hour."""
    question = await a_question(work, asker, state=state, created_at=asked_at)
    for hours, fact in enumerate(("asked", *facts)):
        work.facts.add(fact, question, asked_at + hours * HOUR, asker.id)
        await work.flush()
    return question


async def count(database: Database, since: datetime = NOW - DAY, until: datetime = NOW + DAY) -> Counted:
    return await counted.count(database, "question", since, until)


async def test_an_empty_window_counts_nothing(database: Database) -> None:
    assert await count(database) == NOTHING


@pytest.mark.parametrize(
    ("facts", "state", "expected"),
    [
        ((), "waiting", Counted(1, 0, 0, 0, 1, ())),
        (("invited", "passed", "undelivered"), "waiting", Counted(1, 0, 0, 0, 1, ())),
        (("taken",), "taken", Counted(1, 1, 0, 0, 1, ())),
        (("closed",), "closed", Counted(1, 0, 0, 0, 0, ())),
        (("taken", "answered"), "answered", Counted(1, 1, 1, 0, 0, (2 * HOUR,))),
        (("answered",), "answered", Counted(1, 0, 1, 0, 0, (HOUR,))),
        (("answered", "answered"), "answered", Counted(1, 0, 1, 0, 0, (HOUR,))),
        (("taken", "taken", "answered"), "answered", Counted(1, 1, 1, 0, 0, (3 * HOUR,))),
        (("taken", "answered", "helped"), "resolved", Counted(1, 1, 1, 1, 0, (2 * HOUR,))),
        (("answered", "partly"), "resolved", Counted(1, 0, 1, 0, 0, (HOUR,))),
        (("answered", "not_yet"), "waiting", Counted(1, 0, 1, 0, 1, (HOUR,))),
        (("answered", "helped", "not_yet"), "waiting", Counted(1, 0, 1, 0, 1, (HOUR,))),
        (("answered", "not_yet", "helped"), "resolved", Counted(1, 0, 1, 1, 0, (HOUR,))),
        (("answered", "helped", "helped"), "resolved", Counted(1, 0, 1, 1, 0, (HOUR,))),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else None,
)
async def test_one_request_is_followed_to_its_end(
    database: Database, facts: tuple[str, ...], state: str, expected: Counted
) -> None:
    async with database.begin() as work:
        await a_story(work, await a_member(work), *facts, state=state)

    assert await count(database) == expected


async def test_requests_are_added_up(database: Database) -> None:
    async with database.begin() as work:
        asker, other = await a_member(work), await a_member(work)
        await a_story(work, asker, state="waiting")
        await a_story(work, asker, "taken", "answered", "helped", state="resolved")
        await a_story(work, other, "answered", state="answered")

    counted = await count(database)
    assert (counted.asked, counted.taken, counted.answered, counted.helped, counted.open) == (3, 1, 2, 1, 1)
    assert sorted(counted.waits) == [HOUR, 2 * HOUR]


async def test_a_window_begins_with_its_first_moment_and_ends_before_its_last(database: Database) -> None:
    async with database.begin() as work:
        await a_story(work, await a_member(work), state="waiting")

    assert (await count(database, NOW, NOW + HOUR)).asked == 1
    assert await count(database, NOW - HOUR, NOW) == NOTHING
    assert await count(database, NOW + HOUR, NOW + DAY) == NOTHING


async def test_what_happens_after_the_window_still_counts_for_who_asked_in_it(database: Database) -> None:
    async with database.begin() as work:
        await a_story(work, await a_member(work), "taken", "answered", "helped", state="resolved")

    assert await count(database, NOW, NOW + HOUR) == Counted(1, 1, 1, 1, 0, (2 * HOUR,))


async def test_other_communities_are_not_counted(database: Database) -> None:
    async with database.begin() as work:
        await a_story(work, await a_member(work, GUILD_ID + 1), "answered", state="answered")

    assert await count(database) == NOTHING


async def test_one_fact_about_many_is_written_about_each(database: Database) -> None:
    async with database.begin() as work:
        asker, helper = await a_member(work), await a_member(work)
        first, second = await a_question(work, asker), await a_question(work, asker)
        await work.facts.add_all("expired", [(second, helper.id), (first, helper.id), (first, asker.id)], NOW)
        await work.facts.add_all("expired", [], NOW)

        rows = await work.members._session.scalars(select(Fact).order_by(Fact.id))
        assert [(each.type, each.request_id, each.member_id, each.at, each.guild_id) for each in rows] == [
            ("expired", second.id, helper.id, NOW, GUILD_ID),
            ("expired", first.id, helper.id, NOW, GUILD_ID),
            ("expired", first.id, asker.id, NOW, GUILD_ID),
        ]


async def test_a_fact_outlives_the_member_it_is_about(database: Database) -> None:
    async with database.begin() as work:
        helper = await a_member(work)
        question = await a_story(work, await a_member(work), "answered", state="answered")
        work.facts.add("helped", question, NOW + DAY, helper.id)
        await work.flush()
        await work.members._session.delete(helper)

    assert (await count(database)).helped == 1


async def test_the_last_outcome_is_what_was_said_last(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        question = await a_story(work, asker, "not_yet", "helped", "kept", state="resolved")
        silent = await a_story(work, asker, "answered", state="answered")
        assert await work.facts.last_outcome(question.id) == "helped"
        assert await work.facts.last_outcome(silent.id) is None


async def test_each_kind_is_counted_by_itself(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        await a_story(work, asker, "taken", state="taken")
        draft = await a_draft(work, asker)
        for fact in ("asked", "taken", "answered"):
            work.facts.add(fact, draft, NOW, asker.id)

    (followed,) = await counted.follow(database, "draft", NOW - DAY, NOW + DAY)
    assert (followed.answered, followed.needed_by) == (NOW, draft.needed_by)
    assert await count(database) == Counted(1, 1, 0, 0, 1, ())


async def test_rounds_are_those_of_drafts_that_were_posted(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        await a_draft(work, asker)
        await a_draft(work, asker, round=3)
        await a_draft(work, asker, round=2, state="unposted")
        await a_draft(work, asker, round=4, created_at=NOW - DAY)

    async with database.read() as work:
        assert await work.drafts.rounds(GUILD_ID, NOW, NOW + DAY) == 4
        assert await work.drafts.rounds(GUILD_ID, NOW + DAY, NOW + 2 * DAY) == 0
        assert await work.drafts.rounds(GUILD_ID + 1, NOW, NOW + DAY) == 0
