"""Communities and what they chose."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.store.transactions import Session, Store, Writes
from models import Guild, GuildSettings, Request


@cache
def is_served(guild_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Tell whether the bot is in a row's community; a sweep leaves all others out."""
    return ~exists().where(Guild.id == guild_id, Guild.left_at.is_not(None))


class Guilds(Store[Session]):
    """The store of communities."""

    async def ensure(self: "Guilds[Writes]", guild_id: int, now: datetime) -> GuildSettings:
        """Return a community's settings, made with the defaults on first sight."""
        settings = await self.settings(guild_id)
        if settings is None:
            self._session.add(Guild(id=guild_id, joined_at=now))
            await self._session.flush()
            settings = GuildSettings(guild_id=guild_id)
            self._session.add(settings)
        return settings

    async def hold(self, guild_id: int) -> Guild | None:
        """Return a community as it is now; to change it takes its lock."""
        return await self._session.get(Guild, guild_id, populate_existing=True)

    async def all_ids(self) -> Sequence[int]:
        """Return the ids of all communities."""
        return (await self._session.scalars(select(Guild.id).order_by(Guild.id))).all()

    async def left(self) -> dict[int, bool]:
        """Return all communities there are, and whether the bot isn't in them any more."""
        rows = await self._session.execute(select(Guild.id, Guild.left_at))
        return {row.id: row.left_at is not None for row in rows}

    async def settings(self, guild_id: int) -> GuildSettings | None:
        """Return a community's settings, or None where no one has used Morsel yet."""
        return await self._session.get(GuildSettings, guild_id)

    async def without_digest(self, week: int) -> Sequence[int]:
        """Return the communities that want a digest and had none of a week or later, and where moderators read it."""
        wants = (GuildSettings.digest_week < week, GuildSettings.moderator_channel_id.is_not(None))
        due = select(GuildSettings.guild_id).where(*wants, is_served(GuildSettings.guild_id))
        return (await self._session.scalars(due.order_by(GuildSettings.guild_id))).all()

    async def recent(self) -> Sequence[int]:
        """Return the communities in which a member ever asked, the latest first."""
        last = select(func.max(Request.created_at)).where(Request.guild_id == Guild.id).scalar_subquery()
        return (await self._session.scalars(select(Guild.id).where(last.is_not(None)).order_by(last.desc()))).all()
