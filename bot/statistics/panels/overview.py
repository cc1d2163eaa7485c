"""How many asked, how many had an answer in time, and how many still wait."""

import numpy as np

from bot.domain.disclosure import FEWEST, FEWEST_OF_SHARE, Safe, Share, amount, share, table
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import Weeks, last_weeks
from bot.statistics.panels.waits import waits_of
from bot.statistics.record import WEEK, Mask, RequestColumns, Seconds
from bot.statistics.source import Source
from bot.statistics.survival import wilson

DAY = 86400.0
_ROWS = ("asked", "in_a_day", "in_a_week", "half", "waiting")


async def overview(source: Source, wish: PanelWish) -> StatsPanel:
    """Return what became of questions, in the last weeks and in the weeks before."""
    weeks = last_weeks(wish.now, wish.weeks)
    questions = await source.questions(weeks.until, weeks.before.first - 1)
    both = np.any([_counted(questions, each) for each in (weeks, weeks.before)], axis=0)
    answered = await source.first(questions, both, weeks.until, "answered")
    now, before = (_column(questions, answered, each) for each in (weeks, weeks.before))
    rows = [(f"stats.{name}", (now[name], before[name])) for name in _ROWS]
    shown = table("overview", ("stats.now", "stats.before"), rows)
    return StatsPanel(PanelName.OVERVIEW, weeks, tuple(_sentences(now, before)), (shown,))


def _counted(questions: RequestColumns, weeks: Weeks) -> Mask:
    """Tell which questions any figure of these weeks is about."""
    wide = questions.within(weeks.earlier(1), FEWEST_OF_SHARE) | questions.within(weeks, FEWEST_OF_SHARE)
    return wide | questions.within(weeks, FEWEST)


def _column(questions: RequestColumns, answered: Seconds, weeks: Weeks) -> dict[str, Safe]:
    """Follow each question for exactly a week, so that what is said of it once is said of it always."""
    is_asked, is_followed = questions.within(weeks, FEWEST), questions.within(weeks.earlier(1), FEWEST_OF_SHARE)
    took, askers = (answered - questions.asked)[is_followed], questions.crowd(is_followed)
    waits = waits_of(questions, answered, weeks)
    return {
        "asked": amount(questions.crowd(is_asked), int(questions.asked_in(weeks).sum())),
        "in_a_day": share(int(np.sum(took <= DAY)), askers, wilson),
        "in_a_week": share(int(np.sum(took <= WEEK)), askers, wilson),
        "half": waits.quantile(0.5),
        "waiting": share(int(np.sum(~(took <= WEEK))), askers, wilson),
    }


def _sentences(now: dict[str, Safe], before: dict[str, Safe]) -> list[Sentence]:
    """Call something a change only where the intervals say so."""
    changes = []
    for name in ("in_a_day", "in_a_week"):
        is_now, was = now[name], before[name]
        if isinstance(is_now, Share) and isinstance(was, Share) and is_now.differs_from(was):
            direction = "more" if is_now.part > was.part else "fewer"
            changes.append(Sentence(f"stats.{name}_{direction}", {"now": is_now, "before": was}))
    return changes
