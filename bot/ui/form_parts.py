"""The parts of which forms are made."""

from collections.abc import Container, Mapping
from enum import StrEnum
from typing import TypeVar

import discord

from bot.errors import Invalid
from bot.ui.items import Press

PARAGRAPH, SHORT = discord.TextStyle.paragraph, discord.TextStyle.short

Choice = TypeVar("Choice", bound=StrEnum)
Option = TypeVar("Option", bound=str)
Value = TypeVar("Value")


def chosen_in(filled: Mapping[str, str], name: str, default: Choice) -> Choice:
    """Return what was chosen in a field; what isn't there is the default.

    Raises:
        Invalid: a choice that isn't in the form, as no client sends.
    """
    try:
        return type(default)(filled.get(name) or default)
    except ValueError:
        raise Invalid("error.choice") from None


def form(title: str, press: Press, *labels: discord.ui.Label[discord.ui.Modal]) -> discord.ui.Modal:
    """Return a form whose answer comes back by its custom_id, also after a restart."""
    modal = discord.ui.Modal(title=title, custom_id=str(press))
    for each in labels:
        modal.add_item(each)
    # A stopped form is sent and forgotten: its answer comes back by its custom_id, also after a restart.
    modal.stop()
    return modal


def labelled(
    words: str, component: discord.ui.Item[discord.ui.Modal], description: str | None = None
) -> discord.ui.Label[discord.ui.Modal]:
    """Return a field with what it is called."""
    return discord.ui.Label(text=words, description=description, component=component)


def text_input(
    name: str, placeholder: str, value: str | None, longest: int, style: discord.TextStyle
) -> discord.ui.TextInput[discord.ui.Modal]:
    """Return a text that may stay empty."""
    return discord.ui.TextInput(
        custom_id=name,
        style=style,
        placeholder=placeholder or None,
        default=value or None,
        required=False,
        max_length=longest,
    )


def least(filled: str, shortest: int) -> int | None:
    """Return how short a text may be whose field is filled beforehand: what stands there is never too short for it.

    A text that stays so is refused once it is sent, with what it lacks.
    """
    return shortest if len(filled) >= shortest or not filled else None


def choice(name: str, labels: Mapping[Option, str], marked: Option) -> discord.ui.Select[discord.ui.Modal]:
    """Return a choice of exactly one."""
    return discord.ui.Select(custom_id=name, options=options(labels, {marked}))


def options(labels: Mapping[Value, str], marked: Container[Value]) -> list[discord.SelectOption]:
    """Return what can be chosen, with what is chosen already."""
    return [
        discord.SelectOption(label=each, value=str(value), default=value in marked) for value, each in labels.items()
    ]
