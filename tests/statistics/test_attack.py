"""A moderator keeps everything that the panels ever said, and subtracts: no small group, and no person, comes out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.domain.disclosure import FEWEST, FEWEST_OF_SHARE, Amount, Crowd, Share
from bot.domain.statistics import PanelName
from bot.domain.windows import Weeks, counted_with, last_weeks, week_of
from playground.year import Size, Year, year
from tests.statistics.by_hand import WEEK, first_answer
from tests.statistics.conftest import COMMUNITY, UNTIL, rows, shown_over, written

MONDAYS = [UNTIL - number * WEEK for number in range(9)]
SIZES = [Size(9, 60, 26), Size(14, 90, 26), Size(25, 70, 26), Size(40, 300, 26), Size(60, 120, 26)]
Told = dict[str, list[tuple[frozenset[int], float]]]
"""Of each thing: over which weeks a sum was told, and how much it was."""


def happened(drawn: Year) -> dict[str, dict[int, list[int]]]:
    """Return whose questions each thing happened to, by the week in which it is counted."""
    found: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for each in drawn.questions:
        asked, answer = week_of(each.at), first_answer(each, UNTIL)
        found["asked"][asked].append(each.asker_id)
        if answer is not None:
            found["answered"][week_of(answer)].append(each.asker_id)
            if answer - each.at <= WEEK:
                found["in_a_week"][asked].append(each.asker_id)
            if answer - each.at <= WEEK / 7:
                found["in_a_day"][asked].append(each.asker_id)
        if each.outcome is not None and each.outcome[1] == "helped":
            found["helped"][week_of(each.outcome[0])].append(each.asker_id)
    return found


def counted(asked: dict[int, list[int]], weeks: Weeks, fewest: int) -> frozenset[int]:
    """Return the weeks that are counted in some weeks."""
    crowds = {week: Crowd.of(people) for week, people in asked.items()}
    found = counted_with(crowds, weeks.first + weeks.count - 1, fewest)
    return frozenset(week for week, last in found.items() if last in weeks)


async def all_told(drawn: Year, path: Path) -> Told:
    """Return every sum that was ever told, of each of so many Mondays, for both lengths."""
    show, asked = shown_over(await written(drawn, path)), happened(drawn)["asked"]
    told: Told = defaultdict(list)
    for monday in MONDAYS:
        for length in (4, 12):
            weeks = last_weeks(monday, length)
            for column, each in enumerate((weeks, weeks.before)):
                (overview,) = (await show(PanelName.OVERVIEW, length, monday)).tables
                said = rows(overview)
                tell(told, "asked", counted(asked, each, FEWEST), said["asked"][column])
                followed = counted(asked, each.earlier(1), FEWEST_OF_SHARE)
                for name in ("in_a_day", "in_a_week"):
                    tell(told, name, followed, said[name][column])
            (flow,) = (await show(PanelName.FLOW, length, monday)).tables
            previous: int | None = None
            for row in flow.rows:
                last = next(week for week in range(weeks.first, weeks.first + length) if named(week) == row.label)
                if previous is not None:
                    covered = frozenset(range(previous + 1, last + 1))
                    for name, cell in zip(("asked", "answered", "helped"), row.cells, strict=True):
                        tell(told, name, covered, cell)
                previous = last
    return told


def named(week: int) -> str:
    return f"{UNTIL - (week_of(UNTIL) - week) * WEEK:%d %b}"


def tell(told: Told, name: str, weeks: frozenset[int], cell: object) -> None:
    """Keep what a cell says."""
    if isinstance(cell, Amount):
        told[name].append((weeks, cell.count))
    elif isinstance(cell, Share):
        told["asked"].append((weeks, cell.of))
        told[name].append((weeks, round(cell.part * cell.of)))


def pinned(sums: Iterable[frozenset[int]], weeks: range) -> Iterator[range]:
    """Return the stretches of weeks whose sum follows from these sums: those in the space that they span."""
    table = np.array([[float(week in each) for week in weeks] for each in sums] or [[0.0] * len(weeks)])
    _, sizes, basis = np.linalg.svd(table, full_matrices=False)
    basis = basis[sizes > 1e-9]
    for first in weeks:
        for last in range(first, weeks[-1] + 1):
            wanted = np.array([float(first <= week <= last) for week in weeks])
            if np.allclose(basis.T @ (basis @ wanted), wanted, atol=1e-6):
                yield range(first, last + 1)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.people} people, {size.questions} questions")
async def test_nothing_small_can_be_computed_back(size: Size, tmp_path: Path) -> None:
    drawn = year(COMMUNITY, UNTIL, size)
    truth, told = happened(drawn), await all_told(drawn, tmp_path / "small.db")

    weeks = range(week_of(UNTIL - size.weeks * WEEK), week_of(UNTIL))
    for name, sums in told.items():
        for covered, count in sums:
            assert count == sum(len(truth[name][week]) for week in covered), "the attack knows what was counted"
        fewest = FEWEST_OF_SHARE if name.startswith("in_a") else FEWEST
        asked = truth["asked"] if name.startswith("in_a") else truth[name]
        for stretch in pinned([covered for covered, _ in sums], weeks):
            crowd = Crowd.of(person for week in stretch for person in asked[week])
            assert not crowd.people or crowd.hides(fewest), (name, stretch)


def test_the_attack_finds_what_a_careless_table_gives_away() -> None:
    careless = [frozenset({1, 2, 3, 4}), frozenset({2, 3, 4}), frozenset({6})]

    assert {(each[0], each[-1]) for each in pinned(careless, range(1, 8))} == {(1, 4), (2, 4), (1, 1), (6, 6)}
