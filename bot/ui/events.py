"""Discord's scheduled events: one for each time that a host's office hours take place, never Discord's recurrence."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import discord

from bot.services.office_hours.offering_results import EventPlan
from bot.services.ports import TryLater
from bot.services.results import Letter, Sent
from bot.texts import say
from bot.ui import limits
from bot.ui.calendars import name_of
from bot.ui.render import Rendered, Way, link
from bot.ui.written import inline, plain

_HOST = limits.EVENT_NAME // 2
"""Characters shown of a host's name."""
_SAME = timedelta(seconds=1)
"""How far apart two beginnings of one event may be: Discord rounds them."""


class ScheduledEvents:
    """Keeps Discord's events in line with the plans of letters, through a discord.py client."""

    def __init__(self, client: discord.Client) -> None:
        """Take the client; it has to be ready before the first letter leaves."""
        self._client = client

    def may_create(self, guild_id: int) -> bool:
        """Tell whether the bot may make events in a community."""
        guild = self._client.get_guild(guild_id)
        granted = guild.me.guild_permissions if guild else discord.Permissions.none()
        return granted.create_events or granted.manage_events

    async def bring(self, letter: Letter[EventPlan], locale: str = "en") -> Sent:
        """Make, change or call off an event once, and return where it is.

        Raises:
            TryLater: the community isn't there for now.
            discord.HTTPException: Discord refuses it.
        """
        guild, plan = self._client.get_guild(letter.guild_id), letter.content
        if guild is None:
            reason = "no_guild"
            raise TryLater(reason)
        if plan.verb == "cancel":
            return await self._cancel(guild, plan)
        if plan.verb == "update":
            event = await guild.fetch_scheduled_event(plan.event_id or 0)
            changed = await event.edit(**await self._shown(guild, plan, locale))
            return Sent(guild.id, changed.id)
        made = await self._find(guild, plan) if letter.attempts > 1 else None
        if made is None:
            made = await guild.create_scheduled_event(
                privacy_level=discord.PrivacyLevel.guild_only, **await self._shown(guild, plan, locale)
            )
        return Sent(guild.id, made.id)

    async def _cancel(self, guild: discord.Guild, plan: EventPlan) -> Sent:
        event_id = plan.event_id or 0
        # A moderator may have been quicker: an event that isn't there is called off as well.
        with suppress(discord.NotFound):
            event = await guild.fetch_scheduled_event(event_id)
            if event.status is discord.EventStatus.scheduled:
                await event.cancel()
        return Sent(guild.id, event_id)

    async def _find(self, guild: discord.Guild, plan: EventPlan) -> discord.ScheduledEvent | None:
        """Return the event that an earlier attempt made: ours, of this host, at this time."""
        me = self._client.user.id if self._client.user else 0
        for event in await guild.fetch_scheduled_events(with_counts=False):
            is_then = abs(event.start_time - plan.starts_at) <= _SAME
            if event.creator_id == me and is_then and _mention(plan) in (event.description or ""):
                return event
        return None

    async def _shown(self, guild: discord.Guild, plan: EventPlan, locale: str) -> dict[str, Any]:
        return {
            "name": await self._name(guild, plan, locale),
            "description": _description(plan, locale),
            "start_time": plan.starts_at,
            "end_time": plan.ends_at,
            **self._place(guild, plan),
        }

    async def _name(self, guild: discord.Guild, plan: EventPlan, locale: str) -> str:
        host = await name_of(guild, plan.host_user_id)
        if host is None:
            return say("office_hours.event.name_alone", locale)
        return say("office_hours.event.name", locale, host=plain(host, _HOST))

    def _place(self, guild: discord.Guild, plan: EventPlan) -> dict[str, Any]:
        meeting = guild.get_channel(plan.meeting_channel_id or 0)
        if isinstance(meeting, discord.VoiceChannel) and _may_enter(meeting):
            return {"entity_type": discord.EntityType.voice, "channel": meeting}
        channel_id = meeting.id if meeting else plan.channel_id
        return {"entity_type": discord.EntityType.external, "location": link(guild.id, channel_id)}


def event(_letter: Letter[EventPlan], _locale: str) -> Rendered:
    """Say that a plan becomes an event, whose words take a look at Discord."""
    return Rendered("", way=Way.EVENT)


def _may_enter(channel: discord.VoiceChannel) -> bool:
    """Tell whether the bot may make events there; it needs to be let in for that."""
    granted = channel.permissions_for(channel.guild.me)
    return granted.view_channel and granted.connect


def _mention(plan: EventPlan) -> str:
    return f"<@{plan.host_user_id}>"


def _description(plan: EventPlan, locale: str) -> str:
    key = "office_hours.event.walk_in" if plan.is_walk_in else "office_hours.event.slots"
    lines = [say(key, locale, host=_mention(plan))]
    if plan.topics:
        lines.append(say("office_hours.event.topics", locale, topics=inline(plan.topics, 300)))
    return "\n".join(lines)
