"""What letters have said about a request, to find their messages again."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, exists, select

from bot.store.transactions import Session, Store
from models import Draft, Feedback, OutboxLetter


class WhatWasSaid(Store[Session]):
    """The store of letters as they are looked for when a person takes back what they said."""

    async def about(self, request_id: int, kinds: Iterable[str]) -> Sequence[OutboxLetter]:
        """Return a request's letters of some kinds, in any state, oldest first."""
        return await self._those(OutboxLetter.request_id == request_id, kinds)

    async def by_authors(self, member_ids: Iterable[int], kinds: Iterable[str]) -> Sequence[OutboxLetter]:
        """Do as `about`, for all drafts of these members."""
        drafts = select(Draft.id).where(Draft.asker_id.in_(list(member_ids)))
        return await self._those(OutboxLetter.request_id.in_(drafts), kinds)

    async def to_readers(self, member_ids: Iterable[int], kinds: Iterable[str]) -> Sequence[OutboxLetter]:
        """Do as `about`, for all drafts on which these members wrote feedback."""
        drafts = select(Feedback.draft_id).where(Feedback.reader_id.in_(list(member_ids)))
        return await self._those(OutboxLetter.request_id.in_(drafts), kinds)

    async def _those(self, which: ColumnElement[bool], kinds: Iterable[str]) -> Sequence[OutboxLetter]:
        wanted = select(OutboxLetter).where(which, OutboxLetter.kind.in_(list(kinds)))
        return (await self._session.scalars(wanted.order_by(OutboxLetter.id))).all()


def may_be_taken_back() -> ColumnElement[bool]:
    """Tell whether a letter is about a draft whose author may still take back what it said."""
    return exists().where(Draft.id == OutboxLetter.request_id, Draft.about != "")
