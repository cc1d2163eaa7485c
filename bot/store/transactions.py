"""What a transaction may do, and what every store has: who only reads has no way to write, and mypy says so."""

from collections.abc import Mapping
from typing import Generic, Protocol, TypeVar, TypeVarTuple

from sqlalchemy import CompoundSelect, Result, ScalarResult, Select
from sqlalchemy.ext.asyncio import AsyncResult, AsyncSession

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Values = Mapping[str, object]
"""What a statement that was made once is given by name."""


class Reads(Protocol):
    """A session in a transaction that changes nothing: it selects."""

    async def execute(self, statement: Select[*Ts], values: Values | None = None, /) -> Result[*Ts]:
        """Return rows."""
        ...

    async def scalars(self, statement: Select[T] | CompoundSelect[T], /) -> ScalarResult[T]:
        """Return the first column of rows."""
        ...

    async def scalar(self, statement: Select[T] | CompoundSelect[T], values: Values | None = None, /) -> T | None:
        """Return the first column of the first row, or None without one."""
        ...

    async def get(self, entity: type[T], ident: int, /, *, populate_existing: bool | None = None) -> T | None:
        """Return the row with this key, read again where it is to be as it is now."""
        ...

    async def stream(self, statement: Select[*Ts], values: Values | None = None, /) -> AsyncResult[*Ts]:
        """Return rows, some at a time."""
        ...


Writes = AsyncSession
"""A session in a transaction that is committed."""

Session = TypeVar("Session", bound=Reads, covariant=True)  # noqa: PLC0105 - named as what it stands for
"""`Reads` or `Writes`."""


class Store(Generic[Session]):
    """A store's part in one transaction; what it changes asks for a store that `Writes`."""

    def __init__(self, session: Session) -> None:
        """Take part in this session's transaction."""
        self._session = session
