"""Requests of any kind and where they stand; what needs the words of one kind is in that kind's own store."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, delete, func, literal, or_, select, update

from bot.domain.lifecycle import HIDDEN, OPEN_STATES, READABLE, RequestState
from bot.store.guilds import is_served
from bot.store.transactions import Session, Store, Writes
from models import Fact, HelpInteraction, Member, Request


@dataclass(frozen=True, slots=True)
class ThreadToRead:
    """A request's thread, and whose answer is looked for in it."""

    guild_id: int
    request_id: int
    thread_id: int
    asker_user_id: int | None
    since: datetime | None
    """From when on; None: from the first message."""
    counts_all: bool = False
    """Whether its asker's own messages count like any other person's."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A request that waits in vain, of which kind, and since when."""

    guild_id: int
    id: int
    kind: str
    since: datetime


_WAITS_FROM = func.coalesce(Request.needed_by, Request.waiting_since)
"""Since when a request waits in vain: from the moment it was needed by, or from when it began to wait."""


class Requests(Store[Session]):
    """The store of requests of any kind; each comes back as what it is, with all that its kind keeps of it."""

    def add(self: "Requests[Writes]", request: Request) -> None:
        """Keep a new request."""
        self._session.add(request)

    async def get(self, request_id: int) -> Request | None:
        """Return the request with this row id."""
        return await self._session.get(Request, request_id)

    async def hold(self: "Requests[Writes]", request_id: int) -> Request | None:
        """Return the request as it is now, and let no one else change it until the transaction ends.

        Everything that belongs to a request (invitations, parts) changes under its request's lock.
        """
        # No key is ever changed, so a row that refers to this one may be written meanwhile: two who hold two rows each
        # would wait for one another else.
        # `Session.get` would call a row stale that was read before another session changed it.
        return await self._session.scalar(
            select(Request)
            .where(Request.id == request_id)
            .with_for_update(of=Request.id, key_share=True)
            .execution_options(populate_existing=True)
        )

    async def hold_all(self: "Requests[Writes]", request_ids: Iterable[int]) -> Sequence[Request]:
        """Do as `hold` for several, always in the same order, so that no two wait for each other."""
        return (
            await self._session.scalars(
                select(Request)
                .where(Request.id.in_(list(request_ids)))
                .order_by(Request.id)
                .with_for_update(of=Request.id, key_share=True)
                .execution_options(populate_existing=True)
            )
        ).all()

    async def those(self, request_ids: Iterable[int]) -> Sequence[Request]:
        """Return these requests, oldest first."""
        wanted = select(Request).where(Request.id.in_(list(request_ids))).order_by(Request.id)
        return (await self._session.scalars(wanted)).all()

    async def due(self, now: datetime, limit: int) -> list[tuple[int, int]]:
        """Return (guild, id) of up to `limit` waiting requests whose free places are to be looked at, by guild."""
        first = (
            select(Request.guild_id, Request.id)
            .where(Request.state == RequestState.WAITING, Request.next_look_at <= now, is_served(Request.guild_id))
            .order_by(Request.guild_id, Request.next_look_at, Request.id)
            .limit(limit)
        )
        return [(row.guild_id, row.id) for row in await self._session.execute(first)]

    async def look_at(self: "Requests[Writes]", request_ids: Iterable[int], at: datetime | None) -> None:
        """Have the free places of these requests looked at again at a moment, or (None) not; needs their locks."""
        await self._session.execute(
            update(Request)
            .where(Request.id.in_(list(request_ids)))
            .values(next_look_at=at)
            .execution_options(synchronize_session=False)
        )

    async def waiting(self, guild_id: int, since: Mapping[str, datetime], *, is_public: bool) -> Sequence[Request]:
        """Return a community's requests that have waited since before a moment, given by kind, longest first.

        Those only that everyone may read, where `is_public`.
        """
        wanted = select(Request).where(
            Request.guild_id == guild_id,
            Request.state == RequestState.WAITING,
            _by_kind(since) >= _WAITS_FROM,
            Request.thread_id.is_not(None),
        )
        if is_public:
            wanted = wanted.where(Request.visibility.in_(READABLE))
        return (await self._session.scalars(wanted.order_by(Request.waiting_since, Request.id))).all()

    async def unanswered(self, since: Mapping[str, datetime], limit: int) -> Sequence[Unanswered]:
        """Return up to `limit` requests that have waited since before a moment, given by kind, longest first."""
        rows = await self._session.execute(
            select(Request.guild_id, Request.id, Request.type, _WAITS_FROM.label("waits_from"))
            .where(_waits_since(since))
            .order_by(Request.waiting_since, Request.id)
            .limit(limit)
        )
        return [Unanswered(row.guild_id, row.id, row.type, row.waits_from) for row in rows]

    async def waiting_guilds(self, since: Mapping[str, datetime]) -> Sequence[int]:
        """Return the communities in which a request has waited since before a moment, given by kind."""
        return (await self._session.scalars(select(Request.guild_id).where(_waits_since(since)).distinct())).all()

    async def of(self, asker_id: int, limit: int) -> Sequence[Request]:
        """Return the last `limit` requests of a member, unposted ones among them, newest first."""
        return (
            await self._session.scalars(
                select(Request).where(Request.asker_id == asker_id).order_by(Request.id.desc()).limit(limit)
            )
        ).all()

    async def find_submitted(self, interaction_id: int) -> Request | None:
        """Return the request that came with this submission."""
        return await self._session.scalar(select(Request).where(Request.interaction_id == interaction_id))

    async def find_in_thread(self, thread_id: int) -> Request | None:
        """Return the request whose thread this is."""
        return await self._session.scalar(select(Request).where(Request.thread_id == thread_id))

    async def threads_of(self, guild_id: int, limit: int) -> Sequence[int]:
        """Return the threads of up to `limit` requests of a community, newest first."""
        newest = (
            select(Request.thread_id)
            .where(Request.guild_id == guild_id, Request.thread_id.is_not(None))
            .order_by(Request.id.desc())
            .limit(limit)
        )
        return [each for each in await self._session.scalars(newest) if each is not None]

    async def open_of(self, asker_id: int) -> Sequence[Request]:
        """Return a member's requests that no one has answered, oldest first."""
        return (
            await self._session.scalars(
                select(Request).where(Request.asker_id == asker_id, Request.state.in_(OPEN_STATES)).order_by(Request.id)
            )
        ).all()

    async def delete_unposted(self: "Requests[Writes]", request_ids: Iterable[int]) -> None:
        """Forget these requests and everything that hangs on them; what was posted in the meantime stays."""
        is_unposted = and_(Request.id.in_(list(request_ids)), Request.state == RequestState.UNPOSTED)
        await self._session.execute(delete(Request).where(is_unposted))

    async def unposted(self, before: Mapping[str, datetime]) -> Sequence[int]:
        """Return ids of requests that were written before a moment, given by kind, and never posted."""
        return (
            await self._session.scalars(
                select(Request.id).where(Request.state == RequestState.UNPOSTED, Request.created_at < _by_kind(before))
            )
        ).all()

    async def unlooked(self, looked_before: datetime, put_away_since: datetime, limit: int) -> Sequence[ThreadToRead]:
        """Return the threads of up to `limit` requests to look for missed answers in, the longest waiting first.

        They are unanswered and weren't looked at since a moment. Of those that were put away, only such count as waited
        at another moment or later. Where earlier answers weren't it, another one is waited for since its asker said so.
        Its asker's own reply opens what was put away, and where they are hidden nothing may tell it from another's.
        """
        is_put_away = Request.state == RequestState.ARCHIVED
        said = select(func.max(HelpInteraction.outcome_at)).where(HelpInteraction.request_id == Request.id)
        put_away = select(func.max(Fact.at)).where(Fact.request_id == Request.id, Fact.type == "archived")
        is_due = and_(
            Request.state.in_((*OPEN_STATES, RequestState.ARCHIVED)),
            or_(Request.looked_at.is_(None), Request.looked_at < looked_before),
            or_(~is_put_away, Request.waiting_since >= put_away_since),
        )
        rows = await self._session.execute(
            select(
                Request.guild_id, Request.id, Request.thread_id,
                Member.user_id,
                case((is_put_away, put_away.scalar_subquery()), else_=said.scalar_subquery()).label("since"),
                or_(is_put_away, Request.visibility.in_(HIDDEN)).label("counts_all"),
            )
            .join(Member, Member.id == Request.asker_id)
            .where(is_due, *_is_in_thread())
            .order_by(Request.waiting_since, Request.id)
            .limit(limit)
        )  # fmt: skip
        return [ThreadToRead(*row) for row in rows]

    async def note_look(self: "Requests[Writes]", request_id: int, now: datetime) -> None:
        """Note that a request's thread was looked through, without disturbing what changes it meanwhile."""
        await self._session.execute(
            update(Request)
            .where(Request.id == request_id)
            .values(looked_at=now)
            .execution_options(synchronize_session=False)
        )

    async def forget_looks(self: "Requests[Writes]", put_away_since: datetime) -> None:
        """Let every thread that may hold a missed answer be looked through again."""
        is_open = Request.state.in_(OPEN_STATES)
        is_put_away = and_(Request.state == RequestState.ARCHIVED, Request.waiting_since >= put_away_since)
        await self._session.execute(
            update(Request)
            .where(or_(is_open, is_put_away), Request.looked_at.is_not(None))
            .values(looked_at=None)
            .execution_options(synchronize_session=False)
        )


def _waits_since(moments: Mapping[str, datetime]) -> ColumnElement[bool]:
    is_old = and_(Request.state == RequestState.WAITING, _by_kind(moments) >= _WAITS_FROM)
    return and_(is_old, is_served(Request.guild_id))


def _by_kind(moments: Mapping[str, datetime]) -> ColumnElement[datetime | None]:
    """Return the moment that holds for a request's kind; none where the kind isn't known."""
    found = {kind: literal(moment, Request.created_at.type) for kind, moment in moments.items()}
    return case(found, value=Request.type)


def _is_in_thread() -> tuple[ColumnElement[bool], ...]:
    return Request.thread_id.is_not(None), is_served(Request.guild_id)
