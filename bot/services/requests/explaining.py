"""Explaining why a person was asked, only to that person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import NotAllowed, NotFound
from bot.routing.ports import Evidence
from bot.services.ports import Read
from bot.services.requests.views import reason_of, request_view, thread_for
from bot.services.results import Explanation
from bot.store.statements import LEARNED
from bot.store.unit_of_work import ReadingWork
from models import Invitation

LATEST = 3
"""Invitations explained at once."""


@dataclass(frozen=True, slots=True)
class Explaining:
    """Use cases around the reasons of a choice."""

    read: Read

    async def explain(self, invitation_id: int, user_id: int) -> Explanation:
        """Return why a person was asked.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
        """
        async with self.read() as work:
            invitation = await work.invitations.get(invitation_id)
            member = await work.members.get(invitation.member_id) if invitation else None
            if invitation is None or member is None:
                raise NotFound("invitation.unknown")
            if member.user_id != user_id:
                raise NotAllowed("why.not_yours")
            return await _explanation(work, invitation)

    async def latest(self, guild_id: int, user_id: int) -> Sequence[Explanation]:
        """Return why a person was asked the last times, newest first; none where they never were."""
        async with self.read() as work:
            member = await work.members.find(guild_id, user_id)
            invitations = await work.invitations.latest_of(member.id, LATEST) if member else ()
            return [await _explanation(work, each) for each in invitations]


async def _explanation(work: ReadingWork, invitation: Invitation) -> Explanation:
    request = await work.requests.get(invitation.request_id)
    assert request is not None, "an invitation can't outlive its question"  # noqa: S101
    reason = await reason_of(work, invitation)
    return Explanation(
        invitation_id=invitation.id,
        request=replace(await request_view(work, request), thread_id=thread_for(request, invitation)),
        asked_at=invitation.created_at,
        reason=reason.text if reason else None,
        is_learned=reason is not None and reason.source == LEARNED,
        evidence=Evidence(invitation.dense, invitation.profile, invitation.bm25, invitation.tfidf),
        expertise=invitation.expertise,
        availability=invitation.availability,
        freshness=invitation.freshness,
        wave=invitation.wave,
        is_exploratory=invitation.is_exploratory,
        policy_version=invitation.policy_version,
    )
