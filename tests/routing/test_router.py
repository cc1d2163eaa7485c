import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from bot.errors import Unavailable
from bot.routing import router as router_module
from bot.routing.hashing import HashingEmbedder
from bot.routing.ports import StoredStatement, Vectors, to_bytes
from bot.routing.router import Router

GUILD = 1
AUDIO, GRANTS = [1.0, 0.0], [0.0, 1.0]


@dataclass
class Model:
    """A model of two ideas that can be cold, or break while it is asked."""

    is_warm: bool = True
    is_broken: bool = False
    model_id: str = "two-ideas"
    dimension: int = 2

    async def embed(self, texts: Sequence[str]) -> Vectors:
        if self.is_broken:
            raise Unavailable("error.encoder", reason="It broke.")
        return np.asarray([AUDIO if "audio" in text else GRANTS for text in texts], dtype=np.float32)


@dataclass
class Community:
    """The tables, seen from routing; counts how often they are read."""

    statements: list[StoredStatement]
    reads: int = 0
    is_read: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def read(self, guild_id: int) -> Sequence[StoredStatement]:
        self.reads += 1
        found = list(self.statements) if guild_id == GUILD else []
        self.is_read.set()
        await self.gate.wait()
        return found


@dataclass
class House:
    """A router with everything around it."""

    model: Model = field(default_factory=Model)
    community: Community = field(default_factory=lambda: Community([audio(1, 10), grants(2, 20)]))

    def __post_init__(self) -> None:
        self.router = Router(self.model, HashingEmbedder(), self.community.read)

    async def ask(self, text: str, guild_id: int = GUILD) -> list[int]:
        matches = await self.router.rank(guild_id, await self.router.encode([text]))
        return [match.member_id for match in matches]


def stored(id: int, member_id: int, text: str, vector: list[float], model_id: str = "two-ideas") -> StoredStatement:
    return StoredStatement(id, member_id, text, model_id, to_bytes(np.asarray(vector, dtype=np.float32)))


def audio(id: int, member_id: int) -> StoredStatement:
    return stored(id, member_id, "audio and speech", AUDIO)


def grants(id: int, member_id: int) -> StoredStatement:
    return stored(id, member_id, "grant writing", GRANTS)


async def test_the_model_answers_when_it_is_warm() -> None:
    house = House()
    encoding = await house.router.encode(["audio?"])
    assert (encoding.model_id, encoding.is_fallback) == ("two-ideas", False)
    first, second = await house.router.rank(GUILD, encoding)
    assert (first.member_id, first.statement_id) == (10, 1)
    assert second.member_id == 20


@pytest.mark.parametrize("model", [Model(is_warm=False), Model(is_broken=True)])
async def test_the_fallback_answers_otherwise_from_the_same_statements(model: Model) -> None:
    house = House(model)
    encoding = await house.router.encode(["writing a grant"])
    assert (encoding.model_id, encoding.is_fallback) == ("hashing-v1", True)
    assert [match.member_id for match in await house.router.rank(GUILD, encoding)] == [20, 10]


async def test_without_a_model_the_words_are_what_was_wanted() -> None:
    router = Router(None, HashingEmbedder(), Community([audio(1, 10)]).read)
    encoding = await router.encode(["audio"])
    assert (router.model_id, encoding.is_fallback) == ("hashing-v1", False)
    assert len(await router.rank(GUILD, encoding)) == 1


async def test_statements_are_read_once_though_many_ask_at_once() -> None:
    house = House()
    answers = await asyncio.gather(*(house.ask("audio") for _ in range(10)))
    assert answers == [[10, 20]] * 10
    assert house.community.reads == 1


async def test_statements_of_another_model_or_none_or_of_a_wrong_length_are_passed_over() -> None:
    others = [
        stored(2, 20, "audio", AUDIO, model_id="another"),
        replace(audio(3, 30), model_id=None, vector=None),
        stored(4, 40, "audio", [1.0, 0.0, 0.0]),
    ]
    house = House(community=Community([audio(1, 10), *others]))
    assert await house.ask("audio") == [10]
    house.model.is_warm = False
    assert set(await house.ask("audio")) == {10, 20, 30, 40}


async def test_a_member_who_changes_is_taken_over_without_reading_again() -> None:
    house = House()
    await house.ask("audio")
    house.router.replace(GUILD, 20, [audio(3, 20), audio(4, 20), audio(5, 20)])
    house.router.replace(GUILD, 10, [])
    house.router.replace(GUILD, 30, [grants(6, 30)])
    assert await house.ask("audio") == [20, 30]
    assert house.community.reads == 1


async def test_a_change_reaches_the_fallback_too() -> None:
    house = House()
    house.model.is_warm = False
    await house.ask("audio")
    house.router.replace(GUILD, 20, [audio(3, 20)])
    matches = await house.router.rank(GUILD, await house.router.encode(["audio"]))
    assert {match.statement_id for match in matches} == {1, 3}


async def test_a_change_during_the_first_read_is_not_lost() -> None:
    house = House()
    house.community.gate.clear()
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(house.ask("audio"))
        await house.community.is_read.wait()
        house.router.replace(GUILD, 10, [])
        house.community.gate.set()
    assert asking.result() == [20]


async def test_a_second_change_while_the_first_is_taken_over_is_not_lost() -> None:
    house = House(Model(is_warm=False))
    await house.ask("audio")
    house.router.replace(GUILD, 10, [audio(3, 10)])
    question = await house.router.encode(["audio"])
    async with asyncio.TaskGroup() as group:
        group.create_task(house.router.rank(GUILD, question))
        await asyncio.sleep(0)
        house.router.replace(GUILD, 10, [])
    assert await house.ask("audio") == [20]


async def test_a_change_before_anything_was_read_is_left_to_the_tables() -> None:
    house = House()
    house.router.replace(GUILD, 10, [])
    assert await house.ask("audio") == [10, 20]


async def test_guilds_do_not_see_each_other() -> None:
    house = House()
    assert await house.ask("audio", guild_id=2) == []
    assert await house.ask("audio") == [10, 20]
    house.router.replace(2, 99, [audio(9, 99)])
    assert await house.ask("audio", guild_id=2) == [99]
    assert await house.ask("audio") == [10, 20]


async def test_what_is_forgotten_is_read_again() -> None:
    house = House()
    await house.ask("audio")
    house.community.statements = [grants(2, 20)]
    house.router.forget(GUILD)
    assert await house.ask("audio") == [20]
    assert house.community.reads == 2


async def test_a_failed_read_is_tried_again_at_the_next_question() -> None:
    house = House()
    house.community.gate.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await house.ask("audio")
    house.community.gate.set()
    assert await house.ask("audio") == [10, 20]


async def test_limit_and_exclusion_reach_the_index() -> None:
    house = House()
    encoding = await house.router.encode(["audio"])
    (only,) = await house.router.rank(GUILD, encoding, limit=1, exclude={10})
    assert only.member_id == 20


async def test_one_question_at_a_time() -> None:
    house = House()
    with pytest.raises(ValueError, match="unpack"):
        await house.router.rank(GUILD, await house.router.encode(["audio", "grants"]))


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "🎧" * 2000, "@everyone", "مرحبا"])
async def test_odd_texts_are_ranked_like_any_other(text: str) -> None:
    house = House(Model(is_warm=False))
    assert set(await house.ask(text)) == {10, 20}


async def test_a_large_guild_is_read_searched_and_changed_beside_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(router_module, "_INLINE_ROWS", 1)
    house = House()
    assert await house.ask("audio") == [10, 20]
    house.router.replace(GUILD, 10, [grants(3, 10)])
    house.router.replace(GUILD, 30, [audio(4, 30)])
    assert await house.ask("audio") == [30, 10, 20]
