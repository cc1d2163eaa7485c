"""What was measured, as tables, each figure beside its baseline in the same run."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

import numpy as np

from benchmarks.figures import TOLD, Figure
from benchmarks.figures import table as table_of_figures
from benchmarks.simulator.arms import MORSEL, MOST_ACTIVE, MOST_ACTIVE_SPARED
from benchmarks.simulator.measuring import BROADCAST, IN_PERSON, Checked, Measured, Same
from benchmarks.simulator.outcomes import DAY
from benchmarks.simulator.people import PeopleModel
from benchmarks.simulator.record import Record
from benchmarks.simulator.resampling import Estimate, Summary
from evaluation.report import table

ANSWERED_AT_LEAST, INVITED_AT_MOST, CARRIED_AT_MOST = 0.95, 0.25, 0.5
"""Bars: questions answered within 24 h and invitations for them, over broadcast; what three people carry, over most
active first."""
_PERCENT = 100.0
_WAYS = (
    "way of asking", "answered in 24 h, %", "in a week, %", "invitations a question", "an answer",
    "median wait, h", "80 %, h", "3 most asked, %", "Gini asked", "Gini helping",
)  # fmt: skip
_SETTINGS = (
    "setting", "answered in 24 h, points", "in a week, points", "invitations a question", "an answer",
    "median wait, h", "3 most asked, points",
)  # fmt: skip
_MODELS = (
    "people", "broadcast: in 24 h, %", "Morsel: in 24 h, %", "in a week, %", "answered in 24 h, over broadcast",
    "over everyone in person", "invitations, over broadcast", "3 most asked, over most active first",
)  # fmt: skip


def report(record: Record, questions: int, measured: Measured, seeds: int) -> str:
    """Return everything, as Markdown."""
    return "\n\n".join(
        (
            header(record, questions, seeds),
            _titled("Ways of asking", table(_WAYS, [_way(*each) for each in measured.ways.items()])),
            _titled("Bars", table_of_figures(bars(measured))),
            *([same(measured.same)] if measured.same else []),
            _titled("Settings, each minus the default, on the same questions and people", _settings(measured)),
            _titled("Other people", table(_MODELS, [_model(*each) for each in measured.models.items()])),
        )
    )


def header(record: Record, questions: int, seeds: int) -> str:
    """Say what is replayed, and what really happened."""
    first, could, answered = (each[:questions] for each in (record.first_answers, record.could, record.answered))
    in_a_day, ever = _PERCENT * (first <= DAY).mean(), _PERCENT * np.isfinite(first).mean()
    return (
        f"{record.name}: {questions} questions, {len(record.helpers)} people who ever answered, of whom "
        f"{could.sum(axis=1).mean():.0f} on average could be asked; {seeds} draws of people. In the record, where "
        f"nobody was invited and everybody could see each question, {in_a_day:.1f} % were answered within 24 h and "
        f"{ever:.1f} % ever, by {answered.sum(axis=1).mean():.2f} people each. Brackets hold 95 % of the resamples of "
        "the questions and of the draws."
    )


def bars(measured: Measured) -> list[Figure]:
    """Return the figures that have a bar, and those that stand beside them."""
    morsel, broadcast = measured.ways[MORSEL.name], measured.ways[BROADCAST]
    in_person = measured.ways[IN_PERSON]
    answered = morsel.within_a_day.over(broadcast.within_a_day)
    invited = morsel.per_question.over(broadcast.per_question)
    figures = [
        Figure(
            "questions answered within 24 h", _percent(morsel.within_a_day),
            f"{_percent(broadcast.within_a_day)} ({BROADCAST})", answered,
            f"≥ {ANSWERED_AT_LEAST} ×", is_met=answered.middle >= ANSWERED_AT_LEAST,
        ),
        Figure(
            "questions answered within 24 h", _percent(morsel.within_a_day),
            f"{_percent(in_person.within_a_day)} ({IN_PERSON})", morsel.within_a_day.over(in_person.within_a_day), TOLD,
        ),
        Figure(
            "invitations for a question", _number(morsel.per_question),
            f"{_number(broadcast.per_question)} ({BROADCAST})", invited,
            f"≤ {INVITED_AT_MOST} ×", is_met=invited.middle <= INVITED_AT_MOST,
        ),
    ]  # fmt: skip
    for other, has_bar in ((MOST_ACTIVE, True), (MOST_ACTIVE_SPARED, False)):
        theirs = measured.ways[other.name].most_asked
        ratio = morsel.most_asked.over(theirs)
        bar, is_met = (f"≤ {CARRIED_AT_MOST} ×", ratio.middle <= CARRIED_AT_MOST) if has_bar else (TOLD, None)
        baseline = f"{_percent(theirs)} ({other.name})"
        figures.append(
            Figure("invitations that 3 people carry", _percent(morsel.most_asked), baseline, ratio, bar, is_met)
        )
    figures.append(rules("on paper", measured.checked))
    return [*figures, rules("by the use cases", measured.same.checked)] if measured.same else figures


def rules(where: str, checked: Checked) -> Figure:
    """Return how many invitations were against a hard rule."""
    broken = ", ".join(f"{times} {rule}" for rule, times in sorted(checked.broken.items())) or "0"
    asked = f"of {checked.invitations:,} for {checked.questions:,} questions"
    return Figure(f"invitations against a hard rule, {where}", broken, asked, None, "0", not checked.broken)


def same(compared: Same) -> str:
    """Say whether the use cases did what the rules on paper did."""
    if compared.first_difference is None:
        return (
            f"Through the use cases, over SQLite, {compared.questions} questions led to the same {compared.facts:,} "
            "invitations, claims, passes, silences and pauses, at the same moments."
        )
    return f"THE USE CASES DID SOMETHING ELSE: {compared.first_difference}. So nothing here tells what the bot does."


def changed(model: PeopleModel) -> str:
    """Name what is assumed otherwise than stated."""
    stated = PeopleModel()
    names = [each.name for each in fields(model) if getattr(model, each.name) != getattr(stated, each.name)]
    return ", ".join(f"{name} {getattr(model, name)}" for name in names)


def record(measured: Measured) -> dict[str, object]:
    """Return all of it for a program to read."""
    return {
        "ways": _records(measured.ways),
        "settings": _records(measured.settings),
        "models": {name: _records(ways) for name, ways in measured.models.items()},
        "bars": [figure.record() for figure in bars(measured)],
    }


def _records(summaries: Mapping[str, Summary]) -> dict[str, dict[str, list[float]]]:
    return {
        name: {each.name: _record(getattr(summary, each.name)) for each in fields(summary)}
        for name, summary in summaries.items()
    }


def _record(estimate: Estimate) -> list[float]:
    return [estimate.middle, *estimate.interval]


def _titled(title: str, text: str) -> str:
    return f"## {title}\n\n{text}"


def _way(name: str, summary: Summary) -> list[str]:
    return [
        name, _percent(summary.within_a_day), _percent(summary.ever), _number(summary.per_question),
        _number(summary.per_answer), _hours(summary.median), _hours(summary.p80), _percent(summary.most_asked),
        _number(summary.gini_invited), _number(summary.gini_helped),
    ]  # fmt: skip


def _settings(measured: Measured) -> str:
    default = measured.ways[MORSEL.name]
    middle = ["the default itself", *list(_absolute(default))]
    return table(_SETTINGS, [middle, *([name, *_against(each, default)] for name, each in measured.settings.items())])


def _absolute(summary: Summary) -> Iterator[str]:
    yield _percent(summary.within_a_day)
    yield _percent(summary.ever)
    yield _number(summary.per_question)
    yield _number(summary.per_answer)
    yield _hours(summary.median)
    yield _percent(summary.most_asked)


def _against(summary: Summary, default: Summary) -> Iterator[str]:
    yield _change(summary.within_a_day.minus(default.within_a_day), _PERCENT, 1)
    yield _change(summary.ever.minus(default.ever), _PERCENT, 1)
    yield _change(summary.per_question.minus(default.per_question))
    yield _change(summary.per_answer.minus(default.per_answer))
    yield _change(summary.median.minus(default.median), digits=1)
    yield _change(summary.most_asked.minus(default.most_asked), _PERCENT, 1)


def _model(name: str, ways: Mapping[str, Summary]) -> list[str]:
    morsel, broadcast, in_person = ways[MORSEL.name], ways[BROADCAST], ways[IN_PERSON]
    return [
        name, _percent(broadcast.within_a_day), _percent(morsel.within_a_day), _percent(morsel.ever),
        str(morsel.within_a_day.over(broadcast.within_a_day)), str(morsel.within_a_day.over(in_person.within_a_day)),
        str(morsel.per_question.over(broadcast.per_question)),
        str(morsel.most_asked.over(ways[MOST_ACTIVE.name].most_asked)),
    ]  # fmt: skip


def _percent(estimate: Estimate) -> str:
    low, high = estimate.interval
    return f"{_PERCENT * estimate.middle:.1f} ({_PERCENT * low:.1f}–{_PERCENT * high:.1f})"


def _number(estimate: Estimate) -> str:
    low, high = estimate.interval
    return f"{estimate.middle:.2f} ({low:.2f}–{high:.2f})"


def _hours(estimate: Estimate) -> str:
    return "{} ({}–{})".format(*(_wait(each) for each in (estimate.middle, *estimate.interval)))


def _wait(hours: float) -> str:
    return f"{hours:.1f}" if np.isfinite(hours) else "never"


def _change(difference: Estimate, times: float = 1.0, digits: int = 2) -> str:
    low, high = difference.interval
    middle, low, high = (times * each for each in (difference.middle, low, high))
    return f"{middle:+.{digits}f} ({low:+.{digits}f} to {high:+.{digits}f})"
