"""Taking back what letters said: the bot's own messages go, each once, also after a crash in between."""

from collections.abc import Iterable
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
    title: str | None = None
    """The key of what the thread is called instead that began with it; None: it opened none."""


class RemovalLetter(Description):
    """What takes one letter's message back: it follows that letter, or knows where it is once the letter is gone."""

    kind = RemovingLetter.REMOVAL
    contents = (Removal,)
    pairs = no_pairs

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> Removal | None:
        """Return which message goes."""
        said = await _said(work, row)
        return Removal(said.message_id, row.text) if said is not None and said.message_id is not None else None

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return where it is."""
        said = await _said(work, row)
        return said.channel_id if said else None


async def take_back(work: UnitOfWork, said: Iterable[OutboxLetter], now: datetime) -> None:
    """Let nothing stay in Discord of what these letters say, whether they left or not."""
    for letter in said:
        has_failed = letter.failure is not None and letter.sent_at is None
        if letter.attempts == 0 and letter.sent_at is None:
            await drop(work, letter)
        elif not has_failed:
            await work.outbox.write_once(_removal(letter, now))


async def take_back_lost(
    work: UnitOfWork, said: Iterable[OutboxLetter], now: datetime, title: str | None = None
) -> None:
    """Let nothing stay in Discord of what these letters said, though their rows go.

    Where they opened threads, these are called by a `title` instead, by its key.
    """
    for letter in said:
        if letter.message_id is not None and letter.channel_id is not None:
            key = f"removal:{letter.channel_id}:{letter.message_id}"
            lost = OutboxLetter(guild_id=letter.guild_id, kind=RemovingLetter.REMOVAL, key=key, due_at=now)
            lost.channel_id, lost.message_id = letter.channel_id, letter.message_id
            lost.text = title
            await work.outbox.write_once(lost)


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
    return await work.outbox.get(row.after_id) if row.after_id else row
