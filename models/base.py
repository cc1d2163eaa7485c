"""What all tables share: names of constraints, identifiers, moments and choices."""

from datetime import UTC, datetime
from typing import Annotated

from sqlalchemy import JSON, BigInteger, DateTime, Enum, Index, Integer, LargeBinary, MetaData, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC and given back aware.

    SQLite drops an offset without a word, so a naive moment is refused here.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC.

        Raises:
            ValueError: the moment has no offset.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a moment needs an offset"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment, aware."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Tags(TypeDecorator[list[str]]):
    """A list of short texts, kept as JSON."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> list[str]:
        """Return the list.

        Raises:
            ValueError: it is something else.
        """
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return value
        msg = "no list of texts"
        raise ValueError(msg)


class Params(TypeDecorator[dict[str, str | int]]):
    """What fills the gaps of a text, kept as JSON."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> dict[str, str | int]:
        """Return names and what stands for them.

        Raises:
            ValueError: it is something else.
        """
        if isinstance(value, dict) and all(isinstance(each, str | int) for each in value.values()):
            return value
        msg = "no parameters"
        raise ValueError(msg)


class PackedVector(TypeDecorator[bytes]):
    """A vector: float32, little-endian, unit length."""

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes:
        """Return the bytes.

        Raises:
            ValueError: no whole number of float32 fills them.
        """
        if value and not len(value) % 4:
            return value
        msg = "no vector"
        raise ValueError(msg)


RowId = BigInteger().with_variant(Integer, "sqlite")
"""A row's number; SQLite counts by itself only in an INTEGER column."""

NEVER_REUSED = {"sqlite_autoincrement": True}
"""For tables whose row ids stand in buttons: an old button must never mean a newer row."""

Key = Annotated[int, mapped_column(RowId, primary_key=True)]
"""A primary key that the database counts."""

Snowflake = Annotated[int, mapped_column(BigInteger)]
"""An id of Discord's."""


def choice(name: str, *values: str) -> Enum:
    """Return a column type for one of `values`, kept as text and held by a constraint called after `name`."""
    return Enum(*values, name=name, native_enum=False, create_constraint=True, length=max(map(len, values)))


def given(column: str) -> Index:
    """Return an index of the rows that have something in a column, for one that is mostly empty."""
    where = text(f"{column} IS NOT NULL")
    return Index(None, column, sqlite_where=where, postgresql_where=where)


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True, repr=False, eq=False):
    """The parent of all tables; rows never print themselves, for they hold what people wrote."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012
