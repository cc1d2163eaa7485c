"""Rows that can't be read: each is told once, under a reference, and shown to its community until it can be."""

import secrets
from dataclasses import dataclass

import structlog

from bot.tasks import describe

log = structlog.get_logger(__name__)

MOST = 1_000
"""Rows that are kept in mind; beyond these nothing more is told, for one cause has broken them all."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that can't be read, or not acted on for what it holds."""

    table: str
    column: str
    """Where only this one is at fault, and the row is read without it; empty: nothing of it is."""
    row_id: int
    reference: str
    """Stands in the log, too, where no row's number does."""


_known: dict[tuple[str, int], Fault] = {}


def note(place: str, row_id: int, error: BaseException) -> None:
    """Keep in mind that a row of a table can't be read, or a "table.column" of it; logged at the first time only."""
    if (place, row_id) in _known or len(_known) >= MOST:
        return
    table, _, column = place.partition(".")
    fault = Fault(table, column, row_id, secrets.token_hex(4))
    _known[place, row_id] = fault
    log.error("row_unreadable", place=place, reference=fault.reference, **describe(error))


def settle(place: str, row_id: int) -> None:
    """Forget what can be read, or acted on, after all."""
    _known.pop((place, row_id), None)


def is_known(place: str, row_id: int) -> bool:
    """Tell whether a row couldn't be read the last time."""
    return (place, row_id) in _known


def known() -> list[Fault]:
    """Return what can't be read, in any community, oldest first."""
    return list(_known.values())


def forget_all() -> None:
    """Begin with nothing in mind, as after a start."""
    _known.clear()
