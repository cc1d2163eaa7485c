"""What a draft is compared with: one message to everyone who reads drafts, in a channel or to each in person."""

from collections.abc import Sequence

import numpy as np

from benchmarks.simulator.outcomes import Outcome
from benchmarks.simulator.readers import Readers


def call(readers: Readers, rows: Sequence[int], *, in_person: bool = False) -> list[Outcome]:
    """Call everyone for each of these drafts, and return what became of them.

    They read the call as they read an invitation, and each who takes it reads the draft, however many others do. In a
    channel, everyone's willingness falls with the number of people called; in person, it doesn't, and no one tires.
    """
    return [_called(readers, row, in_person=in_person) for row in rows]


def _called(readers: Readers, row: int, *, in_person: bool) -> Outcome:
    record = readers.crowd.record
    at = record.questions[row].at
    called = np.flatnonzero(record.could[row] & readers.fitting(row)).tolist()
    would = readers.would_read(row, 1 if in_person else max(len(called), 1))
    outcome = Outcome(at, called)
    for column in called:
        taken = readers.crowd.after_waking(column, at, readers.crowd.reactions(row).reading[column])
        if would[column] and np.isfinite(taken):
            outcome.answers.append(readers.done_at(row, column, at, taken))
    return outcome
