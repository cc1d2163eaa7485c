"""Questions and where they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, or_, select, update

from bot.domain.lifecycle import ANSWERED_STATES, OPEN_STATES, READABLE, RequestState, Visibility
from bot.store.columns import fetched
from bot.store.guilds import is_served
from bot.store.transactions import Session, Store, Writes
from models import Event, HelpInteraction, Member, Question, Request


@dataclass(frozen=True, slots=True)
class Thread:
    """A question's thread, and whose answer is looked for in it."""

    guild_id: int
    request_id: int
    thread_id: int
    asker_user_id: int | None
    since: datetime | None
    """From when on; None: from the first message."""
    counts_all: bool = False
    """Whether its asker's own messages count like any other person's."""


class Questions(Store[Session]):
    """The store of questions."""

    def add(self: "Questions[Writes]", question: Question) -> None:
        """Keep a new question."""
        self._session.add(question)

    async def get(self, request_id: int) -> Question | None:
        """Return the question with this row id."""
        return await self._session.get(Question, request_id)

    async def hold(self: "Questions[Writes]", request_id: int) -> Question | None:
        """Return the question as it is now, and let nobody else change it until the transaction ends.

        Everything that belongs to a request (invitations, parts) changes under its question's lock.
        """
        # No key is ever changed, so whatever refers to this row may be written meanwhile: two who hold two rows each
        # would wait for one another else.
        # `Session.get` would call a row stale that was read before somebody else changed it.
        return await self._session.scalar(
            select(Question)
            .where(Question.id == request_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )

    async def hold_all(self: "Questions[Writes]", request_ids: Iterable[int]) -> Sequence[Question]:
        """Do as `hold` for several, always in the same order, so that nobody waits for each other."""
        return (
            await self._session.scalars(
                select(Question)
                .where(Question.id.in_(list(request_ids)))
                .order_by(Question.id)
                .with_for_update(key_share=True)
                .execution_options(populate_existing=True)
            )
        ).all()

    async def those(self, request_ids: Iterable[int]) -> Sequence[Question]:
        """Return these questions, oldest first."""
        wanted = select(Question).where(Question.id.in_(list(request_ids))).order_by(Question.id)
        return (await self._session.scalars(wanted)).all()

    async def due(self, now: datetime, limit: int) -> list[tuple[int, int]]:
        """Return (guild, id) of up to `limit` waiting questions whose free places are to be looked at, by guild."""
        first = (
            select(Question.guild_id, Question.id)
            .where(Question.state == RequestState.WAITING, Question.next_look_at <= now, is_served(Question.guild_id))
            .order_by(Question.guild_id, Question.next_look_at, Question.id)
            .limit(limit)
        )
        return [(row.guild_id, row.id) for row in await self._session.execute(first)]

    async def look_at(self: "Questions[Writes]", request_ids: Iterable[int], at: datetime | None) -> None:
        """Have the free places of these questions looked at again at a moment, or (None) not; needs their locks."""
        await self._session.execute(
            update(Request)
            .where(Request.id.in_(list(request_ids)))
            .values(next_look_at=at)
            .execution_options(synchronize_session=False)
        )

    async def waiting(self, guild_id: int, since: datetime, *, is_public: bool) -> Sequence[Question]:
        """Return a community's questions that have waited since before a moment, longest first.

        Those only that everybody may read, where `is_public`.
        """
        wanted = select(Question).where(
            Question.guild_id == guild_id,
            Question.state == RequestState.WAITING,
            Question.waiting_since <= since,
            Question.thread_id.is_not(None),
        )
        if is_public:
            wanted = wanted.where(Question.visibility.in_(READABLE))
        return (await self._session.scalars(wanted.order_by(Question.waiting_since, Question.id))).all()

    async def unanswered(self, since: datetime, limit: int) -> Sequence[tuple[int, int, datetime]]:
        """Return (guild, id, since when) of up to `limit` questions that have waited that long, longest first."""
        rows = await self._session.execute(
            select(Question.guild_id, Question.id, Question.waiting_since)
            .where(_waits_since(since))
            .order_by(Question.waiting_since, Question.id)
            .limit(limit)
        )
        return [(row.guild_id, row.id, row.waiting_since) for row in rows]

    async def waiting_guilds(self, since: datetime) -> Sequence[int]:
        """Return the communities in which a question has waited since before a moment."""
        return (await self._session.scalars(select(Question.guild_id).where(_waits_since(since)).distinct())).all()

    async def of(self, asker_id: int, limit: int) -> Sequence[Question]:
        """Return the last `limit` questions of a member, drafts among them, newest first."""
        return (
            await self._session.scalars(
                select(Question).where(Question.asker_id == asker_id).order_by(Question.id.desc()).limit(limit)
            )
        ).all()

    async def find_submitted(self, interaction_id: int) -> Question | None:
        """Return the question that came with this submission."""
        return await self._session.scalar(select(Question).where(Question.interaction_id == interaction_id))

    async def find_in_thread(self, thread_id: int) -> Question | None:
        """Return the question whose thread this is."""
        return await self._session.scalar(select(Question).where(Question.thread_id == thread_id))

    async def threads_of(self, guild_id: int, limit: int) -> Sequence[int]:
        """Return the threads of up to `limit` questions of a community, newest first."""
        newest = (
            select(Question.thread_id)
            .where(Question.guild_id == guild_id, Question.thread_id.is_not(None))
            .order_by(Question.id.desc())
            .limit(limit)
        )
        return [each for each in await self._session.scalars(newest) if each is not None]

    async def open_of(self, asker_id: int) -> Sequence[Question]:
        """Return a member's questions that nobody has answered, oldest first."""
        return (
            await self._session.scalars(
                select(Question)
                .where(Question.asker_id == asker_id, Question.state.in_(OPEN_STATES))
                .order_by(Question.id)
            )
        ).all()

    async def solved(self, guild_id: int, among: Sequence[int] | None = None) -> Sequence[Question]:
        """Return the questions of a community that were answered where everybody may read, oldest first.

        Only those `among` some ids, where these are given.
        """
        wanted = select(Question).where(is_solved(guild_id)).order_by(Question.id)
        if among is not None:
            wanted = wanted.where(Question.id.in_(among))
        return (await self._session.scalars(wanted)).all()

    async def solved_texts(self, guild_id: int) -> list[tuple[int, str]]:
        """Return the ids and texts of all that `solved` returns."""
        wanted = select(Question.id, Question.text).where(is_solved(guild_id))
        return [(row.id, row.text) for row in await fetched(self._session, wanted)]

    def solved_ids(self, guild_id: int) -> Select[int]:
        """Return the query for the ids of what `solved` returns."""
        return select(Question.id).where(is_solved(guild_id))

    def latest_ids(self, guild_id: int, limit: int) -> Select[int]:
        """Return the query for the ids of the last `limit` questions of a community that were posted."""
        is_posted = and_(Question.guild_id == guild_id, Question.state != RequestState.DRAFT)
        return select(Question.id).where(is_posted).order_by(Question.id.desc()).limit(limit)

    def ids(self, guild_id: int) -> Select[int]:
        """Return the query for the ids of all questions of a community."""
        return select(Question.id).where(Question.guild_id == guild_id)

    async def delete_drafts(self: "Questions[Writes]", request_ids: Iterable[int]) -> None:
        """Forget these questions and everything that hangs on them; whatever was posted in the meantime stays."""
        is_draft = and_(Request.id.in_(list(request_ids)), Request.state == RequestState.DRAFT)
        await self._session.execute(delete(Request).where(is_draft))

    async def drafts(self, before: datetime) -> Sequence[int]:
        """Return ids of questions that were written before a moment and never posted."""
        return (
            await self._session.scalars(
                select(Question.id).where(Question.state == RequestState.DRAFT, Question.created_at < before)
            )
        ).all()

    async def unlooked(self, looked_before: datetime, put_away_since: datetime, limit: int) -> Sequence[Thread]:
        """Return the threads of up to `limit` questions to look for missed answers in, the longest waiting first.

        They are unanswered and weren't looked at since a moment. Of those that were put away, only such count as waited
        at another moment or later. Where earlier answers weren't it, another one is waited for since its asker said so.
        Its asker's own reply opens what was put away, and where they are hidden nothing may tell it from another's.
        """
        is_put_away = Question.state == RequestState.ARCHIVED
        said = select(func.max(HelpInteraction.outcome_at)).where(HelpInteraction.request_id == Question.id)
        put_away = select(func.max(Event.at)).where(Event.request_id == Question.id, Event.type == "archived")
        is_due = and_(
            Question.state.in_((*OPEN_STATES, RequestState.ARCHIVED)),
            or_(Question.looked_at.is_(None), Question.looked_at < looked_before),
            or_(~is_put_away, Question.waiting_since >= put_away_since),
        )
        rows = await self._session.execute(
            select(
                Question.guild_id, Question.id, Question.thread_id,
                Member.user_id,
                case((is_put_away, put_away.scalar_subquery()), else_=said.scalar_subquery()).label("since"),
                or_(is_put_away, Question.visibility == Visibility.ANONYMOUS).label("counts_all"),
            )
            .join(Member, Member.id == Question.asker_id)
            .where(is_due, *_is_in_thread())
            .order_by(Question.waiting_since, Question.id)
            .limit(limit)
        )  # fmt: skip
        return [Thread(*row) for row in rows]

    async def note_look(self: "Questions[Writes]", request_id: int, now: datetime) -> None:
        """Note that a question's thread was looked through, without disturbing what changes it meanwhile."""
        await self._session.execute(
            update(Request)
            .where(Request.id == request_id)
            .values(looked_at=now)
            .execution_options(synchronize_session=False)
        )

    async def forget_looks(self: "Questions[Writes]", put_away_since: datetime) -> None:
        """Let every thread that may hold a missed answer be looked through anew."""
        is_open = Request.state.in_(OPEN_STATES)
        is_put_away = and_(Request.state == RequestState.ARCHIVED, Request.waiting_since >= put_away_since)
        await self._session.execute(
            update(Request)
            .where(or_(is_open, is_put_away), Request.looked_at.is_not(None))
            .values(looked_at=None)
            .execution_options(synchronize_session=False)
        )


def _waits_since(moment: datetime) -> ColumnElement[bool]:
    is_old = and_(Question.state == RequestState.WAITING, Question.waiting_since <= moment)
    return and_(is_old, is_served(Question.guild_id))


def _is_in_thread() -> tuple[ColumnElement[bool], ...]:
    return Question.thread_id.is_not(None), is_served(Question.guild_id)


def is_solved(guild_id: int) -> ColumnElement[bool]:
    """Tell whether others may learn from a question of a community: answered, in a thread that everybody may read."""
    return and_(
        Question.guild_id == guild_id,
        Question.state.in_(ANSWERED_STATES),
        Question.visibility.in_(READABLE),
        Question.thread_id.is_not(None),
    )
