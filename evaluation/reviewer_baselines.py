"""What simpler ways make of the task `reviewers`: one encoder, or words alone."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from bot.routing.lexical import Lexicon
from bot.routing.ports import Embedder, Role, Vectors
from evaluation.ranking import Ranking
from evaluation.reviewers import Panel, Profiles

Near = Mapping[str, Vectors]
"""float32[p] by member: how near each of their past papers is to one paper."""
_Summary = Callable[[Vectors], float]
_BEST = 3


async def baselines(english: Embedder, folder: Path) -> dict[str, list[Ranking]]:
    """Return every rating's score by each of these ways.

    Raises:
        Unavailable: the encoder refuses.
    """
    panel = Panel.read(folder)
    scores: dict[str, list[Ranking]] = {}
    for version, profiles in panel.versions.items():
        by_meaning = await _by_meaning(english, panel.read_papers, profiles)
        by_words, as_one = _by_words(panel.read_papers, profiles)
        ways: dict[str, tuple[Mapping[str, Near], _Summary]] = {
            "English encoder, 3 best": (by_meaning, _mean_of_best),
            "English encoder, best": (by_meaning, _best),
            "TF–IDF": (as_one, _best),
            "BM25": (by_words, _mean_of_best),
        }
        for name, (near, summary) in ways.items():
            fits = {paper: {member: summary(each) for member, each in some.items()} for paper, some in near.items()}
            scores.setdefault(name, []).extend(panel.scores(version, fits))
    return scores


async def _by_meaning(english: Embedder, papers: Mapping[str, str], profiles: Profiles) -> dict[str, Near]:
    asked = await english.embed(list(papers.values()), Role.QUESTION)
    rows = {member: await english.embed(texts, Role.STATEMENT) for member, texts in profiles.items()}
    return {
        paper: {member: vectors @ question for member, vectors in rows.items()}
        for paper, question in zip(papers, asked, strict=True)
    }


def _by_words(papers: Mapping[str, str], profiles: Profiles) -> tuple[dict[str, Near], dict[str, Near]]:
    """Compare papers with each past paper by BM25, and with all of a member's as one by cosines."""
    single = Lexicon.build([text for texts in profiles.values() for text in texts])
    whole = Lexicon.build(["\n".join(texts) for texts in profiles.values()])
    ends = np.cumsum([len(texts) for texts in profiles.values()])[:-1]
    return (
        {
            name: dict(zip(profiles, np.split(single.score(text)[0], ends), strict=True))
            for name, text in papers.items()
        },
        {name: dict(zip(profiles, whole.cosines(text)[:, None], strict=True)) for name, text in papers.items()},
    )


def _best(near: Vectors) -> float:
    return float(near.max(initial=0))


def _mean_of_best(near: Vectors) -> float:
    return float(np.sort(near)[-_BEST:].mean()) if len(near) else 0.0
