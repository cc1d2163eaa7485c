"""Questions, where their words matter."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, select

from bot.domain.lifecycle import ANSWERED_STATES, READABLE, RequestState
from bot.store.columns import fetched
from bot.store.transactions import Session, Store
from models import Question


class Questions(Store[Session]):
    """The store of what questions say; where they stand is the business of requests of any kind."""

    async def get(self, request_id: int) -> Question | None:
        """Return the question with this row id; a request of another kind is none."""
        return await self._session.get(Question, request_id)

    async def solved(self, guild_id: int, among: Sequence[int] | None = None) -> Sequence[Question]:
        """Return the questions of a community that were answered where everyone may read, oldest first.

        Only those `among` some ids, where these are given.
        """
        wanted = select(Question).where(is_solved(guild_id)).order_by(Question.id)
        if among is not None:
            wanted = wanted.where(Question.id.in_(among))
        return (await self._session.scalars(wanted)).all()

    async def solved_texts(self, guild_id: int, among: Sequence[int] | None = None) -> list[tuple[int, str]]:
        """Return the ids and texts of all that `solved` returns."""
        wanted = select(Question.id, Question.text).where(is_solved(guild_id))
        if among is not None:
            wanted = wanted.where(Question.id.in_(among))
        return [(row.id, row.text) for row in await fetched(self._session, wanted)]

    def solved_ids(self, guild_id: int) -> Select[int]:
        """Return the query for the ids of what `solved` returns."""
        return select(Question.id).where(is_solved(guild_id))

    def latest_ids(self, guild_id: int, limit: int) -> Select[int]:
        """Return the query for the ids of the last `limit` questions of a community that were posted."""
        is_posted = and_(Question.guild_id == guild_id, Question.state != RequestState.UNPOSTED)
        return select(Question.id).where(is_posted).order_by(Question.id.desc()).limit(limit)

    def ids(self, guild_id: int) -> Select[int]:
        """Return the query for the ids of all questions of a community."""
        return select(Question.id).where(Question.guild_id == guild_id)


def is_solved(guild_id: int) -> ColumnElement[bool]:
    """Tell whether others may learn from a question of a community: answered, in a thread that everyone may read."""
    return and_(
        Question.guild_id == guild_id,
        Question.state.in_(ANSWERED_STATES),
        Question.visibility.in_(READABLE),
        Question.thread_id.is_not(None),
    )
