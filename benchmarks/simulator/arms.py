"""The ways of asking that are compared, and the settings that are tried one at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from benchmarks.simulator.people import PeopleModel
from bot.domain.lifecycle import Urgency
from bot.domain.policy import DEFAULT, Policy, Wave

Order = Literal["match", "activity", "truth"]
Waves = Mapping[Urgency, tuple[Wave, ...]]


@dataclass(frozen=True, slots=True)
class Arm:
    """A way of asking by the bot's own machinery."""

    name: str
    policy: Policy = field(default=DEFAULT, repr=False)
    rate: str | None = None
    """What everybody chose; None: each what they like."""
    order: Order = "match"
    """How people are ordered: by the bot's own ranking, by how much they wrote lately, or by whether they would answer,
    which nobody can know."""
    has_budget: bool = True
    """False: nobody is spared, however often they are asked. Only on paper."""


def _resized(size: int) -> Waves:
    return {urgency: tuple(replace(wave, size=size) for wave in waves) for urgency, waves in DEFAULT.waves.items()}


def _waiting(times: float) -> Waves:
    return {
        urgency: tuple(replace(wave, wait=wave.wait * times) for wave in waves)
        for urgency, waves in DEFAULT.waves.items()
    }


def _one_by_one() -> Waves:
    return {urgency: (Wave(1, waves[0].wait),) * DEFAULT.most_invitations for urgency, waves in DEFAULT.waves.items()}


def _never_longer(hours: float) -> Waves:
    longest = timedelta(hours=hours)
    return {
        urgency: tuple(replace(wave, wait=min(wave.wait, longest)) for wave in waves)
        for urgency, waves in DEFAULT.waves.items()
    }


def _waits(*hours: float) -> Waves:
    pairs = zip(DEFAULT.waves[Urgency.THIS_WEEK], hours, strict=True)
    patient = tuple(replace(wave, wait=timedelta(hours=wait)) for wave, wait in pairs)
    return {**DEFAULT.waves, **dict.fromkeys((Urgency.THIS_WEEK, Urgency.WHENEVER), patient)}


_EAGER = Policy(waves=dict.fromkeys(Urgency, (Wave(3, timedelta(hours=2)),)), most_invitations=25)

MORSEL = Arm("Morsel")
ONE_AT_A_TIME = Arm("one at a time", Policy(waves=_one_by_one()))
_PLAIN = replace(DEFAULT, exploratory_percent=0, freshness=0.0)
MOST_ACTIVE = Arm("most active first, nobody spared", _PLAIN, order="activity", has_budget=False)
ORACLE = Arm("Morsel, if it knew who would answer", _PLAIN, order="truth")
MOST_ACTIVE_SPARED = Arm("most active first, within budgets", order="activity")

SETTINGS: Sequence[Arm] = (
    Arm("1 person a wave", replace(DEFAULT, waves=_resized(1))),
    Arm("2 people a wave", replace(DEFAULT, waves=_resized(2))),
    Arm("3 people a wave", replace(DEFAULT, waves=_resized(3))),
    Arm("waits halved", replace(DEFAULT, waves=_waiting(0.5))),
    Arm("waits doubled", replace(DEFAULT, waves=_waiting(2))),
    Arm("no wait over 4 h", replace(DEFAULT, waves=_never_longer(4))),
    Arm("everyone 1 a week", rate="one_a_week"),
    Arm("everyone 1 a day, 3 a week", rate="one_a_day"),
    Arm("everyone 3 a day, 10 a week", rate="more"),
    Arm("no exploratory seats", replace(DEFAULT, exploratory_percent=0)),
    Arm("40 % exploratory", replace(DEFAULT, exploratory_percent=40)),
    *(Arm(f"at most {most} invitations", replace(DEFAULT, most_invitations=most)) for most in (7, 10, 12, 20, 25)),
    Arm("freshness 0", replace(DEFAULT, freshness=0.0)),
    Arm("freshness 0.5", replace(DEFAULT, freshness=0.5)),
    Arm("floor at 1", replace(DEFAULT, floor=1.0)),
    Arm("floor at 5", replace(DEFAULT, floor=5.0)),
    Arm("waits of 4, 12 and 12 h", replace(DEFAULT, waves=_waits(4, 12, 12))),
    Arm("waits of 4, 12 and 12 h, at most 7", replace(DEFAULT, waves=_waits(4, 12, 12), most_invitations=7)),
    Arm("3 people a wave, 2 h, at most 25, everyone 3 a day, 10 a week", _EAGER, rate="more"),
)
"""Each differs from the default in one thing, but the last two."""

MODELS: Mapping[str, PeopleModel] = {
    "as stated": PeopleModel(),
    "half as many know": PeopleModel(knowing_middle=-2.5),
    "60 % willing": PeopleModel(willingness=0.6),
    "nobody is ever away": PeopleModel(away=1.0),
    "30 % never read": PeopleModel(never_reads=0.3),
    "read after 2 h": PeopleModel(reading_minutes=120),
    "diffusion 0.4": PeopleModel(diffusion=0.4),
    "diffusion 0.2": PeopleModel(diffusion=0.2),
    "fatigue 5 %": PeopleModel(fatigue=0.05),
}
"""Other people, one assumption changed at a time."""
BUSY_RULES = PeopleModel(
    pauses_a_month=1.0, blocks=0.05, speaks_another=0.1, helps=0.9, rates=(0.05, 0.3, 0.55, 0.1), passes=0.3
)
"""People who give the hard rules more to do."""
