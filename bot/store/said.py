"""What letters have said about a request, to find their messages again."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, exists, select

from bot.store.transactions import Session, Store
from models import Draft, OutboxLetter


class WhatWasSaid(Store[Session]):
    """The store of letters as they are looked for when a person takes back what they said."""

    async def about(self, request_id: int, kinds: Iterable[str]) -> Sequence[OutboxLetter]:
        """Return a request's letters of some kinds, in any state, oldest first."""
        wanted = select(OutboxLetter).where(OutboxLetter.request_id == request_id, OutboxLetter.kind.in_(list(kinds)))
        return (await self._session.scalars(wanted.order_by(OutboxLetter.id))).all()


def may_be_taken_back() -> ColumnElement[bool]:
    """Tell whether a letter is about a draft whose author may still take back what it said."""
    return exists().where(Draft.id == OutboxLetter.request_id, Draft.about != "")
