"""Every way of asking, every setting and every model of people, each with every seed."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.simulator import at_once
from benchmarks.simulator.arms import (
    MODELS,
    MORSEL,
    MOST_ACTIVE,
    MOST_ACTIVE_SPARED,
    ONE_AT_A_TIME,
    ORACLE,
    SETTINGS,
    Arm,
)
from benchmarks.simulator.laboratory import Laboratory, Ran
from benchmarks.simulator.outcomes import Tally
from benchmarks.simulator.people import PeopleModel
from benchmarks.simulator.resampling import Summary
from evaluation.progress import progress

BROADCAST = "broadcast: one call to everyone"
IN_PERSON = "everyone at once, each in person, nobody tired of it"
SEVEN = "7 most active at once, nobody spared"
_STATED = PeopleModel()
_MACHINERY = (MORSEL, ONE_AT_A_TIME, MOST_ACTIVE, MOST_ACTIVE_SPARED, ORACLE)
_MODEL_SEEDS = 2
"""Seeds of each model of people, as many as there are."""


@dataclass(slots=True)
class Checked:
    """What the referee saw."""

    questions: int = 0
    invitations: int = 0
    broken: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, ran: Ran) -> None:
        """Take over one run."""
        self.questions += len(ran.tally.hours)
        self.invitations += ran.referee.invitations
        for rule, times in ran.referee.broken.items():
            self.broken[rule] += times


@dataclass(frozen=True, slots=True)
class Same:
    """Whether the use cases did the same as the rules on paper, with the same questions and people."""

    questions: int
    facts: int
    first_difference: str | None
    checked: Checked


@dataclass(frozen=True, slots=True)
class Measured:
    """All of it."""

    ways: Mapping[str, Summary]
    settings: Mapping[str, Summary]
    models: Mapping[str, Mapping[str, Summary]]
    """By model of people, then by way."""
    checked: Checked
    """On paper."""
    same: Same | None = None


async def measure(laboratory: Laboratory, seeds: int) -> Measured:
    """Run everything on paper."""
    ways, settings = defaultdict[str, list[Tally]](list), defaultdict[str, list[Tally]](list)
    checked, arms = Checked(), [*_MACHINERY, *SETTINGS]
    with progress("asking", seeds * len(arms)) as advance:
        for seed in range(seeds):
            for arm in arms:
                ran = await laboratory.on_paper(arm, _STATED, seed)
                (ways if arm in _MACHINERY else settings)[arm.name].append(ran.tally)
                if arm.has_budget:
                    checked.add(ran)
                advance(1)
            for name, chosen in _at_once(laboratory).items():
                ways[name].append(laboratory.at_once(chosen, _STATED, seed, is_call=name == BROADCAST))
    return Measured(
        ways=_summaries(laboratory, ways),
        settings=_summaries(laboratory, settings),
        models=await _with_other_people(laboratory, min(seeds, _MODEL_SEEDS)),
        checked=checked,
    )


async def compare(laboratory: Laboratory, arms: Sequence[Arm] = (MORSEL, ONE_AT_A_TIME, MOST_ACTIVE_SPARED)) -> Same:
    """Put the same questions to the use cases and to the rules on paper."""
    checked, facts = Checked(), 0
    with progress("asking the use cases too", len(arms)) as advance:
        for arm in arms:
            real = await laboratory.through_services(arm, _STATED, 0)
            paper = await laboratory.on_paper(arm, _STATED, 0)
            checked.add(real)
            facts += len(real.facts)
            if real.facts != paper.facts:
                return Same(checked.questions, facts, _difference(arm, real, paper), checked)
            advance(1)
    return Same(checked.questions, facts, None, checked)


async def check_hard_rules(
    laboratory: Laboratory, model: PeopleModel, questions: int, tell: Callable[[Checked], object]
) -> Checked:
    """Ask so many questions through the use cases, with one seed after another, and tell of each."""
    checked, seed = Checked(), 0
    with progress("asking the use cases", questions) as advance:
        while checked.questions < questions:
            before = checked.questions
            checked.add(await laboratory.through_services(MORSEL, model, seed))
            advance(checked.questions - before)
            tell(checked)
            seed += 1
    return checked


async def _with_other_people(laboratory: Laboratory, seeds: int) -> dict[str, dict[str, Summary]]:
    models = {}
    with progress("asking other people", seeds * len(MODELS)) as advance:
        for name, model in MODELS.items():
            ways = defaultdict[str, list[Tally]](list)
            for seed in range(seeds):
                for arm in (MORSEL, MOST_ACTIVE):
                    ways[arm.name].append((await laboratory.on_paper(arm, model, seed)).tally)
                for way in (BROADCAST, IN_PERSON):
                    tally = laboratory.at_once(at_once.everyone, model, seed, is_call=way == BROADCAST)
                    ways[way].append(tally)
                advance(1)
            models[name] = _summaries(laboratory, ways)
    return models


def _at_once(laboratory: Laboratory) -> dict[str, at_once.Chosen]:
    everyone = {BROADCAST: at_once.everyone, IN_PERSON: at_once.everyone}
    return {**everyone, SEVEN: at_once.most_active(laboratory.record, 7)}


def _summaries(laboratory: Laboratory, tallies: Mapping[str, Sequence[Tally]]) -> dict[str, Summary]:
    resamples = laboratory.resamples()
    return {name: resamples.summary(each) for name, each in tallies.items()}


def _difference(arm: Arm, real: Ran, paper: Ran) -> str:
    pairs = zip(real.facts, paper.facts, strict=False)
    place = next((place for place, (ours, theirs) in enumerate(pairs) if ours != theirs), None)
    if place is None:
        return f"{arm.name}: {len(real.facts)} facts instead of {len(paper.facts)}"
    return f"{arm.name}, fact {place}: {real.facts[place]} instead of {paper.facts[place]}"
