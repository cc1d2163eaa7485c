"""Reindexing: what another model encoded is encoded again, however often it is interrupted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from bot.errors import Unavailable
from bot.routing.hashing import HashingEmbedder
from bot.routing.ports import Vectors
from bot.routing.router import Router
from bot.services.reindexing import CHUNK, MOST_CHUNKS, Reindexing
from bot.store.engine import Database
from models import Statement
from tests.factories import GUILD_ID, a_helper, a_statement
from tests.fakes import House, values


@dataclass
class Encoder:
    """A model of one idea each for even and odd lengths, that may fail once it has encoded so many texts."""

    is_warm: bool = True
    fails_after: int | None = None
    model_id: str = "wanted"
    dimension: int = 2
    calls: list[int] = field(default_factory=list)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        if self.fails_after is not None and sum(self.calls) >= self.fails_after:
            raise Unavailable("error.encoder", reason="The encoder took too long.")
        self.calls.append(len(texts))
        return np.asarray([[1.0, 0.0] if len(text) % 2 else [0.0, 1.0] for text in texts], dtype=np.float32)


@dataclass
class Sweeping:
    """A database whose statements another model encoded, and the sweep over it."""

    database: Database
    encoder: Encoder | None = field(default_factory=Encoder)

    def __post_init__(self) -> None:
        self.house = House(self.database)
        self.router = Router(self.encoder, HashingEmbedder(), self.house._statements)
        self.reindexing = Reindexing(self.database.begin, self.database.read, self.router)

    async def statements(self, count: int, guild_id: int = GUILD_ID, model_id: str | None = "earlier") -> None:
        async with self.database.begin() as work:
            helper = await a_helper(work, guild_id)
            for number in range(count):
                await a_statement(work, helper, f"Idea {number:03}", model_id=model_id)

    async def models(self) -> list[object]:
        return values(await self.house.rows(Statement), "model_id")


async def test_nothing_to_do(database: Database) -> None:
    assert await Sweeping(database).reindexing.sweep() == 0


@pytest.mark.parametrize("count", [1, CHUNK, CHUNK + 1, 3 * CHUNK])
async def test_everything_is_encoded_in_chunks(database: Database, count: int) -> None:
    sweeping = Sweeping(database)
    await sweeping.statements(count)

    assert await sweeping.reindexing.sweep() == count

    assert await sweeping.models() == ["wanted"] * count
    (first, *_) = await sweeping.house.rows(Statement)
    assert first["vector"] == np.asarray([0.0, 1.0], dtype="<f4").tobytes()
    assert first["dimension"] == 2
    assert sweeping.encoder is not None
    assert max(sweeping.encoder.calls) <= CHUNK
    assert await sweeping.reindexing.sweep() == 0


async def test_only_what_is_stale_is_touched(database: Database) -> None:
    sweeping = Sweeping(database)
    await sweeping.statements(2, model_id="wanted")
    before = await sweeping.house.rows(Statement)
    await sweeping.statements(2, model_id=None)

    assert await sweeping.reindexing.sweep() == 2

    assert (await sweeping.house.rows(Statement))[:2] == before


@pytest.mark.parametrize("encoder", [None, Encoder(is_warm=False)])
async def test_without_a_warm_model_nothing_happens(database: Database, encoder: Encoder | None) -> None:
    sweeping = Sweeping(database, encoder)
    await sweeping.statements(3)

    assert await sweeping.reindexing.sweep() == 0
    assert await sweeping.models() == ["earlier"] * 3


async def test_a_model_that_fails_midway_leaves_the_rest_for_the_next_sweep(database: Database) -> None:
    encoder = Encoder(fails_after=2 * CHUNK)
    sweeping = Sweeping(database, encoder)
    await sweeping.statements(3 * CHUNK)

    assert await sweeping.reindexing.sweep() == 2 * CHUNK
    assert (await sweeping.models()).count("wanted") == 2 * CHUNK

    assert await sweeping.reindexing.sweep() == 0
    encoder.fails_after = None
    assert await sweeping.reindexing.sweep() == CHUNK
    assert await sweeping.models() == ["wanted"] * 3 * CHUNK


async def test_a_model_that_cools_down_midway_leaves_the_rest_too(database: Database) -> None:
    class Cooling(Encoder):
        async def embed(self, texts: Sequence[str]) -> Vectors:
            vectors = await super().embed(texts)
            self.is_warm = False
            return vectors

    sweeping = Sweeping(database, Cooling())
    await sweeping.statements(2 * CHUNK)

    assert await sweeping.reindexing.sweep() == CHUNK


async def test_one_sweep_gives_way_after_a_while(sqlite_database: Database) -> None:
    sweeping = Sweeping(sqlite_database)
    await sweeping.statements(MOST_CHUNKS * CHUNK + 1)

    assert await sweeping.reindexing.sweep() == MOST_CHUNKS * CHUNK
    assert await sweeping.reindexing.sweep() == 1


async def test_questions_find_what_was_just_encoded_in_every_community(database: Database) -> None:
    sweeping = Sweeping(database)
    await sweeping.statements(1)
    await sweeping.statements(1, guild_id=GUILD_ID + 1)
    question = await sweeping.router.encode(["even"])
    assert not await sweeping.router.rank(GUILD_ID, question)

    await sweeping.reindexing.sweep()

    assert len(await sweeping.router.rank(GUILD_ID, question)) == 1
    assert len(await sweeping.router.rank(GUILD_ID + 1, question)) == 1


async def test_a_line_deleted_meanwhile_stays_deleted(database: Database) -> None:
    class Deleting(Encoder):
        async def embed(self, texts: Sequence[str]) -> Vectors:
            async with database.begin() as work:
                await work.statements.delete(range(10_000))
            return await super().embed(texts)

    sweeping = Sweeping(database, Deleting())
    await sweeping.statements(2)

    await sweeping.reindexing.sweep()

    assert not await sweeping.house.rows(Statement)
