"""People in communities."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.guilds import Guilds
from models import Member


class Members:
    """The store of people in communities."""

    def __init__(self, session: AsyncSession) -> None:
        """Take part in this session's transaction."""
        self._session = session

    async def get(self, member_id: int) -> Member | None:
        """Return the member with this row id."""
        return await self._session.get(Member, member_id)

    async def hold(self, member_id: int) -> Member | None:
        """Return the member as they are now, and let nobody else change them until the transaction ends."""
        return await self._session.scalar(
            select(Member).where(Member.id == member_id).with_for_update().execution_options(populate_existing=True)
        )

    async def find(self, guild_id: int, user_id: int) -> Member | None:
        """Return a person in a community, or None where they never used Morsel."""
        return await self._session.scalar(select(Member).where(Member.guild_id == guild_id, Member.user_id == user_id))

    async def ensure(self, guild_id: int, user_id: int, now: datetime) -> Member:
        """Return a person in a community, opted out when made on first sight; needs the community's lock."""
        member = await self.find(guild_id, user_id)
        if member is None:
            await Guilds(self._session).ensure(guild_id, now)
            member = Member(guild_id=guild_id, user_id=user_id, joined_at=now)
            self._session.add(member)
            await self._session.flush()
        return member
