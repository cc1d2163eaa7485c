"""Reindexing: what the wanted models haven't read is encoded, however often it is interrupted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from bot.routing.ports import Role, Vectors
from bot.routing.router import Router
from bot.services.routing.reindexing import CHUNK, MOST_CHUNKS, Reindexing
from bot.store.engine import Database
from bot.tasks import spawn
from models import Base, Member, QuestionVector, Statement, StatementVector
from tests.factories import GUILD_ID, NOW, a_helper, a_member, a_question, a_statement
from tests.fakes import House, values
from tests.routing.scenes import packed
from tests.services.encoders import EVEN, ODD, Encoder, Polyglot

pytestmark = pytest.mark.both


@dataclass
class Sweeping:
    """A database of texts, and the sweep over it."""

    database: Database
    english: Encoder | None = field(default_factory=Encoder)
    many: Polyglot | None = None

    def __post_init__(self) -> None:
        self.house = House(self.database)
        self.router = Router(self.english, self.many, self.house.community)
        self.reindexing = Reindexing(self.database.begin, self.database.read, self.router)

    async def sweep(self) -> int:
        return await self.reindexing.sweep()

    async def statements(self, count: int, *models: str, guild_id: int = GUILD_ID) -> Member:
        """Let someone in whose statements these models have read."""
        async with self.database.begin() as work:
            helper = await a_helper(work, guild_id)
            for number in range(count):
                statement = await a_statement(work, helper, f"Idea {number:03}")
                work.statement_vectors.add(statement.id, dict.fromkeys(models, packed(*ODD)))
        return helper

    async def question(self, *models: str, **chosen: object) -> int:
        async with self.database.begin() as work:
            question = await a_question(work, await a_member(work), **chosen)
            work.question_vectors.add(question.id, dict.fromkeys(models, packed(*ODD)))
        return question.id

    async def models(self, table: type[Base] = StatementVector) -> list[str]:
        """Return the models that have read each text, in order."""
        return sorted(values(await self.house.rows(table), "model_id"))

    async def found(self, guild_id: int = GUILD_ID) -> list[float]:
        """Return how near in meaning the router finds everyone, in standard deviations."""
        matches = await self.router.rank(guild_id, await self.router.read("an odd length"), NOW)
        return [match.evidence.dense for match in matches]


async def test_nothing_to_do(database: Database) -> None:
    assert await Sweeping(database).sweep() == 0


@pytest.mark.parametrize("count", [1, CHUNK, CHUNK + 1, 3 * CHUNK])
async def test_everything_is_encoded_in_chunks(database: Database, count: int) -> None:
    sweeping = Sweeping(database)
    await sweeping.statements(count)

    assert await sweeping.sweep() == count

    assert await sweeping.models() == ["wanted"] * count
    assert values(await sweeping.house.rows(StatementVector), "vector") == [packed(*EVEN)] * count
    assert sweeping.english is not None
    assert max(size for _, size in sweeping.english.calls) <= CHUNK
    assert await sweeping.sweep() == 0


async def test_statements_and_questions_are_read_as_what_they_are_by_every_model(database: Database) -> None:
    sweeping = Sweeping(database, Encoder(), Polyglot())
    await sweeping.statements(2)
    await sweeping.question(state="closed")

    assert await sweeping.sweep() == 6

    for encoder in (sweeping.english, sweeping.many):
        assert encoder is not None
        assert encoder.calls == [(Role.STATEMENT, 2), (Role.QUESTION, 1)]
    assert await sweeping.models() == ["many", "many", "wanted", "wanted"]
    assert await sweeping.models(QuestionVector) == ["many", "wanted"]


async def test_only_what_is_missing_is_touched(database: Database) -> None:
    sweeping = Sweeping(database, Encoder(), Polyglot())
    await sweeping.statements(2, "wanted", "many")
    await sweeping.statements(2, "many")
    before = await sweeping.house.rows(StatementVector)

    assert await sweeping.sweep() == 2

    after = await sweeping.house.rows(StatementVector)
    assert [row for row in after if row in before] == before
    assert sweeping.many is not None
    assert sweeping.many.calls == []


@pytest.mark.parametrize("encoder", [None, Encoder(is_warm=False)], ids=["none", "cold"])
async def test_without_a_warm_model_nothing_happens(database: Database, encoder: Encoder | None) -> None:
    sweeping = Sweeping(database, encoder)
    await sweeping.statements(3, "earlier")

    assert await sweeping.sweep() == 0
    assert await sweeping.models() == ["earlier"] * 3


async def test_a_cold_model_holds_up_no_other(database: Database) -> None:
    sweeping = Sweeping(database, Encoder(is_warm=False), Polyglot())
    await sweeping.statements(3)

    assert await sweeping.sweep() == 3
    assert await sweeping.models() == ["many"] * 3


async def test_one_sweep_gives_way_after_a_while(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.routing.reindexing.MOST_CHUNKS", 2)
    sweeping = Sweeping(sqlite_database)
    await sweeping.statements(2 * CHUNK + 1)

    assert await sweeping.sweep() == 2 * CHUNK
    assert await sweeping.sweep() == 1
    assert MOST_CHUNKS > 100


class TestTrouble:
    """If a model fails in any way, the rest is encoded now or by the next sweep."""

    async def test_a_model_that_fails_midway_leaves_the_rest_for_the_next_sweep(self, database: Database) -> None:
        encoder = Encoder(fails_after=2 * CHUNK)
        sweeping = Sweeping(database, encoder)
        await sweeping.statements(3 * CHUNK)

        assert await sweeping.sweep() == 2 * CHUNK
        assert await sweeping.sweep() == 0
        encoder.fails_after = None
        assert await sweeping.sweep() == CHUNK
        assert await sweeping.models() == ["wanted"] * 3 * CHUNK

    async def test_a_model_that_cools_down_midway_leaves_the_rest_too(self, database: Database) -> None:
        class Cooling(Encoder):
            async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
                vectors = await super().embed(texts, role)
                self.is_warm = False
                return vectors

        sweeping = Sweeping(database, Cooling())
        await sweeping.statements(2 * CHUNK)

        assert await sweeping.sweep() == CHUNK
        assert await sweeping.models() == ["wanted"] * CHUNK

    @pytest.mark.parametrize("place", [0, 3, CHUNK, 2 * CHUNK])
    async def test_a_text_that_is_always_failed_on_holds_up_nothing_else(self, database: Database, place: int) -> None:
        encoder = Encoder(stumbles_over=frozenset({f"Idea {place:03}"}))
        sweeping = Sweeping(database, encoder)
        await sweeping.statements(2 * CHUNK + 1)
        await sweeping.question()

        with capture_logs() as logs:
            assert await sweeping.sweep() == 2 * CHUNK + 1
            times = encoder.stumbled
            assert await sweeping.sweep() == 0
        assert await sweeping.models() == ["wanted"] * 2 * CHUNK
        assert await sweeping.models(QuestionVector) == ["wanted"]
        assert encoder.stumbled == times
        assert [entry["event"] for entry in logs] == ["text_set_aside"]
        assert "Idea" not in str(logs)

    async def test_a_stop_in_the_middle_loses_only_the_chunk_under_way(self, database: Database) -> None:
        class Hanging(Encoder):
            is_stuck: bool = True

            async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
                if self.is_stuck and self.encoded:
                    reached.set()
                    await asyncio.Event().wait()
                return await super().embed(texts, role)

        encoder, reached = Hanging(), asyncio.Event()
        sweeping = Sweeping(database, encoder)
        await sweeping.statements(3 * CHUNK)

        stopped = spawn("sweep", sweeping.sweep())
        await reached.wait()
        stopped.cancel()
        await asyncio.wait({stopped})

        assert await sweeping.models() == ["wanted"] * CHUNK
        encoder.is_stuck = False
        assert await sweeping.sweep() == 2 * CHUNK

    async def test_a_line_deleted_meanwhile_stays_deleted(self, database: Database) -> None:
        class Deleting(Encoder):
            async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
                async with database.begin() as work:
                    await work.statements.delete(range(10_000))
                return await super().embed(texts, role)

        sweeping = Sweeping(database, Deleting())
        await sweeping.statements(2)

        await sweeping.sweep()

        assert not await sweeping.house.rows(Statement)
        assert not await sweeping.house.rows(StatementVector)


class TestForgetting:
    """What other models made is kept until it is of no more use."""

    async def test_vectors_of_other_models_go_once_nothing_is_missing(self, database: Database) -> None:
        sweeping = Sweeping(database)
        await sweeping.statements(2, "earlier")
        await sweeping.question("earlier")

        assert await sweeping.sweep() == 3
        assert await sweeping.models() == ["earlier", "earlier", "wanted", "wanted"]

        assert await sweeping.sweep() == 0
        assert await sweeping.models() == ["wanted", "wanted"]
        assert await sweeping.models(QuestionVector) == ["wanted"]

    async def test_they_stay_while_one_of_the_wanted_models_is_cold(self, database: Database) -> None:
        many = Polyglot(is_warm=False)
        sweeping = Sweeping(database, Encoder(), many)
        await sweeping.statements(1, "earlier", "wanted")

        assert await sweeping.sweep() == 0
        assert await sweeping.models() == ["earlier", "wanted"]

        many.is_warm = True
        assert [await sweeping.sweep(), await sweeping.sweep()] == [1, 0]
        assert await sweeping.models() == ["many", "wanted"]

    async def test_a_model_that_reads_nothing_takes_nothing_away(self, database: Database) -> None:
        sweeping = Sweeping(database, Encoder(fails_after=0))
        await sweeping.statements(2, "earlier")

        assert [await sweeping.sweep(), await sweeping.sweep()] == [0, 0]
        assert await sweeping.models() == ["earlier"] * 2

    async def test_a_text_that_cannot_be_read_keeps_what_it_had(self, database: Database) -> None:
        sweeping = Sweeping(database, Encoder(stumbles_over=frozenset({"Idea 001"})))
        await sweeping.statements(2, "earlier")

        assert [await sweeping.sweep(), await sweeping.sweep()] == [1, 0]
        assert await sweeping.models() == ["earlier", "wanted"]

    async def test_without_a_model_nothing_is_forgotten(self, database: Database) -> None:
        sweeping = Sweeping(database, None)
        await sweeping.statements(1, "earlier")

        assert await sweeping.sweep() == 0
        assert await sweeping.models() == ["earlier"]


class TestTelling:
    """The next question finds what was just encoded."""

    async def test_in_every_community(self, database: Database) -> None:
        sweeping = Sweeping(database)
        for guild_id in (GUILD_ID, GUILD_ID + 1):
            await sweeping.statements(1, guild_id=guild_id)
            async with database.begin() as work:
                await a_statement(work, await a_helper(work, guild_id), "Idea 12")
            assert await sweeping.found(guild_id) == [0, 0]

        await sweeping.sweep()

        for guild_id in (GUILD_ID, GUILD_ID + 1):
            assert await sweeping.found(guild_id) == [1, -1]

    async def test_an_earlier_question_that_was_answered_is_alike_from_then_on(self, database: Database) -> None:
        sweeping = Sweeping(database)
        solved = await sweeping.question(state="answered", thread_id=1, text="An odd length, more than twenty")
        waiting = await sweeping.question(thread_id=2, text="An odd length, more than twenty")
        query = await sweeping.router.read("?")
        assert [each.is_near for each in await sweeping.router.similar(GUILD_ID, query)] == [False]

        await sweeping.sweep()

        alike = await sweeping.router.similar(GUILD_ID, query)
        assert [(each.question_id, each.is_near) for each in alike] == [(solved, True)]
        assert waiting != solved

    async def test_what_a_member_deletes_meanwhile_is_not_brought_back(self, database: Database) -> None:
        sweeping = Sweeping(database)
        first, second = await sweeping.statements(CHUNK), await sweeping.statements(CHUNK)
        await sweeping.found()

        async def leave() -> None:
            async with database.begin() as work:
                await work.lock(GUILD_ID)
                await work.statements.delete([each.id for each in await work.statements.of(first.id)])
            sweeping.router.replace(GUILD_ID, first.id, [])

        await asyncio.gather(sweeping.sweep(), leave())

        matches = await sweeping.router.rank(GUILD_ID, await sweeping.router.read("odd"), NOW)
        assert [match.member_id for match in matches] == [second.id]
