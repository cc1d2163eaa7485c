"""What happened to drafts, as columns: as all that is read of a community, it goes no further than a crowd."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from bot.statistics.record import Happened, Mask, RequestColumns, Seconds, Whole, happened_in, requests_in
from bot.store.unit_of_work import ReadingWork

_HAPPENED = ("taken", "answered")


@dataclass(frozen=True, slots=True, eq=False)
class DraftColumns:
    """Drafts posted before a moment, and what had happened to them by then."""

    posted: RequestColumns
    due: Seconds
    """When each was needed first; NaN where it never is."""
    rounds: Whole
    """How many each had by then."""
    happened: Happened
    is_in_time: Mask
    """Whether what happened did while its draft was needed."""

    @property
    def by_date(self) -> RequestColumns:
        """Return those with a date, as if they were posted then."""
        has_date = ~np.isnan(self.due)
        return replace(self.posted.of(has_date), asked=self.due[has_date])

    def only_in_time(self) -> Happened:
        """Return what happened in time."""
        return Happened(*(getattr(self.happened, name)[self.is_in_time] for name in Happened.__slots__))


async def drafts(work: ReadingWork, guild_id: int, until: datetime) -> DraftColumns:
    """Read the drafts of a community; a round that began later isn't counted."""
    posted = await work.statistics.drafts(guild_id, until)
    found = await work.statistics.happened_to_drafts(guild_id, _HAPPENED, until)
    due = [np.nan if row.needed_by is None else row.needed_by.timestamp() for row in posted]
    rounds = [row.round - (row.round_at is not None and row.round_at >= until) for row in posted]
    return DraftColumns(
        requests_in([tuple(row)[:5] for row in posted]), np.array(due, np.float64), np.array(rounds, np.int64),
        happened_in([tuple(row)[:4] for row in found]), np.array([bool(row[4]) for row in found], np.bool_),
    )  # fmt: skip
