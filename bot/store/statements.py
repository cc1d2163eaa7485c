"""What people can help with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from bot.domain.learning import Labels, declared_weight, learned_weight
from bot.domain.lifecycle import InvitationState, Outcome
from bot.store.columns import fetched, made_of
from bot.store.transactions import Session, Store, Writes
from models import HelpInteraction, Invitation, Member, Statement

LEARNED = "learned"
_Id = int | BindParameter[int]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A statement, and what its evidence counts by now."""

    statement: Statement
    weight: float


class Searched(NamedTuple):
    """What a question is compared with of a statement."""

    id: int
    member_id: int
    text: str
    weight: float


class Statements(Store[Session]):
    """The store of expertise statements."""

    async def get(self, statement_id: int) -> Statement | None:
        """Return the statement with this row id."""
        return await self._session.get(Statement, statement_id)

    async def of(self, member_id: int) -> Sequence[Statement]:
        """Return a member's statements, oldest first."""
        return (
            await self._session.scalars(
                select(Statement)
                .where(Statement.member_id == member_id)
                .order_by(Statement.id)
                .execution_options(populate_existing=True)
            )
        ).all()

    async def weighed(self, member_id: int) -> list[Weighed]:
        """Return a member's statements with their weights, oldest first, whether they are searched or not."""
        query = _with_evidence(select(Statement), Invitation.member_id == member_id)
        rows = await self._session.execute(
            query.where(Statement.member_id == member_id).execution_options(populate_existing=True)
        )
        return [Weighed(row.Statement, _weight(row.Statement.source, row)) for row in rows]

    async def searchable(self, guild_id: int, member_id: int | None = None) -> list[Searched]:
        """Return what questions are compared with: of a community's helpers, or of one of them."""
        whose = {"guild_id": guild_id} if member_id is None else {"guild_id": guild_id, "member_id": member_id}
        query = _searchable(of_one=member_id is not None)
        return await made_of(await fetched(self._session, query, whose), _searched)

    def searchable_ids(self, guild_id: int, member_id: int | None = None) -> Select[int]:
        """Return the query for the ids of what `searchable` returns."""
        return select(Statement.id).join(Member).where(_is_searchable(guild_id, member_id))

    def ids(self, guild_id: int) -> Select[int]:
        """Return the query for the ids of all statements of a community, searched or not."""
        return select(Statement.id).join(Member).where(Member.guild_id == guild_id)

    def add_all(self: "Statements[Writes]", statements: Iterable[Statement]) -> None:
        """Keep new statements."""
        self._session.add_all(statements)

    async def delete(self: "Statements[Writes]", statement_ids: Iterable[int]) -> None:
        """Forget statements; invitations they caused lose only the words."""
        await self._session.execute(delete(Statement).where(Statement.id.in_(list(statement_ids))))

    async def set_muted(self: "Statements[Writes]", member_id: int, muted_ids: Iterable[int]) -> None:
        """Mute exactly these of the statements a member declared, and no others."""
        muted = Statement.id.in_(list(muted_ids))
        await self._session.execute(
            update(Statement)
            .where(Statement.member_id == member_id, Statement.source != LEARNED)
            .values(is_muted=muted)
            .execution_options(synchronize_session=False)
        )

    async def unlearn(self: "Statements[Writes]", member_id: int, now: datetime) -> None:
        """Forget everything that was learned about a member: from what they helped with, and from what they pressed."""
        theirs = Statement.member_id == member_id
        await self._session.execute(delete(Statement).where(theirs, Statement.source == LEARNED))
        await self._session.execute(update(Statement).where(theirs).values(labels_since=now))

    async def forget_learned(self: "Statements[Writes]", member_id: int, request_id: int) -> None:
        """Delete what a helper's work on one request taught about them."""
        theirs = (Statement.member_id == member_id, Statement.request_id == request_id, Statement.source == LEARNED)
        await self._session.execute(delete(Statement).where(*theirs))

    async def there(self: "Statements[Writes]", statement_ids: Iterable[int]) -> set[int]:
        """Return those of these ids that are still there, and keep their rows until the transaction ends."""
        wanted = select(Statement.id).where(Statement.id.in_(list(statement_ids))).with_for_update(key_share=True)
        return set(await self._session.scalars(wanted))

    async def owners(self, statement_ids: Iterable[int]) -> list[tuple[int, int]]:
        """Return (guild, member) of everyone these statements belong to."""
        rows = await self._session.execute(
            select(Member.guild_id, Member.id).distinct().join(Statement).where(Statement.id.in_(list(statement_ids)))
        )
        return [(row.guild_id, row.id) for row in rows]


@cache
def _searchable(*, of_one: bool) -> Select[*tuple[Any, ...]]:
    """Return the query for what is searched of a community, or of one of its members; made once."""
    guild_id, member_id = (
        bindparam("guild_id", type_=Member.guild_id.type),
        bindparam("member_id", type_=Member.id.type),
    )
    is_in_guild = Invitation.member_id.in_(select(Member.id).where(Member.guild_id == guild_id))
    columns = select(Statement.id, Statement.member_id, Statement.text, Statement.source)
    query = _with_evidence(columns, Invitation.member_id == member_id if of_one else is_in_guild)
    return query.where(_is_searchable(guild_id, member_id if of_one else None))


def _with_evidence(query: Select[*tuple[Any, ...]], invited: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Select beside statements, oldest first, what their evidence counts by."""
    labels = _labels(invited)
    part = and_(HelpInteraction.request_id == Statement.request_id, HelpInteraction.helper_id == Statement.member_id)
    return (
        query.add_columns(Member.learns_from_help, HelpInteraction.outcome, *labels.c)
        .join(Member, Member.id == Statement.member_id)
        .outerjoin(labels, labels.c.statement_id == Statement.id)
        .outerjoin(HelpInteraction, part)
        .order_by(Statement.id)
    )


def _searched(rows: Sequence[Row[Any]]) -> list[Searched]:
    return [Searched(row.id, row.member_id, row.text, _weight(row.source, row)) for row in rows]


def _is_searchable(guild_id: _Id, member_id: _Id | None) -> ColumnElement[bool]:
    """Keep what is unmuted, of people who may be asked; what was learned only while its owner consents."""
    is_theirs = Member.guild_id == guild_id if member_id is None else Member.id == member_id
    has_consent = or_(Statement.source != LEARNED, Member.learns_from_help)
    return and_(
        is_theirs,
        Member.guild_id == guild_id,
        Member.is_helper,
        Member.left_at.is_(None),
        ~Statement.is_muted,
        has_consent,
    )


def _labels(invited: ColumnElement[bool]) -> Subquery:
    """Count what became of these invitations by the statement that was their reason, since its owner last forgot."""
    part = and_(HelpInteraction.request_id == Invitation.request_id, HelpInteraction.helper_id == Invitation.member_id)
    happened_at = func.coalesce(Invitation.decided_at, Invitation.created_at)

    def times(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
        return func.count().filter(condition).label(name)

    return (
        select(
            Invitation.statement_id,
            times(Invitation.state == InvitationState.OFF_TOPIC, "off_topic"),
            times(Invitation.state == InvitationState.PASSED, "passed"),
            times(Invitation.state == InvitationState.TAKEN, "taken"),
            times(HelpInteraction.outcome == Outcome.HELPED, "helped"),
        )
        .join(Statement, Statement.id == Invitation.statement_id)
        .outerjoin(HelpInteraction, part)
        .where(invited, or_(Statement.labels_since.is_(None), happened_at >= Statement.labels_since))
        .group_by(Invitation.statement_id)
        .subquery()
    )


def _weight(source: str, row: Row[Any]) -> float:
    labels = Labels(row.off_topic or 0, row.passed or 0, row.taken or 0, row.helped or 0)
    if source == LEARNED:
        return learned_weight(labels, Outcome(row.outcome) if row.outcome else None)
    return declared_weight(labels, learns_from_help=row.learns_from_help)
