"""What people chose about being asked, and how often they were: the one budget over every kind of request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    select,
    true,
    union_all,
)

from bot.domain.attention import Attention, Rate
from bot.domain.lifecycle import InvitationState
from bot.store.members import note_zone
from bot.store.transactions import Session, Store
from models import Invitation, Member, OutboxLetter, WaitlistPlace

SPANS = (1, 2, 7, 14, 30)
"""Days that are counted over, back from now."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member who opted in, as the code that asks them needs to know them."""

    member_id: int
    languages: frozenset[str]
    attention: Attention


class AttentionBudget(Store[Session]):
    """The store of what is left of people's attention; questions, slots and every other kind all ask by invitations.

    Spending needs the community's lock.
    """

    async def of(self, member_ids: Iterable[int], now: datetime, *, are_helpers: bool = True) -> dict[int, Person]:
        """Return those of these members who opted in, with their attention as it is `now`, by id.

        Not `are_helpers`: all of them, for what helps themselves. Slots that a member was told of unasked count as much
        as invitations do.
        """
        wanted = list(member_ids)
        if not wanted:
            return {}
        moments = {_since(days): now - timedelta(days=days) for days in SPANS}
        rows = await self._session.execute(_people(are_helpers=are_helpers), {"ids": wanted, "now": now, **moments})
        found = {
            member_id: Person(member_id, frozenset(languages), Attention(Rate(rate), *chosen))
            for member_id, languages, rate, *chosen in rows
        }
        for member_id, person in found.items():
            note_zone(member_id, person.attention.zone)
        return found


@cache
def _people(*, are_helpers: bool) -> Select[*tuple[Any, ...]]:
    """Return the query for what members chose, and how often they were asked in each of the `SPANS`; made once."""
    # A sweep looks at whole communities: ids are listed once, and columns read instead of rows.
    people = (
        select(
            Member.id, Member.languages, Member.rate, Member.zone, Member.begins, Member.ends,
            Member.paused_at, Member.paused_until, Member.silences,
        )
        .where(
            Member.id.in_(bindparam("ids", expanding=True)), Member.left_at.is_(None),
            Member.is_helper if are_helpers else true(),
        )
        .cte("people")
    )  # fmt: skip
    asked = _asked(people)

    def since(days: int) -> ColumnElement[int]:
        return func.count().filter(asked.c.at > _moment(_since(days))).label(f"days_{days}")

    spent = select(asked.c.member_id, *map(since, SPANS)).group_by(asked.c.member_id).subquery()
    counts = [func.coalesce(column, 0) for column in list(spent.c)[1:]]
    return select(people, *counts).outerjoin(spent, spent.c.member_id == people.c.id)


def _since(days: int) -> str:
    return f"since_{days}"


def _moment(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=Invitation.created_at.type)


def _asked(people: CTE) -> Subquery:
    """Return the query for who was asked and when: invitations, and slots that the member hadn't looked for."""
    ids, since = select(people.c.id), _moment(_since(max(SPANS)))
    # What has yet to arrive will be read together with what is sent now, however long ago it was written.
    is_underway = and_(
        Invitation.state == InvitationState.ASKED,
        exists().where(OutboxLetter.invitation_id == Invitation.id, OutboxLetter.due_at.is_not(None)),
    )
    at = case((is_underway, _moment("now")), else_=Invitation.created_at)
    invited = select(Invitation.member_id, at.label("at")).where(
        Invitation.created_at > since,
        Invitation.member_id.in_(ids),
        # What never reached a person cost no attention.
        Invitation.state != InvitationState.UNDELIVERED,
    )
    told = select(WaitlistPlace.member_id, WaitlistPlace.since.label("at")).where(
        WaitlistPlace.since > since, WaitlistPlace.member_id.in_(ids), WaitlistPlace.is_unasked
    )
    return union_all(invited, told).subquery()
