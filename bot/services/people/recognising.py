"""Who writes or presses in direct messages: where they are known, and what they most likely mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.lifecycle import OPEN_STATES, InvitationState, RequestState, Visibility
from bot.domain.rows import Row
from bot.errors import NotFound
from bot.services.people.belonging import Belonging
from bot.services.ports import Read
from bot.services.requests.holding import own_member
from bot.store.unit_of_work import ReadingWork
from models import Member, Request

_GOING_ON = (InvitationState.ASKED, InvitationState.TAKEN)
_OVER = {RequestState.CLOSED, RequestState.RESOLVED, RequestState.UNPOSTED}


@dataclass(frozen=True, slots=True)
class Home:
    """A community in which a person is known."""

    guild_id: int
    member_id: int = 0
    """The person's row there, for buttons that are shown in direct messages; 0 in a server, which says it itself."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The request a direct message to the bot is most likely about."""

    guild_id: int
    thread_id: int | None
    """None where they can't open it, whatever they press."""
    request_id: int
    type: str
    is_hidden_asker: bool
    """They asked it without their name, so what they type in its thread would give them away."""
    is_let_in_by_taking: bool = False
    """Its thread is private, and they are asked and haven't taken it."""


@dataclass(frozen=True, slots=True)
class Recognising:
    """Use cases around people in direct messages, where no community is said."""

    read: Read
    belonging: Belonging

    async def homes(self, user_id: int) -> Sequence[Home]:
        """Return the communities in which a person is known, the longest known first."""
        async with self.read() as work:
            return [Home(each.guild_id, each.id) for each in await work.members.everywhere(user_id)]

    async def require_there(self, home: Home, user_id: int) -> None:
        """Let a person in who used a command in direct messages, where Discord itself keeps no one out.

        Raises:
            NotAllowed: they aren't in that community, or were timed out there; or the bot isn't in it.
            Unavailable: Discord can't say for now.
        """
        await self.belonging.require_member(home.guild_id, user_id)

    async def home(self, member_id: int, user_id: int) -> Home:
        """Return where a button belongs that was shown to a person in direct messages.

        Raises:
            NotFound: there is no such member.
            NotAllowed: it was shown to another person.
        """
        async with self.read() as work:
            member = await own_member(work, member_id, user_id)
        return Home(member.guild_id, member_id)

    async def community(self, row: Row, row_id: int) -> int:
        """Return the community that a row belongs to.

        Raises:
            NotFound: there is no such row.
        """
        async with self.read() as work:
            guild_id = await work.communities.of(row, row_id)
        if guild_id is None:
            raise NotFound("error.not_here")
        return guild_id

    async def meant(self, user_id: int, rows: Sequence[tuple[Row, int]]) -> Meant | None:
        """Return the request that a person's direct message is about.

        `rows` are those behind the buttons of the message they reply to; without any that is theirs, it is the newest
        request that they were asked or took, or else the newest of their own that waits.
        """
        async with self.read() as work:
            members = {each.id: each for each in await work.members.everywhere(user_id)}
            for row in rows:
                found = await _behind(work, row)
                if found is not None and await _concerns(work, found, members):
                    return await _meant(work, found, members)
            newest = await _newest(work, members)
            return await _meant(work, newest, members) if newest else None


async def _behind(work: ReadingWork, row: tuple[Row, int]) -> Request | None:
    kind, row_id = row
    if kind is Row.INVITATION:
        invitation = await work.invitations.get(row_id)
        return await work.requests.get(invitation.request_id) if invitation else None
    if kind in {Row.FEEDBACK, Row.POINT}:
        feedback_id = await work.feedback.feedback_of(row_id) if kind is Row.POINT else row_id
        draft_id = await work.feedback.draft_of(feedback_id) if feedback_id else None
        return await work.requests.get(draft_id) if draft_id else None
    return await work.requests.get(row_id) if kind is Row.QUESTION else None


async def _concerns(work: ReadingWork, request: Request, members: dict[int, Member]) -> bool:
    """Tell whether a person, by their rows, asked a request or was asked it, and it has a thread to lead them to."""
    invited = {each.member_id for each in await work.invitations.of(request.id)}
    return request.thread_id is not None and bool(members.keys() & (invited | {request.asker_id}))


async def _newest(work: ReadingWork, members: dict[int, Member]) -> Request | None:
    asked = [each for member_id in members for each in await work.invitations.of_member(member_id, _GOING_ON)]
    duties = await work.requests.those({each.request_id for each in asked})
    own = [each for member_id in members for each in await work.requests.of(member_id, 1)]
    for requests in (duties, [each for each in own if each.state in OPEN_STATES]):
        open_ones = [each for each in requests if each.thread_id is not None and each.state not in _OVER]
        if open_ones:
            return max(open_ones, key=lambda each: each.id)
    return None


async def _meant(work: ReadingWork, request: Request, members: dict[int, Member]) -> Meant:
    is_own = request.asker_id in members
    is_hidden = Visibility(request.visibility).is_hidden and is_own
    is_outside = (
        Visibility(request.visibility).is_private and not is_own and not await _has_taken(work, request, members)
    )
    thread_id = None if is_own and Visibility(request.visibility).shuts_out else request.thread_id
    return Meant(request.guild_id, thread_id, request.id, request.type, is_hidden, is_outside)


async def _has_taken(work: ReadingWork, request: Request, members: dict[int, Member]) -> bool:
    found = [await work.invitations.find(request.id, each) for each in members]
    return any(each is not None and each.state == InvitationState.TAKEN for each in found)
