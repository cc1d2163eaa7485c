"""The tables and what refers to what, from the models."""

import sys
from typing import Final

from sqlalchemy import Column, Table
from sqlalchemy.orm import Mapper

from docs.drawing.markdown import first_line, mermaid, table
from models import Base

HUBS: Final = ("guild", "member")
"""Tables that almost every row belongs to: lines to them would cover all others."""


def relations() -> str:
    """Draw which table's rows belong to which, but for the hubs."""
    lines = [line for mapper in _mappers() for line in _belongs(_table(mapper))]
    return mermaid(["erDiagram", *lines])


def tables() -> str:
    """List each table with its columns."""
    rows = ((f"`{_table(each).name}`", first_line(_doc(each)), _columns(_table(each))) for each in _mappers())
    return table(("table", "a row is", "columns"), rows)


def _mappers() -> list[Mapper[Base]]:
    ours = [each for each in Base.registry.mappers if _table(each).metadata is Base.metadata]
    return sorted(ours, key=lambda mapper: _table(mapper).name)


def _table(mapper: Mapper[Base]) -> Table:
    found = mapper.local_table
    assert isinstance(found, Table)  # noqa: S101
    return found


def _doc(mapper: Mapper[Base]) -> str | None:
    return mapper.class_.__doc__ or sys.modules[mapper.class_.__module__].__doc__


def _belongs(of: Table) -> list[str]:
    found = {
        (key.column.table.name, column.name, _ending(column))
        for column in of.columns
        for key in column.foreign_keys
        if key.column.table.name not in HUBS
    }
    return [f"    {parent} ||--{ending} {of.name} : {column}" for parent, column, ending in sorted(found)]


def _ending(column: Column[object]) -> str:
    return "o|" if column.primary_key or column.unique else "o{"


def _columns(of: Table) -> str:
    return " · ".join(column.name for column in of.columns)
