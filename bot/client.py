"""The discord.py bot: loads the doors, keeps Discord's list of commands in step, passes events on."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.domain.rows import Row
from bot.errors import HouseError, NotFound
from bot.services.results import Answer
from bot.services.use_cases import UseCases
from bot.tasks import describe, spawn
from bot.ui import boundary
from bot.ui.answering import insist
from bot.ui.attachments import fetch_carefully
from bot.ui.doors import NOTHING, Presses, require_permissions
from bot.ui.letterbox import Letterbox
from bot.ui.messenger import is_answer

log = structlog.get_logger(__name__)

UNAUTHORISED = 401
"""The HTTP status of a token that Discord doesn't know."""
COGS = Path(__file__).parent.parent / "cogs"


# There is nothing to hear: without this, every start warns of libraries for voice.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class Commands(app_commands.CommandTree["Morsel"]):
    """The slash commands and menus."""

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let in, in a command's own place, the people with the permissions it asks for, even if others saw it."""
        insist()
        try:
            _require_admission(interaction)
        except HouseError as refusal:
            await boundary.answer(interaction, refusal)
            return False
        return True


def _require_admission(interaction: discord.Interaction) -> None:
    command = interaction.command
    if command is None:
        return
    if command.guild_only and interaction.guild_id is None:
        raise NotFound("error.no_guild")
    require_permissions(interaction, command.default_permissions or NOTHING)


class Morsel(commands.Bot):
    """Morsel's client; none of its intents is privileged."""

    use_cases: UseCases

    def __init__(self, *, guild_ready_timeout: float = 2.0) -> None:
        """Make a client that isn't connected; give it its `use_cases` before it starts.

        Args:
            guild_ready_timeout: Seconds to wait for one more community before the client counts as ready.
        """
        super().__init__(
            tree_cls=Commands,
            command_prefix=commands.when_mentioned,
            help_command=None,
            # Threads' messages arrive without their words, which is enough to see that there is an answer. Direct
            # messages come with theirs, which are never looked at: only that there is one.
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=guild_ready_timeout,
        )
        self.presses = Presses(self._admit)
        self.letterbox = Letterbox()
        self.ended_by: discord.HTTPException | None = None
        """Discord's refusal of the token, where that is what ended the bot."""
        self._watch_token()
        fetch_carefully(self.http)
        self.tree.error(self._on_command_error)

    def _watch_token(self) -> None:
        """End the bot once Discord no longer knows its token: every further call would count against its machine."""
        request = self.http.request

        async def watched(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
            try:
                return await request(*arguments, **options)
            except discord.HTTPException as error:
                if error.status == UNAUTHORISED and self.ws is not None:
                    self.ended_by = error
                    spawn("token_refused", self.close())
                raise

        vars(self.http)["request"] = watched

    async def setup_hook(self) -> None:
        """Load every door by its name, then tell Discord about the commands if they changed."""
        for path in sorted(COGS.glob("[a-z]*.py")):
            # Loaded as an extension, a door would be defined again for every client of a process.
            await import_module(f"cogs.{path.stem}").setup(self)
        await self._sync_when_changed()

    async def on_ready(self) -> None:
        """Look for what happened while the bot wasn't connected; Discord may say this more than once."""
        log.info("ready", communities=len(self.guilds))
        spawn("take_stock", self.use_cases.belonging.take_stock())
        self.use_cases.delivering.nudge()
        spawn("catch_up", self.use_cases.catching_up.after_gap())

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Stop acting on a community that the bot was removed from; one in an outage isn't reported here."""
        await self.use_cases.belonging.removed(guild.id)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Go on where the bot was, if it has been there before."""
        await self.use_cases.belonging.returned(guild.id)

    async def on_message(self, message: discord.Message) -> None:
        """Notice an answer in a thread this bot opened, and say what becomes of a direct message; no words are read."""
        if isinstance(message.channel, discord.DMChannel):
            await self.letterbox.answer(message, self.use_cases.recognising)
            return
        thread = message.channel
        is_ours = isinstance(thread, discord.Thread) and self.user is not None and thread.owner_id == self.user.id
        # An archived thread isn't known to discord.py until Discord says that a reply has opened it.
        if (is_ours or isinstance(thread, discord.PartialMessageable)) and is_answer(message):
            await self.use_cases.watching.notice(Answer(thread.id, message.author.id, message.created_at))

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Close the question whose thread was deleted."""
        await self.use_cases.watching.thread_gone(payload.thread_id)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer buttons, selects and forms, however old their message is; commands have a way of their own."""
        if interaction.type is discord.InteractionType.application_command and interaction.guild_id is not None:
            spawn("seen", self.use_cases.belonging.seen(interaction.guild_id, interaction.user.id))
        if interaction.type in {discord.InteractionType.component, discord.InteractionType.modal_submit}:
            await self.presses.dispatch(interaction)

    async def on_error(self, event_method: str, /, *_args: object, **_kwargs: object) -> None:
        """Log that an event's handler broke, without what the event said."""
        error = sys.exc_info()[1]
        if error is not None:
            log.error("event_broke", event=event_method, **describe(error))

    async def _on_command_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        await boundary.answer(interaction, error)

    async def _admit(self, rows: Sequence[tuple[Row, int]], guild_id: int | None, user_id: int) -> None:
        await self.use_cases.admitting.admit(rows, guild_id, user_id)

    async def _sync_when_changed(self) -> None:
        assert self.application_id is not None, "setup_hook runs after the login"  # noqa: S101
        ours = [command.to_dict(self.tree) for command in self.tree.walk_commands() if command.parent is None]
        ours += [menu.to_dict(self.tree) for kind in _MENUS for menu in self.tree.walk_commands(type=kind)]
        theirs = await self.http.get_global_commands(self.application_id)
        if shape(ours) != shape(theirs):
            await self.tree.sync()
            log.info("commands_synced", count=len(ours))


_MENUS = (discord.AppCommandType.message, discord.AppCommandType.user)
_TOLD = {
    "name", "description", "type", "options", "choices", "value", "required", "autocomplete", "channel_types",
    "min_value", "max_value", "min_length", "max_length", "default_member_permissions", "contexts", "nsfw",
}  # fmt: skip
"""What of a command we decide; Discord adds ids, versions and defaults."""


def shape(commands: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return what we decide of commands, in an order of its own, so that ours and Discord's can be compared."""
    return sorted((_shape(command) for command in commands), key=repr)


def _shape(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        told = {key: _shape(each) for key, each in value.items() if key in _TOLD and each not in (None, False, [], "")}
        return sorted((key, str(each) if key == "default_member_permissions" else each) for key, each in told.items())
    if isinstance(value, list):
        return [_shape(each) for each in value]
    return value
