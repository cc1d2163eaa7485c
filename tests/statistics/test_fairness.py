"""Fairness: every group's waits and rates as by hand, and no word of a difference that the intervals don't show."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.disclosure import FEW, Few, Length, Safe, Share
from bot.domain.statistics import PanelName, StatsPanel
from bot.statistics.panels.fairness import band, compared
from bot.statistics.words import sentence
from bot.ui import limits
from bot.ui.statistics import panel
from playground.year import Matter, Person, Size, Year
from tests.statistics import by_hand
from tests.statistics.by_hand import WEEK, kaplan_meier, waits, wilson
from tests.statistics.conftest import NOW, Show, rows

DAY = timedelta(days=1)
NAMES = {"ar": "Arabic", "en": "English", "fr": "French", "pt": "Portuguese", "sw": "Swahili"}
YES, NO = "first.yes", "first.no"


def block() -> tuple[datetime, datetime]:
    """Return when the last twelve weeks of a row that began on the first Monday of 1970 began, and were over."""
    begin = datetime(1970, 1, 5, tzinfo=UTC)
    until = begin + (NOW - begin) // (12 * WEEK) * 12 * WEEK
    return until - 12 * WEEK, until


def asked_in_block(drawn: Year) -> list[Matter]:
    since, until = block()
    return [each for each in drawn.questions if since <= each.at < until]


def by_first(drawn: Year) -> Callable[[Matter], str]:
    first: dict[int, int] = {}
    for each in drawn.questions:
        first.setdefault(each.asker_id, each.id)
    return lambda each: YES if first[each.asker_id] == each.id else NO


def by_clock(drawn: Year) -> Callable[[Matter], str]:
    def clock(asker: Person) -> str:
        if asker.zone is None:
            return "clock.none"
        hours = (block()[0].astimezone(ZoneInfo(asker.zone)).utcoffset() or DAY) / timedelta(hours=1)
        return "clock.west" if hours < -2 else "clock.middle" if hours < 4 else "clock.east"

    people = {each.id: clock(each) for each in drawn.people}
    return lambda each: people[each.asker_id]


def by_language(drawn: Year) -> Callable[[Matter], str]:
    people = {each.id: NAMES[each.languages[0]] if each.languages else "no_language" for each in drawn.people}
    return lambda each: people[each.asker_id]


WAYS = {"first": by_first, "clock": by_clock, "language": by_language}


def close(found: Safe, expected: Iterable[float | None]) -> bool:
    assert isinstance(found, Length | Share)
    first = found.seconds if isinstance(found, Length) else found.part
    return [first, found.low, found.high] == pytest.approx(
        list(expected), abs=1e-6 if isinstance(found, Share) else 1e-3
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("weeks", [4, 12])
async def test_each_group_is_as_by_hand(drawn: Year, show: Show, way: str, weeks: int) -> None:
    tables = {each.name: rows(each) for each in (await show(PanelName.FAIRNESS, weeks)).tables}

    named = WAYS[way](drawn)
    asked = asked_in_block(drawn)
    assert set(tables[way]) == {named(each) for each in asked}
    for name, (half, week) in tables[way].items():
        some = [each for each in asked if named(each) == name]
        curve = kaplan_meier(waits(some, block()[1]))
        waiting, low, high = by_hand.after(curve, WEEK.total_seconds())
        assert isinstance(week, Share)
        assert week.of == len(some)
        assert close(week, (1 - waiting, 1 - high, 1 - low))
        assert close(half, by_hand.reached(curve, 0.5))


async def test_new_people_s_part_is_as_by_hand(drawn: Year, show: Show) -> None:
    (table,) = (each for each in (await show(PanelName.FAIRNESS)).tables if each.name == "new_people")

    joined = {each.id: each.joined for each in drawn.people}
    asked = list(asked_in_block(drawn))
    helped = [(who, at) for each in asked for at, who in each.answers if who != each.asker_id and at < block()[1]]
    new = [who for who, at in helped if at - joined[who] < 30 * DAY]
    helpers = {who for who, _ in helped}
    for name, some, everyone in (("helpers", len(set(new)), len(helpers)), ("answers", len(new), len(helped))):
        (found,) = rows(table)[name]
        assert isinstance(found, Share)
        assert found.of == everyone
        assert close(found, (some / everyone, *wilson(some, everyone)))


async def test_the_picture_shows_what_the_tables_say(show: Show) -> None:
    *told, _, drawn = (await show(PanelName.FAIRNESS)).tables

    assert [row.cells[0] for row in drawn.rows] == [row.cells[1] for each in told for row in each.rows]


async def test_it_is_the_same_for_twelve_weeks(show: Show) -> None:
    _, until = block()
    first = await show(PanelName.FAIRNESS, 4, until)

    assert (await show(PanelName.FAIRNESS, 12, until + 12 * WEEK - DAY)).tables == first.tables


async def test_it_fits_into_one_message(show: Show) -> None:
    assert len(panel(await show(PanelName.FAIRNESS), "en").content) <= limits.MESSAGE


@pytest.mark.parametrize("size", [Size(3, 40, 30), Size(4, 1, 10), Size(2, 0, 10)])
async def test_of_few_people_nothing_is_said(size: Size, small: Callable[[Size], Awaitable[Show]]) -> None:
    shown = await (await small(size))(PanelName.FAIRNESS)

    assert cells_of(shown) <= {FEW}
    assert shown.picture is None
    assert sentence(shown.sentences[0], "en").startswith("Fewer than ten people asked")


async def test_before_the_bot_came_there_is_nothing(show: Show) -> None:
    assert cells_of(await show(PanelName.FAIRNESS, 4, datetime(2020, 1, 1, tzinfo=UTC))) == {FEW}


@pytest.mark.parametrize("seed", range(4))
async def test_in_a_small_community_no_group_is_small(seed: int, small: Callable[..., Awaitable[Show]]) -> None:
    size = Size(40 + 10 * seed, 120, 20)
    shown = await (await small(size))(PanelName.FAIRNESS)

    for each in shown.told[:3]:
        assert not any(
            isinstance(cell, Few) and number == 0 for row in each.rows for number, cell in enumerate(row.cells)
        )
        assert len(each.rows) != 1 or each.rows[0].label == "stats.everyone"


def cells_of(shown: StatsPanel) -> set[Safe]:
    return {cell for table in shown.tables for row in table.rows for cell in row.cells}


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/Sao_Paulo", "west"), ("America/St_Johns", "west"), ("America/Noronha", "middle"), ("UTC", "middle"),
        ("Africa/Nairobi", "middle"), ("Asia/Tehran", "middle"), ("Asia/Dubai", "east"), ("Pacific/Kiritimati", "east"),
        ("Nowhere/Land", "none"), ("", "none"), (None, "none"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("month", [1, 7])
def test_zones_by_band_of_the_clock(zone: str | None, name: str, month: int) -> None:
    assert band(zone, datetime(2026, month, 1, tzinfo=UTC)) == f"stats.clock.{name}"


def of(part: float, low: float, high: float, hours: tuple[float, float, float] = (3, 2, 4)) -> tuple[Length, Share]:
    seconds, first, last = (3600 * each for each in hours)
    return Length(seconds, first, last), Share(part, 100, low, high)


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (
            {"French": of(0.3, 0.2, 0.4), "English": of(0.8, 0.7, 0.9), "Arabic": of(0.6, 0.3, 0.8)},
            "Language: fewer answers in 7 days for *French*, 30 % (20–40) of 100, than for *English*, 80 % (70–90) of",
        ),
        (
            {"French": of(0.6, 0.5, 0.7, (20, 12, 30)), "English": of(0.7, 0.6, 0.8, (5, 4, 6))},
            "Language: half of *French* have an answer within 20 hr (12 hr–30 hr), and half of *English* within 5 hr",
        ),
        (
            {"French": of(0.5, 0.3, 0.7), "English": of(0.7, 0.6, 0.8)},
            "Language: these numbers show no certain difference.",
        ),
        ({"stats.everyone": of(0.5, 0.3, 0.7)}, "Language: too few people to compare."),
        ({}, "Language: too few people to compare."),
    ],
    ids=["rates", "waits", "alike", "together", "none"],
)
def test_a_difference_is_said_where_the_intervals_tell_one(groups: dict[str, tuple[Length, Share]], said: str) -> None:
    assert sentence(compared("language", list(groups.items())), "en").startswith(said)
