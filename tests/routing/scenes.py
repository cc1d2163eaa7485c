"""A router with models of a few ideas, and tables that count how often they are read."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from bot.errors import Unavailable
from bot.routing.ports import Answered, Community, Match, Query, Role, StoredText, Vectors, to_bytes
from bot.routing.router import Router
from tests.factories import NOW

GUILD = 1
ENGLISH, MANY = "english", "many"
AUDIO, GRANTS = (1.0, 0.0), (0.0, 1.0)


@dataclass
class Model:
    """A model of two ideas that can be cold, or break while it is asked; words of its own are where it is told."""

    is_warm: bool = True
    is_broken: bool = False
    model_id: str = ENGLISH
    dimension: int = 2
    failure: str | None = None
    places: Mapping[str, Sequence[float]] = field(default_factory=dict)
    roles: list[Role] = field(default_factory=list)

    async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
        self.roles.append(role)
        await asyncio.sleep(0)
        self.refuse_if_broken()
        return np.asarray([self.place(text) for text in texts], dtype=np.float32)

    def place(self, text: str) -> Sequence[float]:
        return self.places.get(text, AUDIO if "audio" in text else GRANTS)

    def refuse_if_broken(self) -> None:
        if self.is_broken:
            raise Unavailable("error.encoder", reason="It broke.")


@dataclass
class Polyglot(Model):
    """A model of the same ideas in many languages."""

    model_id: str = MANY
    foreign: frozenset[str] = frozenset()

    async def are_english(self, texts: Sequence[str]) -> list[bool]:
        await asyncio.sleep(0)
        self.refuse_if_broken()
        return [text not in self.foreign for text in texts]


@dataclass
class Tables:
    """The tables, seen from routing; they count how often they are read."""

    community: Community
    reads: int = 0
    is_read: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def read(self, guild_id: int) -> Community:
        self.reads += 1
        found = self.community if guild_id == GUILD else Community()
        self.is_read.set()
        await self.gate.wait()
        return found


@dataclass
class Scene:
    """A router with everything around it."""

    english: Model | None = field(default_factory=Model)
    many: Polyglot | None = None
    community: Community = field(default_factory=lambda: Community([audio(1, 10), grants(2, 20)]))

    def __post_init__(self) -> None:
        self.tables = Tables(self.community)
        self.router = Router(self.english, self.many, self.tables.read)

    async def matches(self, text: str, guild_id: int = GUILD) -> list[Match]:
        return await self.router.rank(guild_id, await self.router.read(text), NOW)

    async def ask(self, text: str, guild_id: int = GUILD) -> list[int]:
        """Return the people a question is for, best first."""
        return [match.member_id for match in await self.matches(text, guild_id)]

    async def similar(self, text: str) -> list[tuple[int, bool]]:
        """Return earlier questions, most alike first, and whether each is near."""
        alike = await self.router.similar(GUILD, await self.router.read(text))
        return [(each.question_id, each.is_near) for each in alike]


def packed(*numbers: float) -> bytes:
    return to_bytes(np.asarray(numbers, dtype=np.float32))


def audio(id: int, member_id: int) -> StoredText:
    return StoredText(id, member_id, "audio and speech", {ENGLISH: packed(*AUDIO)})


def grants(id: int, member_id: int) -> StoredText:
    return StoredText(id, member_id, "grant writing", {ENGLISH: packed(*GRANTS)})


def read_by(text: StoredText, **vectors: Sequence[float]) -> StoredText:
    """Return a text as these models and no others have read it."""
    return replace(text, vectors={model_id: packed(*vector) for model_id, vector in vectors.items()})


def query(*vector: float, model_id: str = ENGLISH, text: str = "?", is_english: bool = True) -> Query:
    return Query(text, {model_id: np.asarray(vector, dtype=np.float32)}, is_english=is_english)


def answers(member_id: int, *days_ago: float) -> list[Answered]:
    return [Answered(member_id, NOW - timedelta(days=days)) for days in days_ago]
