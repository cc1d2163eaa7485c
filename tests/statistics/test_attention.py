"""What is asked of people: the same figures as by hand, and a kind word where it is too much."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.domain.disclosure import FEW, Amount, Ratio, Share
from bot.domain.statistics import PanelName, StatsPanel
from bot.statistics.panels.attention import ENDS, became
from bot.statistics.record import Happened
from playground.year import Asked, Person, Size, Year, year
from tests.statistics.by_hand import WEEK, asked_in, monday_of, wilson
from tests.statistics.conftest import COMMUNITY, NOW, SMALL, UNTIL, Show, cells_of, rows, shown_over, written

STATES = {"took": "taken", "passed": "passed", "silent": "expired", "off_topic": "off_topic"}


@pytest.mark.parametrize("weeks", [4, 12])
async def test_what_became_of_invitations(drawn: Year, show: Show, weeks: int) -> None:
    shown = rows((await show(PanelName.ATTENTION, weeks)).tables[-1])

    assert set(shown) == {f"invitations.{name}" for name in STATES}
    for column, until in enumerate((UNTIL, UNTIL - weeks * WEEK)):
        asked = [(each, matter.at) for matter in asked_in(drawn, until - WEEK, weeks) for each in matter.asked]
        invited = [each for each, at in asked if each.at - at <= WEEK]
        assert len(invited) < len(asked)
        for name, state in STATES.items():
            some = sum(each.state == state for each in invited)
            cell = shown[f"invitations.{name}"][column]
            assert isinstance(cell, Share)
            assert cell.of == len(invited)
            expected = [some / len(invited), *wilson(some, len(invited))]
            assert [cell.part, cell.low, cell.high] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("weeks", [4, 12])
async def test_invitations_for_each_week_of_a_member(drawn: Year, show: Show, weeks: int) -> None:
    shown = rows((await show(PanelName.ATTENTION, weeks)).tables[0])["member_week"]

    for column, until in enumerate((UNTIL, UNTIL - weeks * WEEK)):
        invited = [each.member_id for matter in asked_in(drawn, until, weeks) for each in matter.asked]
        theirs = [each for each in drawn.people if each.is_helper or each.id in set(invited)]
        member_weeks = sum(weeks_here(each, until, weeks) for each in theirs)
        assert shown[column] == Ratio(round(len(invited) / member_weeks, 1))


def weeks_here(person: Person, until: datetime, weeks: int) -> int:
    begins = max(monday_of(person.joined), until - weeks * WEEK)
    return max(0, (until - begins) // WEEK)


async def test_breaks_are_counted_to_the_nearest_ten(drawn: Year, show: Show) -> None:
    shown = rows((await show(PanelName.ATTENTION)).tables[1])["paused"]

    resting = sum(each.paused_at is not None and (each.paused_until or NOW + WEEK) > NOW for each in drawn.people)
    assert resting % 10
    assert shown == (Amount(round(resting / 10) * 10),)


def keys(panel: StatsPanel) -> list[str]:
    return [each.key for each in panel.sentences]


@pytest.fixture
def ended(tmp_path: Path) -> Callable[[Callable[[int, Asked], str]], Awaitable[StatsPanel]]:
    """Return a function that shows a small year in which a rule says how each invitation ends."""

    async def shown(state: Callable[[int, Asked], str]) -> StatsPanel:
        made = year(COMMUNITY, UNTIL, Size(200, 600, 10))
        questions = tuple(
            replace(each, asked=tuple(decided(each.asked, state, since=each.at))) for each in made.questions
        )
        url = await written(replace(made, questions=questions), tmp_path / "ended.db")
        return await shown_over(url)(PanelName.ATTENTION, 4)

    return shown


def decided(asked: Sequence[Asked], state: Callable[[int, Asked], str], since: datetime) -> Iterable[Asked]:
    for number, each in enumerate(asked):
        yield replace(each, state=state(number, each), at=since + timedelta(hours=1))


Ended = Callable[[Callable[[int, Asked], str]], Awaitable[StatsPanel]]


async def test_above_half_silence_it_says_that_this_is_too_much(ended: Ended) -> None:
    panel = await ended(lambda number, _: "passed" if number == 0 else "expired")

    assert keys(panel) == ["stats.asking_too_much"]


async def test_below_half_silence_all_is_well(ended: Ended) -> None:
    panel = await ended(lambda number, _: "expired" if number == 0 else "passed")

    assert keys(panel) == ["stats.silence"]


async def test_what_few_people_did_is_shown_with_the_rest(ended: Ended) -> None:
    seldom: list[int] = []

    def state(number: int, asked: Asked) -> str:
        if asked.member_id not in seldom and len(seldom) < 3:
            seldom.append(asked.member_id)
        return "off_topic" if asked.member_id in seldom else ("passed", "expired")[number % 2]

    shown = rows((await ended(state)).tables[-1])

    assert "invitations.off_topic" not in shown
    assert "invitations.other" in shown
    told = [cells[0] for cells in shown.values() if isinstance(cells[0], Share)]
    assert sum(each.part for each in told) == pytest.approx(1)


async def test_what_no_one_had_to_decide_does_not_count(ended: Ended) -> None:
    shown = rows((await ended(lambda number, _: "withdrawn" if number else "passed")).tables[-1])

    assert set(shown) == {"invitations.passed"}


@pytest.mark.parametrize("size", SMALL, ids=lambda size: f"{size.people} people, {size.questions} questions")
async def test_of_few_people_nothing_is_said(size: Size, small: Callable[[Size], Awaitable[Show]]) -> None:
    panel = await (await small(size))(PanelName.ATTENTION, 4)

    if size.people < 5:
        assert set(cells_of(panel)) <= {FEW, Amount(0)}
        assert keys(panel) == ["stats.too_few_invited"]


async def test_before_the_bot_came_there_is_nothing(show: Show) -> None:
    panel = await show(PanelName.ATTENTION, 4, datetime(2020, 1, 1, tzinfo=UNTIL.tzinfo))

    assert {cell for table in (panel.tables[0], panel.tables[2]) for row in table.rows for cell in row.cells} <= {FEW}
    assert keys(panel) == ["stats.too_few_invited"]


def happened(*told: tuple[int, str, int, float]) -> Happened:
    request, names, person, at = zip(*told, strict=True)
    return Happened(np.array(request), np.array(names), np.array(person), np.array(at, float))


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        ([(1, "passed", 7, 10)], ["passed", None, None, None]),
        ([(1, "expired", 7, 10), (1, "taken", 7, 60)], ["silent", "took", None, None]),
        ([(1, "expired", 7, 10), (1, "taken", 7, 20)], ["took", None, None, None]),
        ([(1, "passed", 7, 50)], [None, "passed", None, None]),
        ([(2, "passed", 7, 1 + 7 * 86400)], [None, None, None, "passed"]),
        ([(2, "passed", 7, 2 + 7 * 86400)], [None, None, None, None]),
        ([(1, "passed", 8, 10), (1, "off_topic", 8, 11)], [None, None, "off_topic", None]),
        ([(2, "referred", 7, 1)], [None, None, None, "passed"]),
        ([(2, "alternate", 8, 10), (3, "taken", 7, 10), (1, "taken", 7, 4)], [None, None, None, None]),
    ],
    ids=[
        "one",
        "each round",
        "the first counts",
        "at that moment",
        "within a week",
        "after a week",
        "off topic",
        "another request",
        "of others",
    ],
)
def test_what_became_of_one_is_not_what_became_of_another(
    ended: list[tuple[int, str, int, float]], expected: list[str | None]
) -> None:
    """A person may be invited to one request for each round of it."""
    invited = happened((1, "invited", 7, 5), (1, "invited", 7, 50), (1, "invited", 8, 5), (2, "invited", 7, 1))

    places = became(invited, happened(*ended))

    assert [[*ENDS, None][place] for place in places] == expected
