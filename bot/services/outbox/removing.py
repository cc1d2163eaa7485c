"""Taking back what letters said: the bot's own messages go, each once, also after a crash in between."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.services.outbox.describing import Description, no_pairs
from bot.services.outbox.following import drop
from bot.services.results import LetterKind
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter


class RemovingLetter(LetterKind):
    """The kind of what takes a message back; the value is what the table keeps."""

    REMOVAL = "removal"


@dataclass(frozen=True, slots=True)
class Removal:
    """A message that goes."""

    message_id: int


class RemovalLetter(Description):
    """What takes one letter's message back; it follows that letter, which may still be on its way."""

    kind = RemovingLetter.REMOVAL
    contents = (Removal,)
    pairs = no_pairs

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> Removal | None:
        """Return which message goes."""
        said = await _said(work, row)
        return Removal(said.message_id) if said is not None and said.message_id is not None else None

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return where it is."""
        said = await _said(work, row)
        return said.channel_id if said else None


async def take_back(work: UnitOfWork, request_id: int, kinds: Collection[str], now: datetime) -> None:
    """Let nothing stay in Discord of what a request's letters of these kinds say, whether they left or not."""
    for letter in await work.said.about(request_id, kinds):
        has_failed = letter.failure is not None and letter.sent_at is None
        if letter.attempts == 0 and letter.sent_at is None:
            await drop(work, letter)
        elif not has_failed:
            await work.outbox.write_once(_removal(letter, now))


def _removal(letter: OutboxLetter, now: datetime) -> OutboxLetter:
    return OutboxLetter(
        guild_id=letter.guild_id,
        kind=RemovingLetter.REMOVAL,
        key=f"removal:{letter.id}",
        due_at=now,
        request_id=letter.request_id,
        after_id=letter.id,
    )


async def _said(work: UnitOfWork, row: OutboxLetter) -> OutboxLetter | None:
    return await work.outbox.get(row.after_id) if row.after_id else None
