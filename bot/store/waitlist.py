"""Members who would like fifteen minutes as soon as some are free."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, exists, func, or_, select

from bot.store.guilds import is_served
from bot.store.transactions import Session, Store, Writes
from models import Slot, WaitlistPlace

LOOKING, ON_THE_LIST = "looking", ("waiting", "offered")
"""Looks through what is free; waits for something to become free."""

_IS_KEPT = and_(
    Slot.state == "promised", ~exists().where(WaitlistPlace.slot_id == Slot.id, WaitlistPlace.state == "offered")
)


class Waitlist(Store[Session]):
    """The store of the waitlist; every change needs the community's lock."""

    def add(self: "Waitlist[Writes]", waiting: WaitlistPlace) -> None:
        """Keep what a member would like fifteen minutes for."""
        self._session.add(waiting)

    async def get(self, waiting_id: int) -> WaitlistPlace | None:
        """Return the row with this id."""
        return await self._session.get(WaitlistPlace, waiting_id)

    async def hold(self: "Waitlist[Writes]", waiting_id: int) -> WaitlistPlace | None:
        """Return the row as it is now, and let no one else change it until the transaction ends."""
        return await self._session.scalar(
            select(WaitlistPlace)
            .where(WaitlistPlace.id == waiting_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )

    async def find_submitted(self, interaction_id: int) -> WaitlistPlace | None:
        """Return what came with this submission."""
        return await self._session.scalar(select(WaitlistPlace).where(WaitlistPlace.interaction_id == interaction_id))

    async def of(self, member_id: int) -> Sequence[WaitlistPlace]:
        """Return a member's places on the list, oldest first."""
        return (
            await self._session.scalars(
                select(WaitlistPlace)
                .where(WaitlistPlace.member_id == member_id, WaitlistPlace.state.in_(ON_THE_LIST))
                .order_by(WaitlistPlace.id)
            )
        ).all()

    async def line(self, guild_id: int, host_id: int) -> Sequence[WaitlistPlace]:
        """Return who waits for this host or for anyone, whose turn it is first; one offer at a time is enough."""
        others = select(WaitlistPlace.member_id).where(
            WaitlistPlace.guild_id == guild_id, WaitlistPlace.state == "offered"
        )
        return (
            await self._session.scalars(
                select(WaitlistPlace)
                .where(
                    WaitlistPlace.guild_id == guild_id,
                    WaitlistPlace.state == "waiting",
                    WaitlistPlace.member_id != host_id,
                    WaitlistPlace.member_id.not_in(others),
                    or_(WaitlistPlace.host_id.is_(None), WaitlistPlace.host_id == host_id),
                )
                .order_by(WaitlistPlace.is_first.desc(), WaitlistPlace.since, WaitlistPlace.id)
            )
        ).all()

    async def offered(self, slot_id: int) -> bool:
        """Tell whether a slot is kept for a member now."""
        wanted = exists().where(WaitlistPlace.slot_id == slot_id, WaitlistPlace.state == "offered")
        return bool(await self._session.scalar(select(wanted)))

    async def run_out(self, now: datetime, limit: int) -> list[tuple[int, int]]:
        """Return (guild, id) of up to `limit` places whose offer is over."""
        rows = await self._session.execute(
            select(WaitlistPlace.guild_id, WaitlistPlace.id)
            .where(
                WaitlistPlace.state == "offered", WaitlistPlace.offer_ends_at <= now, is_served(WaitlistPlace.guild_id)
            )
            .order_by(WaitlistPlace.offer_ends_at, WaitlistPlace.id)
            .limit(limit)
        )
        return [(row.guild_id, row.id) for row in rows]

    async def promised(self, limit: int) -> list[tuple[int, int]]:
        """Return (guild, slot) of up to `limit` slots that are kept for the list and offered to no one now."""
        rows = await self._session.execute(
            select(Slot.guild_id, Slot.id)
            .where(_IS_KEPT, is_served(Slot.guild_id))
            .order_by(Slot.starts_at, Slot.id)
            .limit(limit)
        )
        return [(row.guild_id, row.id) for row in rows]

    async def kept(self, guild_id: int) -> int:
        """Count the slots of a community that are kept for the list and offered to no one yet."""
        counted = select(func.count()).select_from(Slot).where(Slot.guild_id == guild_id, _IS_KEPT)
        return await self._session.scalar(counted) or 0

    async def forget(self: "Waitlist[Writes]", before: datetime, told_before: datetime) -> None:
        """Forget what was looked for before a moment and led to nothing, and who was told of what before another."""
        is_old = or_(WaitlistPlace.is_unasked.is_(False), WaitlistPlace.since < told_before)
        await self._session.execute(
            delete(WaitlistPlace).where(WaitlistPlace.state == LOOKING, WaitlistPlace.since < before, is_old)
        )
