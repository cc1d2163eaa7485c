"""The one place where an error becomes a sentence: answered once, privately, and logged without a person's words."""

import asyncio
import io
import secrets
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.errors import HouseError
from bot.tasks import describe
from bot.texts import say
from bot.ui import limits, render
from bot.ui.answering import ALREADY_ANSWERED, SERVER_ERROR, TOO_OLD, NotShown, NotTaken
from bot.ui.items import fields

log = structlog.get_logger(__name__)

KEPT_FROM = 20
"""Characters from which a refused form's text is given back."""
AGAIN_AFTER = 1.0
"""Seconds between two tries of a direct message."""
_UNHEARD = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
"""How a sentence may fail to reach a person."""


async def answer(interaction: discord.Interaction, error: BaseException) -> None:
    """Tell the person what happened and what to do; never raises for Discord's sake.

    Where Discord doesn't take it as an answer any more, words that were typed go back by direct message, and so does it
    that something was done.
    """
    error = _root(error)
    code = error.code if isinstance(error, discord.HTTPException) else None
    if code in {TOO_OLD, ALREADY_ANSWERED}:
        log.warning("interaction_lost", code=code)
    if code == ALREADY_ANSWERED:
        # Another process has it: the same press reached both.
        return
    is_direct, is_done = interaction.guild_id is None, isinstance(error, NotShown)
    text = sentence(error, interaction.locale.value, is_menu=_is_menu(interaction), is_direct=is_direct)
    kept = "" if is_done else _kept_words(interaction)
    is_said = code != TOO_OLD and await _reply(interaction, text, kept)
    if not is_said and (kept or is_done):
        await _write_to(interaction.user, text, kept)


def sentence(error: BaseException, locale: str, *, is_menu: bool = False, is_direct: bool = False) -> str:
    """Return what a person reads about an error; an unexpected one is logged with the reference they read."""
    if isinstance(error, HouseError):
        return render.words(error.key, locale, error.params, _community(error) if is_direct else None)
    if (key := _foreseen(error, is_menu=is_menu)) is not None:
        if isinstance(error, discord.DiscordException) and not isinstance(error, app_commands.AppCommandError):
            log.warning("answer_lost", key=key, **describe(error))
        return say(key, locale)
    reference = secrets.token_hex(4)
    log.error("unexpected", reference=reference, **describe(error))
    return say("error.unexpected", locale, reference=reference)


def _foreseen(error: BaseException, *, is_menu: bool) -> str | None:
    """Return the key of what is said where discord.py, Discord or the network gives a reason; None where none is."""
    is_gone = is_menu and type(error) is app_commands.AppCommandError
    is_late = isinstance(error, NotTaken) or (isinstance(error, discord.HTTPException) and error.code == TOO_OLD)
    reasons = {
        "error.no_guild": isinstance(error, app_commands.NoPrivateMessage),
        "error.choice": isinstance(error, app_commands.TransformerError),
        "menu.gone": is_gone,
        "error.not_taken": is_late,
        "error.not_shown": isinstance(error, NotShown) and not _is_own_fault(error),
    }
    return next((key for key, is_so in reasons.items() if is_so), None)


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


def _is_own_fault(error: NotShown) -> bool:
    """Tell whether Discord refused the answer for what it is, as against a token that is over or a lost connection."""
    cause = error.__cause__
    return (
        isinstance(cause, discord.HTTPException)
        and not isinstance(cause, discord.NotFound)
        and cause.status < SERVER_ERROR
    )


async def _reply(interaction: discord.Interaction, text: str, kept: str) -> bool:
    """Answer a press with a sentence; returns False where Discord doesn't take it."""
    try:
        if not interaction.response.is_done():
            return await _reply_first(interaction, text, kept)
        await interaction.followup.send(**_body(text, kept), ephemeral=True)
    except _UNHEARD as failure:
        log.warning("refusal_not_shown", **describe(failure))
        return False
    return True


async def _reply_first(interaction: discord.Interaction, text: str, kept: str) -> bool:
    try:
        await interaction.response.send_message(**_body(text, kept), ephemeral=True)
    except discord.HTTPException as error:
        if error.code != ALREADY_ANSWERED:
            raise
        # An acknowledgement arrived after all, though nothing came back of it.
        await interaction.followup.send(**_body(text, kept), ephemeral=True)
    return True


async def _write_to(person: discord.User | discord.Member, text: str, kept: str) -> None:
    """Write a direct message, and try once more where the connection is lost; Discord keeps one for its nonce."""
    nonce = secrets.token_urlsafe(16)
    for _ in range(2):
        try:
            await person.send(**_body(text, kept), nonce=nonce)
        except (aiohttp.ClientError, OSError, TimeoutError):
            await asyncio.sleep(AGAIN_AFTER)
        except discord.DiscordException as failure:
            log.warning("words_not_given_back", **describe(failure))
            return
        else:
            return
    log.warning("words_not_given_back")


def _body(text: str, kept: str) -> dict[str, Any]:
    attached = [discord.File(io.BytesIO(kept.encode()), "your-words.txt")] if kept else []
    return {"content": text[: limits.MESSAGE], "files": attached, "allowed_mentions": render.NOBODY}
