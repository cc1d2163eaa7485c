"""What a reader may do, and who else has sent theirs."""

from collections.abc import Iterable

from bot.domain.lifecycle import RequestState, Visibility
from bot.errors import Conflict, NotAllowed
from bot.store.unit_of_work import ReadingWork
from models import Draft, Feedback, Member


async def require_reader(work: ReadingWork, draft: Draft, member: Member | None, user_id: int) -> None:
    """Let a person in who took a draft or wrote in its thread; what is public, anyone may say something about.

    Raises:
        NotAllowed: they wrote it themselves, or have no place among its readers.
    """
    if (member is not None and member.id == draft.asker_id) or user_id in await work.drafts.co_authors(draft.id):
        raise NotAllowed("feedback.own_draft")
    if Visibility(draft.visibility).is_private:
        parts = await work.help_interactions.of(draft.id)
        if member is None or all(part.helper_id != member.id for part in parts):
            raise NotAllowed("feedback.no_place")


def require_open(draft: Draft) -> None:
    """Make sure that a draft still takes feedback; one that is settled does.

    Raises:
        Conflict: it is closed.
    """
    if draft.state == RequestState.CLOSED:
        raise Conflict("feedback.over")


def require_unsent(draft: Draft, feedback: Feedback | None) -> None:
    """Make sure that feedback may still change.

    Raises:
        Conflict: it was sent, or its draft is closed.
    """
    if feedback is not None and feedback.sent_at is not None:
        raise sent_before(Visibility(draft.visibility))
    require_open(draft)


def sent_before(visibility: Visibility) -> Conflict:
    """Return why feedback that was sent stays as it is, with what a reader can still do."""
    return Conflict("feedback.sent_before_outside" if visibility.shuts_out else "feedback.sent_before")


async def current(work: ReadingWork, draft: Draft, reader: Member) -> Feedback | None:
    """Return what a reader says in this round, or began to say in an earlier one and hasn't sent."""
    said = await work.feedback.of_reader(draft.id, reader.id)
    return next((each for each in said if each.round == draft.round or each.sent_at is None), None)


async def others_of(work: ReadingWork, draft: Draft, own: Feedback) -> list[Feedback]:
    """Return what other readers sent in the same round, without those who are kept away from this one."""
    away = (await work.blocks.around([own.reader_id]))[own.reader_id]
    sent = [each for each in await work.feedback.sent(draft.id) if each.round == own.round and each.id != own.id]
    return [each for each in sent if each.reader_id not in away]


async def received_by_author(work: ReadingWork, draft: Draft) -> list[Feedback]:
    """Return what readers sent, in that order, without those who are kept away from the author."""
    away = (await work.blocks.around([draft.asker_id]))[draft.asker_id]
    return [each for each in await work.feedback.sent(draft.id) if each.reader_id not in away]


async def said_together(work: ReadingWork, draft: Draft, received: Iterable[Feedback]) -> str:
    """Return what the readers of this round say together, for a person who may read this feedback; "" for nothing.

    The words are of all who sent theirs: where one of these is kept away from that person, so are the words.
    """
    note = await work.feedback.joint_note(draft.id, draft.round)
    sent = {each.id for each in await work.feedback.sent(draft.id) if each.round == draft.round}
    return note.words if note is not None and sent <= {each.id for each in received} else ""


async def sent_by(work: ReadingWork, draft: Draft, user_id: int) -> Feedback:
    """Return what this person sent about a draft in this round.

    Raises:
        NotAllowed: they haven't sent anything, or have no place among its readers.
        Conflict: they are its only reader, so there is nothing of others to come.
    """
    reader = await work.members.find(draft.guild_id, user_id)
    own = await current(work, draft, reader) if reader is not None else None
    if own is None or own.sent_at is None:
        await require_reader(work, draft, reader, user_id)
        if await _is_only_reader(work, draft):
            raise Conflict("feedback.no_others")
        raise NotAllowed("feedback.own_first")
    return own


async def _is_only_reader(work: ReadingWork, draft: Draft) -> bool:
    """Tell whether one person is to read a draft in this round, and no other has."""
    is_one = draft.readers == 1 and Visibility(draft.visibility).is_private
    return is_one and all(each.round != draft.round for each in await work.feedback.sent(draft.id))
