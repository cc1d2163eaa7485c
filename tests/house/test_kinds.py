"""Every kind of request is complete: what has a table has its kind, its numbers and its look, and is tried."""

import re

import pytest

from bot.domain.lifecycle import Urgency
from bot.domain.policy import DEFAULT
from bot.services.requests.kinds import KINDS, with_kinds
from bot.ui.looks import LOOKS
from models import Request
from tests.house.source import ROOT, imports, python_files, read
from tests.services.errands import SAMPLES


def test_what_has_a_table_is_a_kind_with_a_look_and_a_sample() -> None:
    tables = set(Request.__mapper__.polymorphic_map)
    assert tables == KINDS.keys() == LOOKS.keys() == {each.name for each in SAMPLES}
    assert {name: kind.row for name, kind in KINDS.items()} == {
        name: mapper.class_ for name, mapper in Request.__mapper__.polymorphic_map.items()
    }


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_says_for_every_urgency_whom_it_asks_when(name: str) -> None:
    numbers = with_kinds(DEFAULT).of(name)
    assert numbers.waves.keys() == set(Urgency)
    assert all(waves for waves in numbers.waves.values())


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_does_one_thing_before_the_next(name: str) -> None:
    numbers = with_kinds(DEFAULT).of(name)
    assert numbers.nudged_after < numbers.claimed_for, "a reminder comes while there is something to do"
    assert numbers.choices_after < numbers.archived_after, "an asker may choose before it is put away"
    assert numbers.listed_after <= numbers.moderators_after, "moderators see what everyone else didn't take"


def test_one_place_hands_the_policy_to_everyone() -> None:
    files = python_files("bot", "cogs")
    named = [file for file in files if "bot.domain.policy.DEFAULT" in imports(file)]
    assert named == [ROOT / "bot/app.py"], "with a second default another policy is half applied"
    assert [file for file in files if re.search(r"policy\.DEFAULT|: Policy = ", read(str(file)))] == []
