"""Learning the weights of bot/routing/fusion.toml, and trying them where they weren't learned."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Self

from bot.routing import fusion
from bot.routing.fusion import Fusion
from bot.routing.ports import MultilingualEmbedder, WarmingEmbedder
from bot.routing.router import Router
from evaluation.fitting import Bounds, fitted
from evaluation.folders import NotFound, Run, records
from evaluation.fusion_file import Learned, digests, write
from evaluation.history import History
from evaluation.ranking import nobody
from evaluation.replaying import NEEDS
from evaluation.report import Value, table
from evaluation.samples import WEIGHTS, Sample, gather

MIXED = "routing_mixed"
"""The folder that is learned from; the others tell which community each of its questions came from."""
_FEWEST_SITES = 2
_DECIMALS = 3
_FIGURES = ("MRR", "hit@5", "mAUC", "load3")
_BOUNDS: Bounds = [(None, 0.0) if name == "idle" else (0.0, None) for name in WEIGHTS]
"""Evidence never speaks against anyone, and silence never for them: what else comes out of a fit is chance."""
_HEADINGS = ("community", "weights", "learned on", *_FIGURES, "n")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One community ranked with both kinds of weights, the learned ones from elsewhere; without freshness."""

    community: str
    learned_on: str
    fixed: Mapping[str, Any] = field(repr=False)
    learned: Mapping[str, Any] = field(repr=False)

    @property
    def is_better(self) -> bool:
        """Tell whether the learned weights find answerers earlier than the fixed ones."""
        return bool(_mean(self.learned["MRR"]) > _mean(self.fixed["MRR"]))

    def verdict(self) -> str:
        """Say it in a sentence."""
        change = _mean(self.learned["MRR"]) - _mean(self.fixed["MRR"])
        return f"{self.community}: the learned weights {'beat' if self.is_better else 'DO NOT BEAT'} the fixed ones \
({change:+.3f} MRR)."

    def rows(self) -> Iterator[list[str]]:
        """Yield its lines of the table."""
        for name, source, scores in (("fixed", "", self.fixed), ("learned", self.learned_on, self.learned)):
            yield [self.community, name, source, *(str(Value.of(scores[each])) for each in _FIGURES), str(scores["n"])]

    def figures(self) -> dict[str, float]:
        """Return both kinds' figures by name."""
        kinds = {"": self.learned, "fixed ": self.fixed}
        return {f"{kind}{each}": _mean(scores[each]) for kind, scores in kinds.items() for each in _FIGURES}


@dataclass(frozen=True, slots=True)
class Ground:
    """What is learned from, and what is compared on."""

    folders: Mapping[str, Path]
    """By name."""
    origins: Mapping[str, str]
    """The community that each question of `routing_mixed` came from, by the question's id; "" where none is known."""

    @classmethod
    def survey(cls, runs: Sequence[Run]) -> Self:
        """Find out which questions came from where: their words are also in the community's own folder.

        Raises:
            NotFound: there is no `routing_mixed`, or not enough communities to hold one out.
        """
        folders = {run.name: run.folder for run in runs if run.task == "routing"}
        if MIXED not in folders:
            msg = f"There is no {MIXED} to learn from: name the folder that holds it with --data DIR."
            raise NotFound(msg)
        homes = {text: name for name in folders if name != MIXED for _, text in _questions(folders[name])}
        origins = {question: homes.get(text, "") for question, text in _questions(folders[MIXED])}
        if len({origins[each["qid"]] for each in records(folders[MIXED] / NEEDS[1])}) < _FEWEST_SITES:
            msg = f"All questions of {MIXED} are of one community: put two or more of those it was made of beside it."
            raise NotFound(msg)
        return cls(folders, origins)


async def learn(
    ground: Ground,
    scorer: ModuleType,
    english: WarmingEmbedder,
    multilingual: MultilingualEmbedder,
    file: Path = fusion.FILE,
) -> str:
    """Learn from `routing_mixed`, compare, and write `file` if what was learned is better; return what to print."""
    samples = {
        name: await gather(Router(english, multilingual, nobody), folder) for name, folder in ground.folders.items()
    }
    trial = Trial(samples, ground.origins)
    comparisons = trial.compared(ground.folders, _fixed(file), scorer)
    told = [table(_HEADINGS, [row for each in comparisons for row in each.rows()]), ""]
    told += [each.verdict() for each in comparisons]
    if not comparisons[0].is_better:
        return "\n".join([*told, f"{file.name} stays as it is."])
    out_of_fold = {each.community: each.figures() for each in comparisons}
    write(file, Learned(trial.whole, len(samples[MIXED]), out_of_fold, digests(ground.folders.values())))
    return "\n".join([*told, f"{file.name} is written: {trial.whole}"])


class Trial:
    """Weights learned on all communities, and on all but one."""

    def __init__(self, samples: Mapping[str, Sequence[Sample]], origins: Mapping[str, str]) -> None:
        """Learn from the samples of `routing_mixed`, given every folder's samples and each question's community."""
        self._samples, self._origins = samples, origins
        self.whole = _weights(samples[MIXED])
        self._without = {
            left_out: _weights([each for each in samples[MIXED] if origins[each.question.id] != left_out])
            for left_out in sorted({origins[each.question.id] for each in samples[MIXED]})
        }

    def compared(self, folders: Mapping[str, Path], fixed: Fusion, scorer: ModuleType) -> list[Comparison]:
        """Compare with fixed weights on every folder, `routing_mixed` first."""
        names = sorted(folders, key=lambda name: (name != MIXED, name))
        return [self._compared(name, folders[name], fixed, scorer) for name in names]

    def _compared(self, name: str, folder: Path, fixed: Fusion, scorer: ModuleType) -> Comparison:
        samples = self._samples[name]
        is_part = name == MIXED or name in self._without
        return Comparison(
            name, "the other communities" if is_part else MIXED,
            scorer.score_routing(folder, [each.ranking(fixed) for each in samples]),
            scorer.score_routing(folder, [each.ranking(self._unseen(name, each)) for each in samples]),
        )  # fmt: skip

    def _unseen(self, name: str, sample: Sample) -> Fusion:
        """Return weights that were learned without the community of this question."""
        origin = self._origins[sample.question.id] if name == MIXED else name
        return self._without.get(origin, self.whole)


def _fixed(file: Path) -> Fusion:
    return Fusion.read(tomllib.loads(file.read_text(encoding="utf-8"))["fixed"])


def _questions(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every question's id and words."""
    return ((question.id, question.text) for question in History.read(folder).questions)


def _weights(samples: Sequence[Sample]) -> Fusion:
    learned = fitted([sample.choice() for sample in samples], _BOUNDS)
    return Fusion(**{name: round(float(each), _DECIMALS) for name, each in zip(WEIGHTS, learned, strict=True)})


def _mean(scored: Sequence[float] | float) -> float:
    return Value.of(scored).mean
