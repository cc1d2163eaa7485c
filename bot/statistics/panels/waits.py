"""How long questions wait for a first answer by a person; those that still wait count."""

import numpy as np

from bot.domain.disclosure import FEWEST_OF_SHARE, Few, Length, SafeTable, Share, merged, table
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import Weeks, last_block, last_weeks
from bot.statistics.drawing import steps
from bot.statistics.record import WEEK, Mask, RequestColumns, Seconds
from bot.statistics.source import Source
from bot.statistics.survival import Curve, curve

HOUR = 3600.0
GRID = (1, 2, 3, 4, 6, 8, 12, 16, 24, 36, 48, 72, 96, 120, 144, 168)
"""Hours at which the curve is shown: one step a question would show each person's wait."""
URGENCIES = ("today", "this_week", "whenever")


async def waits(source: Source, wish: PanelWish) -> StatsPanel:
    """Return the waits of the last weeks and of the weeks before; by urgency, those of twelve weeks."""
    weeks, block = last_weeks(wish.now, wish.weeks), last_block(wish.now)
    questions = await source.questions(weeks.until, min(weeks.before.first, block.first))
    both = [questions.within(each, FEWEST_OF_SHARE) for each in (weeks, weeks.before)]
    answered = await source.first(
        questions, np.any([*both, questions.asked_in(block)], axis=0), weeks.until, "answered"
    )
    now, before = (waits_of(questions, answered, each) for each in (weeks, weeks.before))
    summary = table("waits", ("stats.now", "stats.before"), _rows(now, before))
    curves = _curves(now, before)
    tables = (summary, _by_urgency(questions, answered, block), curves)
    picture, untold = steps(curves, GRID, wish.locale), frozenset({curves.name})
    return StatsPanel(PanelName.WAITS, weeks, tuple(_sentences(now)), tables, picture, untold)


def waits_of(questions: RequestColumns, answered: Seconds, weeks: Weeks) -> Curve:
    """Follow the questions of some weeks to the end of these weeks."""
    return followed(questions, answered, questions.within(weeks, FEWEST_OF_SHARE), weeks.until.timestamp())


def followed(questions: RequestColumns, answered: Seconds, chosen: Mask, until: float) -> Curve:
    """Follow the chosen questions to a moment."""
    asked = questions.asked[chosen]
    return curve(questions.crowd(chosen), answered[chosen] - asked, until - asked)


def _rows(now: Curve, before: Curve) -> list[tuple[str, list[Few | Length | Share]]]:
    both = (now, before)
    return [
        ("stats.half", [each.quantile(0.5) for each in both]),
        ("stats.four_fifths", [each.quantile(0.8) for each in both]),
        ("stats.in_a_day", [each.ended_within(24 * HOUR) for each in both]),
        ("stats.in_a_week", [each.ended_within(WEEK) for each in both]),
    ]


def _curves(now: Curve, before: Curve) -> SafeTable:
    rows = [(f"stats.hours.{hours:g}", [each.ended_within(hours * HOUR) for each in (now, before)]) for hours in GRID]
    return table("waits_curve", ("stats.now", "stats.before"), rows)


def _by_urgency(questions: RequestColumns, answered: Seconds, block: Weeks) -> SafeTable:
    """Break down twelve weeks that overlap no others; urgencies with too few people are one."""
    is_counted = questions.asked_in(block)
    chosen = {name: is_counted & (questions.urgency == name) for name in URGENCIES}
    groups = merged({name: questions.crowd(each) for name, each in chosen.items()}, FEWEST_OF_SHARE)
    until = block.until.timestamp()
    curves = {
        name: followed(questions, answered, np.any([chosen[each] for each in members], axis=0), until)
        for name, members in groups.items()
    }
    rows = [
        (f"stats.urgency.{name}", (each.quantile(0.5), each.ended_within(24 * HOUR), each.ended_within(WEEK)))
        for name, each in curves.items()
    ]
    return table("waits_by_urgency", ("stats.half", "stats.in_a_day", "stats.in_a_week"), rows)


def _sentences(now: Curve) -> list[Sentence]:
    half, week = now.quantile(0.5), now.ended_within(WEEK)
    if isinstance(half, Few):
        return [Sentence("stats.too_few")]
    said = [Sentence("stats.half_within" if half.seconds else "stats.half_not_reached", {"half": half})]
    if isinstance(week, Share):
        said.append(Sentence("stats.still_after_a_week", {"still": week.rest}))
    return said
