"""Ways of asking that the bot's own use cases can't express, so they are simulated beside them, with the same people.

Some helpers are asked the moment a question comes, whatever the hour and whatever they chose, and nobody later.
"""

from collections import deque
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.simulator.outcomes import WEEK, Outcome
from benchmarks.simulator.people import Crowd, after_waking
from benchmarks.simulator.record import Flags, Record
from benchmarks.simulator.words import Numbers

Chosen = Callable[[int, Flags], Flags]
"""From a question and bool[m] of who could be asked for it to bool[m] of who is."""


def everyone(_row: int, could: Flags) -> Flags:
    """Ask everybody."""
    return could


def most_active(record: Record, count: int) -> Chosen:
    """Ask the `count` who wrote most lately."""

    def chosen(row: int, could: Flags) -> Flags:
        order = np.argsort(-np.where(could, record.active[row], -1.0), kind="stable")
        is_chosen = np.zeros_like(could)
        is_chosen[order[:count]] = True
        asked: Flags = is_chosen & could
        return asked

    return chosen


def simulate(crowd: Crowd, rows: Sequence[int], chosen: Chosen, *, is_call: bool = False) -> list[Outcome]:
    """Ask for every question whoever is chosen, all at the same time; whoever reads of an answer writes none.

    With `is_call` they are called together and know it; else each is asked in person.
    """
    opted_in = np.asarray([profile.is_helper for profile in crowd.profiles], dtype=np.bool_)
    recent: deque[tuple[float, Flags]] = deque()
    outcomes = []
    for row in rows:
        question = crowd.record.questions[row]
        could = crowd.record.could[row] & opted_in
        could[sorted(crowd.blocked[question.asker])] = False
        asked = chosen(row, could)
        while recent and recent[0][0] <= question.at - WEEK:
            recent.popleft()
        alone = max(int(asked.sum()), 1) ** -crowd.model.diffusion if is_call else 1.0
        outcomes.append(_asked(crowd, row, asked, alone * (1 - crowd.model.fatigue) ** _load(recent, len(could))))
        recent.append((question.at, asked))
    return outcomes


def _asked(crowd: Crowd, row: int, asked: Flags, factor: Numbers) -> Outcome:
    model, reactions, at = crowd.model, crowd.reactions(row), crowd.record.questions[row].at
    would = asked & reactions.would_answer(factor)
    read = after_waking(at, reactions.reading, crowd.wakes, model.waking_hours)
    written = after_waking(read, reactions.writing, crowd.wakes, model.waking_hours)
    written = np.where(would & np.isfinite(written), written, np.inf)
    answers = np.flatnonzero(np.isfinite(written) & (read <= written.min(initial=np.inf)))
    answered = sorted(((int(each), float(written[each])) for each in answers), key=lambda pair: pair[1])
    return Outcome(row, at, np.flatnonzero(asked).tolist(), answered)


def _load(recent: deque[tuple[float, Flags]], count: int) -> Numbers:
    load = np.zeros(count)
    for _, asked in recent:
        load += asked
    return load
