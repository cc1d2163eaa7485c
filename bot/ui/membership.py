"""Asks Discord who is in which community: seldom, once at a time, and without a privileged intent."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord

from bot.clock import Clock
from bot.services.ports import Standing
from bot.tasks import spawn

UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_USER, MISSING_ACCESS = 10004, 10007, 10013, 50001
"""Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json"""
COUNTS_FOR = timedelta(minutes=1)
"""How long an answer counts."""
REMEMBERED = 10_000
"""Answers that are remembered; the oldest go first."""
PATIENCE = 1.5
"""Seconds a person waits for an answer: a press has to be acknowledged within three."""

HERE, GONE, AWAY, UNKNOWN = Standing("here"), Standing("gone"), Standing("away"), Standing("unknown")

_MemberKey = tuple[int, int]
"""(community, user)."""


class DiscordMembership:
    """Looks members up one by one: the list of all would need a privileged intent."""

    def __init__(self, client: discord.Client, clock: Clock) -> None:
        """Take the client; it has to be ready before the first look."""
        self._client = client
        self._clock = clock
        self._known: dict[_MemberKey, tuple[datetime, Standing]] = {}
        self._noted: dict[_MemberKey, datetime] = {}
        self._looks: dict[_MemberKey, asyncio.Task[object]] = {}

    async def standing(self, guild_id: int, user_id: int, *, is_fresh: bool = False) -> Standing:
        """Return how a member stands in a community; never raises. A fresh look doesn't trust an earlier "here"."""
        guild, place = self._client.get_guild(guild_id), (guild_id, user_id)
        if guild is not None and guild.unavailable:
            return UNKNOWN
        known = None if guild is None else self._remembered(place)
        if known is not None and not (is_fresh and known == HERE):
            return known
        if place not in self._looks:
            self._looks[place] = spawn("look", self._look(place))
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.shield(self._looks[place])
        except TimeoutError:
            return UNKNOWN
        return self._remembered(place) or UNKNOWN

    def note_here(self, guild_id: int, user_id: int) -> bool:
        """Note that a member did something in a community, and return whether that is news of the last minute."""
        place, now = (guild_id, user_id), self._clock.now()
        before = self._noted.pop(place, None)
        self._noted[place] = now if before is None or now - before >= COUNTS_FOR else before
        if len(self._noted) > REMEMBERED:
            del self._noted[next(iter(self._noted))]
        self._remember(place, HERE)
        return before != self._noted[place]

    def communities(self) -> frozenset[int]:
        """Return the communities the bot is in; one in an outage is among them."""
        return frozenset(guild.id for guild in self._client.guilds)

    async def is_away(self, guild_id: int) -> bool:
        """Tell whether the bot was removed from a community; never raises."""
        me = self._client.user.id if self._client.user else 0
        return (await self.standing(guild_id, me, is_fresh=True)).where == "away"

    def _remembered(self, place: _MemberKey) -> Standing | None:
        found, now = self._known.get(place), self._clock.now()
        if found is None or now - found[0] >= COUNTS_FOR:
            return None
        return found[1] if found[1].silenced_until is None or found[1].silenced_until > now else HERE

    def _remember(self, place: _MemberKey, standing: Standing) -> None:
        self._known.pop(place, None)
        self._known[place] = self._clock.now(), standing
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]

    async def _look(self, place: _MemberKey) -> None:
        try:
            standing = await self._ask(*place)
        finally:
            del self._looks[place]
        if standing.where != "here":
            self._noted.pop(place, None)
        if standing == UNKNOWN:
            self._known.pop(place, None)
        else:
            self._remember(place, standing)

    async def _ask(self, guild_id: int, user_id: int) -> Standing:
        try:
            member: dict[str, Any] = dict(await self._client.http.get_member(guild_id, user_id))
        except discord.HTTPException as error:
            if error.code in {UNKNOWN_MEMBER, UNKNOWN_USER}:
                return GONE
            # With a community at hand, a refusal is Discord's fault of the moment.
            is_out = error.code in {UNKNOWN_GUILD, MISSING_ACCESS} and self._client.get_guild(guild_id) is None
            return AWAY if is_out else UNKNOWN
        except (discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError):
            return UNKNOWN
        return Standing("here", self._silence(member.get("communication_disabled_until")))

    def _silence(self, until: str | None) -> datetime | None:
        moment = datetime.fromisoformat(until) if until else None
        return moment if moment is not None and moment > self._clock.now() else None
