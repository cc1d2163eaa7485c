"""Facts, and the statistics that are queries over them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select

from bot.domain.lifecycle import OPEN_STATES, Outcome
from bot.store.transactions import Session, Store, Writes
from models import Event, Request

_IS_OUTCOME = Event.type.in_(tuple(Outcome))


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of the requests of one window."""

    asked: int
    taken: int
    answered: int
    helped: int
    open: int
    waits: tuple[timedelta, ...]
    """From asking to the first answer, of those answered."""


class Events(Store[Session]):
    """The store of facts."""

    def add(self: "Events[Writes]", type: str, request: Request, at: datetime, member_id: int | None = None) -> None:  # noqa: A002
        """Append a fact about a request."""
        self._session.add(
            Event(type=type, guild_id=request.guild_id, request_id=request.id, at=at, member_id=member_id)
        )

    def note(
        self: "Events[Writes]",
        type: str,  # noqa: A002
        guild_id: int,
        at: datetime,
        member_id: int,
        request_id: int | None = None,
    ) -> None:
        """Append a fact about office hours, which may have come from a request."""
        self._session.add(Event(type=type, guild_id=guild_id, request_id=request_id, at=at, member_id=member_id))

    async def add_all(self: "Events[Writes]", type: str, about: Iterable[tuple[Request, int]], at: datetime) -> None:  # noqa: A002
        """Append the same fact about several requests and members."""
        rows = [
            {"type": type, "guild_id": request.guild_id, "request_id": request.id, "at": at, "member_id": member_id}
            for request, member_id in about
        ]
        if rows:
            await self._session.execute(insert(Event), rows)

    async def take_back(self: "Events[Writes]", request_id: int, type: str, at: datetime) -> None:  # noqa: A002
        """Forget a fact that turned out to be none, as an answer that was deleted at once."""
        await self._session.execute(
            delete(Event).where(Event.request_id == request_id, Event.type == type, Event.at == at)
        )

    async def moments(self, type: str, request_id: int, member_id: int) -> Sequence[datetime]:  # noqa: A002
        """Return when there was a fact of this type about a request and a member."""
        found = select(Event.at).where(Event.request_id == request_id, Event.type == type, Event.member_id == member_id)
        return (await self._session.scalars(found)).all()

    async def last_outcome(self, request_id: int) -> str | None:
        """Return what the asker said last about a request."""
        return await self._session.scalar(
            select(Event.type).where(Event.request_id == request_id, _IS_OUTCOME).order_by(Event.id.desc()).limit(1)
        )

    async def count(self, guild_id: int, since: datetime, until: datetime) -> Counted:
        """Follow the requests asked from `since` to before `until` through everything that happened to them since."""
        rows = await self._facts(guild_id, since, until)
        waits = tuple(row.answered - row.asked for row in rows if row.answered is not None)
        return Counted(
            asked=len(rows),
            taken=sum(row.taken is not None for row in rows),
            answered=len(waits),
            helped=sum(row.last_outcome == "helped" for row in rows),
            open=sum(row.state in OPEN_STATES for row in rows),
            waits=waits,
        )

    async def _facts(self, guild_id: int, since: datetime, until: datetime) -> Sequence["_Facts"]:
        def first(type_name: str) -> ColumnElement[datetime]:
            return func.min(Event.at).filter(Event.type == type_name)

        last_outcome = func.max(Event.id).filter(_IS_OUTCOME).label("last_outcome_id")
        asked = select(Event.request_id).where(
            Event.guild_id == guild_id, Event.type == "asked", Event.at >= since, Event.at < until
        )
        facts = (
            select(
                Event.request_id,
                first("asked").label("asked"),
                first("taken").label("taken"),
                first("answered").label("answered"),
                last_outcome,
            )
            .where(Event.request_id.in_(asked))
            .group_by(Event.request_id)
            .subquery()
        )
        outcome = select(Event.type).where(Event.id == facts.c.last_outcome_id).scalar_subquery()
        rows = await self._session.execute(
            select(facts.c.asked, facts.c.taken, facts.c.answered, outcome.label("last_outcome"), Request.state).join(
                Request, Request.id == facts.c.request_id
            )
        )
        return [_Facts(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class _Facts:
    asked: datetime
    taken: datetime | None
    answered: datetime | None
    last_outcome: str | None
    state: str
