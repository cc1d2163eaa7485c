"""Comparing: readers who have sent their feedback agree on a time to talk about it, and write one note together."""

from dataclasses import dataclass, field
from datetime import datetime
from zlib import crc32

from bot.calendars.deadlines import read_deadline
from bot.clock import Clock
from bot.domain.limits import Deed
from bot.domain.wording import within
from bot.errors import Conflict, NotAllowed, NotFound
from bot.services import limits
from bot.services.feedback import letters
from bot.services.feedback.holding import hold_posted, posted
from bot.services.feedback.letters import FeedbackLetter
from bot.services.feedback.readers import others_of, require_open, said_together, sent_by
from bot.services.ports import Begin, Nudge, Read
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Draft, Feedback, JointNote

LONGEST = 1_500
"""Characters of what readers say together."""


@dataclass(frozen=True, slots=True)
class Together:
    """Where comparing notes stands, for one of the readers."""

    words: str = field(repr=False, default="")
    meets_at: datetime | None = None
    is_agreed: bool = False

    @property
    def version(self) -> str:
        """What tells these words from any others; "" where there are none."""
        return version_of(self.words)


@dataclass(frozen=True, slots=True)
class Comparing:
    """Use cases of readers together; holds no state of its own, and costs nothing of anyone's budget."""

    begin: Begin
    read: Read
    nudge: Nudge
    clock: Clock

    async def together(self, draft_id: int, user_id: int) -> Together:
        """Return where comparing notes stands.

        Raises:
            NotFound: there is no such draft.
            NotAllowed: they haven't sent their feedback.
            Conflict: no other reader has sent theirs yet, or the draft is closed.
        """
        async with self.read() as work:
            draft = posted(await work.drafts.get(draft_id))
            own = await _require_company(work, draft, user_id)
            note = await work.feedback.joint_note(draft.id, draft.round)
            if note is None:
                return Together()
            words = await said_together(work, draft, [own, *await others_of(work, draft, own)])
            at = await _proposed_to(work, own, note)
            return Together(words, at, is_agreed=note.is_agreed and at is not None)

    async def propose(self, draft_id: int, user_id: int, typed: str) -> datetime:
        """Propose a time for fifteen minutes, in the draft's thread, in the place of any other; returns that time.

        Raises:
            Invalid: it isn't understood whole, is over or too far away, or they have no time zone and name none.
            NotFound: there is no such draft.
            NotAllowed: they haven't sent their feedback.
            Conflict: no other reader has sent theirs yet, the draft is closed, or others have a time already.
            LimitReached: they wrote as often as one person may in a day.
        """
        now = self.clock.now()
        async with self.begin() as work:
            draft = await hold_posted(work, draft_id)
            own = await _require_company(work, draft, user_id)
            reader = await work.members.get(own.reader_id)
            at = read_deadline(typed, reader.zone if reader is not None else None, now).closes_at
            note = await _note(work, draft, now)
            if note.meets_at is not None and note.meets_at > now and await _proposed_to(work, own, note) is None:
                # The others keep the time of one who is kept away from this reader.
                raise Conflict("feedback.time_taken")
            if (note.meets_at, note.proposer_id) != (at, own.reader_id):
                await limits.hold(work, own.reader_id, Deed.FEEDBACK, now)
                note.meets_at, note.proposer_id, note.is_agreed = at, own.reader_id, False
                await letters.propose_time(work, draft, user_id, at, now)
        self.nudge()
        return at

    async def agree(self, draft_id: int, user_id: int, message_id: int) -> datetime:
        """Agree to the time that a message says and another reader proposed last, and return it; twice is once.

        Raises:
            NotFound: there is no such draft, or no time was proposed.
            NotAllowed: they haven't sent their feedback, or proposed it themselves.
            Conflict: that time is over, another was proposed since, or the draft is closed.
        """
        now = self.clock.now()
        async with self.begin() as work:
            draft = await hold_posted(work, draft_id)
            own = await _require_company(work, draft, user_id)
            note = await work.feedback.joint_note(draft.id, draft.round)
            at = await _proposed_to(work, own, note) if note is not None else None
            if note is None or at is None:
                raise NotFound("feedback.no_time")
            if note.proposer_id == own.reader_id:
                raise NotAllowed("feedback.own_time")
            if at <= now:
                raise Conflict("feedback.time_over")
            if await _says_another(work, draft, message_id, at):
                raise Conflict("feedback.time_changed")
            if not note.is_agreed:
                note.is_agreed = True
                await letters.agree_on_time(work, draft, user_id, at, now)
        self.nudge()
        return at

    async def write(self, draft_id: int, user_id: int, written: str, seen: str = "") -> None:
        """Say something together, in the place of what they have `seen`; the author and the other readers are told.

        What they haven't seen stays: another wrote it meanwhile, or is kept away from them.

        Raises:
            Invalid: it says nothing, or it has more than 1,500 characters.
            NotFound: there is no such draft.
            NotAllowed: they haven't sent their feedback.
            Conflict: no other reader has sent theirs yet, the draft is closed, or other words are there by now.
            LimitReached: they wrote as often as one person may in a day.
        """
        words = within(written, LONGEST, "feedback.field_too_long", shortest=1, too_short="feedback.note_too_short")
        now = self.clock.now()
        async with self.begin() as work:
            draft = await hold_posted(work, draft_id)
            own = await _require_company(work, draft, user_id)
            note = await _note(work, draft, now)
            if note.words != words:
                if version_of(note.words) != seen:
                    raise Conflict("feedback.note_changed")
                await limits.hold(work, own.reader_id, Deed.FEEDBACK, now)
                note.words, note.written_at = words, now
                others = [each.reader_id for each in await others_of(work, draft, own)]
                await letters.tell_note(work, draft, own.reader_id, [draft.asker_id, *others], now)
        self.nudge()


def version_of(words: str) -> str:
    """Return what tells words from others that stood in their place; "" for none."""
    return f"{crc32(words.encode()):x}" if words else ""


async def _require_company(work: ReadingWork, draft: Draft, user_id: int) -> Feedback:
    """Return what this person sent, where another reader of the round has sent theirs too."""
    require_open(draft)
    own = await sent_by(work, draft, user_id)
    if not await others_of(work, draft, own):
        raise Conflict("feedback.no_others")
    return own


async def _proposed_to(work: ReadingWork, own: Feedback, note: JointNote) -> datetime | None:
    """Return the time that was proposed last, unless one who is kept away from this reader did so."""
    away = (await work.blocks.around([own.reader_id]))[own.reader_id]
    return note.meets_at if note.proposer_id not in away else None


async def _says_another(work: ReadingWork, draft: Draft, message_id: int, at: datetime) -> bool:
    """Tell whether a message proposes another time than this."""
    said = await work.said.about(draft.id, [FeedbackLetter.COMPARE])
    return any(each.message_id == message_id and not letters.says_time(each, draft, at) for each in said)


async def _note(work: UnitOfWork, draft: Draft, now: datetime) -> JointNote:
    """Return what readers of this round do together, made on first sight."""
    note = await work.feedback.joint_note(draft.id, draft.round)
    if note is None:
        note = JointNote(draft_id=draft.id, round=draft.round, written_at=now)
        work.feedback.add(note)
    return note
