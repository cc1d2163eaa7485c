"""Letters about drafts, written with a change: one line each, so that every occasion has one name."""

from datetime import datetime

from bot.services.requests.letters import SHOWS_REQUEST, post_key
from bot.services.results import LetterKind
from bot.store.unit_of_work import UnitOfWork
from models import Draft, OutboxLetter


class FeedbackLetter(LetterKind):
    """The kinds of letters about drafts; the values are what the table keeps."""

    GUIDE = "guide"


SHOWS_DRAFT = (*SHOWS_REQUEST, FeedbackLetter.GUIDE)
"""Letters whose messages show something of a draft, beside the post that opened its thread."""


async def guide_readers(work: UnitOfWork, draft: Draft, now: datetime) -> None:
    """Say in a draft's thread, once a round, how to give feedback on it, with what there is to read."""
    letter = about(draft, FeedbackLetter.GUIDE, guide_key(draft.id, draft.round), now)
    post = await work.outbox.find(post_key(draft.id))
    letter.after_id = post.id if post else None
    await work.outbox.write_once(letter)


def guide_key(draft_id: int, round_number: int) -> str:
    """Name the occasion of giving readers what there is to read: once a round; its file has this key, too."""
    return f"guide:{draft_id}:{round_number}"


def about(draft: Draft, kind: LetterKind, key: str, due_at: datetime) -> OutboxLetter:
    """Return a letter about a draft, which isn't kept yet; without a member it goes into the thread."""
    return OutboxLetter(guild_id=draft.guild_id, kind=kind, key=key, due_at=due_at, request_id=draft.id)
