"""What became of drafts: how many found readers, and how long their authors wait for feedback."""

import numpy as np

from bot.domain.disclosure import FEWEST, FEWEST_OF_SHARE, Few, Length, Safe, Share, amount, share, table
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import Weeks, last_weeks
from bot.statistics.draft_record import DraftColumns
from bot.statistics.drawing import bars
from bot.statistics.panels.waits import waits_of
from bot.statistics.record import WEEK
from bot.statistics.source import Source
from bot.statistics.survival import wilson

AGAIN = 4
"""Weeks in which a second round may begin, once a draft was needed."""
_COUNTED = ("asked", "half")
_SHARED = ("taken", "in_time", "unmatched", "again")
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
    posted = found.posted
    crowd = posted.crowd(posted.within(weeks, FEWEST))
    waits = waits_of(posted, posted.first(found.happened, "answered"), weeks)
    return {"asked": amount(crowd, int(posted.asked_in(weeks).sum())), "half": waits.quantile(0.5)}


def _needed(found: DraftColumns, weeks: Weeks) -> dict[str, Safe]:
    """Count what had become of drafts by the date they were needed: that never changes later."""
    due = found.by_date
    chosen = due.posted.of(due.posted.within(weeks, FEWEST_OF_SHARE))
    answered = chosen.first(found.happened, "answered") <= chosen.asked
    has_reader = answered | (chosen.first(found.happened, "taken") <= chosen.asked)
    crowd, looked_at = chosen.crowd(), due.posted.within(weeks.earlier(AGAIN), FEWEST_OF_SHARE)
    again = due.has_second_round(AGAIN * WEEK)[looked_at]
    return {
        "taken": share(int(np.sum(has_reader)), crowd, wilson),
        "in_time": share(int(np.sum(answered)), crowd, wilson),
        "unmatched": share(int(np.sum(~has_reader)), crowd, wilson),
        "again": share(int(np.sum(again)), due.posted.crowd(looked_at), wilson),
    }


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
