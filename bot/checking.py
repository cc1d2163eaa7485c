"""Looking at everything the bot needs, in the order in which it should be mended."""

import asyncio

import aiohttp
import discord

from bot import keeping
from bot.app import multilingual_model, point_discord_at
from bot.ending import CONFIG, OK, Ended, ended
from bot.errors import HouseError
from bot.routing import worker
from bot.settings import Settings
from bot.texts import say

LONGEST_LOGIN = 10
"""Seconds."""


async def check(settings: Settings) -> list[Ended]:
    """Look at everything the bot needs; nothing is changed, and no file is made."""
    point_discord_at(settings.discord_api_base)
    return [await look(settings) for look in (_check_token, _check_database, _check_model, _check_multilingual)]


async def _check_token(settings: Settings) -> Ended:
    if settings.discord_token is None:
        return Ended(CONFIG, say("operator.no_token"))
    client = discord.Client(intents=discord.Intents(guilds=True))
    try:
        async with client, asyncio.timeout(LONGEST_LOGIN):
            await client.login(settings.discord_token.get_secret_value())
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        return ended(error, settings)
    return Ended(OK, say("operator.token_accepted"))


async def _check_database(settings: Settings) -> Ended:
    kind = keeping.kind(settings)
    try:
        behind = await keeping.behind(settings)
        incomplete = [] if behind else await keeping.incomplete(settings)
    except HouseError as error:
        return ended(error, settings)
    if behind:
        return Ended(CONFIG, say("operator.database_behind", kind=kind, revisions=", ".join(behind)))
    if incomplete:
        return Ended(CONFIG, say("operator.database_incomplete", kind=kind, tables=", ".join(incomplete)))
    return Ended(OK, say("operator.database_fine", kind=kind))


async def _check_model(settings: Settings) -> Ended:
    return await _checked(worker.Model(settings.encoder_model))


async def _check_multilingual(settings: Settings) -> Ended:
    model = multilingual_model(settings)
    if model is None:
        return Ended(OK, say("operator.multilingual_off"))
    return await _checked(model)


async def _checked(model: worker.Model) -> Ended:
    try:
        folder = worker.locate(model.name)
        await asyncio.to_thread(worker.check_weights, model, folder)
    except worker.ModelRefused as refusal:
        return Ended(CONFIG, str(refusal))
    key = "operator.model_fetched" if folder is None else "operator.model_fine"
    return Ended(OK, say(key, model=model.name))
