"""Everything that hangs on a person goes with them, and nothing else does."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from bot.domain.policy import DEFAULT
from bot.services.people.erasing import Erasing
from bot.store.engine import Database
from bot.store.transactions import Writes
from bot.ui.letters import letter
from models import Base, Booking, OutboxLetter
from tests.factories import (
    GUILD_ID,
    NOW,
    a_letter,
    a_member,
    a_question,
    a_reveal,
    a_series,
    a_slot,
    an_occurrence,
)  # fmt: skip
from tests.fakes import House, ManualClock
from tests.filling import Row, Village
from tests.services.meetings import ASKER, HOST, START, agreed, opened

pytestmark = pytest.mark.both
PERSON, OTHER_GUILD = 987_654_321_012_345_678, GUILD_ID + 1
WRITTEN_BY = {("reveal", "moderator_id")}
"""References that a row forgets, and with them the words that the person wrote in it."""


def erasing(database: Database) -> Erasing:
    return Erasing(database.begin, database.read, ManualClock(NOW))


async def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table."""
    async with database.read() as work:
        return {
            table.name: [dict(row) for row in (await work._session.execute(select(table))).mappings()]
            for table in Base.metadata.sorted_tables
        }


async def filled(database: Database, user_id: int = PERSON) -> list[Row]:
    async with database.begin() as work:
        village = Village(work._session, user_id)
        await village.fill()
    return village.rows


def is_there(row: Row, tables: dict[str, list[dict[str, Any]]]) -> bool:
    return row.mark in str(tables[row.table])


async def test_every_row_goes_or_forgets_the_person(database: Database) -> None:
    rows = await filled(database)
    before = await everything(database)
    assert all(before.values())

    await erasing(database).erase(PERSON, DEFAULT)

    after = await everything(database)
    assert str(PERSON) not in str(after)
    for row in rows:
        by = row.hangs_by
        is_written = by is not None and (row.table, by.name) in WRITTEN_BY
        is_fact = row.table == "event"
        if is_fact or by is None:
            continue
        assert is_there(row, after) == (not row.goes and not is_written), row
    kept = [row for row in rows if row.hangs_by is None and is_there(row, before) and str(PERSON) not in row.mark]
    gone = [row for row in kept if not is_there(row, after)]
    assert {row.table for row in gone} <= {"member"}
    assert len(after["event"]) == len(before["event"])


async def test_what_forgets_a_person_refers_to_nobody(database: Database) -> None:
    rows = await filled(database)
    await erasing(database).erase(PERSON, DEFAULT)
    after = await everything(database)

    for row in rows:
        if row.hangs_by is not None and not row.goes:
            # A table without ids of its own has words by which a row is known.
            (left,) = [each for each in after[row.table] if each.get("id") == row.id or row.mark in each.values()]
            assert left[row.hangs_by.name] is None, row


async def test_once_more_changes_nothing_and_finds_nothing(database: Database) -> None:
    await filled(database)
    assert await erasing(database).look(PERSON) is not None
    await erasing(database).erase(PERSON, DEFAULT)
    before = await everything(database)

    await erasing(database).erase(PERSON, DEFAULT)

    assert await everything(database) == before
    assert await erasing(database).look(PERSON) is None


async def test_one_community_can_forget_a_person_whom_another_knows(database: Database) -> None:
    async with database.begin() as work:
        await a_question(work, await a_member(work, user_id=PERSON))
        await a_question(work, await a_member(work, OTHER_GUILD, PERSON))

    await erasing(database).erase(PERSON, DEFAULT, OTHER_GUILD)

    left = await everything(database)
    assert [row["guild_id"] for row in left["member"]] == [GUILD_ID]
    assert len(left["question"]) == len(left["request"]) == 1


async def test_letters_to_others_no_longer_name_them(database: Database) -> None:
    async with database.begin() as work:
        person, other = await a_member(work, user_id=PERSON), await a_member(work)
        question = await a_question(work, other)
        reveal = await a_reveal(work, question, person, reason="my words")
        for key, params in (
            ("by number", {"helper": PERSON}),
            ("in words", {"who": f"<@{PERSON}> and more"}),
            (f"asker.revealed:{reveal.id}", {"reason": "my words"}),
        ):
            await a_letter(work, request_id=question.id, params=params, key=key)
        following = await a_letter(work, params={"words": "another's"})

    await erasing(database).erase(PERSON, DEFAULT)

    left = {row["id"]: row for row in (await everything(database))["outbox"]}
    assert left.pop(following.id)["params"] == {"words": "another's"}
    assert [(row["params"], row["due_at"], row["failure"]) for row in left.values()] == [({}, None, "erased")] * 3


@pytest.mark.parametrize(("person", "other"), [(HOST, ASKER), (ASKER, HOST)])
async def test_the_other_person_of_a_booking_is_told_without_a_name(
    database: Database, person: int, other: int
) -> None:
    house = House(database)
    scene = await agreed(await opened(house))

    await Erasing(database.begin, database.read, house.clock).erase(person, DEFAULT)
    await house.settle()

    (told,) = house.messenger.shown
    assert (told.user_id, told.content.text, told.content.params) == (
        other,
        "book.erased",
        {"at": int(START.timestamp())},
    )
    assert told.people == {other}
    assert f"<t:{int(START.timestamp())}:F>" in letter(told).content
    assert f"<@{person}>" not in letter(told).content
    assert not await house.rows(Booking, id=scene.id)


async def test_of_what_is_over_nobody_is_told(database: Database) -> None:
    house = House(database)
    await agreed(await opened(house))
    house.clock.moment = START + timedelta(hours=1)

    await Erasing(database.begin, database.read, house.clock).erase(HOST, DEFAULT)

    assert not await house.rows(OutboxLetter)


async def test_what_they_had_booked_is_free_again(database: Database) -> None:
    async with database.begin() as work:
        person, host = await a_member(work, user_id=PERSON), await a_member(work)
        slot = await a_slot(work, await an_occurrence(work, await a_series(work, host)), state="booked")
        await work._session.execute(
            text(
                "INSERT INTO booking (slot_id, guild_id, host_id, asker_id, question, booked_at, starts_at, ends_at,"
                " state, is_excused, sequence, version) VALUES (:slot, :guild, :host, :asker, 'why', :at, :at, :at,"
                " 'booked', false, 0, 1)"
            ),
            {"slot": slot.id, "guild": GUILD_ID, "host": host.id, "asker": person.id, "at": slot.starts_at},
        )

    looked = await erasing(database).look(PERSON)
    await erasing(database).erase(PERSON, DEFAULT)

    assert looked is not None
    assert looked.bookings == 1
    async with database.read() as work:
        assert isinstance(work._session, Writes)
        assert await work._session.scalar(select(func.count()).select_from(text("booking"))) == 0
        assert await work._session.scalar(text("SELECT state FROM slot")) == "open"
