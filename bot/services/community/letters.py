"""The panel: a message that stays in a community's help channel, with a button for each thing to begin."""

from dataclasses import dataclass
from datetime import datetime

from bot.services.outbox.describing import Description, no_pairs
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


@dataclass(frozen=True, slots=True)
class Panel:
    """What can be begun in a community; the same everywhere."""


class PanelLetter(Description):
    """The panel."""

    kind = CommunityLetter.PANEL
    contents = (Panel,)
    pairs = no_pairs

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> Panel:
        """Return the panel."""
        return Panel()

    async def when_sent(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
        """Note where it is."""
        settings = await work.guilds.settings(row.guild_id)
        if settings is not None:
            settings.panel_channel_id, settings.panel_message_id = row.channel_id, row.message_id
