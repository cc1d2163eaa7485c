"""What people chose about being asked, and how often they were: the one budget over every kind of request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.attention import Attention, Rate
from bot.domain.lifecycle import InvitationState
from models import Invitation, Member


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who opted in, as whoever wants to ask them needs to know them."""

    member_id: int
    languages: frozenset[str]
    attention: Attention


class AttentionBudget:
    """The store of what is left of people's attention; questions, slots and drafts all ask by invitations."""

    def __init__(self, session: AsyncSession) -> None:
        """Take part in this session's transaction; whoever goes on to spend needs the community's lock."""
        self._session = session

    async def of(self, member_ids: Iterable[int], now: datetime) -> dict[int, Person]:
        """Return those of these members who opted in, with their attention as it is `now`, by id."""
        wanted = list(member_ids)
        if not wanted:
            return {}

        def since(days: int) -> ColumnElement[int]:
            return func.count().filter(Invitation.created_at > now - timedelta(days=days)).label(f"days_{days}")

        spent = (
            select(Invitation.member_id, *map(since, (1, 2, 7, 14, 30)))
            .where(
                Invitation.created_at > now - timedelta(days=30),
                Invitation.member_id.in_(wanted),
                # What never reached anybody cost nobody's attention.
                Invitation.state != InvitationState.UNDELIVERED,
            )
            .group_by(Invitation.member_id)
            .subquery()
        )
        counts = [func.coalesce(column, 0) for column in list(spent.c)[1:]]
        # Columns instead of rows: a sweep looks at whole communities.
        rows = await self._session.execute(
            select(
                Member.id, Member.languages, Member.rate, Member.zone, Member.begins, Member.ends,
                Member.paused_at, Member.paused_until, Member.silences, *counts,
            )
            .outerjoin(spent, spent.c.member_id == Member.id)
            .where(Member.id.in_(wanted), Member.is_helper)
        )  # fmt: skip
        return {
            member_id: Person(member_id, frozenset(languages), Attention(Rate(rate), *chosen))
            for member_id, languages, rate, *chosen in rows
        }
