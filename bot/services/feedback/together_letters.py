"""What readers do together, as their thread, the other readers and the author read it."""

from datetime import UTC, datetime

from bot.domain.lifecycle import RequestState
from bot.services.feedback.contents import NotesCompared, NoteTogether
from bot.services.feedback.letters import FeedbackLetter
from bot.services.feedback.views import shown_draft
from bot.services.outbox.describing import Concerned, Description, Pairs, no_pairs
from bot.services.requests.about_question import QuestionLetter
from bot.store.unit_of_work import UnitOfWork
from models import JointNote, OutboxLetter, Request


class CompareLetter(QuestionLetter):
    """A line in the thread: when readers would like to compare their notes, that they agreed, or that it is time."""

    kind = FeedbackLetter.COMPARE
    contents = (NotesCompared,)
    pairs = no_pairs

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> NotesCompared:
        """Return the time, and who may come."""
        at, note = datetime.fromtimestamp(int(row.params.get("at", 0)), UTC), await _note_of(work, row)
        proposer = await work.members.find(row.guild_id, int(row.params.get("helper", 0)))
        away = (await work.blocks.around([proposer.id]))[proposer.id] if proposer is not None else set[int]()
        sent = [each for each in await work.feedback.sent(question.id) if each.round == row.params.get("round")]
        members = [await work.members.get(each.reader_id) for each in sent if each.reader_id not in away]
        return NotesCompared(
            *await shown_draft(work, row, question),
            text=row.text or "",
            at=at,
            reader_user_id=int(row.params.get("helper", 0)),
            readers=tuple(each.user_id for each in members if each is not None),
            is_agreed=note is not None and note.is_agreed,
        )

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether another time was proposed since, or the draft is closed."""
        note = await _note_of(work, row)
        is_still = note is not None and note.meets_at is not None and note.meets_at.timestamp() == row.params.get("at")
        is_ended = question.state == RequestState.CLOSED
        return is_ended or not is_still or await super().is_over(work, row, question, now)

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return the reader in whose name it speaks."""
        found = await super().concerned(work, row)
        reader = await work.members.find(row.guild_id, int(row.params.get("helper", 0)))
        found.free |= {reader.id} if reader is not None else set()
        return found


class JointLetter(QuestionLetter):
    """What readers say together, for the author and for each of the others; its last words only."""

    kind = FeedbackLetter.JOINT
    contents = (NoteTogether,)

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> NoteTogether | None:
        """Return the words."""
        note, writer = await _note_of(work, row), await work.members.get(int(row.params.get("writer", 0)))
        if note is None or writer is None or not note.words:
            return None
        is_for_author = row.member_id == question.asker_id
        return NoteTogether(*await shown_draft(work, row, question), note.words, writer.user_id, is_for_author)

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether it was written once more."""
        note = await _note_of(work, row)
        return note is None or int(note.written_at.timestamp()) != row.params.get("written")

    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Put its addressee before the reader who wrote it."""
        return {(row.member_id or 0, int(row.params.get("writer", 0)))}


DESCRIPTIONS: tuple[Description, ...] = (CompareLetter(), JointLetter())


async def _note_of(work: UnitOfWork, row: OutboxLetter) -> JointNote | None:
    return await work.feedback.joint_note(row.request_id or 0, int(row.params.get("round", 0)))
