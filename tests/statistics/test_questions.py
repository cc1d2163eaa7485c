"""Overview, flow, waits and funnel: the same figures as by hand."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot.domain.disclosure import FEW, Amount, Few, Length, Ratio, Share
from bot.domain.statistics import PanelName
from playground.year import Matter, Size, Year
from tests.statistics import by_hand
from tests.statistics.by_hand import WEEK, asked_in, count, first_answer, kaplan_meier, wilson
from tests.statistics.conftest import SMALL, UNTIL, Show, cells_of, rows

DAY = timedelta(days=1)
PANELS = [PanelName.OVERVIEW, PanelName.FLOW, PanelName.WAITS, PanelName.FUNNEL]


def share(matters: list[Matter], is_counted: Callable[[Matter], object]) -> Share:
    some = count(matters, is_counted)
    return Share(some / len(matters), len(matters), *wilson(some, len(matters)))


def close(found: object, expected: Share) -> bool:
    assert isinstance(found, Share)
    assert found.of == expected.of
    return [found.part, found.low, found.high] == pytest.approx([expected.part, expected.low, expected.high], abs=1e-6)


@pytest.mark.parametrize("weeks", [4, 12])
async def test_the_overview(drawn: Year, show: Show, weeks: int) -> None:
    (table,) = (await show(PanelName.OVERVIEW, weeks)).tables

    shown = rows(table)
    for column, until in enumerate((UNTIL, UNTIL - weeks * WEEK)):
        followed = asked_in(drawn, until - WEEK, weeks)
        assert shown["asked"][column] == Amount(len(asked_in(drawn, until, weeks)))
        for name, length in (("in_a_day", DAY), ("in_a_week", WEEK)):
            expected = share(followed, lambda each: answered_within(each, length, until))  # noqa: B023
            assert close(shown[name][column], expected)
        waiting = share(followed, lambda each: not answered_within(each, WEEK, until))  # noqa: B023
        assert close(shown["waiting"][column], waiting)
        assert_length(shown["half"][column], asked_in(drawn, until, weeks), until, 0.5)


def answered_within(matter: Matter, length: timedelta, until: datetime) -> bool:
    answer = first_answer(matter, until)
    return answer is not None and answer - matter.at <= length


def assert_length(found: object, matters: list[Matter], until: datetime, part: float) -> None:
    assert isinstance(found, Length)
    expected = by_hand.reached(kaplan_meier(by_hand.waits(matters, until)), part)
    assert [found.seconds, found.low, found.high] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("weeks", [4, 12])
async def test_the_flow(drawn: Year, show: Show, weeks: int) -> None:
    (table,) = (await show(PanelName.FLOW, weeks)).tables

    assert len(table.rows) == weeks
    for number, row in enumerate(table.rows):
        until = UNTIL - (weeks - 1 - number) * WEEK
        asked = count(drawn.questions, lambda each: until - WEEK <= each.at < until)  # noqa: B023
        answered = count(drawn.questions, lambda each: until - WEEK <= (first_answer(each, UNTIL) or UNTIL) < until)  # noqa: B023
        helped = count(drawn.questions, lambda each: until - WEEK <= said_helped(each) < until)  # noqa: B023
        assert row.label == f"{until - WEEK:%d %b}"
        assert row.cells == (Amount(asked), Amount(answered), Amount(helped))


def said_helped(matter: Matter) -> datetime:
    return matter.outcome[0] if matter.outcome and matter.outcome[1] == "helped" else UNTIL


@pytest.mark.parametrize("weeks", [4, 12])
async def test_the_waits(drawn: Year, show: Show, weeks: int) -> None:
    summary, urgencies, curve = (await show(PanelName.WAITS, weeks)).tables

    for column, until in enumerate((UNTIL, UNTIL - weeks * WEEK)):
        asked = asked_in(drawn, until, weeks)
        expected = kaplan_meier(by_hand.waits(asked, until))
        assert_length(rows(summary)["half"][column], asked, until, 0.5)
        assert_length(rows(summary)["four_fifths"][column], asked, until, 0.8)
        for label, cells in rows(curve).items():
            hours = float(label.removeprefix("hours."))
            waiting, low, high = by_hand.after(expected, hours * 3600)
            assert close(cells[column], Share(1 - waiting, len(asked), 1 - high, 1 - low))
    assert set(rows(urgencies)) == {"urgency.today", "urgency.this_week", "urgency.whenever"}


async def test_the_waits_by_urgency_are_those_of_a_block(drawn: Year, show: Show) -> None:
    panel = await show(PanelName.WAITS)
    end = by_hand.monday_of(datetime.fromisoformat("1970-01-05T00:00+00:00"))
    blocks = (UNTIL - end) // (12 * WEEK)
    until = end + blocks * 12 * WEEK

    for label, cells in rows(panel.tables[1]).items():
        asked = [each for each in asked_in(drawn, until, 12) if label == f"urgency.{each.urgency}"]
        assert_length(cells[0], asked, until, 0.5)


@pytest.mark.parametrize("weeks", [4, 12])
async def test_the_funnel(drawn: Year, show: Show, weeks: int) -> None:
    tables = (await show(PanelName.FUNNEL, weeks)).tables
    shown = {name: cells for table in tables for name, cells in rows(table).items()}

    for column, until in enumerate((UNTIL, UNTIL - weeks * WEEK)):
        asked = asked_in(drawn, until - 2 * WEEK, weeks)
        reached = {
            "routed": share(asked, lambda each: each.asked),
            "invited": share(asked, lambda each: each.asked),
            "taken": share(asked, lambda each: each.taken and each.taken - each.at <= 2 * WEEK),
            "answered": share(asked, lambda each: answered_within(each, 2 * WEEK, UNTIL)),
            "helped": share(asked, lambda each: said_helped(each) - each.at <= 2 * WEEK and said_helped(each) < UNTIL),
        }
        for stage, expected in reached.items():
            assert close(shown[stage][column], expected), stage
        spent, answered = shown["spent"][column], count(asked, lambda each: answered_within(each, 2 * WEEK, UNTIL))
        assert isinstance(spent, Ratio)
        assert spent.value == pytest.approx(sum(len(each.asked) for each in asked) / answered)


@pytest.mark.parametrize("size", SMALL, ids=lambda size: f"{size.people} people, {size.questions} questions")
@pytest.mark.parametrize("name", PANELS)
async def test_of_few_people_nothing_is_said(
    name: PanelName, size: Size, small: Callable[[Size], Awaitable[Show]]
) -> None:
    panel = await (await small(size))(name, 4)

    if size.people < 5:
        assert {cell for cell in cells_of(panel) if cell != Amount(0)} <= {FEW}
    if size.people < 5 and size.questions > 30 and name is PanelName.OVERVIEW:
        assert rows(panel.tables[0])["asked"] == (FEW, FEW), "something was asked"


@pytest.mark.parametrize("name", PANELS)
async def test_before_the_bot_came_there_is_nothing(name: PanelName, show: Show) -> None:
    panel = await show(name, 4, datetime(2020, 1, 1, tzinfo=UNTIL.tzinfo))

    assert set(cells_of(panel)) <= {Amount(0), Few()}
