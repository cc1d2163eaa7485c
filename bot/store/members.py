"""People in communities."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, event, select, update

from bot import faults
from bot.domain.hours import clock_of
from bot.store.guilds import Guilds, is_served
from bot.store.transactions import Session, Store, Writes
from models import Member

ZONE = "member.zone"
"""What is unreadable of a member whose zone is unknown here, while all else of them is fine."""


def note_zone(member_id: int, zone: str | None) -> None:
    """Keep in mind whose zone is unknown here: until it is known again, their hours are read as UTC."""
    if zone is None or clock_of(zone) is not None:
        faults.settle(ZONE, member_id)
    else:
        faults.note(ZONE, member_id, LookupError())


@event.listens_for(Member, "load")
@event.listens_for(Member, "refresh")
def _look_at_zone(member: Member, *_context: object) -> None:
    note_zone(member.id, member.zone)


class Members(Store[Session]):
    """The store of people in communities."""

    async def get(self, member_id: int) -> Member | None:
        """Return the member with this row id."""
        return await self._session.get(Member, member_id)

    async def hold(self: "Members[Writes]", member_id: int) -> Member | None:
        """Return the member as they are now, and let no one else change them until the transaction ends."""
        return await self._session.scalar(
            select(Member)
            .where(Member.id == member_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )

    async def hold_all(self: "Members[Writes]", member_ids: Iterable[int]) -> dict[int, Member]:
        """Do as `hold` for several, by id."""
        rows = await self._session.scalars(
            select(Member)
            .where(Member.id.in_(list(member_ids)))
            .order_by(Member.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        return {member.id: member for member in rows}

    async def welcome_back(self: "Members[Writes]", member_id: int) -> None:
        """Note that a member who had left is there again, without disturbing another change meanwhile."""
        await self._session.execute(
            update(Member)
            .where(Member.id == member_id)
            .values(left_at=None)
            .execution_options(synchronize_session=False)
        )

    async def note_silences(self: "Members[Writes]", times: Mapping[int, int]) -> None:
        """Count so many more silences for each of these members; needs the community's lock."""
        by_times: dict[int, list[int]] = {}
        for member_id, more in times.items():
            by_times.setdefault(more, []).append(member_id)
        for more, member_ids in by_times.items():
            await self._session.execute(
                update(Member)
                .where(Member.id.in_(member_ids))
                .values(silences=Member.silences + more, version=Member.version + 1)
                .execution_options(synchronize_session=False)
            )

    async def languages(self, member_ids: Iterable[int]) -> dict[int, frozenset[str]]:
        """Return the languages of each of these members."""
        rows = await self._session.execute(select(Member.id, Member.languages).where(Member.id.in_(list(member_ids))))
        return {row.id: frozenset(row.languages) for row in rows}

    async def find(self, guild_id: int, user_id: int) -> Member | None:
        """Return a person in a community, or None where they never used Morsel."""
        return await self._session.scalar(select(Member).where(Member.guild_id == guild_id, Member.user_id == user_id))

    async def everywhere(self, user_id: int) -> Sequence[Member]:
        """Return a person's rows in all communities that they, and the bot, are in, oldest first."""
        is_there = and_(Member.user_id == user_id, Member.left_at.is_(None), is_served(Member.guild_id))
        return (await self._session.scalars(select(Member).where(is_there).order_by(Member.id))).all()

    async def ensure(self: "Members[Writes]", guild_id: int, user_id: int, now: datetime) -> Member:
        """Return a person in a community, opted out when made on first sight; needs the community's lock."""
        member = await self.find(guild_id, user_id)
        if member is None:
            await Guilds(self._session).ensure(guild_id, now)
            member = Member(guild_id=guild_id, user_id=user_id, joined_at=now)
            self._session.add(member)
            await self._session.flush()
        return member
