"""Letters about drafts, written with a change: one line each, so that every occasion has one name."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.draft_dates import OUTCOMES_AGAIN_AFTER
from bot.services.requests.letters import CALLS_REQUEST, SHOWS_REQUEST, SPEAKS, post_key, tell_thread
from bot.services.results import LetterKind
from bot.store.unit_of_work import UnitOfWork
from models import Draft, Feedback, Member, OutboxLetter


class FeedbackLetter(LetterKind):
    """The kinds of letters about drafts; the values are what the table keeps."""

    GUIDE = "guide"
    FEEDBACK = "feedback"
    BECAME = "became"
    UNSETTLED = "unsettled"
    COMPARE = "compare"
    JOINT = "joint"
    ANSWER = "answer"
    UNREAD = "unread"


TOLD_AFTER = timedelta(minutes=15)
"""How long an author may still change what became of points, once they have said it of the last one."""
_SETTLES = timedelta(minutes=5)
"""How long what readers say together waits for their last word on it."""


SHOWS_FEEDBACK = (FeedbackLetter.FEEDBACK, FeedbackLetter.BECAME, FeedbackLetter.JOINT, FeedbackLetter.ANSWER)
"""Letters whose messages show what readers say."""
_CALLS_DRAFT = (FeedbackLetter.UNSETTLED, *CALLS_REQUEST)
"""Letters to an author that call a draft by its title, where its author can't open the thread."""
SHOWS_DRAFT = (*SHOWS_REQUEST, FeedbackLetter.GUIDE, *SHOWS_FEEDBACK, *_CALLS_DRAFT)
"""Letters whose messages show something of a draft, beside the post that opened its thread."""
SHOWS_AUTHOR = (*SHOWS_DRAFT, *SPEAKS)
"""Letters whose messages show words of a draft's author."""


async def guide_readers(work: UnitOfWork, draft: Draft, now: datetime) -> None:
    """Say in a draft's thread, once a round, how to give feedback on it, with what there is to read."""
    letter = about(draft, FeedbackLetter.GUIDE, guide_key(draft.id, draft.round), now)
    post = await work.outbox.find(post_key(draft.id))
    letter.after_id = post.id if post else None
    await work.outbox.write_once(letter)


async def tell_moderators(work: UnitOfWork, draft: Draft, now: datetime) -> None:
    """Let moderators know that a draft finds no readers, once for each date that it is needed by."""
    await work.outbox.write_once(about(draft, FeedbackLetter.UNREAD, unread_key(draft), now))


def unread_key(draft: Draft) -> str:
    """Name the occasion of telling moderators."""
    return f"unread:{draft.id}:{draft.needed_by:%Y%m%d%H%M%S}"


def guide_key(draft_id: int, round_number: int) -> str:
    """Name the occasion of giving readers what there is to read: once a round; its file has this key, too."""
    return f"guide:{draft_id}:{round_number}"


async def tell_sent(work: UnitOfWork, draft: Draft, feedback: Feedback, reader_user_id: int, now: datetime) -> None:
    """Give an author what a reader says; the thread reads that there is something, and never what.

    After a while without a word about any point, the author is reminded, once a round.
    """
    letter = about(draft, FeedbackLetter.FEEDBACK, feedback_key(feedback.id), now)
    letter.member_id, letter.params = draft.asker_id, {"feedback": feedback.id}
    work.outbox.add(letter)
    await tell_thread_sent(work, draft, feedback, reader_user_id, now)
    again = about(draft, FeedbackLetter.UNSETTLED, f"unsettled:{draft.id}:{draft.round}", now + OUTCOMES_AGAIN_AFTER)
    again.member_id, again.params = draft.asker_id, {"round": draft.round}
    await work.outbox.write_once(again)


def feedback_key(feedback_id: int) -> str:
    """Name the occasion of giving an author what a reader says."""
    return f"feedback:{feedback_id}"


async def tell_thread_sent(
    work: UnitOfWork, draft: Draft, feedback: Feedback, reader_user_id: int, now: datetime
) -> None:
    """Say in the thread that a reader has sent feedback."""
    await tell_thread(work, draft, "thread.feedback_sent", str(feedback.id), now, helper=reader_user_id)


async def tell_became(work: UnitOfWork, draft: Draft, feedback: Feedback, at: datetime, *, is_asked_for: bool) -> None:
    """Tell a reader, once a round, what became of their points: as is asked for, or after the last is settled."""
    key = became_now_key(feedback.id, draft.round) if is_asked_for else f"became:{feedback.id}:{draft.round}"
    letter = about(draft, FeedbackLetter.BECAME, key, at)
    letter.member_id, letter.params = feedback.reader_id, {"feedback": feedback.id, "round": draft.round}
    await work.outbox.write_once(letter)


def became_now_key(feedback_id: int, round_number: int) -> str:
    """Name the occasion of telling a reader at once what became of their points."""
    return f"became_now:{feedback_id}:{round_number}"


async def propose_time(work: UnitOfWork, draft: Draft, user_id: int, at: datetime, now: datetime) -> None:
    """Say in the thread when a reader would like to compare notes, also where they would have before."""
    await work.outbox.write_once(_compare(draft, "feedback.compare.proposed", user_id, at, now, _pressed(user_id, now)))


async def agree_on_time(work: UnitOfWork, draft: Draft, user_id: int, at: datetime, now: datetime) -> None:
    """Say in the thread that another reader agreed, and once more when it is time."""
    await work.outbox.write_once(_compare(draft, "feedback.compare.agreed", user_id, at, now, _pressed(user_id, now)))
    await work.outbox.write_once(_compare(draft, "feedback.compare.begins", user_id, at, at))


async def tell_note(work: UnitOfWork, draft: Draft, writer_id: int, member_ids: Sequence[int], now: datetime) -> None:
    """Give the author and the other readers what a reader wrote for all of them; only the last words arrive."""
    stamp = int(now.timestamp())
    for member_id in member_ids:
        letter = about(
            draft, FeedbackLetter.JOINT, f"joint:{draft.id}:{draft.round}:{member_id}:{stamp}", now + _SETTLES
        )
        letter.member_id = member_id
        letter.params = {"round": draft.round, "written": stamp, "writer": writer_id}
        await work.outbox.write_once(letter)


async def answer_author(
    work: UnitOfWork, draft: Draft, reader: Member, words: str, interaction_id: int, now: datetime
) -> bool:
    """Give an author, in private, what a reader answers them; the same submission again returns False."""
    letter = about(draft, FeedbackLetter.ANSWER, f"{answers_of(reader.id)}{interaction_id}", now)
    letter.member_id, letter.params = draft.asker_id, {"words": words, "helper": reader.user_id}
    return await work.outbox.write_once(letter)


def answers_of(member_id: int) -> str:
    """Return how the name of each occasion begins on which a reader answers an author."""
    return f"answer:{member_id}:"


def says_time(letter: OutboxLetter, draft: Draft, at: datetime) -> bool:
    """Tell whether a line about comparing notes is about this time, also once it was said."""
    return letter.key.startswith(_time_key(letter.text or "", draft, at))


def _compare(draft: Draft, text: str, user_id: int, at: datetime, due_at: datetime, occasion: str = "") -> OutboxLetter:
    """Return a line about a time, which is said once; or once for each `occasion`."""
    letter = about(draft, FeedbackLetter.COMPARE, _time_key(text, draft, at) + occasion, due_at)
    letter.text, letter.params = text, {"round": draft.round, "at": int(at.timestamp()), "helper": user_id}
    return letter


def _time_key(text: str, draft: Draft, at: datetime) -> str:
    return f"{text}:{draft.id}:{draft.round}:{int(at.timestamp())}:"


def _pressed(user_id: int, now: datetime) -> str:
    return f"{user_id}:{int(now.timestamp())}"


def about(draft: Draft, kind: LetterKind, key: str, due_at: datetime) -> OutboxLetter:
    """Return a letter about a draft, which isn't kept yet; without a member it goes into the thread."""
    return OutboxLetter(guild_id=draft.guild_id, kind=kind, key=key, due_at=due_at, request_id=draft.id)
