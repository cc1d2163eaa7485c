"""What others reached on the same folders, and what Morsel is to reach.

Source: the benchmark's README; measured with all-MiniLM-L6-v2 where nothing else is said. Of `reviewers`, Stelmakh et
al. (2023), A Gold Standard Dataset for the Reviewer Assignment Problem, and what was published on its data since.
"""

from dataclasses import dataclass

Key = tuple[str, str, str]
"""A folder, a task and a figure."""
DIGITS = 2
"""Of every bar; a figure is compared after it is rounded to as many."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure is to reach, or not to exceed."""

    limit: float
    is_most: bool = False

    def __str__(self) -> str:
        """Return it as the table shows it."""
        return f"{'≤' if self.is_most else '≥'} {self.limit:.{DIGITS}f}"

    def is_met(self, value: float) -> bool:
        """Compare what is left of `value` with as many digits as the bar has."""
        rounded = float(f"{value:.{DIGITS}f}")
        return rounded <= self.limit if self.is_most else rounded >= self.limit


@dataclass(frozen=True, slots=True)
class Published:
    """The best figure that was published, and how it was reached."""

    value: float
    method: str

    def __str__(self) -> str:
        """Return it as the table shows it."""
        return f"{self.value:.3f} ({self.method})"


BARS: dict[Key, Bar] = {
    ("routing_mixed", "routing", "MRR"): Bar(0.40),
    ("routing_mixed", "routing", "hit@5"): Bar(0.58),
    ("routing_mixed", "routing", "mAUC"): Bar(0.86),
    ("routing_mixed", "routing", "load3"): Bar(0.20, is_most=True),
    ("routing_ai", "routing", "mAUC"): Bar(0.64),
    ("routing_ai", "routing", "MRR"): Bar(0.34),
    ("routing_ai", "related", "hit@10"): Bar(0.63),
    ("routing_ai", "related", "MRR"): Bar(0.48),
    ("topics", "topics", "acc@1 eng"): Bar(0.71),
    ("topics", "topics", "acc@1 fra"): Bar(0.74),
    ("topics", "topics", "acc@1 swa"): Bar(0.68),
    ("topics", "topics", "acc@1 hau"): Bar(0.52),
    ("topics", "topics", "acc@1 amh"): Bar(0.80),
    ("xquestions", "xquestions", "hit@1 macro"): Bar(0.80),
    ("reviewers", "reviewers", "loss"): Bar(0.21, is_most=True),
    ("reviewers", "reviewers", "easy_acc"): Bar(0.90),
    ("reviewers", "reviewers", "hard_acc"): Bar(0.62),
}

_RECENT_DENSE = "3 best + recent"
_RECENT = "recent"
_E5 = "e5-small"
_REVIEWERS = "best of all"

PUBLISHED: dict[Key, Published] = {
    ("routing_mixed", "routing", "hit@1"): Published(0.256, _RECENT_DENSE),
    ("routing_mixed", "routing", "hit@5"): Published(0.569, _RECENT_DENSE),
    ("routing_mixed", "routing", "MRR"): Published(0.398, _RECENT_DENSE),
    ("routing_mixed", "routing", "nDCG@10"): Published(0.344, _RECENT_DENSE),
    ("routing_mixed", "routing", "mAUC"): Published(0.849, _RECENT_DENSE),
    ("routing_mixed", "routing", "load3"): Published(0.26, _RECENT_DENSE),
    ("routing_ai", "routing", "MRR"): Published(0.355, _RECENT),
    ("routing_ai", "routing", "mAUC"): Published(0.635, "best of all"),
    ("routing_matheduc", "routing", "MRR"): Published(0.459, _RECENT),
    ("routing_matheduc", "routing", "mAUC"): Published(0.637, "best of all"),
    ("routing_coffee", "routing", "MRR"): Published(0.314, _RECENT),
    ("routing_coffee", "routing", "mAUC"): Published(0.624, "best of all"),
    ("routing_ai", "related", "hit@1"): Published(0.386, "+ BM25"),
    ("routing_ai", "related", "hit@10"): Published(0.627, "MiniLM"),
    ("routing_ai", "related", "MRR"): Published(0.472, "+ BM25"),
    ("topics", "topics", "acc@1 eng"): Published(0.73, _E5),
    ("topics", "topics", "acc@1 fra"): Published(0.75, _E5),
    ("topics", "topics", "acc@1 pcm"): Published(0.85, _E5),
    ("topics", "topics", "acc@1 swa"): Published(0.68, _E5),
    ("topics", "topics", "acc@1 hau"): Published(0.52, _E5),
    ("topics", "topics", "acc@1 amh"): Published(0.81, _E5),
    ("topics", "topics", "acc@1 macro_african"): Published(0.691, "e5-small, centred"),
    ("xquestions", "xquestions", "hit@1 swa"): Published(0.90, _E5),
    ("xquestions", "xquestions", "hit@1 hau"): Published(0.82, _E5),
    ("xquestions", "xquestions", "hit@1 fon"): Published(0.73, "e5-small + letters"),
    ("xquestions", "xquestions", "hit@1 macro"): Published(0.803, "e5-small + letters"),
    ("xquestions", "xquestions", "MRR macro"): Published(0.85, "e5-small + letters"),
    ("reviewers", "reviewers", "loss"): Published(0.21, _REVIEWERS),
    ("reviewers", "reviewers", "easy_acc"): Published(0.91, _REVIEWERS),
    ("reviewers", "reviewers", "hard_acc"): Published(0.65, _REVIEWERS),
}
