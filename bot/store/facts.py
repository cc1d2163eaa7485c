"""Facts, and the statistics that are queries over them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, or_, select

from bot.domain.lifecycle import OPEN_STATES, Outcome
from bot.store.transactions import Session, Store, Writes
from models import Fact, Request

_IS_OUTCOME = Fact.type.in_(tuple(Outcome))


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


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of one request: when it was asked, and when the first person took and answered it."""

    asked: datetime
    taken: datetime | None
    answered: datetime | None
    last_outcome: str | None
    state: str
    needed_by: datetime | None
    is_in_time: bool
    """Answered before it was needed, by the date that counted then."""


class Facts(Store[Session]):
    """The store of facts."""

    def add(self: "Facts[Writes]", type: str, request: Request, at: datetime, member_id: int | None = None) -> None:  # noqa: A002
        """Append a fact about a request."""
        guild_id, needed_by = request.guild_id, request.needed_by
        self._session.add(
            Fact(type=type, guild_id=guild_id, request_id=request.id, at=at, member_id=member_id, needed_by=needed_by)
        )

    def note(
        self: "Facts[Writes]",
        type: str,  # noqa: A002
        guild_id: int,
        at: datetime,
        member_id: int,
        request_id: int | None = None,
    ) -> None:
        """Append a fact about office hours, which may have come from a request."""
        self._session.add(Fact(type=type, guild_id=guild_id, request_id=request_id, at=at, member_id=member_id))

    async def add_all(self: "Facts[Writes]", type: str, about: Iterable[tuple[Request, int]], at: datetime) -> None:  # noqa: A002
        """Append the same fact about several requests and members."""
        rows = [
            {
                "type": type,
                "guild_id": request.guild_id,
                "request_id": request.id,
                "at": at,
                "member_id": member_id,
                "needed_by": request.needed_by,
            }
            for request, member_id in about
        ]
        if rows:
            await self._session.execute(insert(Fact), rows)

    async def take_back(self: "Facts[Writes]", request_id: int, type: str, at: datetime) -> None:  # noqa: A002
        """Forget a fact that turned out to be none, as an answer that was deleted at once."""
        await self._session.execute(delete(Fact).where(Fact.request_id == request_id, Fact.type == type, Fact.at == at))

    async def moments(self, type: str, request_id: int, member_id: int) -> Sequence[datetime]:  # noqa: A002
        """Return when there was a fact of this type about a request and a member."""
        found = select(Fact.at).where(Fact.request_id == request_id, Fact.type == type, Fact.member_id == member_id)
        return (await self._session.scalars(found)).all()

    async def last_outcome(self, request_id: int) -> str | None:
        """Return what the asker said last about a request."""
        return await self._session.scalar(
            select(Fact.type).where(Fact.request_id == request_id, _IS_OUTCOME).order_by(Fact.id.desc()).limit(1)
        )

    async def count(self, guild_id: int, kind: str, since: datetime, until: datetime) -> Counted:
        """Add up what became of the requests of one kind that `follow` returns."""
        rows = await self.follow(guild_id, kind, since, until)
        waits = tuple(row.answered - row.asked for row in rows if row.answered is not None)
        return Counted(
            asked=len(rows),
            taken=sum(row.taken is not None for row in rows),
            answered=len(waits),
            helped=sum(row.last_outcome == "helped" for row in rows),
            open=sum(row.state in OPEN_STATES for row in rows),
            waits=waits,
        )

    async def follow(self, guild_id: int, kind: str, since: datetime, until: datetime) -> Sequence["Followed"]:
        """Follow the requests of a kind asked from `since` to before `until` through all that happened to them since.

        Those of which nothing is kept any more are left out.
        """

        def first(type_name: str) -> ColumnElement[datetime]:
            return func.min(Fact.at).filter(Fact.type == type_name)

        last_outcome = func.max(Fact.id).filter(_IS_OUTCOME).label("last_outcome_id")
        in_time = or_(Fact.needed_by.is_(None), Fact.at <= Fact.needed_by)
        asked = select(Fact.request_id).where(
            Fact.guild_id == guild_id, Fact.type == "asked", Fact.at >= since, Fact.at < until
        )
        facts = (
            select(
                Fact.request_id,
                first("asked").label("asked"),
                first("taken").label("taken"),
                first("answered").label("answered"),
                last_outcome,
                func.count().filter(Fact.type == "answered", in_time).label("in_time"),
            )
            .where(Fact.request_id.in_(asked))
            .group_by(Fact.request_id)
            .subquery()
        )
        outcome = select(Fact.type).where(Fact.id == facts.c.last_outcome_id).scalar_subquery()
        rows = await self._session.execute(
            select(
                facts.c.asked, facts.c.taken, facts.c.answered, outcome.label("last_outcome"), Request.state,
                Request.needed_by, facts.c.in_time > 0,
            )
            .join(Request, Request.id == facts.c.request_id)
            .where(Request.type == kind)
        )  # fmt: skip
        return [Followed(*row) for row in rows]
