"""How many asked, were answered and were helped, week by week."""

import numpy as np

from bot.domain.disclosure import FEWEST, Crowd, amount, table
from bot.domain.statistics import PanelName, PanelWish, StatsPanel
from bot.domain.windows import last_weeks, monday
from bot.statistics.drawing import bars
from bot.statistics.record import Happened, RequestColumns, Whole, counted_in
from bot.statistics.source import Source

_HAPPENED = ("answered", "helped")


async def flow(source: Source, wish: PanelWish) -> StatsPanel:
    """Return what happened in each week; a quiet week is counted with the next ones."""
    weeks = last_weeks(wish.now, wish.weeks)
    questions = await source.questions(weeks.until, weeks.first)
    counted = counted_in(questions.asker, questions.week, weeks.first + weeks.count - 1, FEWEST)
    shown = [each for each in np.unique(counted).tolist() if each in weeks]
    happened = await source.happened(weeks.before.since, weeks.until, *_HAPPENED)
    rows = []
    for last in shown:
        crowd = questions.crowd(counted == last)
        others = [_crowd(questions, happened.only(each), counted, last) for each in _HAPPENED]
        rows.append((f"{monday(last):%d %b}", [amount(each) for each in (crowd, *others)]))
    shown_table = table("flow", ("stats.asked", "stats.answered", "stats.helped"), rows)
    return StatsPanel(PanelName.FLOW, weeks, (), (shown_table,), bars(shown_table, wish.locale))


def _crowd(questions: RequestColumns, happened: Happened, counted: Whole, last: int) -> Crowd:
    """Return whose questions had something happen to them, of those counted with one week: each once."""
    own = questions.id[counted == last]
    asked = dict(zip(questions.id.tolist(), questions.asker.tolist(), strict=True))
    return Crowd.of(asked[each] for each in np.unique(happened.request[np.isin(happened.request, own)]).tolist())
