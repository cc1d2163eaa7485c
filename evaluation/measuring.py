"""Every run through the bot's own router, scored, beside what simpler ways reach."""

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from bot.routing.ports import MultilingualEmbedder, WarmingEmbedder
from bot.routing.router import Router
from evaluation.folders import Run
from evaluation.ranking import Ranking, nobody
from evaluation.report import Line, lines
from evaluation.reviewer_baselines import baselines
from evaluation.tasks import TASKS

Scores = Mapping[str, Any]
_REPLAYED = ("random", "popularity", "recent")
"""The scorer's own ways of ranking people."""
_OF_LANGUAGES = {"topics", "xquestions"}


async def measured(
    runs: Sequence[Run], scorer: ModuleType, english: WarmingEmbedder, multilingual: MultilingualEmbedder
) -> list[Line]:
    """Put every run to the router with both encoders."""
    measured: list[Line] = []
    for run in runs:
        both = Router(english, multilingual, nobody)
        scores = _scored(scorer, run, await TASKS[run.task].rankings(both, run.folder))
        measured += lines(run.name, run.task, scores, await _baselines(run, scorer, english))
    return measured


async def _baselines(run: Run, scorer: ModuleType, english: WarmingEmbedder) -> dict[str, Scores]:
    if run.task == "routing":
        return {name: scorer.score_routing(run.folder, baseline=name) for name in _REPLAYED}
    if run.task in _OF_LANGUAGES:
        alone = Router(english, None, nobody)
        return {"English encoder alone": _scored(scorer, run, await TASKS[run.task].rankings(alone, run.folder))}
    if run.task == "reviewers":
        return {name: _scored(scorer, run, each) for name, each in (await baselines(english, run.folder)).items()}
    return {}


def _scored(scorer: ModuleType, run: Run, rankings: Sequence[Ranking]) -> Scores:
    scores: Scores = getattr(scorer, f"score_{run.task}")(run.folder, rankings)
    return scores
