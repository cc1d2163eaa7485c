"""No statement of the store reads a whole table: what it costs must not grow with a community's history.

Every intention of every store is called, with something of each type it asks for, over tables that are filled; the
databases are asked how they would carry out each statement that comes of it. A new intention is looked at by itself.
"""

import collections.abc
import inspect
import re
import typing
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import Any

import pytest
from sqlalchemy import Index, Select, Table, select, text
from sqlalchemy.exc import CompileError, IntegrityError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import HouseError
from bot.store.engine import Database
from bot.store.questions import Questions
from bot.store.unit_of_work import Stores, UnitOfWork
from models import Base
from tests.factories import GUILD_ID, NOW
from tests.listening import Statement, listening
from tests.services.lives import a_town

SMALL = {"guild", "guild_settings"}
"""Tables with a row for each community, which hold no history."""
WHOLE = {
    "drafts.old_reviews": "a review is rare among drafts, and this looks once an hour",
    "erasures.erase": "an id may stand in the words of any letter, and an operator asks for it, not a sweep",
    "outbox.trace": "an operator asks for it now and then, and an index of messages would cost every sending",
}
"""Intentions that read all of something, and why."""
SCAN = re.compile(r"^SCAN (?P<table>\w+)(?: USING (?:COVERING )?INDEX (?P<index>\w+))?")
SEQUENTIAL = re.compile(r"Seq Scan on (?P<table>\w+)(?P<index>$)?")


def stores() -> list[str]:
    """Return the names of everything a unit of work speaks through."""
    return [name for name, value in vars(Stores).items() if isinstance(value, cached_property)]


def intentions(work: UnitOfWork) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every public intention of every store, by name."""
    for store in stores():
        for name, function in inspect.getmembers(getattr(work, store), inspect.ismethod):
            if not name.startswith("_"):
                yield f"{store}.{name}", function


class Maker:
    """Makes one of anything an intention asks for."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def arguments(self, function: Callable[..., Any]) -> dict[str, Any]:
        parameters = inspect.signature(function).parameters.values()
        named = [each for each in parameters if each.kind not in {each.VAR_KEYWORD, each.VAR_POSITIONAL}]
        return {each.name: await self.one(each.annotation) for each in named if each.name != "self"}

    async def one(self, wanted: Any) -> Any:  # noqa: ANN401
        origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
        if Select in {wanted, origin}:
            return Questions(self._session).ids(GUILD_ID)
        if origin in {typing.Union, type(int | None)}:
            return await self.one(inner[0])
        if origin is tuple:
            return tuple([await self.one(each) for each in inner])
        if origin is collections.abc.Mapping:
            return {await self.one(inner[0]): await self.one(inner[1])}
        if origin is not None and issubclass(origin, collections.abc.Iterable):
            return [await self.one(inner[0])]
        return await self.simple(wanted)

    async def simple(self, wanted: type) -> Any:  # noqa: ANN401
        plain = {int: 1, str: "x", bool: True, bytes: b"\0" * 16, object: 1, datetime: NOW, date: NOW.date()}
        if wanted in plain:
            return plain[wanted]
        if wanted is timedelta:
            return timedelta(days=1)
        if issubclass(wanted, Enum):
            return next(iter(wanted))
        if issubclass(wanted, Base):
            return await self._session.scalar(select(wanted).limit(1))
        if issubclass(wanted, tuple):
            return wanted(*[await self.one(each) for each in wanted.__annotations__.values()])
        pytest.fail(f"an intention asks for {wanted}: tell this test how to make one")


async def said_by(database: Database) -> dict[str, list[Statement]]:
    """Return what each intention says to the database, in a transaction that is rolled back."""
    told: dict[str, list[Statement]] = {}
    with listening(database) as heard:
        async with database.begin() as work:
            names = [name for name, _ in intentions(work)]
        for name in names:
            with suppress(_RollBack):
                async with database.begin() as work:
                    (function,) = [each for key, each in intentions(work) if key == name]
                    arguments = await Maker(work._session).arguments(function)
                    heard.clear()
                    # The same row is handed over where two are asked for; what was said until then counts.
                    with suppress(HouseError, CompileError, InvalidRequestError, IntegrityError):
                        await carried_out(function(**arguments))
                    told[name] = list(heard)
                    raise _RollBack
    return told


async def carried_out(made: object) -> None:
    """Wait for what an intention returns."""
    if inspect.isawaitable(made):
        await made
    elif isinstance(made, AsyncIterator):
        _ = [each async for each in made]


class _RollBack(Exception):
    """Ends a transaction in which nothing is to be changed."""


async def plan(database: Database, statement: Statement) -> list[str]:
    """Return how a database would carry out a statement, a step a line."""
    sql, parameters = statement
    is_sqlite = database.engine.dialect.name == "sqlite"
    async with database.engine.connect() as connection:
        if not is_sqlite:
            # Small tables are read whole for being small; without this choice it shows whether there is an index.
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        asked = f"EXPLAIN QUERY PLAN {sql}" if is_sqlite else f"EXPLAIN {sql}"
        rows = await connection.exec_driver_sql(asked, parameters)
        return [str(row[-1]) for row in rows]


async def test_no_intention_reads_a_whole_table(database: Database, dialect: str) -> None:
    await a_town(database)
    tables = {table.name for table in Base.metadata.sorted_tables} - SMALL
    # An index of some rows only, such as those that are going on, holds no history.
    partial = {each.name for table in Base.metadata.tables.values() for each in table.indexes if is_partial(each)}
    pattern = SCAN if dialect == "sqlite" else SEQUENTIAL
    told = await said_by(database)
    assert len(told) > 100
    whole = {
        (name, found["table"], statement[0])
        for name, statements in told.items()
        for statement in statements
        if statement[0].lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH"))
        for step in await plan(database, statement)
        if (found := pattern.search(step.strip())) and found["table"] in tables and found["index"] not in partial
    }
    assert sorted({(name, table) for name, table, _ in whole if name not in WHOLE}) == []


def is_partial(index: Index) -> bool:
    return index.dialect_options["sqlite"]["where"] is not None


@pytest.mark.parametrize("table", [each.name for each in Base.metadata.sorted_tables])
def test_every_foreign_key_has_an_index(table: str) -> None:
    found = Base.metadata.tables[table]
    assert not [key.parent.name for key in found.foreign_keys if key.parent.name not in set(leading(found))]


def leading(table: Table) -> Iterator[str]:
    """Yield the columns by which a table's rows are found without reading all of them."""
    yield from (each.name for each in list(table.primary_key.columns)[:1])
    for index in table.indexes:
        yield from (str(getattr(each, "name", each)) for each in list(index.expressions)[:1])
    for constraint in table.constraints:
        if type(constraint).__name__ == "UniqueConstraint":
            yield from (each.name for each in list(constraint.columns)[:1])  # type: ignore[attr-defined]
