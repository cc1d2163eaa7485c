"""How people read drafts: what is assumed beside `people`, in one place; every number has its source or *assumed*."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.simulator.people import Crowd
from benchmarks.simulator.record import Flags
from bot.domain import draft_reading
from bot.domain.draft_dates import DraftDates
from bot.domain.draft_reading import LongestRead

_DAY, _HOUR = 24.0, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ReadingModel:
    """What is assumed of drafts, and of those who read them.

    Who could answer a question on a subject could say something useful about a draft on it, and is as willing: 44 % of
    the invited agreed to review in 2017 (Publons, Global State of Peer Review 2018), beside the 42 % of `PeopleModel`.
    As many who took one never write. A person works to the date they are shown, and no reminder moves them.
    """

    reads: float = 0.4
    """Share of members who also read drafts: assumed."""
    longest: tuple[float, float, float] = (0.3, 0.5, 0.2)
    """Shares of these who read for 15, 30 and 45 minutes at most: assumed."""
    days: tuple[float, float] = (2.0, 14.0)
    """From a draft's post to its deadline, each length as likely: assumed."""
    words: tuple[int, int] = (400, 4_000)
    """Of a draft, or of the part that is asked for; each order of magnitude as likely: assumed."""
    done: tuple[tuple[float, float], ...] = ((-_DAY, 0.40), (0.0, 0.85), (2 * _DAY, 0.98))
    """Hours after the date that readers aim for, and the share of them who are done by then; the rest never are.
    Source: reviews for EC'12, of which 40 % came until a day before the deadline, 85 % until it, 98 % 2 days later."""
    diffusion: float = 0.51
    """How far willingness falls with the number of people called at once: n to the power of minus it.
    Source: docs/measurements/waves.md, fitted to a call about questions; that it holds for drafts is assumed."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one draft before anyone has read it."""

    words: int
    hours: float
    """From its post to its deadline."""

    @property
    def minutes(self) -> int:
        """How long it takes to read, and to say something about it."""
        return draft_reading.minutes(self.words)

    @property
    def aim(self) -> float:
        """Hours from its post to the date that readers aim for."""
        posted = datetime.fromtimestamp(0, UTC)
        aim = DraftDates(posted, posted + self.hours * _HOUR).aim_for(posted)
        return (aim - posted) / _HOUR


class Readers:
    """Those of a crowd who read drafts; the same seed always gives the same readers, drafts and days."""

    def __init__(self, crowd: Crowd, model: ReadingModel, seed: int) -> None:
        """Draw who reads, and how long."""
        self.crowd, self.model, self._seed = crowd, model, seed
        count, draw = len(crowd.profiles), self._draws(0)
        reads = draw.random(count) < model.reads
        chosen = draw.choice([int(each) for each in LongestRead], count, p=model.longest)
        self.longest = [int(each) if is_one else None for each, is_one in zip(chosen, reads, strict=True)]
        """Minutes by helper; none: they read no drafts."""

    def facts(self, row: int) -> Facts:
        """Return how long a draft is, and how soon it is needed."""
        draw, model = self._draws(1, row), self.model
        words = np.exp(draw.uniform(*np.log(model.words)))
        return Facts(round(words), _DAY * draw.uniform(*model.days))

    def fitting(self, row: int) -> Flags:
        """Return bool[m], who reads drafts as long as this one."""
        minutes = self.facts(row).minutes
        return np.asarray([each is not None and each >= minutes for each in self.longest], dtype=np.bool_)

    def would_read(self, row: int, called: int = 1) -> Flags:
        """Return bool[m], who would take a draft, where so many people are called at once."""
        reactions = self.crowd.reactions(row)
        willingness = reactions.willingness * called**-self.model.diffusion
        would: Flags = reactions.knows & (reactions.reluctance < willingness)
        return would

    def done_at(self, row: int, column: int, posted: float, taken: float) -> float:
        """Return when a reader is done with what was posted and taken at these moments; infinite where they never are.

        All are hours since the record's midnight. They work while they are awake, and need as long as it takes.
        """
        aim = posted + self.facts(row).aim
        draw = self._draws(2, row, column)
        if draw.random() < self.crowd.model.drops:
            return np.inf
        # Who has less than a day until that date begins at once.
        by = [(taken, 0.0), *((max(aim + late, taken), share) for late, share in self.model.done)]
        moments, shares = (np.asarray(each) for each in zip(*by, strict=True))
        share = draw.random()
        if share > shares[-1]:
            return np.inf
        begins = float(np.interp(share, shares, moments))
        return self.crowd.after_waking(column, begins, self.facts(row).minutes / 60)

    def _draws(self, *purpose: int) -> np.random.Generator:
        return np.random.default_rng([self._seed, 3, *purpose])
