"""The one place where an error becomes a sentence: answered once, privately, and logged without a person's words."""

import io
import secrets

import discord
import structlog
from discord import app_commands

from bot.errors import HouseError
from bot.tasks import describe
from bot.texts import say
from bot.ui import limits, render
from bot.ui.items import fields

log = structlog.get_logger(__name__)

TOO_OLD, ALREADY_ANSWERED = 10062, 40060
"""Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json"""
KEPT_FROM = 20
"""Characters from which a refused form's text is given back."""


async def answer(interaction: discord.Interaction, error: BaseException) -> None:
    """Tell the person what happened and what to do; never raises for Discord's sake."""
    error = _root(error)
    if isinstance(error, discord.HTTPException) and error.code in {TOO_OLD, ALREADY_ANSWERED}:
        log.warning("interaction_lost", code=error.code)
        return
    is_direct = interaction.guild_id is None
    text = sentence(error, interaction.locale.value, is_menu=_is_menu(interaction), is_direct=is_direct)
    try:
        await _reply(interaction, text, _kept_words(interaction))
    except discord.HTTPException as failure:
        log.warning("refusal_not_shown", code=failure.code)


def sentence(error: BaseException, locale: str, *, is_menu: bool = False, is_direct: bool = False) -> str:
    """Return what a person reads about an error; an unexpected one is logged with the reference they read."""
    match error:
        case HouseError():
            return render.words(error.key, locale, error.params, _community(error) if is_direct else None)
        case app_commands.NoPrivateMessage():
            return say("error.no_guild", locale)
        case app_commands.TransformerError():
            return say("error.choice", locale)
        case app_commands.AppCommandError() if is_menu and type(error) is app_commands.AppCommandError:
            return say("menu.gone", locale)
    reference = secrets.token_hex(4)
    log.error("unexpected", reference=reference, **describe(error))
    return say("error.unexpected", locale, reference=reference)


def _root(error: BaseException) -> BaseException:
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


def _community(error: HouseError) -> int | None:
    """Return where the channels are that a refusal names; in direct messages nothing else says so."""
    guild_id = error.params.get("guild_id")
    return guild_id if isinstance(guild_id, int) else None


def _is_menu(interaction: discord.Interaction) -> bool:
    return isinstance(interaction.command, app_commands.ContextMenu)


def _kept_words(interaction: discord.Interaction) -> str:
    """Return what was typed into a refused form: Discord throws it away, and people shouldn't have to type again."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return ""
    return "\n\n".join(text for text in fields(interaction).values() if len(text) >= KEPT_FROM)


async def _reply(interaction: discord.Interaction, text: str, kept: str) -> None:
    attached = [discord.File(io.BytesIO(kept.encode()), "your-words.txt")] if kept else []
    text = text[: limits.MESSAGE]
    if interaction.response.is_done():
        await interaction.followup.send(text, files=attached, ephemeral=True, allowed_mentions=render.NOBODY)
    else:
        await interaction.response.send_message(text, files=attached, ephemeral=True, allowed_mentions=render.NOBODY)
