"""A community to measure in: its tables filled as if people had filled in their profiles."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.clock import SystemClock
from bot.domain.wording import text_hash
from bot.routing.ports import Vectors, to_bytes
from bot.store.engine import Database, create_engine
from bot.store.migrations import upgrade
from bot.store.unit_of_work import UnitOfWork
from models import Member, Statement

QUESTION = "My CTC model puts every word a few frames late. How do I find out whether the labels or the loss is wrong?"
STATEMENTS_EACH = 2
DIMENSION = 384
HELPERS = range(300_000_000_000_000_000, 300_000_000_000_000_500)
"""The user ids of as many helpers as have 1,000 statements between them."""
_EMPTY: list[bytes] = []
_WORDS = (
    "CTC", "loss", "forced", "alignment", "speech", "labels", "frames", "attention", "transformers", "tokenizer",
    "gradients", "optimizers", "Bayesian", "sampling", "diffusion", "vision", "segmentation", "graphs", "causal",
    "inference", "ablation", "statistics", "evaluation", "rebuttal", "reviewing", "writing", "LaTeX", "CUDA",
    "distributed", "training", "datasets", "annotation", "reinforcement", "rewards", "robotics", "translation",
)  # fmt: skip


def address(file: Path) -> str:
    """Return the database address of an SQLite file."""
    return f"sqlite+aiosqlite:///{file}"


async def opened(file: Path) -> Database:
    """Return a new migrated database in a file."""
    await asyncio.to_thread(file.write_bytes, await _migrated())
    return Database(create_engine(address(file)))


async def _migrated() -> bytes:
    """Return an empty database's bytes; migrating takes two seconds, so a process does it once."""
    if not _EMPTY:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "morsel.sqlite3"
            engine = create_engine(address(file))
            await upgrade(engine)
            await engine.dispose()
            _EMPTY.append(file.read_bytes())
    return _EMPTY[0]


async def settle(
    database: Database, guild_id: int, channel_id: int, user_ids: Sequence[int], model_ids: Sequence[str] = ()
) -> None:
    """Choose a help channel and make these people helpers, each with `STATEMENTS_EACH` statements.

    With models' ids the statements have vectors of unit length drawn at random, as if these models had read them.
    No one's questions are limited, and every helper takes three a day at any hour.
    """
    async with database.begin() as work:
        settings = await work.guilds.ensure(guild_id, _now())
        settings.help_channel_id, settings.open_limit = channel_id, 1_000_000
        for number, user_id in enumerate(user_ids):
            member = await _helper(work, guild_id, user_id)
            statements = list(_statements(member.id, number))
            work.statements.add_all(statements)
            await work.flush()
            _encode(work, statements, number, model_ids)


async def _helper(work: UnitOfWork, guild_id: int, user_id: int) -> Member:
    member = await work.members.ensure(guild_id, user_id, _now())
    member.is_helper, member.rate, member.languages = True, "more", ["en"]
    member.zone, member.begins, member.ends = "UTC", time(0), time(23, 59)
    return member


def _statements(member_id: int, number: int) -> Iterator[Statement]:
    for text in lines(number):
        yield Statement(member_id=member_id, text=text, text_hash=text_hash(text), added_at=_now())


def _encode(work: UnitOfWork, statements: Sequence[Statement], number: int, model_ids: Sequence[str]) -> None:
    vectors = unit_vectors(len(statements), DIMENSION, seed=number)
    for statement, vector in zip(statements, vectors, strict=True):
        work.statement_vectors.add(statement.id, dict.fromkeys(model_ids, to_bytes(vector)))


def _now() -> datetime:
    return SystemClock().now()


def lines(number: int) -> Iterator[str]:
    """Return what a helper can help with, the same for the same number."""
    draw = random.Random(number)
    return (f"{', '.join(draw.sample(_WORDS, 4))} ({number}.{each})" for each in range(STATEMENTS_EACH))


def unit_vectors(count: int, dimension: int, seed: int) -> Vectors:
    """Return float32[count, dimension] of unit length, the same for the same seed."""
    drawn = np.random.default_rng(seed).standard_normal((count, dimension), dtype=np.float32)
    unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit
