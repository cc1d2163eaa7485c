"""Large results, as plain rows: fetched some at a time, and worked on in a thread, so that nothing else waits."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Row, Select

from bot.store.reading import READING_FAILS, is_unreadable
from bot.store.transactions import Reads, Values

_Result = TypeVar("_Result")
AnyRow = Row[*tuple[Any, ...]]

_AT_ONCE = 500
"""Rows that the event loop takes over in one step, in about 1 ms."""
_FEW = 100
"""Rows that are worked on in the event loop."""


async def fetched(session: Reads, query: Select[*tuple[Any, ...]], values: Values | None = None) -> list[AnyRow]:
    """Return all rows of a query that may return very many; those that can't be read are left out."""
    try:
        return await _streamed(session, query, values)
    except READING_FAILS as error:
        if not is_unreadable(error):
            raise
    return list((await session.execute(query, values)).all())


async def _streamed(session: Reads, query: Select[*tuple[Any, ...]], values: Values | None) -> list[AnyRow]:
    rows: list[AnyRow] = []
    result = await session.stream(query, values)
    try:
        async for some in result.partitions(_AT_ONCE):
            rows += some
    finally:
        await result.close()
    return rows


async def made_of(rows: Sequence[AnyRow], make: Callable[[Sequence[AnyRow]], _Result]) -> _Result:
    """Make something of rows, in a thread where they are many."""
    return make(rows) if len(rows) <= _FEW else await asyncio.to_thread(make, rows)
