"""How far questions get: from being asked to being of help."""

import numpy as np

from bot.domain.disclosure import FEWEST_OF_SHARE, Safe, ratio, share, table
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import last_weeks
from bot.statistics.drawing import bars
from bot.statistics.record import Happened, Requests
from bot.statistics.source import Source
from bot.statistics.survival import wilson

STAGES = ("invited", "taken", "answered", "helped")


async def funnel(source: Source, wish: PanelWish) -> StatsPanel:
    """Return how many questions of the weeks up to a week ago got how far by now."""
    weeks = last_weeks(wish.now, wish.weeks)
    questions = await source.questions(weeks.until, weeks.before.first - 1)
    counted = [questions.within(each.earlier(1), FEWEST_OF_SHARE) for each in (weeks, weeks.before)]
    chosen = np.any(counted, axis=0)
    if not chosen.any():
        return StatsPanel(PanelName.FUNNEL, weeks, (Sentence("stats.too_few"),), (table("funnel", (), ()),))
    happened = await source.since(questions.of(chosen), weeks.until, *STAGES)
    columns = [_column(questions.of(each), happened) for each in counted]
    rows = [(f"stats.{stage}", [column[stage] for column in columns]) for stage in columns[0]]
    shown = table("funnel", ("stats.now", "stats.before"), rows)
    return StatsPanel(PanelName.FUNNEL, weeks, (), (shown,), bars(shown, wish.locale))


def _column(questions: Requests, happened: Happened) -> dict[str, Safe]:
    crowd = questions.crowd()
    reached = {stage: int(np.isin(questions.id, happened.only(stage).request).sum()) for stage in STAGES}
    own = happened.only("invited").request
    spent = int(np.isin(own, questions.id).sum()) / max(1, reached["answered"])
    shares: dict[str, Safe] = {stage: share(count, crowd, wilson) for stage, count in reached.items()}
    return shares | {"spent": ratio(crowd, spent)}
