"""Who helped which asker, on what, when, and how it went."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.store.columns import fetched
from bot.store.transactions import Session, Store, Writes
from models import HelpInteraction, Invitation, Member, Request


class HelpInteractions(Store[Session]):
    """The store of who helped which asker."""

    async def ensure(self: "HelpInteractions[Writes]", request: Request, helper_id: int) -> HelpInteraction:
        """Return one helper's part in a request, made on first sight."""
        part = await self._session.scalar(
            select(HelpInteraction).where(
                HelpInteraction.request_id == request.id, HelpInteraction.helper_id == helper_id
            )
        )
        if part is None:
            part = HelpInteraction(request_id=request.id, helper_id=helper_id, asker_id=request.asker_id)
            self._session.add(part)
        return part

    async def concerned(self, request_id: int) -> list[int]:
        """Return the members who were invited to a request or have a part in it."""
        invited = select(Invitation.member_id).where(Invitation.request_id == request_id)
        helped = select(HelpInteraction.helper_id).where(HelpInteraction.request_id == request_id)
        return list(await self._session.scalars(invited.union(helped)))

    async def helpers(self, request_ids: Iterable[int]) -> dict[int, set[int]]:
        """Return who has a part in each of these requests."""
        wanted = list(request_ids)
        found: dict[int, set[int]] = {request_id: set() for request_id in wanted}
        rows = await self._session.execute(
            select(HelpInteraction.request_id, HelpInteraction.helper_id).where(HelpInteraction.request_id.in_(wanted))
        )
        for request_id, helper_id in rows:
            found[request_id].add(helper_id)
        return found

    async def answers(self, guild_id: int) -> list[tuple[int, datetime]]:
        """Return who answered when in a community, in any order."""
        wanted = (
            select(HelpInteraction.helper_id, HelpInteraction.answered_at)
            .join(Member, Member.id == HelpInteraction.helper_id)
            .where(Member.guild_id == guild_id, HelpInteraction.answered_at.is_not(None))
        )
        return [(row.helper_id, row.answered_at) for row in await fetched(self._session, wanted)]

    async def of(self, request_id: int) -> Sequence[HelpInteraction]:
        """Return everyone's part in a request, in the order they came."""
        return (
            await self._session.scalars(
                select(HelpInteraction).where(HelpInteraction.request_id == request_id).order_by(HelpInteraction.id)
            )
        ).all()
