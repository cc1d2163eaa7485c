"""The test message: whether one person's direct messages reach them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.services.outbox.describing import Description, no_pairs
from bot.services.results import LetterKind
from bot.store.unit_of_work import UnitOfWork
from models import Member, OutboxLetter
from models.outbox import new_nonce


class PeopleLetter(LetterKind):
    """The kinds of letters to one person about their own choices; the values are what the table keeps."""

    DIRECT_MESSAGE_CHECK = "direct_message_check"


async def check_messages(work: UnitOfWork, member: Member, now: datetime) -> None:
    """Send a test direct message; one that is still on its way is enough, and leaves now."""
    kind, key = PeopleLetter.DIRECT_MESSAGE_CHECK, f"check:{new_nonce()}"
    await work.outbox.write_or_hasten(
        OutboxLetter(guild_id=member.guild_id, kind=kind, key=key, due_at=now, member_id=member.id)
    )


@dataclass(frozen=True, slots=True)
class MessageCheck:
    """That direct messages reach a person."""

    member_id: int


class MessageCheckLetter(Description):
    """The test message; with closed direct messages it has done its work by failing."""

    kind = PeopleLetter.DIRECT_MESSAGE_CHECK
    contents = (MessageCheck,)
    is_private: ClassVar[bool] = True
    pairs = no_pairs

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> MessageCheck:
        """Return who it is."""
        return MessageCheck(row.member_id or 0)
