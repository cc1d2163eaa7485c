"""What happened in a community, as columns: read by the statistics' own process, never by the bot's."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select

from bot.store.columns import AnyRow, fetched
from bot.store.transactions import Session, Store
from models import Draft, Fact, HelpInteraction, Member, Question, Request, Slot, Statement, StatementVector


class Statistics(Store[Session]):
    """The store of what statistics count; a row it returns is one of a person's, and goes no further than a crowd."""

    async def asked(self, guild_id: int, kind: str, since: datetime, until: datetime) -> Sequence[AnyRow]:
        """Return the request, its asker, when it was asked, its urgency and visibility, of all asked in that time."""
        return await self._all(
            select(Fact.request_id, Request.asker_id, Fact.at, Request.urgency, Request.visibility)
            .join(Request, Request.id == Fact.request_id)
            .where(Fact.guild_id == guild_id, Fact.type == "asked", Request.type == kind)
            .where(Fact.at >= since, Fact.at < until)
            .order_by(Fact.request_id),
        )

    async def happened(
        self, guild_id: int, types: Collection[str], since: datetime, until: datetime
    ) -> Sequence[AnyRow]:
        """Return the request, the type, the person, and when it was, of all that happened."""
        return await self._all(
            select(Fact.request_id, Fact.type, Fact.member_id, Fact.at)
            .where(Fact.guild_id == guild_id, Fact.type.in_(types), Fact.at >= since, Fact.at < until)
            .order_by(Fact.request_id, Fact.at),
        )

    async def first_asked(self, guild_id: int, kind: str, until: datetime) -> Sequence[int]:
        """Return the first request of each person who asked for one; what is erased doesn't count."""
        was_asked = select(literal(1)).where(Fact.request_id == Request.id, Fact.type == "asked", Fact.at < until)
        found = await self._session.scalars(
            select(func.min(Request.id))
            .where(Request.guild_id == guild_id, Request.type == kind, was_asked.exists())
            .group_by(Request.asker_id)
        )
        return found.all()

    async def members(self, guild_id: int) -> Sequence[AnyRow]:
        """Return all members, also those who left, and what they said of themselves; not a row that can't be read."""
        since = (Member.joined_at, Member.left_at)
        said = (Member.zone, Member.languages, Member.begins, Member.ends)
        chosen = (Member.is_helper, Member.rate, Member.paused_at, Member.paused_until)
        return await fetched(
            self._session, select(Member.id, *since, *said, *chosen).where(Member.guild_id == guild_id)
        )

    async def helped(self, guild_id: int, until: datetime) -> Sequence[AnyRow]:
        """Return the request, its helper, its asker, and when that helper first answered, of all help."""
        answered_at = HelpInteraction.answered_at
        return await self._all(
            select(HelpInteraction.request_id, HelpInteraction.helper_id, HelpInteraction.asker_id, answered_at)
            .join(Request, Request.id == HelpInteraction.request_id)
            .where(Request.guild_id == guild_id, answered_at < until)
            .order_by(answered_at, HelpInteraction.request_id),
        )

    async def drafts(self, guild_id: int, until: datetime) -> Sequence[AnyRow]:
        """Return what `asked` returns of all drafts posted before a moment, then until when they were needed first.

        Then follow the round they are in, and when that began.
        """
        return await self._all(
            select(Fact.request_id, Draft.asker_id, Fact.at, Draft.urgency, Draft.visibility, Fact.needed_by)
            .add_columns(Draft.round, Draft.round_at)
            .join(Fact, Fact.request_id == Draft.id)
            .where(Draft.guild_id == guild_id, Fact.type == "asked", Fact.at < until)
            .order_by(Draft.id),
        )

    async def happened_to_drafts(self, guild_id: int, types: Collection[str], until: datetime) -> Sequence[AnyRow]:
        """Return what `happened` returns of drafts alone."""
        return await self._all(
            select(Fact.request_id, Fact.type, Fact.member_id, Fact.at)
            .join(Draft, Fact.request_id == Draft.id)
            .where(Draft.guild_id == guild_id, Fact.type.in_(types), Fact.at < until)
            .order_by(Fact.request_id, Fact.at),
        )

    async def texts(self, request_ids: Collection[int]) -> Sequence[AnyRow]:
        """Return the question, its text, and whether that is English, of some questions."""
        return await fetched(
            self._session,
            select(Question.id, Question.text, Question.is_english)
            .where(Question.id.in_(request_ids))
            .order_by(Question.id),
        )

    async def offers(self, guild_id: int, model_id: str) -> Sequence[AnyRow]:
        """Return what an encoder made of what helpers offer: only the vectors."""
        return await fetched(
            self._session,
            select(StatementVector.vector)
            .join(Statement, Statement.id == StatementVector.statement_id)
            .join(Member, Member.id == Statement.member_id)
            .where(Member.guild_id == guild_id, Member.is_helper, Member.left_at.is_(None))
            .where(~Statement.is_muted, StatementVector.model_id == model_id),
        )

    async def offered(self, guild_id: int, since: datetime, until: datetime) -> Sequence[AnyRow]:
        """Return the slot, its state, its host and when it begins, of all that weren't cancelled."""
        return await self._all(
            select(Slot.id, Slot.state, Slot.host_id, Slot.starts_at)
            .where(Slot.guild_id == guild_id, Slot.state != "cancelled")
            .where(Slot.starts_at >= since, Slot.starts_at < until)
            .order_by(Slot.id),
        )

    async def _all(self, query: Select[*tuple[Any, ...]]) -> Sequence[AnyRow]:
        """Return all rows at once: nothing else waits in this process."""
        return (await self._session.execute(query)).all()
