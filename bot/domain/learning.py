"""What happened after a helper was asked, and how much that moves their statements: bounded, and undone by asking."""

from dataclasses import dataclass

from bot.domain.lifecycle import Outcome

LEAST, MOST = 0.1, 1.5
"""However much happens, a statement keeps a voice and doesn't drown out the others."""

_OFF_TOPIC, _PASSED, _TAKEN, _HELPED = 0.5, 0.97, 1.02, 1.1
"""What one event of each kind multiplies a statement's weight by. A pass says little: people are busy."""
_LEARNED: dict[Outcome | None, float] = {
    Outcome.HELPED: 1.0,
    Outcome.PARTLY: 0.8,
    None: 0.7,
    Outcome.NOT_YET: 0.0,
}
"""What a learned statement counts beside a declared one, by what the asker said."""
_MARKED_BELOW, _MARKED_ABOVE = 0.9, 1.25
"""Weights from which their owner reads that they moved; upwards it takes several askers: what one says is private."""


@dataclass(frozen=True, slots=True)
class Labels:
    """How often people who were asked because of one statement did what."""

    off_topic: int = 0
    passed: int = 0
    taken: int = 0
    helped: int = 0


def declared_weight(labels: Labels, *, learns_from_help: bool) -> float:
    """Return what a declared statement's evidence counts, 1 as written.

    *Not my topic* is said about the statement, so it always counts. All else is learned only with consent.
    """
    weight = _OFF_TOPIC**labels.off_topic
    if learns_from_help:
        weight *= _PASSED**labels.passed * _TAKEN**labels.taken * _HELPED**labels.helped
    return min(max(weight, LEAST), MOST)


def learned_weight(labels: Labels, outcome: Outcome | None) -> float:
    """Return what a statement counts that was learned from one question, given what its asker said."""
    return _LEARNED[outcome] * declared_weight(labels, learns_from_help=True)


def is_lowered(weight: float) -> bool:
    """Tell whether a statement counts noticeably less than it was written."""
    return weight < _MARKED_BELOW


def is_raised(weight: float) -> bool:
    """Tell whether a statement counts noticeably more than it was written."""
    return weight > _MARKED_ABOVE
