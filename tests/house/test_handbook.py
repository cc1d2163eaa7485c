"""The organisers' handbook says what is built: rows of `/stats`, options of `/setup`, and the hours of waiting."""

import re

import pytest

from bot.domain.attention import BUDGET, Rate
from bot.domain.policy import DEFAULT
from bot.texts import say
from tests.house.commands import commands
from tests.house.source import read

BOOK = read("docs/HANDBOOK.md")


@pytest.mark.parametrize("row", ["asked", "in_a_day", "in_a_week", "half", "waiting"])
def test_each_row_of_the_statistics_is_explained(row: str) -> None:
    assert f"\n| {say(f'stats.{row}')} | " in BOOK


def test_each_named_command_exists() -> None:
    known = {command.name for command in commands()}
    assert set(re.findall(r"`/([a-z-]+)(?: \w+:)?`", BOOK)) <= known


def test_what_happens_by_itself_happens_then() -> None:
    hours, days = DEFAULT.choices_after.total_seconds() / 3600, DEFAULT.archived_after.days
    assert re.search(rf"^\| {hours:.0f} hours \| the asker can rephrase it", BOOK, re.MULTILINE)
    assert re.search(rf"^\| {days} days \| it is put away", BOOK, re.MULTILINE)


def test_the_usual_budget_is_the_one_that_is_built() -> None:
    assert BUDGET[Rate.ONE_A_DAY] == (1, 3)
    assert "once a day and three times a week" in BOOK
