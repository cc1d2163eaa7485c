"""What calendars are told about a booking, with the name of the person it is with, which only Discord knows."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import discord

from bot.services.office_hours.booking_results import Booked, BookingView, Choices
from bot.services.office_hours.calendaring import calendar_of
from bot.ui.booking import booked, choices
from bot.ui.render import Rendered


async def picked(client: discord.Client, result: Booked | Choices, locale: str) -> Rendered:
    """Return what a member reads who picked a slot: the receipt with the file, or what else is free."""
    if isinstance(result, Choices):
        return choices(result, locale)
    return await with_file(client, booked(result, locale), result.booking, result.at)


async def with_file(client: discord.Client, rendered: Rendered, booking: BookingView, now: datetime) -> Rendered:
    """Return a message with the file of a booking as its reader sees it."""
    guild = client.get_guild(booking.guild_id)
    other = await name_of(guild, booking.other_user_id) if guild is not None else None
    return replace(rendered, attachment=calendar_of(booking, now, other))


async def name_of(guild: discord.Guild, user_id: int) -> str | None:
    """Return what a member is called in a community, or None where they aren't in it or Discord doesn't say."""
    member = guild.get_member(user_id)
    with suppress(discord.HTTPException):
        # Without the members' intent no one but the bot itself is known.
        member = member or await guild.fetch_member(user_id)
    return member.display_name if member is not None else None
