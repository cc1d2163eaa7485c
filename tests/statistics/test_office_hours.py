"""Time that hosts offer: the same figures as by hand, and nothing of too few hosts or askers."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.disclosure import FEW, Amount, Share
from bot.domain.statistics import PanelName, StatsPanel
from playground.year import Size, Year, year
from playground.year_office_hours import QuarterBooked, QuarterOffered, TimeOffered
from tests.statistics.by_hand import WEEK, count_in, wilson
from tests.statistics.conftest import COMMUNITY, SMALL, UNTIL, Show, cells_of, rows, shown_over, written

ENDED = ("held", "not_found")


def offered(drawn: Year, until: datetime, weeks: int) -> list[QuarterOffered]:
    return [
        each
        for each in drawn.time_offered.quarters
        if until - weeks * WEEK <= each.starts_at < until and each.state != "cancelled"
    ]


@pytest.mark.parametrize("weeks", [4, 12])
async def test_what_was_offered_and_booked(drawn: Year, show: Show, weeks: int) -> None:
    shown = rows((await show(PanelName.OFFICE_HOURS, weeks)).tables[-1])

    bookings = [each.booked for each in drawn.time_offered.quarters if each.booked is not None]
    ended = {name: [(each.ended_at, each.asker_id) for each in bookings if each.ended == name] for name in ENDED}
    slots = [(each.starts_at, each.host_id) for each in drawn.time_offered.quarters if each.state != "cancelled"]
    booked, waitlisted = [(each.at, each.asker_id) for each in bookings], drawn.time_offered.waitlisted
    happened = {"offered": slots, "booked": booked, **ended, "waitlisted": waitlisted}
    for column, until in enumerate((UNTIL, UNTIL - weeks * WEEK)):
        told = {name.removeprefix("office_hours."): cells[column] for name, cells in shown.items()}
        assert told == {name: Amount(count_in(each, until, weeks)) for name, each in happened.items()}


@pytest.mark.parametrize("weeks", [4, 12])
async def test_the_share_of_slots_that_were_booked(drawn: Year, show: Show, weeks: int) -> None:
    shown = rows((await show(PanelName.OFFICE_HOURS, weeks)).tables[0])["slots_used"]

    for column, until in enumerate((UNTIL, UNTIL - weeks * WEEK)):
        there = offered(drawn, until, weeks)
        some = sum(each.state == "booked" for each in there)
        cell = shown[column]
        assert isinstance(cell, Share)
        assert cell.of == len(there)
        expected = [some / len(there), *wilson(some, len(there))]
        assert [cell.part, cell.low, cell.high] == pytest.approx(expected, abs=1e-6)


def keys(panel: StatsPanel) -> list[str]:
    return [each.key.removeprefix("stats.office_hours.") for each in panel.sentences]


async def test_it_says_what_one_could_do(show: Show) -> None:
    assert keys(await show(PanelName.OFFICE_HOURS)) == ["use", "said_waitlisted", "said_not_found"]


@pytest.fixture
def made() -> Year:
    return year(COMMUNITY, UNTIL, Size(60, 20, 8))


def of_hosts(made: Year, hosts: int, *, askers: int = 12) -> TimeOffered:
    """Return an hour of each host in the last week, all booked and held."""
    ids = [each.id for each in made.people]
    begins = UNTIL - timedelta(days=3)
    quarters = []
    for number in range(4 * hosts):
        starts_at = begins + number % 4 * timedelta(minutes=15)
        booked = QuarterBooked(ids[20 + number % askers], begins - timedelta(days=2), "held", begins)
        first = number // 4
        quarters.append(QuarterOffered(number, first, first * 4, ids[first], starts_at, "booked", booked))
    return TimeOffered(tuple(quarters))


@pytest.mark.parametrize(
    ("hosts", "askers", "told"),
    [
        (4, 12, {"offered": FEW, "booked": Amount(16), "slots_used": FEW}),
        (5, 4, {"offered": Amount(20), "booked": FEW, "slots_used": FEW}),
        (9, 12, {"offered": Amount(36), "booked": Amount(36), "slots_used": FEW}),
        (10, 12, {"offered": Amount(40), "booked": Amount(40)}),
    ],
    ids=["four hosts", "four askers", "nine hosts", "ten hosts"],
)
async def test_hosts_are_behind_offers_and_askers_behind_bookings(
    hosts: int, askers: int, told: dict[str, object], made: Year, tmp_path: Path
) -> None:
    url = await written(replace(made, time_offered=of_hosts(made, hosts, askers=askers)), tmp_path / "hours.db")
    panel = await shown_over(url)(PanelName.OFFICE_HOURS, 4)

    shown = {
        name.removeprefix("office_hours."): cells[0] for table in panel.tables for name, cells in rows(table).items()
    }
    assert {name: shown[name] for name in told} == told
    assert ("use" in keys(panel)) == (hosts >= 10)


async def test_without_any_it_says_how_they_begin(made: Year, tmp_path: Path) -> None:
    url = await written(replace(made, time_offered=TimeOffered()), tmp_path / "none.db")
    panel = await shown_over(url)(PanelName.OFFICE_HOURS, 4)

    assert set(cells_of(panel)) == {Amount(0), FEW}
    assert keys(panel) == ["none"]


@pytest.mark.parametrize("size", SMALL, ids=lambda size: f"{size.people} people, {size.questions} questions")
async def test_of_few_people_nothing_is_said(size: Size, small: Callable[[Size], Awaitable[Show]]) -> None:
    panel = await (await small(size))(PanelName.OFFICE_HOURS, 4)

    if size.people < 5:
        assert set(cells_of(panel)) <= {FEW, Amount(0)}
