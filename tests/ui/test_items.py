from dataclasses import dataclass
from typing import Any, cast

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui import limits
from bot.ui.items import VERSION, Press, button, custom_ids, fields, select, values, view

KINDS = st.from_regex(r"[a-z]{1,30}", fullmatch=True)
VERBS = st.from_regex(r"[a-z_]{1,30}", fullmatch=True)
ROWS = st.integers(min_value=0, max_value=10**18 - 1)


@dataclass
class Interaction:
    """As much of an interaction as is read here."""

    data: dict[str, Any] | None


def sent(**fields: object) -> discord.Interaction:
    """Return an interaction that carries these fields."""
    return cast("discord.Interaction", Interaction(fields))


@given(kind=KINDS, verb=VERBS, row=ROWS, version=st.integers(min_value=1, max_value=9_999))
def test_a_press_comes_back_as_it_went(kind: str, verb: str, row: int, version: int) -> None:
    press = Press(kind, verb, row, version)

    assert len(str(press)) <= limits.CUSTOM_ID
    assert Press.parse(str(press)) == press


@given(st.text())
def test_any_other_text_is_no_press_or_reads_the_same(custom_id: str) -> None:
    press = Press.parse(custom_id)

    assert press is None or Press.parse(str(press)) == press


@pytest.mark.parametrize(
    "custom_id",
    [
        "", "ask", "ask1", "ask1:send", "ask:send:1", "ask0:send:1", "ask1:send:-1", "ask1:send:1:2", "Ask1:send:1",
        "ask1:send:1\n", " ask1:send:1", "ask1:send:١", "ask1:send:" + "9" * 19, "a" * 90 + "1:send:1234567",
    ],
)  # fmt: skip
def test_what_is_not_ours_is_none(custom_id: str) -> None:
    assert Press.parse(custom_id) is None


def test_a_press_is_of_this_version() -> None:
    assert str(Press("ask", "send")) == f"ask{VERSION}:send:0"


async def test_a_view_is_sent_and_forgotten() -> None:
    shown = view(button(Press("ask", "send", 7), "Ask"), button(Press("ask", "drop", 7), "Drop"))

    assert shown.is_finished()
    assert custom_ids(shown.children) == ["ask1:send:7", "ask1:drop:7"]
    assert custom_ids([discord.ui.Separator()]) == []


@pytest.mark.parametrize(("count", "shown"), [(1, 1), (25, 25), (30, 25)])
def test_a_select_shows_what_fits(count: int, shown: int) -> None:
    options = [discord.SelectOption(label=f"line {number}", value=str(number)) for number in range(count)]

    chosen, emptied = (select(Press("profile", "mute"), "Choose", options, can_be_empty=each) for each in (False, True))

    assert len(chosen.options) == chosen.max_values == shown
    assert (chosen.min_values, emptied.min_values) == (1, 0)


def test_fields_are_read_from_labels() -> None:
    text = {"type": 18, "id": 1, "component": {"type": 4, "custom_id": "question", "value": "Why?"}}
    choice = {"type": 18, "id": 2, "component": {"type": 3, "custom_id": "kind", "values": ["stuck"]}}

    assert fields(sent(components=[text, choice])) == {"question": "Why?", "kind": "stuck"}


def test_fields_are_read_from_rows() -> None:
    row = {"type": 1, "components": [{"type": 4, "custom_id": "question", "value": "Why?"}]}

    assert fields(sent(components=[row])) == {"question": "Why?"}


@pytest.mark.parametrize("left", [{"value": ""}, {"value": None}, {}, {"values": []}])
def test_what_is_left_empty_is_empty(left: dict[str, object]) -> None:
    assert fields(sent(components=[{"type": 18, "component": {"custom_id": "tried", **left}}])) == {"tried": ""}


def test_words_between_fields_are_none() -> None:
    assert fields(sent(components=[{"type": 10, "id": 3}])) == {}
    assert fields(sent()) == {}
    assert fields(cast("discord.Interaction", Interaction(None))) == {}


def test_chosen_rows_are_numbers() -> None:
    assert values(sent(values=["3", "11"])) == [3, 11]
    assert values(sent()) == []
