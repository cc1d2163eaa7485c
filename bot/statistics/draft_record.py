"""What happened to drafts, as columns: as all that is read of a community, it goes no further than a crowd."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from bot.statistics.record import Happened, Mask, RequestColumns, Seconds, Whole, happened_in, requests_in
from bot.store.unit_of_work import ReadingWork

_HAPPENED = ("taken", "answered")
_SECOND = 2


@dataclass(frozen=True, slots=True, eq=False)
class DraftColumns:
    """Drafts posted before a moment, and what had happened to them by then."""

    posted: RequestColumns
    due: Seconds
    """When each was needed first; NaN where it never is."""
    rounds: Whole
    """How many each has had by now."""
    round_at: Seconds
    """When its latest round began; NaN in the first."""
    happened: Happened

    @property
    def by_date(self) -> "DraftColumns":
        """Return those with a date, as if they were posted then."""
        has_date = ~np.isnan(self.due)
        posted = replace(self.posted.of(has_date), asked=self.due[has_date])
        return DraftColumns(posted, self.due[has_date], self.rounds[has_date], self.round_at[has_date], self.happened)

    def has_second_round(self, within: float) -> Mask:
        """Tell which had a second round so many seconds after they were needed; one with a third had it in time."""
        had: Mask = (self.rounds > _SECOND) | ((self.rounds == _SECOND) & (self.round_at <= self.due + within))
        return had


async def drafts(work: ReadingWork, guild_id: int, until: datetime) -> DraftColumns:
    """Read the drafts of a community that were posted before a moment."""
    posted = await work.statistics.drafts(guild_id, until)
    found = await work.statistics.happened_to_drafts(guild_id, _HAPPENED, until)
    due, round_at = ([_seconds(getattr(row, name)) for row in posted] for name in ("needed_by", "round_at"))
    return DraftColumns(
        requests_in([tuple(row)[:5] for row in posted]), np.array(due, np.float64),
        np.array([row.round for row in posted], np.int64), np.array(round_at, np.float64), happened_in(found),
    )  # fmt: skip


def _seconds(moment: datetime | None) -> float:
    return np.nan if moment is None else moment.timestamp()
