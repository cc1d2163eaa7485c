"""How many asked, were answered and were helped, week by week."""

from bisect import bisect_left
from collections import defaultdict

import numpy as np

from bot.domain.disclosure import FEWEST, Crowd, amount, table
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import last_weeks, monday, together
from bot.statistics.drawing import bars
from bot.statistics.record import RequestColumns, Seconds, counted_in, week
from bot.statistics.source import Source

_HAPPENED = ("answered", "helped")


async def flow(source: Source, wish: PanelWish) -> StatsPanel:
    """Return what happened in each week; a week in which little did is counted with the next ones.

    Each thing counts in the week in which it happened, so that no figure changes later.
    """
    weeks = last_weeks(wish.now, wish.weeks)
    questions = await source.questions(weeks.until)
    happened = await source.since(questions, weeks.until, *_HAPPENED)
    moments = [questions.asked, *(questions.first(happened, each) for each in _HAPPENED)]
    rows = [
        (f"{monday(last):%d %b}", [amount(each) for each in crowds])
        for last, crowds in _rows(questions, moments).items()
        if last in weeks
    ]
    shown = table("flow", ("stats.asked", "stats.answered", "stats.helped"), rows)
    said = () if rows or not questions.asked_in(weeks).any() else (Sentence("stats.too_few"),)
    return StatsPanel(PanelName.FLOW, weeks, said, (shown,), bars(shown, wish.locale))


def _rows(questions: RequestColumns, moments: list[Seconds]) -> dict[int, list[Crowd]]:
    """Return whose questions each thing happened to, by the last week of each row."""
    if not len(questions):
        return {}
    asked_with = counted_in(questions.asker, questions.week, int(questions.week.max()), FEWEST)
    units = [each for each in np.unique(asked_with).tolist() if each >= 0]
    in_units: dict[int, list[Crowd]] = defaultdict(lambda: [Crowd({})] * len(moments))
    for number, each in enumerate(moments):
        for unit, crowd in _by_unit(questions, each, units).items():
            in_units[unit] = [*in_units[unit][:number], crowd, *in_units[unit][number + 1 :]]
    rows: dict[int, list[Crowd]] = {}
    for unit, last in together(in_units).items():
        before = rows.get(last, [Crowd({})] * len(moments))
        rows[last] = [one | other for one, other in zip(before, in_units[unit], strict=True)]
    return rows


def _by_unit(questions: RequestColumns, moments: Seconds, units: list[int]) -> dict[int, Crowd]:
    """Return whose questions something happened to, by the weeks that are counted as one."""
    people: dict[int, list[int]] = defaultdict(list)
    there = ~np.isnan(moments)
    for asker, when in zip(questions.asker[there].tolist(), week(moments[there]).tolist(), strict=True):
        if (place := bisect_left(units, when)) < len(units):
            people[units[place]].append(asker)
    return {unit: Crowd.of(some) for unit, some in people.items()}
