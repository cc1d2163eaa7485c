"""What became of drafts: how many found readers, and how long their authors wait for feedback."""

import numpy as np

from bot.domain.disclosure import FEWEST, FEWEST_OF_SHARE, Crowd, Few, Length, Safe, Share, amount, share, table
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import Weeks, last_weeks
from bot.statistics.draft_record import DraftColumns
from bot.statistics.drawing import bars
from bot.statistics.panels.waits import waits_of
from bot.statistics.record import Seconds
from bot.statistics.source import Source
from bot.statistics.survival import wilson

_COUNTED = ("asked", "rounds", "half")
_SHARED = ("taken", "in_time", "unmatched")
_HEADS = ("stats.now", "stats.before")


async def drafts(source: Source, wish: PanelWish) -> StatsPanel:
    """Return what became of drafts, in the last weeks and in the weeks before.

    Shares are of the drafts that were needed in these weeks: of a draft that is needed later, nothing is decided yet.
    """
    weeks = last_weeks(wish.now, wish.weeks)
    found = await source.drafts(weeks.until)
    now, before = ({**_posted(found, each), **_needed(found, each)} for each in (weeks, weeks.before))
    counted = table("drafts", _HEADS, [(f"stats.drafts.{name}", (now[name], before[name])) for name in _COUNTED])
    shown = table("drafts_read", _HEADS, [(f"stats.drafts.{name}", (now[name], before[name])) for name in _SHARED])
    return StatsPanel(
        PanelName.DRAFTS, weeks, tuple(_sentences(now, before)), (counted, shown), bars(shown, wish.locale)
    )


def _posted(found: DraftColumns, weeks: Weeks) -> dict[str, Safe]:
    """Count what was posted in some weeks; waits are followed to the end of these weeks."""
    chosen = found.posted.within(weeks, FEWEST)
    rounds = Crowd.of(np.repeat(found.posted.asker[chosen], found.rounds[chosen]).tolist())
    waits = waits_of(found.posted, found.posted.first(found.happened, "answered"), weeks)
    posted = int(found.posted.asked_in(weeks).sum())
    return {
        "asked": amount(found.posted.crowd(chosen), posted),
        "rounds": amount(rounds, posted),
        "half": waits.quantile(0.5),
    }


def _needed(found: DraftColumns, weeks: Weeks) -> dict[str, Safe]:
    """Count what became of the drafts that were needed in some weeks, by the end of these weeks."""
    due, until = found.by_date, weeks.until.timestamp()
    chosen = due.of(due.within(weeks, FEWEST_OF_SHARE))
    taken, answered = (_before(chosen.first(found.happened, each), until) for each in ("taken", "answered"))
    in_time = _before(chosen.first(found.only_in_time(), "answered"), until)
    crowd = chosen.crowd()
    has_reader = ~np.isnan(taken) | ~np.isnan(answered)
    return {
        "taken": share(int(np.sum(has_reader)), crowd, wilson),
        "in_time": share(int(np.sum(~np.isnan(in_time))), crowd, wilson),
        "unmatched": share(int(np.sum(~has_reader)), crowd, wilson),
    }


def _before(moments: Seconds, until: float) -> Seconds:
    return np.where(moments < until, moments, np.nan)


def _sentences(now: dict[str, Safe], before: dict[str, Safe]) -> list[Sentence]:
    half, unmatched, in_time, was = now["half"], now["unmatched"], now["in_time"], before["in_time"]
    said = []
    if isinstance(half, Length):
        reached = "half_within" if half.seconds else "half_not_reached"
        said.append(Sentence(f"stats.drafts.{reached}", {"half": half}))
    if isinstance(unmatched, Share) and unmatched.part:
        said.append(Sentence("stats.drafts.no_reader", {"unmatched": unmatched}))
    if isinstance(in_time, Share) and isinstance(was, Share) and in_time.differs_from(was):
        direction = "more" if in_time.part > was.part else "fewer"
        said.append(Sentence(f"stats.drafts.{direction}_in_time", {"now": in_time, "before": was}))
    if isinstance(half, Few) and isinstance(unmatched, Few):
        return [Sentence("stats.drafts.too_few")]
    return [*said, Sentence("stats.drafts.dates")]
