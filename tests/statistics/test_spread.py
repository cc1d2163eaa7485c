"""How many people carry the help: the same figures as by hand, and never who they are."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.disclosure import FEW, FEWEST, Amount, Share
from bot.domain.statistics import PanelName
from playground.year import Matter, Size, Year, year
from tests.statistics.by_hand import WEEK, monday_of, wilson
from tests.statistics.conftest import COMMUNITY, SMALL, UNTIL, Show, cells_of, rows, shown_over, written

Help = tuple[datetime, int, int]
"""When, by whom, and with which question."""


def help_given(drawn: Year, since: datetime, until: datetime) -> list[Help]:
    """Return when each helper of each question first answered, where that was in some time."""
    found: list[Help] = []
    for matter in drawn.questions:
        for helper in {member_id for _, member_id in matter.answers}:
            at = min(at for at, member_id in matter.answers if member_id == helper)
            if since <= at < until:
                found.append((at, helper, matter.id))
    return sorted(found)


def first(moments: list[tuple[datetime, int]]) -> dict[int, datetime]:
    """Return the first moment of each person."""
    return {person: at for at, person in sorted(moments, reverse=True)}


def grouped(moments: Mapping[int, datetime], until: datetime, fewest: int) -> dict[int, datetime]:
    """Return the Monday with which each person is counted: those of a quiet week wait for the next ones.

    What waits for more than five people waits in parts of five or more.
    """
    if fewest > FEWEST:
        moments = grouped(moments, until, FEWEST)
    counted: dict[int, datetime] = {}
    waiting: list[int] = []
    for monday in sorted({monday_of(at) for at in moments.values() if at < until}):
        waiting += [each for each, at in moments.items() if monday_of(at) == monday]
        if len(waiting) >= fewest:
            counted.update(dict.fromkeys(waiting, monday))
            waiting = []
    return counted


def share(begun: Mapping[int, datetime], done: Mapping[int, datetime], until: datetime) -> Share:
    base = grouped(begun, until, 10)
    reached = {each: max(done[each], monday) for each, monday in base.items() if each in done}
    some, everyone = len(grouped(reached, until, 5)), len(base)
    return Share(some / everyone, everyone, *wilson(some, everyone))


@pytest.mark.parametrize("weeks", [4, 12])
async def test_the_shares_of_those_who_came_to_help(drawn: Year, show: Show, weeks: int) -> None:
    shown = rows((await show(PanelName.SPREAD, weeks)).tables[-1])

    given = help_given(drawn, datetime.min.replace(tzinfo=UNTIL.tzinfo), UNTIL)
    asked = first([(each.at, each.asker_id) for each in drawn.questions])
    helped = first([(at, helper) for at, helper, _ in given])
    later = first([(at, helper) for at, helper, _ in given if helper in asked and asked[helper] < at])
    joined = {each.id: each.joined for each in drawn.people}
    for column, until in enumerate((UNTIL, UNTIL - weeks * WEEK)):
        for name, expected in (
            ("ever_helped", share(joined, helped, until)),
            ("askers_helped", share(asked, later, until)),
        ):
            cell = shown[name][column]
            assert isinstance(cell, Share)
            assert cell.of == expected.of
            assert [cell.part, cell.low, cell.high] == pytest.approx(
                [expected.part, expected.low, expected.high], abs=1e-6
            )


@pytest.mark.parametrize("weeks", [4, 12])
async def test_the_fewest_people_who_gave_half_of_the_help(drawn: Year, show: Show, weeks: int) -> None:
    shown = rows((await show(PanelName.SPREAD, weeks)).tables[0])["half_from"]

    for column, until in enumerate((UNTIL, UNTIL - weeks * WEEK)):
        given = Counter(helper for _, helper, _ in help_given(drawn, until - weeks * WEEK, until))
        people = next(
            count for count in range(1, len(given)) if 2 * sum(n for _, n in given.most_common(count)) >= given.total()
        )
        assert shown[column] == Amount(people)


def helped_by(drawn: Year, helpers: int) -> Year:
    """Return a year in which all answers come from so many people, in turn."""
    chosen = [each.id for each in drawn.people][:helpers]

    def answered(number: int, matter: Matter) -> Matter:
        return replace(matter, answers=((matter.at + timedelta(hours=1), chosen[number % helpers]),))

    return replace(drawn, questions=tuple(answered(*each) for each in enumerate(drawn.questions)))


@pytest.mark.parametrize(
    ("helpers", "shown", "said"),
    [(8, FEW, "stats.half_from_few"), (9, Amount(5), "stats.half_from_so_many")],
)
async def test_fewer_than_five_are_not_told_to_the_one(helpers: int, shown: object, said: str, tmp_path: Path) -> None:
    made = helped_by(year(COMMUNITY, UNTIL, Size(80, 360, 10)), helpers)
    panel = await shown_over(await written(made, tmp_path / "few.db"))(PanelName.SPREAD, 4)

    assert rows(panel.tables[0])["half_from"][0] == shown
    assert panel.sentences[0].key == said


async def test_who_leaves_does_not_tell_whether_they_ever_helped(tmp_path: Path) -> None:
    made = year(COMMUNITY, UNTIL, Size(80, 360, 10))
    gone = replace(made.people[0], left=UNTIL - timedelta(days=2))
    panels = [
        await shown_over(await written(each, tmp_path / f"{number}.db"))(PanelName.SPREAD, 4)
        for number, each in enumerate((made, replace(made, people=(gone, *made.people[1:]))))
    ]

    assert panels[0].tables == panels[1].tables


@pytest.mark.parametrize("size", SMALL, ids=lambda size: f"{size.people} people, {size.questions} questions")
async def test_of_few_people_nothing_is_said(size: Size, small: Callable[[Size], Awaitable[Show]]) -> None:
    panel = await (await small(size))(PanelName.SPREAD, 4)

    if size.people < 5:
        assert set(cells_of(panel)) <= {FEW, Amount(0)}


async def test_before_the_bot_came_there_is_nothing(show: Show) -> None:
    panel = await show(PanelName.SPREAD, 4, datetime(2020, 1, 1, tzinfo=UNTIL.tzinfo))

    assert set(cells_of(panel)) == {Amount(0), FEW}
    assert not panel.sentences
