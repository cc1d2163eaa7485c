"""Acting on what is due: a handful at a time, and one by one where a handful breaks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot import faults
from bot.errors import Conflict, Unavailable
from bot.services.sweeping import in_turn

HERE, THERE = 1, 2


@dataclass
class Acts:
    """Acts on rows but for those that are broken, which break all that they are part of."""

    broken: dict[int, Exception] = field(default_factory=dict)
    tried: list[tuple[int, list[int]]] = field(default_factory=list)
    done: list[int] = field(default_factory=list)

    async def act(self, guild_id: int, rows: Sequence[int]) -> int:
        self.tried.append((guild_id, list(rows)))
        for row in rows:
            if row in self.broken:
                raise self.broken[row]
        self.done += rows
        return len(rows)


def pairs(guild_id: int, *rows: int) -> list[tuple[int, int]]:
    return [(guild_id, row) for row in rows]


def noted() -> list[int]:
    return [each.row_id for each in faults.known()]


async def test_rows_of_one_community_are_acted_on_together_up_to_a_handful() -> None:
    acts = Acts()
    due = [*pairs(HERE, 1, 2, 3), *pairs(THERE, 4)]
    assert await in_turn("slot", due, acts.act, 2) == [2, 1, 1]
    assert acts.tried == [(HERE, [1, 2]), (HERE, [3]), (THERE, [4])]


async def test_one_that_breaks_a_handful_stops_no_other_and_is_alone_from_then_on() -> None:
    acts = Acts({2: LookupError()})
    due = [*pairs(HERE, 1, 2, 3), *pairs(THERE, 4)]
    assert sum(await in_turn("slot", due, acts.act, 9)) == 3
    assert (acts.done, noted()) == ([1, 3, 4], [2])
    acts.tried.clear()
    await in_turn("slot", due, acts.act, 9)
    assert acts.tried == [(HERE, [1, 3]), (HERE, [2]), (THERE, [4])]


async def test_one_that_is_fine_again_is_forgotten() -> None:
    acts = Acts({2: LookupError()})
    await in_turn("slot", pairs(HERE, 2), acts.act)
    acts.broken.clear()
    assert await in_turn("slot", pairs(HERE, 2), acts.act) == [1]
    assert not faults.known()


async def test_rows_of_other_tables_with_the_same_number_are_others() -> None:
    await in_turn("slot", pairs(HERE, 2), Acts({2: LookupError()}).act)
    acts = Acts()
    await in_turn("booking", pairs(HERE, 1, 2), acts.act, 9)
    assert acts.tried == [(HERE, [1, 2])]


async def test_whoever_meets_somebody_else_s_change_tries_again_once() -> None:
    acts = Acts({1: Conflict("error.conflict")})
    assert await in_turn("slot", pairs(HERE, 1), acts.act) == []
    assert (acts.tried, noted()) == ([(HERE, [1])] * 2, [1])


async def test_a_database_that_is_out_of_reach_is_no_row_s_fault() -> None:
    acts = Acts({1: Unavailable("error.database")})
    with pytest.raises(Unavailable):
        await in_turn("slot", pairs(HERE, 1, 2), acts.act, 9)
    assert not faults.known()


async def test_what_comes_of_one_cause_is_kept_in_mind_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "MOST", 3)
    await in_turn("slot", pairs(HERE, *range(9)), Acts(dict.fromkeys(range(9), LookupError())).act)
    assert noted() == [0, 1, 2]
