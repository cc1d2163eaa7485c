"""The hours of a week: the same bands as by hand, the same hours for every viewer, and in words."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bot.domain.disclosure import Level
from bot.domain.statistics import PanelName, StatsPanel
from bot.statistics.panels.when import uncovered
from bot.statistics.weekly import HOURS, stretches, told
from bot.statistics.words import PHONE, described, lines, sentence
from playground.year import DIMENSION, Matter, Size, Year, year
from tests.statistics.by_hand import WEEK, asked_in, is_hidden, monday_of
from tests.statistics.conftest import COMMUNITY, NOW, SMALL, UNTIL, Show, shown_over, written

FIRST_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
BLOCK_ENDS = FIRST_MONDAY + (UNTIL - FIRST_MONDAY) // (12 * WEEK) * 12 * WEEK
ZONES = {
    "UTC": 0, "Asia/Kolkata": 330, "Asia/Kathmandu": 345, "America/St_Johns": -210, "Pacific/Kiritimati": 840,
    "Etc/GMT+12": -720, "Nowhere/Atall": 0, "": 0,
}  # fmt: skip
"""Minutes ahead of UTC in December."""
Happenings = Iterable[tuple[int, int]]
"""In which hour of its week, and by whom."""


def hour_of(moment: datetime) -> int:
    return moment.weekday() * 24 + moment.hour


def bands(happenings: Happenings) -> list[int]:
    """Return the band of each hour by UTC, from Monday on."""
    there = list(happenings)
    near = {hour: [(hour - 1) % HOURS, hour, hour, (hour + 1) % HOURS] for hour in range(HOURS)}
    counts = Counter(hour for hour, _ in there)
    people = {hour: Counter(person for at, person in there if at in near[hour]) for hour in range(HOURS)}
    shown = {hour: sum(counts[each] for each in near[hour]) for hour in range(HOURS) if is_hidden(people[hour])}
    most = max(shown.values(), default=1)
    return [min(4, 1 + int(Fraction(4 * shown[hour], most))) if hour in shown else 0 for hour in range(HOURS)]


def asked(drawn: Year) -> list[tuple[int, int]]:
    return [(hour_of(each.at), each.asker_id) for each in asked_in(drawn, BLOCK_ENDS, 12)]


def answered(drawn: Year) -> list[tuple[int, int]]:
    firsts = [
        (min(at for at, person in matter.answers if person == helper), helper)
        for matter in drawn.questions
        for helper in {person for _, person in matter.answers}
    ]
    return [(hour_of(at), helper) for at, helper in firsts if BLOCK_ENDS - 12 * WEEK <= at < BLOCK_ENDS]


def awake(drawn: Year) -> list[tuple[int, int]]:
    """Return in which hours of this week each helper is awake, half past, where they take no break."""
    found = []
    for each in drawn.people:
        is_paused = each.paused_at is not None and (each.paused_until is None or each.paused_until > NOW)
        if each.is_helper and not is_paused:
            clock = ZoneInfo(each.zone or "UTC")
            for hour in range(HOURS):
                at = (monday_of(NOW) + timedelta(hours=hour, minutes=30)).astimezone(clock).time()
                if each.begins <= at < each.ends:
                    found.append((hour, each.id))
    return found


def shown_bands(panel: StatsPanel, name: str) -> list[int]:
    (table,) = [each for each in panel.tables if each.name == name]
    assert [len(row.cells) for row in table.rows] == [24] * 7
    return [cell.band for row in table.rows for cell in row.cells if isinstance(cell, Level)]


@pytest.mark.parametrize("weeks", [4, 12])
async def test_each_hour_is_as_by_hand(weeks: int, drawn: Year, show: Show) -> None:
    panel = await show(PanelName.WHEN, weeks)

    assert (panel.weeks.until, panel.weeks.count, panel.is_fixed) == (BLOCK_ENDS, 12, True)
    assert shown_bands(panel, "when_asked") == bands(asked(drawn))
    assert shown_bands(panel, "when_awake") == bands(awake(drawn))
    assert shown_bands(panel, "when_answered") == bands(answered(drawn))


@pytest.mark.parametrize("zone", ZONES)
async def test_another_clock_gives_the_same_hours_other_names(zone: str, show: Show) -> None:
    by_utc, local = await show(PanelName.WHEN), await show(PanelName.WHEN, zone=zone)

    for here, there in zip(by_utc.tables, local.tables, strict=True):
        named = {
            (int(each.partition(":")[0]) * 60 + int(each.partition(":")[2]) + 1440 * day - ZONES[zone]) % 10080: cell
            for day, row in enumerate(there.rows)
            for each, cell in zip(there.columns, row.cells, strict=True)
        }
        cells = [cell for row in here.rows for cell in row.cells]
        assert named == {60 * hour: cell for hour, cell in enumerate(cells)}


async def test_it_fits_a_phone(show: Show) -> None:
    for table in (await show(PanelName.WHEN, zone="Asia/Kolkata")).tables:
        name, heads, *days = lines(table, "en")

        assert name.startswith("When ")
        assert heads.split() == ["00:30", "06:30", "12:30", "18:30"]
        assert [each[:4] for each in days] == ["Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "]
        assert max(map(len, [name, heads, *days])) <= PHONE


async def test_who_cannot_see_it_reads_the_hours(show: Show) -> None:
    panel = await show(PanelName.WHEN)

    said = [sentence(each, "en") for each in panel.sentences]
    assert "Most helpers are awake: every day from 06:00 to 16:00." in said
    assert any(each.startswith("Most questions come: ") for each in said)
    assert panel.picture is not None
    assert panel.picture.startswith(b"\x89PNG")
    alternative = described(panel, "en", 1024)
    assert len(alternative) <= 1024
    assert all(each in alternative for each in ("When questions are asked.", "When helpers are awake.", "Sun: "))


def nobody_at_weekends(drawn: Year) -> Year:
    """Return a year in which all helpers live by UTC, and sleep from 10:00 to 06:00 at weekends, as on other days."""
    people = tuple(replace(each, zone="UTC", begins=time(6), ends=time(10)) for each in drawn.people)
    return replace(drawn, people=people)


async def test_hours_without_helpers_are_said(tmp_path: Path) -> None:
    made = nobody_at_weekends(year(COMMUNITY, UNTIL, Size(400, 3000, 20)))
    panel = await shown_over(await written(made, tmp_path / "asleep.db"))(PanelName.WHEN)

    (said,) = [each for each in panel.sentences if each.key.startswith("stats.when.covered.")]
    assert said.key == "stats.when.covered.hardly"
    assert sentence(said, "en").startswith("Questions come, and hardly a helper is awake: ")
    assert {hour % 24 for hour, band in enumerate(shown_bands(panel, "when_awake")) if band} == set(range(5, 11))


@pytest.mark.parametrize(
    ("asked", "awake", "found"),
    [
        (0, 0, []), (1, 0, ["hardly"]), (4, 0, ["hardly"]), (1, 1, []), (2, 1, ["thinly"]), (4, 1, ["thinly"]),
        (4, 2, []), (0, 4, []),
    ],
)  # fmt: skip
def test_an_hour_is_uncovered_where_more_ask_than_few_are_awake(asked: int, awake: int, found: list[str]) -> None:
    assert [name for name, hours in uncovered([asked], [awake]).items() if any(hours)] == found


def hours(*spans: tuple[int, int]) -> list[bool]:
    chosen = {hour % HOURS for begin, length in spans for hour in range(begin, begin + length)}
    return [hour in chosen for hour in range(HOURS)]


@pytest.mark.parametrize(
    ("chosen", "minute", "words"),
    [
        (hours((142, 8), (166, 8)), 0, "Saturday and Sunday from 22:00 to 06:00"),
        (hours(*((day * 24 + 9, 8) for day in range(5))), 30, "Monday to Friday from 09:30 to 17:30"),
        (hours(*((day * 24 + 22, 10) for day in range(7))), 45, "every day from 22:45 to 08:45"),
        (hours((118, 60)), 0, "Friday 22:00 to Monday 10:00"),
        (hours((59, 23)), 0, "Wednesday 11:00 to Thursday 10:00"),
        (hours((0, HOURS)), 30, "at all hours of the week"),
        (
            hours((0, 3), (50, 2), (110, 1)), 0,
            "Monday from 00:00 to 03:00, Wednesday from 02:00 to 04:00, and some other hours",
        ),
        (hours((10, 2), (40, 6)), 0, "Monday from 10:00 to 12:00 and Tuesday from 16:00 to 22:00"),
    ],
    ids=["nights", "workdays", "every day", "a weekend", "a day", "a week", "too many", "two"],
)  # fmt: skip
def test_hours_in_words(chosen: list[bool], minute: int, words: str) -> None:
    assert told(chosen, minute, "en", 2) == words


def test_the_week_goes_round() -> None:
    assert stretches(hours((160, 20))) == [(160, 20)]
    assert stretches(hours()) == []


@pytest.mark.parametrize("size", SMALL, ids=lambda size: f"{size.people} people, {size.questions} questions")
async def test_of_few_people_nothing_is_shown(size: Size, small: Callable[[Size], Awaitable[Show]]) -> None:
    panel = await (await small(size))(PanelName.WHEN, 4)

    if size.people < 5:
        assert {band for table in panel.tables for band in shown_bands(panel, table.name)} == {0}
        assert [each.key for each in panel.sentences] == ["stats.when.too_few"]
        assert panel.picture is None


async def test_before_the_bot_came_nothing_was_asked(show: Show) -> None:
    panel = await show(PanelName.WHEN, 4, datetime(2020, 1, 1, tzinfo=UTC))

    assert set(shown_bands(panel, "when_asked")) == set(shown_bands(panel, "when_answered")) == {0}
    assert [each.key for each in panel.sentences] == ["stats.when.too_few"]


async def test_one_person_who_asks_all_the_time_hides_an_hour(tmp_path: Path) -> None:
    made = year(COMMUNITY, UNTIL, Size(400, 3000, 20))
    at, loud = BLOCK_ENDS - WEEK + timedelta(hours=3), made.people[0].id

    def asked_by_one(number: int) -> Matter:
        return Matter(9_000_000 + number, loud, at + timedelta(seconds=number), "today", "public", 0, "waiting")

    after = replace(
        made,
        questions=(*made.questions, *map(asked_by_one, range(200))),
        vectors=np.resize(made.vectors, (len(made.questions) + 200, DIMENSION)),
    )
    panel = await shown_over(await written(after, tmp_path / "loud.db"))(PanelName.WHEN)

    assert shown_bands(panel, "when_asked") == bands(asked(after))
    assert shown_bands(panel, "when_asked")[2:5] == [0, 0, 0]
