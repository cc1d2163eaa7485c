"""Who was asked, and who may be."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, true, update

from bot.domain.lifecycle import InvitationState, Outcome
from bot.store.guilds import is_served
from bot.store.transactions import Session, Store, Writes
from models import HelpInteraction, Invitation, Request


@dataclass(frozen=True, slots=True)
class Asked:
    """A person who was asked, and what came of it so far."""

    member_id: int
    wave: int
    state: InvitationState
    is_referred: bool
    """Asked in a referrer's name, outside the places that routing fills."""
    round: int = 1


class Invitations(Store[Session]):
    """The store of invitations."""

    def add(self: "Invitations[Writes]", invitation: Invitation) -> None:
        """Keep a new invitation."""
        self._session.add(invitation)

    async def get(self, invitation_id: int) -> Invitation | None:
        """Return the invitation with this row id."""
        return await self._session.get(Invitation, invitation_id)

    async def find(self, request_id: int, member_id: int) -> Invitation | None:
        """Return a member's invitation to a request, the newest where they were asked for several rounds."""
        theirs = (Invitation.request_id == request_id, Invitation.member_id == member_id)
        newest = select(Invitation).where(*theirs).order_by(Invitation.round.desc()).limit(1)
        return await self._session.scalar(newest)

    async def request_of(self, invitation_id: int) -> int | None:
        """Return the id of the request a member was invited to."""
        return await self._session.scalar(select(Invitation.request_id).where(Invitation.id == invitation_id))

    async def latest_of(self, member_id: int, limit: int) -> Sequence[Invitation]:
        """Return the last `limit` invitations of a member, newest first."""
        return (
            await self._session.scalars(
                select(Invitation).where(Invitation.member_id == member_id).order_by(Invitation.id.desc()).limit(limit)
            )
        ).all()

    async def of(self, request_id: int) -> Sequence[Invitation]:
        """Return a request's invitations, oldest first."""
        return (
            await self._session.scalars(
                select(Invitation).where(Invitation.request_id == request_id).order_by(Invitation.id)
            )
        ).all()

    async def asked(self, request_ids: Iterable[int]) -> dict[int, list["Asked"]]:
        """Return who was asked for each of these requests, oldest first."""
        wanted = list(request_ids)
        found: dict[int, list[Asked]] = {request_id: [] for request_id in wanted}
        rows = await self._session.execute(
            select(
                Invitation.request_id,
                Invitation.member_id,
                Invitation.wave,
                Invitation.state,
                Invitation.referrer_id,
                Invitation.round,
            )
            .where(Invitation.request_id.in_(wanted))
            .order_by(Invitation.id)
        )
        for request_id, member_id, wave, state, referrer_id, number in rows:
            asked = Asked(member_id, wave, InvitationState(state), is_referred=referrer_id is not None, round=number)
            found[request_id].append(asked)
        return found

    async def run_out(self, state: InvitationState, now: datetime, limit: int) -> list[tuple[int, int, int]]:
        """Return (guild, request, invitation) of up to `limit` invitations in a state whose time is over."""
        rows = await self._session.execute(
            select(Request.guild_id, Request.id, Invitation.id)
            .join(Request, Request.id == Invitation.request_id)
            .where(Invitation.state == state, Invitation.expires_at <= now, is_served(Request.guild_id))
            .order_by(Request.guild_id, Invitation.expires_at, Invitation.id)
            .limit(limit)
        )
        return [(guild_id, request_id, invitation_id) for guild_id, request_id, invitation_id in rows]

    async def claimed_between(self, one_id: int, other_id: int) -> set[int]:
        """Return the ids of the requests of one of two members that the other has taken and not answered."""
        is_claim = (Invitation.state == InvitationState.TAKEN, Invitation.expires_at.is_not(None))
        theirs = or_(
            and_(Invitation.member_id == one_id, Request.asker_id == other_id),
            and_(Invitation.member_id == other_id, Request.asker_id == one_id),
        )
        wanted = select(Request.id).join(Invitation, Invitation.request_id == Request.id).where(*is_claim, theirs)
        return set(await self._session.scalars(wanted))

    async def those(self, invitation_ids: Iterable[int]) -> Sequence[Invitation]:
        """Return these invitations as they are now, oldest first; needs their questions' locks to be changed."""
        return (
            await self._session.scalars(
                select(Invitation)
                .where(Invitation.id.in_(list(invitation_ids)))
                .order_by(Invitation.id)
                .execution_options(populate_existing=True)
            )
        ).all()

    async def of_member(self, member_id: int, states: Iterable[InvitationState]) -> Sequence[Invitation]:
        """Return a member's invitations in some states, oldest first."""
        return (
            await self._session.scalars(
                select(Invitation)
                .where(Invitation.member_id == member_id, Invitation.state.in_(list(states)))
                .order_by(Invitation.id)
            )
        ).all()

    async def take_by_answering(self, request_id: int, member_id: int, now: datetime) -> bool:
        """Note that a person who was invited has answered, with or without a press; returns False for all others.

        A person who was considering has taken it, so that their place isn't kept any longer; a claim has done its work.
        """
        theirs = (Invitation.request_id == request_id, Invitation.member_id == member_id)
        invitation = await self._session.scalar(
            select(Invitation)
            .where(*theirs)
            .order_by(Invitation.round.desc())
            .limit(1)
            .execution_options(populate_existing=True)
        )
        if invitation is None:
            return False
        invitation.expires_at = None
        if invitation.state == InvitationState.ASKED:
            invitation.state, invitation.decided_at = InvitationState.TAKEN, now
        return True

    async def at_it(self, request_id: int) -> tuple[set[int], dict[int, datetime]]:
        """Return the members who have taken a request and are still at it, and when each of the others answered.

        An answer that didn't help yet leaves a place for another person.
        """
        theirs = Invitation.request_id == request_id
        is_claim = (Invitation.state == InvitationState.TAKEN, Invitation.expires_at.is_not(None))
        claims = await self._session.scalars(select(Invitation.member_id).where(theirs, *is_claim))
        has_helped = or_(HelpInteraction.outcome.is_(None), HelpInteraction.outcome != Outcome.NOT_YET)
        return set(claims), await self._answered(request_id, has_helped)

    async def answered(self, request_id: int) -> dict[int, datetime]:
        """Return when each of those answered who did, whether it helped or not."""
        return await self._answered(request_id, true())

    async def _answered(self, request_id: int, which: ColumnElement[bool]) -> dict[int, datetime]:
        answers = await self._session.execute(
            select(HelpInteraction.helper_id, HelpInteraction.answered_at).where(
                HelpInteraction.request_id == request_id, HelpInteraction.answered_at.is_not(None), which
            )
        )
        return {row.helper_id: row.answered_at for row in answers}

    async def end(
        self: "Invitations[Writes]", invitation_ids: Iterable[int], state: InvitationState, now: datetime
    ) -> None:
        """Give the places of these invitations free; needs their questions' locks."""
        # In one statement: row by row, a sweep over a thousand of them would hold the event loop for seconds.
        await self._session.execute(
            update(Invitation)
            .where(Invitation.id.in_(list(invitation_ids)))
            .values(state=state, decided_at=now, version=Invitation.version + 1)
            .execution_options(synchronize_session=False)
        )

    async def withdraw(
        self: "Invitations[Writes]", request_id: int, now: datetime, unsent: Collection[int] = ()
    ) -> None:
        """Take back every invitation of a request that no one has answered, and expect nothing of those who took it.

        Those that are `unsent`, by id, never reached a person.
        """
        theirs = Invitation.request_id == request_id
        unanswered = (InvitationState.ASKED, InvitationState.ALTERNATE)
        waiting = update(Invitation).where(theirs, Invitation.state.in_(unanswered))
        ended = {"decided_at": now, "version": Invitation.version + 1}
        if unsent:
            never = waiting.where(Invitation.id.in_(unsent))
            await self._session.execute(never.values(state=InvitationState.UNDELIVERED, **ended))
        await self._session.execute(waiting.values(state=InvitationState.WITHDRAWN, **ended))
        await self._session.execute(
            update(Invitation)
            .where(theirs, Invitation.state == InvitationState.TAKEN)
            .values(expires_at=None, version=Invitation.version + 1)
        )
