"""From a press to the method that answers it, from any message of any age."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import discord
import structlog
from discord.ext import commands

from bot.domain.rows import Row
from bot.errors import NotAllowed, NotFound
from bot.ui import boundary
from bot.ui.answering import NotShown, insist
from bot.ui.items import VERSION, Press, payload, values
from bot.ui.render import Rendered

log = structlog.get_logger(__name__)

Handler = Callable[[discord.Interaction, int], Awaitable[None]]
"""Answers a press; gets the row id of its custom_id."""

Admit = Callable[[Sequence[tuple[Row, int]], int | None, int], Awaitable[None]]
"""Lets a user in who pressed something about rows, in a community or (None) in direct messages, or refuses."""

_Method = TypeVar("_Method", bound=Callable[..., Awaitable[None]])
_MARK = "__press__"
NOTHING = discord.Permissions.none()
MODERATOR = discord.Permissions(manage_messages=True)
"""What a person needs who decides about others."""
THREADS = discord.Permissions(manage_threads=True)
"""What a person needs who closes another's question."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """What a kind and verb lead to: which rows their numbers stand for, and what a person needs to be let in."""

    kind: str
    verb: str
    row: Row | None
    """What the number in the custom_id stands for; 0 always stands for nothing."""
    chosen: Row | None = None
    """What the values of a select stand for."""
    needs: discord.Permissions = NOTHING
    """The permissions without which a person isn't let in: moderators' verbs have some."""

    def rows(self, press: Press, interaction: discord.Interaction) -> Iterator[tuple[Row, int]]:
        """Return the rows that a press is about."""
        if self.row is not None and press.row:
            yield self.row, press.row
        if self.chosen is not None:
            for value in values(interaction):
                yield self.chosen, value


def on(
    kind: str, verb: str, row: Row | None, *, chosen: Row | None = None, needs: discord.Permissions = NOTHING
) -> Callable[[_Method], _Method]:
    """Mark a door's method as the answer to a button, a select or a form, and say who may use it where."""

    def mark(method: _Method) -> _Method:
        setattr(method, _MARK, (*getattr(method, _MARK, ()), Entrance(kind, verb, row, chosen, needs)))
        return method

    return mark


async def show(interaction: discord.Interaction, rendered: Rendered) -> None:
    """Show something to the person who pressed, and to no one else; the press was deferred before."""
    await interaction.followup.send(
        rendered.content,
        embed=rendered.embed or discord.utils.MISSING,
        view=rendered.view or discord.utils.MISSING,
        file=rendered.file or discord.utils.MISSING,
        ephemeral=True,
        allowed_mentions=rendered.allowed_mentions,
    )


async def settle(
    interaction: discord.Interaction,
    text: str,
    *,
    keep_buttons: bool = False,
    view: discord.ui.View | None = None,
    content: str | None = None,
) -> None:
    """Say privately what a button led to, and take the buttons off its message: they have done their work.

    Words of that message that aren't so any more give way to `content`.

    The press was deferred without a new message before. A message that can't be changed any more is left as it is:
    what the press meant is kept already, and pressing again does no harm.
    """
    if not keep_buttons:
        with suppress(NotShown):
            await interaction.edit_original_response(content=content or discord.utils.MISSING, view=None)
    await interaction.followup.send(text, view=view or discord.utils.MISSING, ephemeral=True)


async def replace(interaction: discord.Interaction, rendered: Rendered) -> None:
    """Show something in the place of a message whose buttons have done their work; it was deferred before."""
    with suppress(NotShown):
        await interaction.edit_original_response(view=None)
    await show(interaction, rendered)


async def update(interaction: discord.Interaction, rendered: Rendered) -> None:
    """Show something in the message that was pressed, or promised; only this person sees it. It was deferred before."""
    await interaction.edit_original_response(
        content=rendered.content,
        embed=rendered.embed,
        view=rendered.view,
        attachments=[file] if (file := rendered.file) else [],
        allowed_mentions=rendered.allowed_mentions,
    )


async def turn_page(interaction: discord.Interaction) -> None:
    """Acknowledge a press, or a form, that leads to the next page of something private."""
    if _is_on_page(interaction):
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


async def show_page(interaction: discord.Interaction, rendered: Rendered) -> None:
    """Show a page in the place of the one it comes from; what stands where others read it stays as it is.

    It was acknowledged by `turn_page` before.
    """
    if _is_on_page(interaction):
        await replace_page(interaction, rendered)
    else:
        await show(interaction, rendered)


async def replace_page(interaction: discord.Interaction, rendered: Rendered) -> None:
    """Show a page in the place of the message whose button was pressed; it was deferred before."""
    try:
        await interaction.edit_original_response(
            content=rendered.content, embed=rendered.embed, view=rendered.view,
            allowed_mentions=rendered.allowed_mentions,
        )  # fmt: skip
    except NotShown:
        await show(interaction, rendered)


def _is_on_page(interaction: discord.Interaction) -> bool:
    return interaction.message is not None and interaction.message.flags.ephemeral


class Presses:
    """The presses this process can answer."""

    def __init__(self, admit: Admit) -> None:
        """Begin with none; doors add theirs."""
        self._admit = admit
        self._handlers: dict[tuple[str, str], tuple[Entrance, Handler]] = {}

    def __contains__(self, press: tuple[str, str]) -> bool:
        """Tell whether a kind and verb have an answer."""
        return press in self._handlers

    def __iter__(self) -> Iterator[Entrance]:
        """Return everything that can be pressed."""
        return (entrance for entrance, _ in self._handlers.values())

    def add(self, entrance: Entrance, handler: Handler) -> None:
        """Answer this kind and verb with `handler`.

        Raises:
            ValueError: something answers it already.
        """
        press = entrance.kind, entrance.verb
        if press in self._handlers:
            msg = f"{press} has an answer already"
            raise ValueError(msg)
        self._handlers[press] = entrance, handler

    def remove(self, entrance: Entrance) -> None:
        """Answer it no longer."""
        del self._handlers[entrance.kind, entrance.verb]

    async def dispatch(self, interaction: discord.Interaction) -> None:
        """Answer a press of ours; any error becomes a sentence, and nothing is raised."""
        press = Press.parse(str(payload(interaction).get("custom_id", "")))
        if press is None:
            return
        insist()
        try:
            entrance, handler = self._found(press)
            require_permissions(interaction, entrance.needs)
            await self._admit(list(entrance.rows(press, interaction)), interaction.guild_id, interaction.user.id)
            await handler(interaction, press.row)
        except Exception as error:  # noqa: BLE001 - the one boundary of all presses
            await boundary.answer(interaction, error)

    def _found(self, press: Press) -> tuple[Entrance, Handler]:
        found = self._handlers.get((press.kind, press.verb))
        if found is None or press.version != VERSION:
            raise NotFound("error.unknown_press")
        return found


def require_permissions(interaction: discord.Interaction, needed: discord.Permissions) -> None:
    """Make sure that a person has permissions now, even if they had them when a button was shown.

    Raises:
        NotAllowed: they haven't, or it is in direct messages, where there are none.
    """
    if not interaction.permissions >= needed:
        raise NotAllowed("error.not_moderator")


class Door(commands.Cog):
    """A cog whose marked methods answer presses while it is loaded."""

    def __init__(self, presses: Presses) -> None:
        """Take the presses of the client this door is loaded into."""
        self._presses = presses

    async def cog_load(self) -> None:
        """Begin to answer."""
        for entrance, handler in self._marked():
            self._presses.add(entrance, handler)

    async def cog_unload(self) -> None:
        """Answer no longer."""
        for entrance, _ in self._marked():
            self._presses.remove(entrance)

    def _marked(self) -> list[tuple[Entrance, Handler]]:
        methods = (getattr(self, name) for name in dir(type(self)) if not name.startswith("__"))
        return [(entrance, method) for method in methods for entrance in getattr(method, _MARK, ())]
