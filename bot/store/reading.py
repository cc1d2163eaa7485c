"""Reading rows that another program may have written: what can't be read is left out, and noted, and the rest is there.

SQLite keeps any value in any column. PostgreSQL keeps moments that Python has no word for.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Dialect, Executable, Result, Row, Select, Table, exc, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Enum, Float, Integer, String

from bot import faults
from bot.store.transactions import Reads
from models import Base

UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError)
"""What a value turns into that isn't what its column holds."""
READING_FAILS = (*UNREADABLE, exc.OperationalError)
"""As what that arrives; `is_unreadable` tells it from a database in trouble."""
T = TypeVar("T")
_Rows = list[Row[*tuple[Any, ...]]]


class TolerantSession(AsyncSession):
    """A session whose lists leave out what can't be read; a single row that can't be is an error as ever.

    SQLAlchemy forgets a row as soon as no variable refers to it, and reads it again. This session keeps the rows it was
    asked for by key: one letter asks a dozen times for its request. It lets them go before it changes rows in bulk, and
    before it asks for rows as they are now, for by then it may have waited for another transaction.
    """

    def __init__(self, *options: Any, **named: Any) -> None:  # noqa: ANN401 - as SQLAlchemy has it
        """Begin without a row."""
        super().__init__(*options, **named)
        self._kept: dict[int, object] = {}

    async def get(self, entity: type[T], ident: Any, **options: Any) -> T | None:  # type: ignore[override] # noqa: ANN401
        """Do as SQLAlchemy does, and keep the row."""
        row = await super().get(entity, ident, **options)
        self._kept[id(row)] = row
        return row

    async def execute(
        self,
        statement: Executable,
        params: Any = None,  # noqa: ANN401 - as SQLAlchemy has it
        **options: Any,  # noqa: ANN401
    ) -> Result[*tuple[Any, ...]]:
        """Do as SQLAlchemy does, with all rows read by the end.

        Where one can't be, the others are found by halves: O(log n) more statements for each.
        """
        if not isinstance(statement, Select) or statement.get_execution_options().get("populate_existing"):
            self._kept.clear()
        try:
            result = await super().execute(statement, params, **options)
            return result.freeze()() if isinstance(statement, Select) else result
        except READING_FAILS as error:
            if not isinstance(statement, Select) or not is_unreadable(error):
                raise
        nothing = (await super().execute(statement.limit(0), params, **options)).freeze()
        total = await self.scalar(select(func.count()).select_from(statement.subquery()), params) or 0
        # A part of a list is the same part each time only where the order leaves nothing open.
        return nothing.with_new_rows(await self._halves(statement.order_by(_key_of(statement)), params, 0, total))()

    async def _halves(self, statement: Select[*tuple[Any, ...]], params: Any, start: int, count: int) -> _Rows:  # noqa: ANN401
        try:
            some = await super().execute(statement.offset(start).limit(count), params)
            return list(some.all())
        except READING_FAILS as error:
            if not is_unreadable(error):
                raise
            if count <= 1:
                await self._note(statement.offset(start).limit(count), params, error)
                return []
        half = count // 2
        first = await self._halves(statement, params, start, half)
        return first + await self._halves(statement, params, start + half, count - half)

    async def _note(self, statement: Select[*tuple[Any, ...]], params: Any, error: Exception) -> None:  # noqa: ANN401
        key = _key_of(statement)
        row_id = await self.scalar(statement.with_only_columns(key, maintain_column_froms=True), params)
        table: Table = next(iter(key.base_columns)).table
        faults.note(table.name, row_id or 0, error)


def is_unreadable(error: Exception) -> bool:
    """Tell whether a value was at fault, and not the database."""
    # sqlite3 says so, without a code, of text that isn't UTF-8.
    is_undecodable = isinstance(error, exc.OperationalError) and "Could not decode to UTF-8" in str(error.orig)
    return is_undecodable or isinstance(error, UNREADABLE)


def _key_of(statement: Select[*tuple[Any, ...]]) -> ColumnElement[int]:
    """Return the column that tells a query's rows apart: the first of the first thing that is selected."""
    first = statement.column_descriptions[0]
    key: ColumnElement[int] = inspect(first["entity"]).primary_key[0] if first["entity"] else first["expr"]
    return key


async def is_of(session: Reads, table_name: str, row_id: int, guild_id: int) -> bool:
    """Tell whether a row is a community's; a row without a community is everyone's."""
    table = Base.metadata.tables[table_name]
    (key, *_) = table.primary_key
    if await session.scalar(select(key).where(key == row_id).limit(1)) is None:
        return False
    try:
        return await session.scalar(_guild_of(table, [row_id])) in {guild_id, None}
    except UNREADABLE:
        return True


def _guild_of(table: Table, ids: Select[int] | list[int]) -> Select[int]:
    """Return the query for whose rows these are, along what they belong to."""
    (key, *_) = table.primary_key
    is_wanted = key.in_(ids)
    links = sorted((each for each in table.foreign_keys if not each.parent.nullable), key=lambda each: each.parent.name)
    if "guild_id" in table.columns or not links:
        return select(table.columns.get("guild_id", key)).where(is_wanted)
    return _guild_of(links[0].column.table, select(links[0].parent).where(is_wanted))


def be_strict(dialect: Dialect) -> None:
    """Let SQLite refuse to read, as PostgreSQL refuses to keep, what isn't what its column holds."""
    strict = {Enum: Enum, Integer: _Whole, Float: _Number, String: _Words}
    dialect.colspecs = {**dialect.colspecs, **strict}


def _only(*kinds: type) -> Callable[[Any], Any]:
    def process(value: object) -> object:
        if value is not None and type(value) not in kinds:
            msg = "another kind of value than the column's"
            raise TypeError(msg)
        return value

    return process


class _Whole(Integer):
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return _only(int)


class _Number(Float[float]):
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return _only(float, int)


class _Words(String):
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return _only(str)
