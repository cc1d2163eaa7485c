"""From a press to the method that answers it, wherever the message came from and however old it is."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import discord
import structlog
from discord.ext import commands

from bot.errors import NotFound
from bot.ui import boundary
from bot.ui.items import VERSION, Press, payload
from bot.ui.render import Rendered

log = structlog.get_logger(__name__)

Handler = Callable[[discord.Interaction, int], Awaitable[None]]
"""Answers a press; gets the row id of its custom_id."""

_Method = TypeVar("_Method", bound=Callable[..., Awaitable[None]])
_MARK = "__press__"


def on(kind: str, verb: str) -> Callable[[_Method], _Method]:
    """Mark a door's method as the answer to a button, a select or a form."""

    def mark(method: _Method) -> _Method:
        setattr(method, _MARK, (*getattr(method, _MARK, ()), (kind, verb)))
        return method

    return mark


async def show(interaction: discord.Interaction, rendered: Rendered) -> None:
    """Show something to whoever pressed, and to nobody else; the press was deferred before."""
    await interaction.followup.send(
        rendered.content,
        view=rendered.view or discord.utils.MISSING,
        file=rendered.file or discord.utils.MISSING,
        ephemeral=True,
        allowed_mentions=rendered.allowed_mentions,
    )


async def settle(
    interaction: discord.Interaction, text: str, *, keep_buttons: bool = False, view: discord.ui.View | None = None
) -> None:
    """Say privately what a button led to, and take the buttons off its message: they have done their work.

    The press was deferred without a new message before. A message that can't be changed any more is left as it is:
    what the press meant is kept already, and pressing again does no harm.
    """
    if not keep_buttons:
        with suppress(discord.HTTPException):
            await interaction.edit_original_response(view=None)
    await interaction.followup.send(text, view=view or discord.utils.MISSING, ephemeral=True)


async def replace(interaction: discord.Interaction, rendered: Rendered) -> None:
    """Show something in the place of a message whose buttons have done their work; it was deferred before."""
    with suppress(discord.HTTPException):
        await interaction.edit_original_response(view=None)
    await show(interaction, rendered)


class Presses:
    """The presses this process can answer."""

    def __init__(self) -> None:
        """Begin with none; doors add theirs."""
        self._handlers: dict[tuple[str, str], Handler] = {}

    def __contains__(self, press: tuple[str, str]) -> bool:
        """Tell whether a kind and verb have an answer."""
        return press in self._handlers

    def add(self, press: tuple[str, str], handler: Handler) -> None:
        """Answer this kind and verb with `handler`.

        Raises:
            ValueError: something answers it already.
        """
        if press in self._handlers:
            msg = f"{press} has an answer already"
            raise ValueError(msg)
        self._handlers[press] = handler

    def remove(self, press: tuple[str, str]) -> None:
        """Answer it no longer."""
        del self._handlers[press]

    async def dispatch(self, interaction: discord.Interaction) -> None:
        """Answer a press of ours; whatever goes wrong becomes a sentence, and nothing is raised."""
        press = Press.parse(str(payload(interaction).get("custom_id", "")))
        if press is None:
            return
        try:
            await self._handler(press)(interaction, press.row)
        except Exception as error:  # noqa: BLE001 - the one boundary of all presses
            await boundary.answer(interaction, error)

    def _handler(self, press: Press) -> Handler:
        handler = self._handlers.get((press.kind, press.verb))
        if handler is None or press.version != VERSION:
            raise NotFound("error.unknown_press")
        return handler


class Door(commands.Cog):
    """A cog whose marked methods answer presses while it is loaded."""

    def __init__(self, presses: Presses) -> None:
        """Take the presses of the client this door is loaded into."""
        self._presses = presses

    async def cog_load(self) -> None:
        """Begin to answer."""
        for press, handler in self._marked():
            self._presses.add(press, handler)

    async def cog_unload(self) -> None:
        """Answer no longer."""
        for press, _ in self._marked():
            self._presses.remove(press)

    def _marked(self) -> list[tuple[tuple[str, str], Handler]]:
        methods = (getattr(self, name) for name in dir(type(self)) if not name.startswith("__"))
        return [(press, method) for method in methods for press in getattr(method, _MARK, ())]
