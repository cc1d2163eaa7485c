"""Offered time at its longest."""

from datetime import date, time, timedelta

import pytest

from bot.domain.timetable import Timetable
from bot.services.office_hours.offering_results import ComingHours, Offer, OwnHours, OwnOccurrence, Page
from bot.ui import hours
from tests.factories import NOW
from tests.ui.shown import EXTREMES, LONGEST_ID, check_limits

ROW = 10**18 - 1
RULE = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR,SA,SU;UNTIL=20991231T235959"
TIMETABLE = Timetable("America/Argentina/ComodRivadavia", date(2026, 11, 3), time(18), time(19), RULE)
DAYS = tuple(OwnOccurrence(ROW - day, ROW, NOW + timedelta(days=day), NOW, 8, 8) for day in range(28))

extremes = pytest.mark.parametrize("extreme", EXTREMES)


@extremes
@pytest.mark.parametrize("is_walk_in", [True, False])
async def test_what_was_understood_fits(extreme: str, *, is_walk_in: bool) -> None:
    offer = Offer(ROW, TIMETABLE, extreme, extreme * 2, is_walk_in, NOW, NOW, True, NOW, 8, 99, NOW, "Europe/Paris")  # noqa: FBT003
    check_limits(hours.offer(offer, "en-US"))


@extremes
async def test_ones_own_hours_fit(extreme: str) -> None:
    own, *more = (
        OwnHours(ROW - place, TIMETABLE, extreme, extreme * 2, is_walk_in=False, coming=DAYS) for place in range(26)
    )
    for rendered in (
        hours.own([own, *more], "en-US"),
        hours.series(own, "en-US"),
        hours.changed(own, "en-US"),
        hours.offered(own, "en-US"),
        hours.occurrence(DAYS[0], "en-US"),
        hours.own([], "en-US"),
    ):
        check_limits(rendered)


@extremes
async def test_a_page_fits(extreme: str) -> None:
    found = [
        ComingHours(ROW - place, LONGEST_ID, (extreme,) * 3, is_walk_in=place > 4, starts_at=NOW, ends_at=NOW, free=0)
        for place in range(10)
    ]
    rendered = hours.page(Page(tuple(found), 1, 3, TIMETABLE.zone), "en-US")
    check_limits(rendered)
    assert rendered.content.count(f"<@{LONGEST_ID}>") == 10
