"""Whether help reaches all alike: those who ask for the first time, every clock, every language; and who gives it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from bot.domain.disclosure import (
    FEWEST_OF_SHARE,
    OTHER,
    Crowd,
    Few,
    Length,
    SafeTable,
    Share,
    merged,
    part_of,
    table,
)
from bot.domain.hours import clock_of
from bot.domain.languages import base
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import Weeks, last_block
from bot.statistics.drawing import ranges
from bot.statistics.panels.waits import followed
from bot.statistics.record import NO_ONE, WEEK, Happened, Mask, RequestColumns, Seconds, SelfSaid
from bot.statistics.source import Source
from bot.statistics.survival import wilson
from bot.statistics.words import language, named

NEW = timedelta(days=30)
"""So long a person is new."""
MOST = 6
"""Rows of a table, so that all tables fit into one message."""
WEST, MIDDLE, EAST, NOWHERE = (f"stats.clock.{each}" for each in ("west", "middle", "east", "none"))
UNSAID = "stats.no_language"
OTHERS, EVERYONE = "stats.all_others", "stats.everyone"
_MIDDLE_FROM, _EAST_FROM = timedelta(hours=-2), timedelta(hours=4)
_UNSAID = SelfSaid()
Rows = list[tuple[str, tuple[Few | Length | Share, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """The questions of a block, who asked them, and when each was answered."""

    block: Weeks
    questions: RequestColumns
    answered: Seconds
    people: Mapping[int, SelfSaid]

    def by(self, names: Sequence[str], order: Sequence[str]) -> dict[str, Mask]:
        """Return which questions have each of these names, in this order."""
        return {name: np.array(names, str) == name for name in order if name in set(names)}

    def rows(self, chosen: Mapping[str, Mask], locale: str) -> Rows:
        """Return the waits of each group; groups of too few people are one, the same ones in every language."""
        crowds = {name: self.questions.crowd(each) for name, each in chosen.items()}
        groups = merged(crowds, FEWEST_OF_SHARE, MOST)
        other = OTHERS if len(groups) > 1 else EVERYONE
        return [
            (
                other if name == OTHER else _label(name, locale),
                self._cells(np.any([chosen[each] for each in members], axis=0)),
            )
            for name, members in groups.items()
        ]

    def _cells(self, chosen: Mask) -> tuple[Few | Length | Share, ...]:
        waits = followed(self.questions, self.answered, chosen, self.block.until.timestamp())
        return waits.quantile(0.5), waits.ended_within(WEEK)


async def fairness(source: Source, wish: PanelWish) -> StatsPanel:
    """Return the waits of groups of askers in the last block of weeks, and the part of help that new people gave."""
    block = last_block(wish.now)
    questions = await source.questions(block.until, block.first)
    questions = questions.of(questions.asked_in(block))
    happened = await source.happened(block.since, block.until, "answered")
    asked = _Asked(block, questions, questions.first(happened, "answered"), await source.members())
    by = _dimensions(asked, np.isin(questions.id, await source.firsts(block.until)))
    rows = {name: asked.rows(chosen, wish.locale) for name, chosen in by.items()}
    tables = [table(name, ("stats.half_short", "stats.week_short"), each) for name, each in rows.items()]
    helped = _by_new_people(questions, happened, asked.people)
    said = [compared(name, each) for name, each in rows.items()] if any(rows.values()) else [Sentence("stats.too_few")]
    whole = _together(rows, wish.locale)
    return StatsPanel(
        PanelName.FAIRNESS, block, (*said, Sentence("stats.fairness.new")), (*tables, helped, whole),
        ranges(whole, wish.locale), frozenset({whole.name}), is_fixed=True,
    )  # fmt: skip


def _dimensions(asked: _Asked, is_first: Mask) -> dict[str, dict[str, Mask]]:
    """Return the groups by each thing that is looked at; two are never crossed."""
    askers = [asked.people.get(each, _UNSAID) for each in asked.questions.asker.tolist()]
    clocks = {each: band(each.zone, asked.block.since) for each in set(askers)}
    languages = [base(each.languages[0]) if each.languages else UNSAID for each in askers]
    return {
        "first": {"stats.first.yes": is_first, "stats.first.no": ~is_first},
        "clock": asked.by([clocks[each] for each in askers], (WEST, MIDDLE, EAST, NOWHERE)),
        "language": asked.by(languages, [*sorted(set(languages) - {UNSAID}), UNSAID]),
    }


def band(zone: str | None, moment: datetime) -> str:
    """Return the band of the clock that a zone is in at a moment."""
    offset = moment.astimezone(clock).utcoffset() if zone and (clock := clock_of(zone)) else None
    if offset is None:
        return NOWHERE
    return WEST if offset < _MIDDLE_FROM else MIDDLE if offset < _EAST_FROM else EAST


def _label(name: str, locale: str) -> str:
    return name if name.startswith("stats.") else language(name, locale)


def _by_new_people(questions: RequestColumns, happened: Happened, people: Mapping[int, SelfSaid]) -> SafeTable:
    """Return the part of helpers who were new when they first answered, and the part of answers by new people."""
    asked_by = dict(zip(questions.id.tolist(), questions.asker.tolist(), strict=True))
    answers = zip(happened.request.tolist(), happened.person.tolist(), happened.at.tolist(), strict=True)
    helped = [
        (person, at)
        for request, person, at in answers
        if request in asked_by and person not in {NO_ONE, asked_by[request]}
    ]
    is_new = [at - people.get(person, _UNSAID).joined < NEW.total_seconds() for person, at in helped]
    new, others = (Crowd.of(who for (who, _), each in zip(helped, is_new, strict=True) if each == way)
                   for way in (True, False))  # fmt: skip
    helpers = part_of(Crowd.of(set(new.by_person)), Crowd.of(set(others.by_person) - set(new.by_person)), wilson)
    rows = (("stats.helpers", (helpers,)), ("stats.answers", (part_of(new, others, wilson),)))
    return table("new_people", ("stats.by_new_people",), rows)


def compared(name: str, rows: Rows) -> Sentence:
    """Say where two groups are certain to differ: those farthest apart."""
    what = {"by": f"stats.by.{name}", "advice": f"stats.fairness.{name}"}
    if len(rows) <= 1:
        return Sentence("stats.fairness.too_few", what)
    shares = sorted(
        ((week, label) for label, (_, week) in rows if isinstance(week, Share)), key=lambda each: each[0].part
    )
    if shares and shares[0][0].differs_from(shares[-1][0]):
        (low, less), (high, more) = shares[0], shares[-1]
        return Sentence("stats.fairness.fewer", {**what, "less": less, "low": low, "more": more, "high": high})
    halves = sorted(
        (half.seconds, label, half) for label, (half, _) in rows if isinstance(half, Length) and half.seconds
    )
    if halves and halves[0][2].differs_from(halves[-1][2]):
        (_, soon, short), (_, late, long) = halves[0], halves[-1]
        return Sentence("stats.fairness.later", {**what, "late": late, "long": long, "soon": soon, "short": short})
    return Sentence("stats.fairness.alike", what)


def _together(rows: Mapping[str, Rows], locale: str) -> SafeTable:
    """Return the 7-day rates of all groups, to be drawn."""
    return table(
        "fairness",
        ("stats.in_a_week",),
        [
            (
                f"{named(f'stats.by.{name}', locale)}: {named(label, locale)}"
                if label in {OTHERS, EVERYONE}
                else label,
                (week,),
            )
            for name, some in rows.items()
            for label, (_, week) in some
        ],
    )
