"""Telling for a thousandth of the time that a sweep has nothing to do: by asking the tables what the sweep would ask.

A sweep that finds nothing due only asks, and every question of its comes back empty. What it asks then is learned
once, from two looks at empty tables at two moments; between these, a value stays, or goes along with the clock, or the
sweep isn't learned and always looks itself. Where all its questions come back empty, the sweep would do nothing.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import asyncpg
from sqlalchemy import ClauseElement, Connection, Dialect, event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.engine import Database, create_engine
from models import Base
from tests.fakes import House, ManualClock
from tests.inline import InlineConnection

Spelled = tuple[str, list[Any]]
"""A statement in a database's own words, and its values."""
Sweep = Callable[[House], Awaitable[object]]

SWEEPS: Final[Mapping[str, Sweep]] = {
    "inviting": lambda house: house.inviting.sweep(),
    "claiming": lambda house: house.claiming.sweep(),
    "following_up": lambda house: house.following_up.sweep(),
    "timekeeping": lambda house: house.timekeeping.sweep(),
    "meeting": lambda house: house.meeting.sweep(),
    "queueing": lambda house: house.queueing.sweep(),
    "waitlisting": lambda house: house.waitlisting.sweep(),
    "filling": lambda house: house.filling.sweep(),
    "offering": lambda house: house.offering.sweep(),
    "delivering": lambda house: house.settle(),
}
"""What the jobs look at."""
PLACE = re.compile(r"\$(\d+)")
"""Where a value goes in PostgreSQL's words."""
APART = timedelta(days=3, hours=7, minutes=13, seconds=11, microseconds=17)
"""Between the two looks; what was cut to an hour or a day doesn't go along with the clock."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One statement, with the values it was given at a moment."""

    statement: ClauseElement
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What a sweep asks when nothing is due."""

    statement: ClauseElement
    values: Mapping[str, Any]
    """Of them, lengths are how far from the clock a moment is."""

    def spelled(self, dialect: Dialect, now: datetime) -> Spelled:
        """Return it in a database's own words, and its values at a moment."""
        sql, order, processors = _compiled(self.statement, dialect)
        at = {name: now + value if isinstance(value, timedelta) else value for name, value in self.values.items()}
        return sql, [processors[name](at[name]) if name in processors else at[name] for name in order]


@cache
def _compiled(statement: ClauseElement, dialect: Dialect) -> tuple[str, Sequence[str], Mapping[str, Any]]:
    compiled = _spelled_out(statement, dialect)
    return str(compiled), compiled.positiontup or (), compiled._bind_processors


def _spelled_out(statement: ClauseElement, dialect: Dialect) -> Any:  # noqa: ANN401
    return statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})


class Learned:
    """What every sweep asks when nothing is due; None for one that always has to look itself."""

    def __init__(self) -> None:
        self._questions: dict[str, list[Question] | None] = {}

    async def questions(self, names: Iterable[str]) -> list[Question] | None:
        """Return what sweeps ask; None where one of them has to look itself."""
        if not self._questions:
            self._questions = await learn()
        found = [self._questions[name] for name in names]
        return None if None in found else [each for some in found if some is not None for each in some]


LEARNED = Learned()


async def look(house: House, *names: str) -> None:
    """Run sweeps one after the other, but for those that have nothing to do."""
    if await is_idle(house, names):
        return
    for name in names:
        if not await is_idle(house, [name]):
            await SWEEPS[name](house)


async def is_idle(house: House, names: Sequence[str]) -> bool:
    """Tell whether sweeps have nothing to do; False where that takes a look of their own."""
    questions = await LEARNED.questions(names)
    if questions is None or house.database.engine.driver not in DRIVERS:
        return False
    now, dialect = house.clock.now(), house.database.engine.dialect
    spelled = [each.spelled(dialect, now) for each in questions]
    async with house.database.engine.connect() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        return await DRIVERS[house.database.engine.driver](raw, spelled)


async def learn() -> dict[str, list[Question] | None]:
    """Let every sweep look twice at tables without a row, and return what it asks."""
    engine = create_engine("sqlite+inline:///:memory:")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    house = House(Database(engine), clock=ManualClock())
    first = house.clock.now()
    learned = {}
    for name, sweep in SWEEPS.items():
        house.clock.moment = first
        before = await _asked(engine, sweep(house))
        house.clock.moment = first + APART
        learned[name] = _compared(before, await _asked(engine, sweep(house)), first)
    await engine.dispose()
    return learned


async def _asked(engine: AsyncEngine, looking: Awaitable[object]) -> list[Asked]:
    """Return what a sweep asks."""
    found = list[Asked]()

    def note(_connection: Connection, statement: ClauseElement, _many: object, given: Any, _how: object) -> None:  # noqa: ANN401
        own = _spelled_out(statement, engine.dialect).params
        found.append(Asked(statement, {name: given.get(name, own[name]) for name in own}))

    event.listen(engine.sync_engine, "before_execute", note)
    try:
        await looking
    finally:
        event.remove(engine.sync_engine, "before_execute", note)
    return found


def _compared(before: Sequence[Asked], after: Sequence[Asked], first: datetime) -> list[Question] | None:
    """Return what was asked twice; None where a value neither stays nor goes along with the clock."""
    questions = list[Question]()
    for one, other in zip(before, after, strict=True):
        values = {}
        for name, value in one.values.items():
            later = other.values[name]
            if value != later and not (isinstance(value, datetime) and later - value == APART):
                return None
            values[name] = value if value == later else value - first
        questions.append(Question(one.statement, values))
    return questions


async def _is_empty_inline(raw: InlineConnection, spelled: Sequence[Spelled]) -> bool:
    raw.execute("BEGIN")
    try:
        return all(raw.execute(sql, values).fetchone() is None for sql, values in spelled)
    finally:
        raw.execute("ROLLBACK")


async def _is_empty_asyncpg(raw: asyncpg.Connection, spelled: Sequence[Spelled]) -> bool:
    sql = _together(tuple(each for each, _ in spelled))
    await raw.execute("BEGIN")
    try:
        is_due = await raw.fetchval(sql, *(value for _, values in spelled for value in values))
    finally:
        await raw.execute("ROLLBACK")
    return not is_due


@cache
def _together(asked: Sequence[str]) -> str:
    """Return one statement that asks all of these and says whether one of them finds anything."""
    parts, count = list[str](), 0
    for number, sql in enumerate(asked):
        numbers = [int(each) for each in PLACE.findall(sql)]
        placed = PLACE.sub(lambda found, before=count: f"${int(found[1]) + before}", sql)  # type: ignore[misc]
        returning = " RETURNING 1" if sql.startswith("DELETE") else ""
        parts.append(f"q{number} AS ({placed}{returning})")
        count += max(numbers, default=0)
    found = " OR ".join(f"EXISTS (SELECT FROM q{number})" for number in range(len(asked)))
    return f"WITH {', '.join(parts)} SELECT {found}"


DRIVERS: Mapping[str, Callable[[Any, Sequence[Spelled]], Awaitable[bool]]] = {
    "inline": _is_empty_inline,
    "asyncpg": _is_empty_asyncpg,
}
"""Where it pays."""
