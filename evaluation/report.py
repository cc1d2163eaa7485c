"""Figures as the scorer gives them, and the table that shows them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from evaluation.published import BARS, PUBLISHED, Bar, Published

_SHOWN = {
    "routing": ("hit@1", "hit@5", "MRR", "nDCG@10", "mAUC", "load3"),
    "reviewers": ("loss", "easy_acc", "hard_acc"),
    "related": ("hit@1", "hit@5", "hit@10", "MRR"),
}
"""Of a task's figures those that are shown; of other tasks, all."""
HEADINGS = ("folder", "task", "figure", "n", "Morsel (95 %)", "in the same run", "best published", "bar", "met")


@dataclass(frozen=True, slots=True)
class Value:
    """A figure and, where the scorer resampled it, the interval around it."""

    mean: float
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, scored: Sequence[float] | float) -> Self:
        """Take what the scorer gives: mean, low and high, or a number."""
        return cls(*scored) if isinstance(scored, list) else cls(float(scored))  # type: ignore[arg-type]

    def __str__(self) -> str:
        """Return it as the table shows it."""
        return f"{self.mean:.3f}" + (f" ({self.low:.3f}–{self.high:.3f})" if self.low is not None else "")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; a figure without a bar is only told."""

    folder: str
    task: str
    figure: str
    questions: int | None
    value: Value
    baselines: Mapping[str, Value]
    """What simpler ways reach in the same run."""

    @property
    def published(self) -> Published | None:
        """The best that others reached."""
        return PUBLISHED.get((self.folder, self.task, self.figure))

    @property
    def bar(self) -> Bar | None:
        """What is to be reached."""
        return BARS.get((self.folder, self.task, self.figure))

    @property
    def is_met(self) -> bool | None:
        """Tell whether it is; None without a bar."""
        return self.bar.is_met(self.value.mean) if self.bar else None

    def cells(self) -> list[str]:
        """Return the line's cells."""
        verdict = {True: "yes", False: "NO", None: ""}[self.is_met]
        others = ", ".join(f"{name} {value.mean:.3f}" for name, value in self.baselines.items())
        return [
            self.folder, self.task, self.figure, str(self.questions or ""), str(self.value), others,
            str(self.published or ""), str(self.bar or ""), verdict,
        ]  # fmt: skip

    def record(self) -> dict[str, object]:
        """Return the line for a program to read."""
        published = asdict(self.published) if self.published else None
        return asdict(self) | {"published": published, "bar": self.bar and str(self.bar), "is_met": self.is_met}


def lines(folder: str, task: str, scores: Mapping[str, Any], baselines: Mapping[str, Mapping[str, Any]]) -> list[Line]:
    """Put the scorer's answer on one run beside its answers on simpler ways."""
    others = {name: dict(_figures(task, each)) for name, each in baselines.items()}
    return [
        Line(
            folder, task, figure, _count(scores, figure), value,
            {name: each[figure] for name, each in others.items() if figure in each},
        )
        for figure, value in _figures(task, scores)
    ]  # fmt: skip


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows under their headings, as Markdown."""
    wide = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    shown = [
        "| " + " | ".join(f"{cell:<{width}}" for cell, width in zip(row, wide, strict=True)) + " |"
        for row in (headings, *rows)
    ]
    return "\n".join([shown[0], "|" + "|".join("-" * (width + 2) for width in wide) + "|", *shown[1:]])


def _figures(task: str, scores: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    """Yield a task's figures by name; those of a part of the questions are named after it too."""
    for figure in _SHOWN.get(task, ()):
        yield figure, Value.of(scores[figure])
    if task not in _SHOWN:
        for part, some in scores.items():
            yield from ((f"{figure} {part}", Value.of(some[figure])) for figure in some if figure != "n")


def _count(scores: Mapping[str, Any], figure: str) -> int | None:
    name, _, part = figure.partition(" ")
    of = scores.get(part, {}) if part else scores
    count = of.get(f"n_{name}", of.get("n", of.get("members")))
    return None if count is None or math.isnan(count) else int(count)
