"""Every table filled around two people, so that each way in which a row can hang on one of them is there once."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Time,
    UniqueConstraint,
    insert,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeDecorator

from models import Base
from models.base import Tags

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
SETTLED = {("request", "type"): "question", ("booking", "state"): "cancelled", ("event", "type"): "asked"}
"""A slot has one booking that is going on, and here many. A request is of a kind that there is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, by which of its references it hangs on the person, and the words in it."""

    table: str
    id: int
    hangs_by: Column[Any] | None
    mark: str

    @property
    def goes(self) -> bool:
        """Tell whether the row goes with what it hangs on, rather than forget it."""
        return self.hangs_by is not None and reference(self.hangs_by).ondelete == "CASCADE"


@dataclass
class Village:
    """A person in one community, by their id of Discord's, and a neighbour."""

    session: AsyncSession
    user_id: int
    rows: list[Row] = field(default_factory=list)
    _of_neighbour: dict[str, int] = field(default_factory=dict)
    _of_person: dict[str, int] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1_000))

    async def fill(self) -> None:
        """Write a row of the neighbour's in every table, then one for each way in which it can hang on the person."""
        for table in Base.metadata.sorted_tables:
            self._of_neighbour[table.name] = await self._write(table)
        self._of_person["member"] = await self._write(Base.metadata.tables["member"], user_id=self.user_id)
        for table in Base.metadata.sorted_tables:
            for column in personal(table):
                referred = self._of_person.get(reference(column).column.table.name)
                if referred is not None:
                    written = await self._write(table, column, **{column.name: referred})
                    if reference(column).ondelete == "CASCADE":
                        self._of_person.setdefault(table.name, written)

    async def _write(self, table: Table, hangs_by: Column[Any] | None = None, **given: object) -> int:
        number = next(self._numbers)
        mark = f"mark-{number}-word"
        values: dict[str, Any] = dict(given)
        for column in table.columns:
            if column.name not in values and (value := await self._value(column, mark, hangs_by)) is not None:
                values[column.name] = value
        await self.session.execute(insert(table).values(values))
        self.rows.append(Row(table.name, values.get("id", 0), hangs_by, mark))
        key = values.get("id") or next(iter(values.values()))
        return key if isinstance(key, int) else 0

    async def _value(self, column: Column[Any], mark: str, hangs_by: Column[Any] | None) -> object:
        if column.foreign_keys:
            return None if column.nullable else await self._referred(column, hangs_by)
        if (column.table.name, column.name) in SETTLED:
            return SETTLED[column.table.name, column.name]
        return made(column, mark, next(self._numbers))

    async def _referred(self, column: Column[Any], hangs_by: Column[Any] | None) -> int:
        target = reference(column).column.table
        if target.name != "guild" and target.name in self._of_neighbour and is_taken(column, hangs_by):
            return await self._write(target)
        return self._of_neighbour[target.name]


def is_taken(column: Column[Any], hangs_by: Column[Any] | None) -> bool:
    """Tell whether a second row may not refer to the same thing, by anything else that ties it to the person."""
    table = column.table
    if column.unique or list(table.primary_key.columns) == [column]:
        return True
    unique = [set(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)]
    return hangs_by is not None and any(column in each and hangs_by not in each for each in unique)


def made(column: Column[Any], mark: str, number: int) -> object:
    """Return a value of a column's type that no other row has, or that every row may have."""
    if isinstance(column.type, Tags):
        return [mark]
    kind: Any = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    for of_type, value in (
        (Enum, lambda: kind.enums[0]), (Boolean, lambda: False), (Integer, lambda: number), (Float, lambda: 0.5),
        (String, lambda: mark), (LargeBinary, mark.ljust(16).encode), (JSON, lambda: {"words": mark}),
        (Date, lambda: date(2000, 1, 1) + timedelta(days=number)), (Time, lambda: time(number % 24)),
    ):  # fmt: skip
        if isinstance(kind, of_type):
            return value()
    return BEGINNING + timedelta(minutes=number)


def reference(column: Column[Any]) -> ForeignKey:
    """Return what a column refers to."""
    (found,) = column.foreign_keys
    return found


def personal(table: Table) -> list[Column[Any]]:
    """Return the columns by which a row may hang on a person, directly or through other rows."""
    return [each for each in table.columns if each.foreign_keys and reference(each).column.table.name != "guild"]
