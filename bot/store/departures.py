"""What depends on one person in a community, in all the tables."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, union

from bot.domain.lifecycle import InvitationState, RequestState
from bot.store.transactions import Session, Store, Writes
from models import Draft, Invitation, KeptAnswer, OutboxLetter, Referral, Request, Reveal, WaitlistPlace

GOES_ON = (RequestState.WAITING, RequestState.TAKEN, RequestState.ANSWERED, RequestState.ARCHIVED)
"""The states of a request from which its asker may still expect something."""

_ENDED = (RequestState.RESOLVED, RequestState.CLOSED)
"""The states in which a draft's words stay until its author takes it back."""


class Departures(Store[Session]):
    """The store of what has to end once a person is gone; the caller needs the locks of all of it."""

    async def unposted(self, member_id: int) -> Sequence[int]:
        """Return the ids of a member's requests that they never posted."""
        is_unposted = and_(Request.asker_id == member_id, Request.state == RequestState.UNPOSTED)
        return (await self._session.scalars(select(Request.id).where(is_unposted))).all()

    async def request_ids(self, member_id: int) -> set[int]:
        """Return the requests in which something waits for a member, or is done in their name."""
        own = select(Request.id).where(Request.asker_id == member_id, Request.state.in_(GOES_ON))
        invited = select(Invitation.request_id).where(Invitation.member_id == member_id, _is_expected())
        referred = select(Invitation.request_id).where(Invitation.referrer_id == member_id, _is_expected())
        kept = _unkept(member_id).with_only_columns(KeptAnswer.request_id)
        wished = select(Reveal.request_id).where(Reveal.moderator_id == member_id, Reveal.revealed_at.is_(None))
        drafts = select(Draft.id).where(Draft.asker_id == member_id, Draft.state.in_(_ENDED), Draft.about != "")
        found = [await self._session.scalars(each) for each in (own, drafts, invited, referred, kept, wished)]
        return {request_id for each in found for request_id in each}

    async def invitations(self, member_id: int) -> Sequence[Invitation]:
        """Return the invitations by which something is expected of a member, or in their name, oldest first."""
        is_theirs = or_(Invitation.member_id == member_id, Invitation.referrer_id == member_id)
        wanted = select(Invitation).where(is_theirs, _is_expected()).order_by(Invitation.id)
        return (await self._session.scalars(wanted.execution_options(populate_existing=True))).all()

    async def unkept(self, member_id: int) -> Sequence[KeptAnswer]:
        """Return the exchanges of a member to which one of both hasn't agreed."""
        return (await self._session.scalars(_unkept(member_id))).all()

    async def waiting(self, member_id: int) -> Sequence[WaitlistPlace]:
        """Return the questions that a member books or waits with, and who waits for them, oldest first."""
        theirs = and_(WaitlistPlace.member_id == member_id, WaitlistPlace.state.in_(("looking", "waiting", "offered")))
        for_them = and_(WaitlistPlace.host_id == member_id, WaitlistPlace.state.in_(("waiting", "offered")))
        return (
            await self._session.scalars(select(WaitlistPlace).where(or_(theirs, for_them)).order_by(WaitlistPlace.id))
        ).all()

    async def letters(self, member_id: int, kinds: Collection[str]) -> Sequence[OutboxLetter]:
        """Return the letters on their way to a member, or of `kinds` in their words, oldest first."""
        own = select(Request.id).where(Request.asker_id == member_id)
        in_their_words = and_(
            OutboxLetter.kind.in_(kinds), OutboxLetter.text.is_(None), OutboxLetter.request_id.in_(own)
        )
        is_theirs = or_(OutboxLetter.member_id == member_id, in_their_words)
        wanted = select(OutboxLetter).where(OutboxLetter.due_at.is_not(None), is_theirs)
        return (await self._session.scalars(wanted.order_by(OutboxLetter.id))).all()

    async def forget_referrals(self: "Departures[Writes]", member_id: int) -> None:
        """Forget the wishes that a member be asked, and their wishes that others be."""
        is_theirs = or_(Referral.member_id == member_id, Referral.referrer_id == member_id)
        await self._session.execute(delete(Referral).where(is_theirs))


def _is_expected() -> ColumnElement[bool]:
    """Tell whether an invitation waits for an answer, or a claim for what was promised."""
    is_claim = and_(Invitation.state == InvitationState.TAKEN, Invitation.expires_at.is_not(None))
    return or_(Invitation.state == InvitationState.ASKED, is_claim)


def _unkept(member_id: int) -> Select[KeptAnswer]:
    is_open = or_(KeptAnswer.asker_agreed_at.is_(None), KeptAnswer.helper_agreed_at.is_(None))
    asked = select(KeptAnswer.id).join(Request, Request.id == KeptAnswer.request_id)
    # As one condition with "or", PostgreSQL would read all of them.
    theirs = union(
        asked.where(Request.asker_id == member_id), select(KeptAnswer.id).where(KeptAnswer.helper_id == member_id)
    )
    return select(KeptAnswer).where(KeptAnswer.id.in_(theirs), is_open, KeptAnswer.declined_at.is_(None))
