"""The members who don't want to meet each other."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select

from bot.store.transactions import Session, Store, Writes
from models import Block, Member


class Blocks(Store[Session]):
    """The store of blocks."""

    async def add(self: "Blocks[Writes]", blocker_id: int, blocked_id: int, now: datetime) -> None:
        """Keep one member away from another; needs the community's lock, and twice is once."""
        if blocked_id not in {each.id for each in await self.of(blocker_id)}:
            self._session.add(Block(blocker_id=blocker_id, blocked_id=blocked_id, created_at=now))

    async def remove(self: "Blocks[Writes]", blocker_id: int, blocked_ids: Iterable[int]) -> None:
        """Let these members in again."""
        await self._session.execute(
            delete(Block).where(Block.blocker_id == blocker_id, Block.blocked_id.in_(list(blocked_ids)))
        )

    async def of(self, blocker_id: int) -> Sequence[Member]:
        """Return the members that a member blocked, in that order."""
        return (
            await self._session.scalars(
                select(Member)
                .join(Block, Block.blocked_id == Member.id)
                .where(Block.blocker_id == blocker_id)
                .order_by(Block.id)
            )
        ).all()

    async def around(self, member_ids: Iterable[int]) -> dict[int, set[int]]:
        """Return, for each of these members, everyone they blocked or who blocked them."""
        wanted = list(member_ids)
        away: dict[int, set[int]] = {member_id: set() for member_id in wanted}
        rows = await self._session.execute(
            select(Block.blocker_id, Block.blocked_id).where(
                or_(Block.blocker_id.in_(wanted), Block.blocked_id.in_(wanted))
            )
        )
        for blocker_id, blocked_id in rows:
            away.get(blocker_id, set()).add(blocked_id)
            away.get(blocked_id, set()).add(blocker_id)
        return away
