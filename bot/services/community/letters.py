"""The panel: a message that stays in a community's help channel, with a button for each thing to begin."""

from datetime import datetime

from bot.services.results import LetterKind
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter
from models.outbox import new_nonce


class CommunityLetter(LetterKind):
    """The kinds of letters to a community as a whole; the values are what the table keeps."""

    PANEL = "panel"


async def post_panel(work: UnitOfWork, guild_id: int, now: datetime) -> None:
    """Put the panel into the community's help channel; one that is still on its way is enough, and leaves now."""
    key = f"panel:{new_nonce()}"
    await work.outbox.write_or_hasten(OutboxLetter(guild_id=guild_id, kind=CommunityLetter.PANEL, key=key, due_at=now))
