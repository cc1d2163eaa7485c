"""Holding everyone to the same numbers, kept in the tables so that no restart forgets them."""

from datetime import datetime

from bot.domain.limits import LIMITS, Deed
from bot.errors import LimitReached
from bot.store.unit_of_work import ReadingWork, UnitOfWork


async def hold(work: UnitOfWork, member_id: int, deed: Deed, now: datetime) -> None:
    """Count one more of a member's deeds, in the transaction that does it; needs the community's lock.

    Raises:
        LimitReached: they did it as often as one person may; it says when it is possible again.
    """
    await require(work, member_id, deed, now)
    work.deeds.add(member_id, deed, now)


async def require(work: ReadingWork, member_id: int, deed: Deed, now: datetime) -> None:
    """Look, before anything costly, whether a member may do something once more; it isn't counted.

    Raises:
        LimitReached: they did it as often as one person may; it says when it is possible again.
    """
    limit = LIMITS[deed]
    latest = await work.deeds.latest(member_id, deed, now - limit.within, limit.most)
    if len(latest) == limit.most:
        raise LimitReached("limit.reached", most=limit.most, again=int((latest[-1] + limit.within).timestamp()) + 1)
