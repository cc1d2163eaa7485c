"""Buttons, selects and forms that outlive restarts: their custom_ids say what a press means.

The grammar is `<kind><version>:<verb>:<row id>`. A press carries ids and verbs only; the truth is read from the tables
when it happens. Views are stopped before they are sent, so discord.py keeps none of them: every press, also of a
message older than this process, takes the one way through `bot.ui.doors`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import discord

from bot.errors import Invalid
from bot.ui import limits

VERSION = 1
"""Raised when the meaning of a row id changes; older buttons then get a sentence."""

MOST = 2**63 - 1
"""The largest number that an id of Discord's or a row's can be."""

_NUMBER = re.compile(r"-?[0-9]{1,19}")
_GRAMMAR = re.compile(r"(?P<kind>[a-z]+)(?P<version>[1-9][0-9]{0,3}):(?P<verb>[a-z_]+):(?P<row>[0-9]{1,18})")

Item = discord.ui.Item[discord.ui.View]


@dataclass(frozen=True, slots=True)
class Press:
    """What a custom_id says."""

    kind: str
    verb: str
    row: int = 0
    version: int = VERSION

    def __str__(self) -> str:
        """Return the custom_id."""
        return f"{self.kind}{self.version}:{self.verb}:{self.row}"

    @classmethod
    def parse(cls, custom_id: str) -> "Press | None":
        """Read a custom_id; None where it isn't one of ours."""
        match = _GRAMMAR.fullmatch(custom_id) if len(custom_id) <= limits.CUSTOM_ID else None
        if match is None:
            return None
        return cls(match["kind"], match["verb"], int(match["row"]), int(match["version"]))


def button(
    press: Press, label: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary
) -> discord.ui.Button[discord.ui.View]:
    """Return a button."""
    return discord.ui.Button(custom_id=str(press), label=label, style=style)


def select(
    press: Press, placeholder: str, options: list[discord.SelectOption], *, can_be_empty: bool = False
) -> discord.ui.Select[discord.ui.View]:
    """Return a select of any number of the first 25 options."""
    shown = options[: limits.SELECT_OPTIONS]
    return discord.ui.Select(
        custom_id=str(press),
        placeholder=placeholder,
        options=shown,
        min_values=0 if can_be_empty else 1,
        max_values=len(shown),
    )


def pick(press: Press, placeholder: str, options: list[discord.SelectOption]) -> discord.ui.Select[discord.ui.View]:
    """Return a select of exactly one of the first 25 options."""
    return discord.ui.Select(custom_id=str(press), placeholder=placeholder, options=options[: limits.SELECT_OPTIONS])


def pick_person(press: Press, placeholder: str) -> discord.ui.UserSelect[discord.ui.View]:
    """Return a select of exactly one person."""
    return discord.ui.UserSelect(custom_id=str(press), placeholder=placeholder)


def view(*items: Item) -> discord.ui.View:
    """Return a view that discord.py sends and forgets; needs a running event loop."""
    shown = discord.ui.View(timeout=None)
    for item in items:
        shown.add_item(item)
    shown.stop()
    return shown


def fields(interaction: discord.Interaction) -> dict[str, str]:
    """Return what was filled into a form by the fields' names; a choice gives its value, nothing gives ""."""
    return {str(each["custom_id"]): _value(each) for each in _leaves(payload(interaction).get("components", ()))}


def choices(interaction: discord.Interaction, name: str) -> list[str]:
    """Return all that was chosen in a form's field that takes more than one."""
    for each in _leaves(payload(interaction).get("components", ())):
        if each["custom_id"] == name and isinstance(each.get("values"), list):
            return list(map(str, each["values"]))
    return []


def values(interaction: discord.Interaction) -> list[int]:
    """Return the row ids, or people's ids, chosen in a select.

    Raises:
        Invalid: it chooses nothing that a select of ours could offer.
    """
    chosen = payload(interaction).get("values")
    if not isinstance(chosen, list) or not all(isinstance(each, str) and _NUMBER.fullmatch(each) for each in chosen):
        raise Invalid("error.choice")
    numbers = [int(each) for each in chosen]
    if any(abs(each) > MOST for each in numbers):
        raise Invalid("error.choice")
    return numbers


def value(interaction: discord.Interaction) -> int:
    """Return the one number chosen in a select that takes one.

    Raises:
        Invalid: it chooses nothing, or more than one.
    """
    match values(interaction):
        case [chosen]:
            return chosen
    raise Invalid("error.choice")


def option(interaction: discord.Interaction, count: int) -> int:
    """Return which of so many options was chosen, from 0.

    Raises:
        Invalid: none of them.
    """
    if (chosen := value(interaction)) not in range(count):
        raise Invalid("error.choice")
    return chosen


def payload(interaction: discord.Interaction) -> Mapping[str, Any]:
    """Return what Discord sent with a press: its custom_id, and what was chosen or filled in."""
    return cast("Mapping[str, Any]", interaction.data or {})


def custom_ids(components: Iterable[object]) -> list[str]:
    """Return the custom_ids of a message's buttons and selects, in order."""
    found: list[str] = []
    for each in components:
        if custom_id := getattr(each, "custom_id", None):
            found.append(custom_id)
        found += custom_ids(getattr(each, "children", ()))
    return found


def _leaves(components: object) -> Iterable[Mapping[str, Any]]:
    for each in components if isinstance(components, list) else ():
        if not isinstance(each, dict):
            continue
        inner = each.get("components") or ([each["component"]] if "component" in each else [])
        if inner:
            yield from _leaves(inner)
        elif "custom_id" in each:
            yield each


def _value(component: Mapping[str, Any]) -> str:
    chosen = component.get("values")
    if isinstance(chosen, list):
        return str(chosen[0]) if chosen else ""
    return str(component.get("value") or "")
