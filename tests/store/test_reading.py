"""What is read where one row can't be: all others, and a note of that one."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot import faults
from bot.store.engine import Database
from bot.store.members import ZONE
from tests.factories import (
    GUILD_ID,
    NOW,
    a_guild,
    a_helper,
    a_letter,
    a_member,
    a_part,
    a_question,
    a_statement,
)  # fmt: skip
from tests.hashing import HashingEmbedder
from tests.writing import spoil


def noted() -> list[tuple[str, int]]:
    return [(each.table, each.row_id) for each in faults.known()]


async def languages_of(database: Database, member_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    async with database.read() as work:
        return await work.members.languages(member_ids)


@pytest.mark.parametrize("count", [1, 2, 7])
async def test_a_list_leaves_out_what_can_not_be_read_wherever_it_stands(database: Database, count: int) -> None:
    async with database.begin() as work:
        ids = [(await a_member(work, languages=["en"])).id for _ in range(count)]
    for broken in ids:
        await spoil(database, "member", "languages", broken, "'5'")
        assert await languages_of(database, ids) == {each: {"en"} for each in ids if each != broken}
        assert noted() == [("member", broken)]
        await spoil(database, "member", "languages", broken, "'[\"en\"]'")
        faults.forget_all()


async def test_rows_keep_their_order_and_their_limit_around_one_that_can_not_be_read(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        ids = [(await a_question(work, asker)).id for _ in range(5)]
        letters = [(await a_letter(work, params={"number": each})).id for each in range(5)]
    await spoil(database, "outbox", "params", letters[1], "'[]'")
    async with database.read() as work:
        assert [each.id for each in await work.outbox.those(letters)] == [letters[0], *letters[2:]]
        assert [each.id for each in await work.requests.of(asker.id, 3)] == ids[:-4:-1]


async def test_a_single_row_that_can_not_be_read_is_an_error(database: Database) -> None:
    async with database.begin() as work:
        member_id = (await a_member(work)).id
    await spoil(database, "member", "languages", member_id, "'5'")
    with pytest.raises(ValueError, match="no list of texts"):
        async with database.read() as work:
            await work.members.get(member_id)


@pytest.mark.parametrize(
    "value",
    ["'garbage'", "'4000-01-01 BC'", "x'00'", "7", "CAST(x'fffe' AS TEXT)"],
)
async def test_no_moment_stops_the_reading_of_others(database: Database, value: str) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        ids = [(await a_question(work, asker, waiting_since=NOW)).id for _ in range(3)]
    if not await spoil(database, "request", "waiting_since", ids[1], value):
        return
    async with database.begin() as work:
        assert [each.id for each in await work.requests.hold_all(ids)] == [ids[0], ids[2]]
    assert noted() == [("request", ids[1])]


async def test_a_vector_of_half_a_number_is_none(database: Database) -> None:
    encoder = HashingEmbedder()
    async with database.begin() as work:
        statement = await a_statement(work, await a_helper(work))
        work.statement_vectors.add(statement.id, {encoder.model_id: b"\0\0\0"})
        await work.flush()
        assert await work.statement_vectors.of([statement.id]) == {}
    assert noted() == [("statement_vector", statement.id)]


async def test_a_row_is_logged_once_without_its_number(database: Database) -> None:
    async with database.begin() as work:
        member_id = (await a_member(work)).id
    await spoil(database, "member", "languages", member_id, "'5'")
    with capture_logs() as logs:
        for _ in range(3):
            await languages_of(database, [member_id])
    (entry,) = logs
    (fault,) = faults.known()
    assert (entry["event"], entry["place"], entry["reference"]) == ("row_unreadable", "member", fault.reference)
    assert str(member_id) not in {str(value) for value in entry.values()}


async def test_a_row_is_shown_to_its_own_community_and_no_longer_once_it_is_gone(database: Database) -> None:
    encoder = HashingEmbedder()
    async with database.begin() as work:
        helper, _ = await a_helper(work), await a_guild(work, GUILD_ID + 1)
        statement = await a_statement(work, helper)
        work.statement_vectors.add(statement.id, {encoder.model_id: b"\0"})
    async with database.read() as work:
        for table in ("member", "statement", "statement_vector"):
            row_id = helper.id if table == "member" else statement.id
            assert [await work.is_of(table, row_id, each) for each in (GUILD_ID, GUILD_ID + 1)] == [True, False]
        assert not await work.is_of("statement", statement.id + 1, GUILD_ID)


async def test_a_zone_that_nobody_knows_here_is_noted_until_it_is_known(database: Database) -> None:
    async with database.begin() as work:
        member = await a_helper(work, zone="Asia/Hanoi")
    for _ in range(2):
        async with database.read() as work:
            await work.members.get(member.id)
            await work.attention.of([member.id], NOW)
        assert [(each.table, each.column, each.row_id) for each in faults.known()] == [(*ZONE.split("."), member.id)]
    async with database.begin() as work:
        (await work.members.get(member.id)).zone = "Asia/Bangkok"  # type: ignore[union-attr]  # made above
    async with database.read() as work:
        await work.attention.of([member.id], NOW)
    assert not faults.known()


async def test_text_that_is_not_utf_8_is_no_database_out_of_reach(sqlite_database: Database) -> None:
    async with sqlite_database.begin() as work:
        member_id = (await a_member(work)).id
    await spoil(sqlite_database, "member", "learning", member_id, "CAST(x'fffe' AS TEXT)")
    with pytest.raises(ValueError, match="UTF-8"):
        async with sqlite_database.read() as work:
            await work.members.get(member_id)


async def test_sqlite_reads_no_word_where_a_number_belongs(sqlite_database: Database) -> None:
    async with sqlite_database.begin() as work:
        member_id = (await a_member(work)).id
    await spoil(sqlite_database, "member", "silences", member_id, "'garbage'")
    with pytest.raises(TypeError):
        async with sqlite_database.read() as work:
            await work.members.get(member_id)


async def test_what_is_wrong_with_a_statement_itself_is_an_error_as_ever(database: Database) -> None:
    with pytest.raises(Exception, match="nowhere"):
        async with database.engine.connect() as connection:
            await connection.execute(text("SELECT nothing FROM nowhere"))


async def test_of_very_many_rows_those_that_can_not_be_read_are_left_out_too(database: Database) -> None:
    async with database.begin() as work:
        helper, asker = await a_helper(work), await a_member(work)
        questions = [await a_question(work, asker, state="answered", thread_id=each) for each in range(1, 4)]
        parts = [await a_part(work, question, helper, answered_at=NOW) for question in questions]
    await spoil(database, "help_interaction", "answered_at", parts[0].id, "'4000-01-01 BC'")
    for _ in range(2):
        async with database.read() as work:
            assert len(await work.help_interactions.answers(GUILD_ID)) == 2
