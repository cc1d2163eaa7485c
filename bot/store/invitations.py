"""Who was asked, and who may be."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.lifecycle import InvitationState
from models import HelpInteraction, Invitation, Member


class Invitations:
    """The store of invitations."""

    def __init__(self, session: AsyncSession) -> None:
        """Take part in this session's transaction."""
        self._session = session

    def add(self, invitation: Invitation) -> None:
        """Keep a new invitation."""
        self._session.add(invitation)

    async def get(self, invitation_id: int) -> Invitation | None:
        """Return the invitation with this row id."""
        return await self._session.get(Invitation, invitation_id)

    async def request_of(self, invitation_id: int) -> int | None:
        """Return the id of the request somebody was invited to."""
        return await self._session.scalar(select(Invitation.request_id).where(Invitation.id == invitation_id))

    async def latest_of(self, member_id: int, limit: int) -> Sequence[Invitation]:
        """Return the last `limit` invitations of a member, newest first."""
        return (
            await self._session.scalars(
                select(Invitation).where(Invitation.member_id == member_id).order_by(Invitation.id.desc()).limit(limit)
            )
        ).all()

    async def of(self, request_id: int) -> Sequence[Invitation]:
        """Return a request's invitations, oldest first."""
        return (
            await self._session.scalars(
                select(Invitation).where(Invitation.request_id == request_id).order_by(Invitation.id)
            )
        ).all()

    async def askable(
        self, request_id: int, asker_id: int, member_ids: Iterable[int], now: datetime
    ) -> list[tuple[Member, int, int, int]]:
        """Return those of `member_ids` who opted in and have no part in this request yet.

        Each comes with the invitations they got in the last 24 h, in the last 7 d and in the last 30 d.
        """
        involved = (
            select(Invitation.member_id)
            .where(Invitation.request_id == request_id)
            .union(select(HelpInteraction.helper_id).where(HelpInteraction.request_id == request_id))
        )
        recent = (
            select(
                Invitation.member_id,
                func.count().filter(Invitation.created_at > now - timedelta(days=1)).label("day"),
                func.count().filter(Invitation.created_at > now - timedelta(days=7)).label("week"),
                func.count().label("month"),
            )
            .where(Invitation.created_at > now - timedelta(days=30), Invitation.member_id.in_(list(member_ids)))
            .group_by(Invitation.member_id)
            .subquery()
        )
        rows = await self._session.execute(
            select(Member, *(func.coalesce(column, 0) for column in (recent.c.day, recent.c.week, recent.c.month)))
            .outerjoin(recent, recent.c.member_id == Member.id)
            .where(Member.id.in_(list(member_ids)), Member.is_helper, Member.id != asker_id, Member.id.not_in(involved))
        )
        return [(member, day, week, month) for member, day, week, month in rows]

    async def take_by_answering(self, request_id: int, member_id: int, now: datetime) -> None:
        """Take the invitation of somebody who answered without a press, so that their seat isn't kept any longer."""
        await self._session.execute(
            update(Invitation)
            .where(
                Invitation.request_id == request_id,
                Invitation.member_id == member_id,
                Invitation.state == InvitationState.ASKED,
            )
            .values(state=InvitationState.TAKEN, decided_at=now, version=Invitation.version + 1)
        )

    async def withdraw(self, request_id: int, now: datetime) -> None:
        """Take back every invitation of a request that nobody has answered."""
        await self._session.execute(
            update(Invitation)
            .where(Invitation.request_id == request_id, Invitation.state == InvitationState.ASKED)
            .values(state=InvitationState.WITHDRAWN, decided_at=now, version=Invitation.version + 1)
        )
