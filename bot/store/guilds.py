"""Communities and what they chose."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from models import Guild, GuildSettings


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
