"""Communities and what they chose."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import Guild, GuildSettings, Request


class Guilds:
    """The store of communities."""

    def __init__(self, session: AsyncSession) -> None:
        """Take part in this session's transaction."""
        self._session = session

    async def ensure(self, guild_id: int, now: datetime) -> GuildSettings:
        """Return a community's settings, made with the defaults on first sight."""
        settings = await self.settings(guild_id)
        if settings is None:
            self._session.add(Guild(id=guild_id, joined_at=now))
            await self._session.flush()
            settings = GuildSettings(guild_id=guild_id)
            self._session.add(settings)
        return settings

    async def settings(self, guild_id: int) -> GuildSettings | None:
        """Return a community's settings, or None where nobody has used Morsel yet."""
        return await self._session.get(GuildSettings, guild_id)

    async def recent(self) -> Sequence[int]:
        """Return the communities in which anybody ever asked, those first where somebody asked last."""
        last = select(func.max(Request.created_at)).where(Request.guild_id == Guild.id).scalar_subquery()
        return (await self._session.scalars(select(Guild.id).where(last.is_not(None)).order_by(last.desc()))).all()
