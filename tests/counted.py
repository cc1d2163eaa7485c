"""What the facts say became of requests: figures that tests compare a community's history with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from bot.domain.lifecycle import OPEN_STATES, Outcome
from bot.store.engine import Database
from models import Fact, Request
from tests.factories import GUILD_ID

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


async def count(database: Database, kind: str, since: datetime, until: datetime, guild_id: int = GUILD_ID) -> Counted:
    """Add up what became of the requests of one kind that `follow` returns."""
    rows = await follow(database, kind, since, until, guild_id)
    waits = tuple(row.answered - row.asked for row in rows if row.answered is not None)
    return Counted(
        asked=len(rows),
        taken=sum(row.taken is not None for row in rows),
        answered=len(waits),
        helped=sum(row.last_outcome == "helped" for row in rows),
        open=sum(row.state in OPEN_STATES for row in rows),
        waits=waits,
    )


async def follow(
    database: Database, kind: str, since: datetime, until: datetime, guild_id: int = GUILD_ID
) -> Sequence[Followed]:
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
    followed = (
        select(
            facts.c.asked, facts.c.taken, facts.c.answered, outcome.label("last_outcome"), Request.state,
            Request.needed_by, facts.c.in_time > 0,
        )
        .join(Request, Request.id == facts.c.request_id)
        .where(Request.type == kind)
    )  # fmt: skip
    async with database.engine.connect() as connection:
        return [Followed(*row) for row in await connection.execute(followed)]
