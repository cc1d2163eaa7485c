"""How far questions get: from being asked to being of help."""

import numpy as np

from bot.domain.disclosure import FEW, FEWEST_OF_SHARE, Safe, ratio, share, table
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import last_weeks
from bot.statistics.drawing import bars
from bot.statistics.record import WEEK, Happened, RequestColumns
from bot.statistics.source import Source
from bot.statistics.survival import wilson

FOLLOWED = 2
"""Weeks for which each question is followed, so that what is said of it once is said of it always."""
STAGES = {
    "routed": ("routed", "invited"),
    "invited": ("invited",),
    "taken": ("taken",),
    "answered": ("answered",),
    "helped": ("helped",),
}
"""What tells that a question got so far. Routed: somebody who fits was found, whether they could be asked or not."""


async def funnel(source: Source, wish: PanelWish) -> StatsPanel:
    """Return how far questions got within two weeks, of the weeks up to two weeks ago."""
    weeks = last_weeks(wish.now, wish.weeks)
    questions = await source.questions(weeks.until, weeks.before.first - FOLLOWED)
    counted = [questions.within(each.earlier(FOLLOWED), FEWEST_OF_SHARE) for each in (weeks, weeks.before)]
    happened = await source.since(questions.of(np.any(counted, axis=0)), weeks.until, *STAGES)
    columns = [_column(questions.of(each), happened) for each in counted]
    heads = ("stats.now", "stats.before")
    spent = table("spent", heads, [("stats.spent", [_spent(questions.of(each), happened) for each in counted])])
    shown = table("funnel", heads, [(f"stats.{stage}", [column[stage] for column in columns]) for stage in STAGES])
    said = () if any(each.any() for each in counted) else (Sentence("stats.too_few"),)
    return StatsPanel(PanelName.FUNNEL, weeks, said, (spent, shown), bars(shown, wish.locale))


def _column(questions: RequestColumns, happened: Happened) -> dict[str, Safe]:
    crowd = questions.crowd()
    return {stage: share(_reached(questions, happened, *types), crowd, wilson) for stage, types in STAGES.items()}


def _reached(questions: RequestColumns, happened: Happened, *types: str) -> int:
    return int(np.sum(questions.first(happened, *types) - questions.asked <= FOLLOWED * WEEK))


def _spent(questions: RequestColumns, happened: Happened) -> Safe:
    """Return how many invitations went out for each question that was answered."""
    answered, invited = _reached(questions, happened, "answered"), happened.only("invited")
    place = np.searchsorted(questions.id, invited.request)
    place[place == len(questions)] = 0
    own = len(questions) and questions.id[place] == invited.request
    invitations = int(np.sum(own & (invited.at - questions.asked[place] <= FOLLOWED * WEEK)))
    return ratio(questions.crowd(), invitations / answered) if answered else FEW
