"""Facts, and the statistics that are queries over them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from bot.domain.lifecycle import Outcome
from bot.store.transactions import Session, Store, Writes
from models import Fact, Request

_IS_OUTCOME = Fact.type.in_(tuple(Outcome))


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

    async def by_asker(
        self,
        guild_id: int,
        kind: str,
        type: str,  # noqa: A002
        since: datetime,
        until: datetime,
    ) -> dict[int, int]:
        """Return on how many requests of each asker there was a fact of this type, in a stretch of time."""
        found = (
            select(Request.asker_id, func.count(Fact.request_id.distinct()))
            .join(Fact, Fact.request_id == Request.id)
            .where(
                Fact.guild_id == guild_id, Fact.type == type, Fact.at >= since, Fact.at < until, Request.type == kind
            )
            .group_by(Request.asker_id)
        )
        return dict(list(await self._session.execute(found)))
