"""Letters about requests, written with a change: one line each, so that every occasion has one name."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.lifecycle import RequestState
from bot.domain.policy import Policy
from bot.services.results import LetterKind
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import HelpInteraction, Invitation, Member, OutboxLetter, Request


class RequestLetter(LetterKind):
    """The kinds of letters about what people ask; the values are what the table keeps."""

    POST = "post"
    REFRESH = "refresh"
    INVITATION = "invitation"
    NUDGE = "nudge"
    NOTICE = "notice"
    OUTCOME = "outcome"
    CHOICES = "choices"
    ARCHIVE = "archive"
    DIGEST = "digest"
    MODERATOR_DIGEST = "moderator_digest"
    REPLY = "reply"
    THANKS = "thanks"
    KEEP = "keep"
    SILENCE = "silence"
    REVEAL = "reveal"


LISTED = 5
"""Requests in a list of those that wait, longest first."""
SPEAKS = (RequestLetter.THANKS, RequestLetter.REPLY)
"""Letters in the words of the person who asked."""
SHOWS_REQUEST = (RequestLetter.INVITATION, RequestLetter.REPLY)
"""Letters whose messages show the words of what was asked, beside the post that opened its thread."""
OPENS_THREAD = (RequestLetter.POST,)
"""The letter that opens a thread, in the words of what was asked."""
CALLS_REQUEST = (RequestLetter.OUTCOME, RequestLetter.CHOICES)
"""Letters to the person who asked that call a request by its title, where they can't open the thread."""
REMINDERS = (RequestLetter.NUDGE, RequestLetter.OUTCOME)
"""Letters that are written in advance, for so long after something that was done."""


def post_question(work: UnitOfWork, request: Request, now: datetime) -> None:
    """Open the request's thread."""
    work.outbox.add(_about(request, RequestLetter.POST, post_key(request.id), now))


def post_key(request_id: int) -> str:
    """Name the occasion of opening a request's thread."""
    return f"post:{request_id}"


def invitation_key(invitation_id: int) -> str:
    """Name the occasion of asking a person."""
    return f"invitation:{invitation_id}"


async def invite(work: UnitOfWork, asked: Sequence[tuple[Request, Invitation]], now: datetime) -> None:
    """Ask these people, once the threads they are asked into are there."""
    posts = await work.outbox.find_all({post_key(request.id) for request, _ in asked})
    for request, invitation in asked:
        post = posts.get(post_key(request.id))
        letter = _about(request, RequestLetter.INVITATION, invitation_key(invitation.id), now)
        letter.invitation_id, letter.member_id = invitation.id, invitation.member_id
        letter.after_id = post.id if post else None
        work.outbox.add(letter)


async def nudge_claim(work: UnitOfWork, request: Request, invitation: Invitation, at: datetime) -> None:
    """Remind a helper who took a request, unless they have answered by then."""
    # A request that was given back and taken again is another occasion, unless both reminders wait for one morning.
    key = f"nudge:{invitation.id}:{at:%Y%m%d%H%M%S}"
    letter = _about(request, RequestLetter.NUDGE, key, at)
    letter.invitation_id, letter.member_id = invitation.id, invitation.member_id
    await work.outbox.write_once(letter)


async def ask_outcome(work: UnitOfWork, request: Request, part: HelpInteraction, numbers: Policy, at: datetime) -> None:
    """Ask the asker how it went with this helper's answer, and once more after a while without a word.

    `numbers` are the request's own.
    """
    work.outbox.add(_to(request.asker_id, _about(request, RequestLetter.OUTCOME, outcome_key(part), at)))
    key = _again_key(request)
    again_at = at + numbers.outcome_again_after
    again = _to(request.asker_id, _about(request, RequestLetter.OUTCOME, key, again_at))
    again.text = "outcome.again"
    await work.outbox.write_once(again)


async def hasten_outcome(work: UnitOfWork, request: Request, at: datetime) -> None:
    """Ask the asker how it went no later than at this moment, where they are to be asked."""
    for part in await work.help_interactions.of(request.id):
        letter = await work.outbox.find(outcome_key(part))
        if letter is not None:
            await work.outbox.hasten(letter.id, at)


async def will_ask_again(work: ReadingWork, request: Request) -> bool:
    """Tell whether an asker is going to be asked once more how it went."""
    again = await work.outbox.find(_again_key(request))
    return request.state == RequestState.ANSWERED and again is not None and again.due_at is not None


def _again_key(request: Request) -> str:
    return f"outcome_again:{request.id}"


def outcome_key(part: HelpInteraction) -> str:
    """Name the occasion of asking how it went: each answer of a helper who took it again is one."""
    return f"outcome:{part.id}:{part.answered_at}"


async def tell_thread(
    work: UnitOfWork, request: Request, text: str, occasion: str, now: datetime, **params: str | int
) -> None:
    """Say a line in the request's thread, once for each occasion."""
    letter = _about(request, RequestLetter.NOTICE, f"{text}:{occasion}", now)
    letter.text, letter.params = text, params
    await _write_after_post(work, letter)


async def tell_taken(work: UnitOfWork, request: Request, invitation: Invitation, user_id: int, now: datetime) -> None:
    """Say in the thread who will have a look, once for each time the request waits."""
    occasion = f"{invitation.id}:{_waiting_since(request)}"
    await tell_thread(work, request, "thread.taken", occasion, now, helper=user_id)


async def tell_member(
    work: UnitOfWork,
    request: Request,
    member_id: int,
    text: str,
    now: datetime,
    occasion: str = "",
    **params: str,
) -> None:
    """Say a line about a request to one person, once for each occasion."""
    letter = _to(member_id, _about(request, RequestLetter.NOTICE, f"{text}:{occasion or request.id}", now))
    letter.text, letter.params = text, {**params}
    await work.outbox.write_once(letter)


def line_to(guild_id: int, member_id: int, text: str, occasion: str, now: datetime) -> OutboxLetter:
    """Return a line to one person that is about no question, and isn't kept yet."""
    return OutboxLetter(
        guild_id=guild_id,
        kind=RequestLetter.NOTICE,
        key=f"{text}:{occasion}",
        due_at=now,
        member_id=member_id,
        text=text,
    )


async def tell_unmasked(work: UnitOfWork, request: Request, burst: int, now: datetime) -> None:
    """Tell a hidden asker, in private, that what they typed carries their name; once for messages in a row."""
    before = f"asker.wrote:{request.id}:{burst - 1}"
    if await work.outbox.find(before) is None:
        await tell_member(work, request, request.asker_id, "asker.wrote", now, f"{request.id}:{burst}")


async def reply(work: UnitOfWork, request: Request, words: str, interaction_id: int, now: datetime) -> bool:
    """Say in the thread what an asker without a name wrote; the same submission again returns False."""
    return await _say_for(work, _about(request, RequestLetter.REPLY, f"reply:{interaction_id}", now), words)


async def thank(work: UnitOfWork, request: Request, part: HelpInteraction, words: str, now: datetime) -> bool:
    """Give a helper the asker's private thanks, once; returns False where they were given before."""
    return await _say_for(
        work, _to(part.helper_id, _about(request, RequestLetter.THANKS, f"thanks:{part.id}", now)), words
    )


def is_note(letter: OutboxLetter) -> bool:
    """Tell whether a letter is an asker's note on its way to a helper, as against one that goes back."""
    return letter.kind == RequestLetter.THANKS and letter.text is None


async def return_thanks(work: UnitOfWork, request: Request, note: OutboxLetter, now: datetime) -> None:
    """Give the asker back, in private and once, the words of a note that reached no one."""
    helper = await work.members.get(note.member_id) if note.member_id else None
    letter = _to(request.asker_id, _about(request, RequestLetter.THANKS, f"returned:{note.key}", now))
    letter.text, letter.params = "thanks.returned", {**note.params, "helper": helper.user_id if helper else 0}
    work.outbox.add(letter)


async def offer_choices(work: UnitOfWork, request: Request, now: datetime) -> None:
    """Ask the asker of a request that no one took what to do about it, once."""
    key = choices_key(request.id, waits_in_vain_since(request))
    await work.outbox.write_once(_to(request.asker_id, _about(request, RequestLetter.CHOICES, key, now)))


def waits_in_vain_since(request: Request) -> datetime:
    """Return from when on a request counts as waiting in vain: when it was needed by, or else since it waits."""
    return request.needed_by or request.waiting_since or request.created_at


def choices_key(request_id: int, since: datetime) -> str:
    """Name the occasion of offering choices: once for each time a request waits."""
    return f"choices:{request_id}:{since:%Y%m%d%H%M%S}"


async def archive(work: UnitOfWork, request: Request, now: datetime) -> None:
    """Say in the thread why it is put away, with a button that opens it again, and put it away."""
    letter = _about(request, RequestLetter.ARCHIVE, f"archive:{request.id}:{_waiting_since(request)}", now)
    await _write_after_post(work, letter)


async def refresh_post(work: UnitOfWork, request: Request, now: datetime) -> None:
    """Let the message that opened the thread say how the request stands: waiting, or settled and without buttons."""
    key = f"refresh:{request.id}:{request.version}"
    if request.post_id is not None:
        await work.outbox.write_once(_about(request, RequestLetter.REFRESH, key, now))


async def list_waiting(work: UnitOfWork, guild_id: int, kind: RequestLetter, now: datetime) -> bool:
    """List the requests that wait, for everyone or for moderators; once a day, returns False after the first."""
    key = f"{kind}:{guild_id}:{now:%Y-%m-%d}"
    return await work.outbox.write_once(OutboxLetter(guild_id=guild_id, kind=kind, key=key, due_at=now))


async def ask_to_keep(work: UnitOfWork, request: Request, member_id: int, now: datetime) -> None:
    """Ask one of two people, once, whether their exchange may be kept in the words as they are when it leaves.

    Changing the words once more sends no second message: the first one's buttons lead to them as they are now.
    """
    asked = await work.outbox.find(keep_key(request.id, member_id))
    if asked is None:
        work.outbox.add(_to(member_id, _about(request, RequestLetter.KEEP, keep_key(request.id, member_id), now)))
    elif asked.failure == "moot":
        # They had agreed before it left, and to other words than these.
        asked.due_at, asked.failure = now, None


def keep_key(request_id: int, member_id: int) -> str:
    """Name the occasion of asking one of two people whether their exchange may be kept."""
    return f"keep:{request_id}:{member_id}"


def note_silence(work: UnitOfWork, member: Member, invitation_id: int, now: datetime) -> None:
    """Tell a member kindly, and once, that they aren't asked any more, and how they are again."""
    key = f"silence:{invitation_id}"
    work.outbox.add(
        OutboxLetter(guild_id=member.guild_id, kind=RequestLetter.SILENCE, key=key, due_at=now, member_id=member.id)
    )


def tell_revealed(work: UnitOfWork, request: Request, reveal_id: int, reasons: Sequence[str], now: datetime) -> None:
    """Tell an asker that two moderators know who they are, and why."""
    letter = _to(request.asker_id, _about(request, RequestLetter.NOTICE, revealed_key(reveal_id), now))
    letter.text = "asker.revealed" if len(reasons) == 1 else "asker.revealed_both"
    letter.params = dict(zip(("reason", "other_reason"), reasons, strict=False))
    work.outbox.add(letter)


def revealed_key(reveal_id: int) -> str:
    """Name the occasion of telling an asker that two moderators know who they are."""
    return f"asker.revealed:{reveal_id}"


async def is_revealed_told(work: ReadingWork, reveal_id: int) -> bool | None:
    """Tell whether an asker was told; None while it isn't decided, and once it isn't known any more."""
    letter = await work.outbox.find(revealed_key(reveal_id))
    if letter is None or letter.due_at is not None:
        return None
    return letter.sent_at is not None


async def ask_second_moderator(work: UnitOfWork, request: Request, reveal_id: int, now: datetime) -> None:
    """Let the moderators know, once, that one of them has a reason to know who asked."""
    key = f"reveal:{reveal_id}"
    letter = _about(request, RequestLetter.REVEAL, key, now)
    letter.params = {"reveal": reveal_id}
    await work.outbox.write_once(letter)


def _about(request: Request, kind: RequestLetter, key: str, due_at: datetime) -> OutboxLetter:
    return OutboxLetter(guild_id=request.guild_id, kind=kind, key=key, due_at=due_at, request_id=request.id)


def _to(member_id: int, letter: OutboxLetter) -> OutboxLetter:
    letter.member_id = member_id
    return letter


async def _write_after_post(work: UnitOfWork, letter: OutboxLetter) -> bool:
    """Keep a letter that leaves once its request's thread is there; returns whether it is new."""
    post = await work.outbox.find(post_key(letter.request_id or 0))
    letter.after_id = post.id if post else None
    return await work.outbox.write_once(letter)


async def _say_for(work: UnitOfWork, letter: OutboxLetter, words: str) -> bool:
    """Send what a person wrote; it stays in the outbox only until it has arrived."""
    letter.params = {"words": words}
    return await (work.outbox.write_once(letter) if letter.member_id else _write_after_post(work, letter))


def _waiting_since(request: Request) -> str:
    return f"{request.waiting_since or request.created_at:%Y%m%d%H%M%S}"
