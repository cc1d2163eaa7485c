"""Acting on what is due, a handful at a time, so that what can't be read stops nothing but itself."""

import itertools
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TypeVar

from bot import faults
from bot.errors import Conflict, Unavailable

_Guild = TypeVar("_Guild", int, int | None)
"""Whose rows they are; None where no one has looked."""
_Row = TypeVar("_Row", int, tuple[int, ...])
"""A row's number, or several that end with it."""
_Result = TypeVar("_Result")


async def in_turn(
    table: str,
    due: Iterable[tuple[_Guild, _Row]],
    act: Callable[[_Guild, Sequence[_Row]], Awaitable[_Result]],
    together: int = 1,
) -> list[_Result]:
    """Act on rows of a table that are due, given as (guild, row) by guild, and return what came of it.

    Each act gets up to so many of one community `together`, and is one transaction, or can be repeated. Where one
    breaks, its rows are tried one by one; a row that breaks alone is noted, and is alone from the start next time.

    Raises:
        Unavailable: the database can't be reached.
    """
    done = list[_Result]()
    for guild_id, some in _handfuls(table, due, together):
        try:
            done.append(await act(guild_id, some))
        except Exception as error:  # noqa: BLE001 - of any kind, it must not stop the others
            _raise_if_down(error)
            again = some if len(some) > 1 or isinstance(error, Conflict) else ()
            for row in again:
                done += await _alone(table, guild_id, row, act)
            if not again:
                faults.note(table, _number(some[0]), error)
        else:
            _settle(table, some)
    return done


async def _alone(
    table: str, guild_id: _Guild, row: _Row, act: Callable[[_Guild, Sequence[_Row]], Awaitable[_Result]]
) -> list[_Result]:
    try:
        result = await act(guild_id, [row])
    except Exception as error:  # noqa: BLE001 - of any kind, it must not stop the others
        _raise_if_down(error)
        faults.note(table, _number(row), error)
        return []
    return [result]


def _handfuls(table: str, due: Iterable[tuple[_Guild, _Row]], together: int) -> Iterator[tuple[_Guild, list[_Row]]]:
    for guild_id, pairs in itertools.groupby(due, key=itemgetter(0)):
        rows = [row for _, row in pairs]
        broken = [row for row in rows if faults.is_known(table, _number(row))]
        sound = [row for row in rows if row not in broken] if broken else rows
        for start in range(0, len(sound), together):
            yield guild_id, sound[start : start + together]
        for row in broken:
            yield guild_id, [row]


def _settle(table: str, rows: Sequence[_Row]) -> None:
    for row in rows:
        faults.settle(table, _number(row))


def _number(row: int | tuple[int, ...]) -> int:
    return row if isinstance(row, int) else row[-1]


def _raise_if_down(error: Exception) -> None:
    if isinstance(error, Unavailable) and error.key == "error.database":
        raise error
