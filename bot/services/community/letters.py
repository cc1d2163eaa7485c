"""Letters to a community: the panel in its help channel, and what moderators read of statistics."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.statistics import StatsPanel
from bot.services.outbox.describing import Description, no_pairs
from bot.services.results import Attachment, LetterKind
from bot.statistics import page
from bot.store.unit_of_work import UnitOfWork
from models import OutboxFile, OutboxLetter
from models.outbox import new_nonce


class CommunityLetter(LetterKind):
    """The kinds of letters to a community as a whole; the values are what the table keeps."""

    PANEL = "panel"
    STATISTICS = "statistics"


async def post_panel(work: UnitOfWork, guild_id: int, now: datetime) -> None:
    """Put the panel into the community's help channel; one that is still on its way is enough, and leaves now."""
    key = f"panel:{new_nonce()}"
    await work.outbox.write_or_hasten(OutboxLetter(guild_id=guild_id, kind=CommunityLetter.PANEL, key=key, due_at=now))


async def share(work: UnitOfWork, guild_id: int, panel: StatsPanel, locale: str, now: datetime) -> bool:
    """Post a panel where moderators read, unless they have it; returns whether it is new."""
    key = f"statistics:{guild_id}:{panel.name}:{panel.weeks.first}:{panel.weeks.count}"
    letter = OutboxLetter(guild_id=guild_id, kind=CommunityLetter.STATISTICS, key=key, due_at=now)
    letter.params = {"text": page.text(panel, locale)}
    is_new = await work.outbox.write_unless_heard(letter)
    if is_new and panel.picture is not None:
        letter.params |= {"described": page.picture_told(panel, locale)}
        work.outbox_files.add(OutboxFile(key=key, request_id=None, name=f"{panel.name}.png", content=panel.picture))
    return is_new


def tell_week(work: UnitOfWork, guild_id: int, week: int, text: str, due_at: datetime) -> None:
    """Tell moderators of a week, once."""
    key = f"statistics_digest:{guild_id}:{week}"
    letter = OutboxLetter(guild_id=guild_id, kind=CommunityLetter.STATISTICS, key=key, due_at=due_at)
    letter.params = {"text": text}
    work.outbox.add(letter)


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


@dataclass(frozen=True, slots=True)
class SharedPanel:
    """What moderators read of statistics: words that may be said of anyone, and a picture of them."""

    text: str
    picture: Attachment | None = None


class StatisticsLetter(Description):
    """A panel of statistics as it was when it was shared, or a digest of a week."""

    kind = CommunityLetter.STATISTICS
    contents = (SharedPanel,)
    pairs = no_pairs

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> SharedPanel:
        """Return its words, and its picture."""
        kept = await work.outbox_files.find(row.key)
        picture = Attachment(kept.name, kept.content, str(row.params["described"])) if kept else None
        return SharedPanel(str(row.params["text"]), picture)

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the moderators' channel."""
        settings = await work.guilds.settings(row.guild_id)
        return settings.moderator_channel_id if settings else None

    async def when_sent(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
        """Forget the picture: moderators have it."""
        await work.outbox_files.forget(row.key)


DESCRIPTIONS: tuple[Description, ...] = (PanelLetter(), StatisticsLetter())
