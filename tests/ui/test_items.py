from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Invalid
from bot.ui import limits
from bot.ui.items import MOST, VERSION, Press, button, custom_ids, fields, option, select, value, values, view

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
    assert values(sent(values=[])) == []
    assert value(sent(values=["-3"])) == -3
    assert option(sent(values=["3"]), 4) == 3


FORGED = [
    None, "12", {"1": 1}, ["x"], [""], ["1", "y"], ["1.0"], ["١"], [" 1"], [1], [None], [["1"]], ["9" * 19],
    [str(2**80)], [str(-(2**80))],
]  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("read", [values, value, lambda interaction: option(interaction, 4)])
def test_what_no_select_of_ours_offers_is_no_choice(read: Callable[..., object], forged: object) -> None:
    with pytest.raises(Invalid, match=r"error\.choice"):
        read(sent(values=forged))
    with pytest.raises(Invalid, match=r"error\.choice"):
        read(sent())


@pytest.mark.parametrize("forged", [[], ["1", "2"]])
def test_one_is_neither_none_nor_two(forged: list[str]) -> None:
    with pytest.raises(Invalid, match=r"error\.choice"):
        value(sent(values=forged))


@pytest.mark.parametrize("forged", ["4", "-1"])
def test_an_option_is_one_of_those_shown(forged: str) -> None:
    with pytest.raises(Invalid, match=r"error\.choice"):
        option(sent(values=[forged]), 4)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["component", "components", "custom_id", "value", "values"]), inner)
    ),
    max_leaves=12,
)


@given(components=ANYTHING)
def test_whatever_a_form_brings_it_is_texts_by_name(components: object) -> None:
    found = fields(sent(components=components))
    assert all(isinstance(each, str) for pair in found.items() for each in pair)


@given(chosen=ANYTHING)
def test_whatever_a_select_brings_it_is_numbers_or_no_choice(chosen: object) -> None:
    with suppress(Invalid):
        assert all(abs(each) <= MOST for each in values(sent(values=chosen)))
