"""What the use cases need from outside."""

from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from bot.attachments.understood import Understood
from bot.domain.statistics import PanelWish, StatsPanel
from bot.domain.threads import Thread
from bot.services.results import Answer, Letter, Sent
from bot.store.unit_of_work import ReadingWork, UnitOfWork

Begin = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
"""Opens a transaction that is committed on a clean end: `async with begin() as work`."""

Read = Callable[[], AbstractAsyncContextManager[ReadingWork]]
"""Opens a transaction that changes nothing."""

Nudge = Callable[[], object]
"""Says, after a commit, that letters may be waiting; returns at once."""


ChannelUse = Literal["help", "private", "moderators"]
"""What a channel is for: questions and the panel, private threads, or what moderators read."""


Where = Literal["here", "gone", "away", "unknown"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands in a community, as Discord says at this moment."""

    where: Where
    """A member · none any more · the bot itself isn't there · Discord can't say for now."""
    silenced_until: datetime | None = None
    """Until when moderators have timed a member out."""


class Membership(Protocol):
    """What Discord knows about who is in which community."""

    async def standing(self, guild_id: int, user_id: int, *, is_fresh: bool = False) -> Standing:
        """Return how a member stands in a community; never raises.

        An answer counts for a minute; with `is_fresh`, Discord is asked again even about a member who was there.
        """
        ...

    def note_here(self, guild_id: int, user_id: int) -> bool:
        """Note that a member did something in a community a moment ago, and return whether that is news.

        It needs no look, and within a minute it is none unless they were found gone in between.
        """
        ...

    def communities(self) -> frozenset[int]:
        """Return the communities the bot is in, those in an outage of Discord's among them."""
        ...

    async def is_away(self, guild_id: int) -> bool:
        """Tell whether the bot was removed from a community; an outage of Discord's isn't that; never raises."""
        ...


class Files(Protocol):
    """Something that looks into files that people send, and keeps nothing of them."""

    def turn(self, user_id: int) -> AbstractAsyncContextManager[None]:
        """Wait for a person's turn, within which their file is fetched and looked into.

        Raises:
            Unavailable: it took too long.
        """
        ...

    async def inspect(self, data: bytes, *, wants_text: bool) -> Understood:
        """Say what a file is, and how long; its text only where `wants_text`.

        Raises:
            Invalid: it can't be read.
            Unavailable: not now.
        """
        ...

    async def without_record(self, data: bytes) -> bytes:
        """Return a PDF written again, without what it says about itself on no page.

        Raises:
            Invalid: no such copy can be made.
            Unavailable: not now.
        """
        ...


class Statistician(Protocol):
    """Something that counts what moderators ask for."""

    @property
    def is_warm(self) -> bool:
        """Tell whether a panel would be counted at once; the first takes some seconds longer."""
        ...

    async def panel(self, wish: PanelWish) -> StatsPanel:
        """Count a panel.

        Raises:
            Unavailable: not now.
        """
        ...

    async def archive(self, wish: PanelWish) -> bytes:
        """Count all panels, whichever is named, and return their tables as one file.

        Raises:
            Unavailable: not now.
        """
        ...


class Look(Protocol):
    """Asks how a member stands in a community, and draws the consequences where they aren't there any more."""

    async def __call__(self, guild_id: int, user_id: int, /, *, is_fresh: bool = False) -> Standing:
        """Return how they stand."""
        ...


class Messenger(Protocol):
    """Something that carries letters to people."""

    async def send(self, letter: Letter[Any]) -> Sent:
        """Deliver a letter once: the same letter again finds the message that is already there.

        Raises:
            MailboxClosed: the person takes no direct messages.
            Undeliverable: no one is there to receive it, or the way is forbidden.
            TryLater: Discord is out of order, or too busy.
        """
        ...

    async def find_answer(
        self, thread_id: int, without: Collection[int] = (), after: datetime | None = None
    ) -> Answer | None:
        """Return the first message in a thread, after a moment, by a person `without` these, and none of its words.

        Raises:
            Undeliverable: the thread is gone or hidden.
            TryLater: Discord is out of order, or too busy.
        """
        ...

    async def thread(self, thread_id: int) -> Thread:
        """Return how a thread stands.

        Raises:
            Undeliverable: the thread is gone or hidden.
            TryLater: Discord is out of order, or too busy.
        """
        ...

    async def is_there(self, channel_id: int, message_id: int) -> bool:
        """Tell whether a message still exists, as far as the bot can see.

        Raises:
            TryLater: Discord is out of order, or too busy.
        """
        ...

    def is_elsewhere(self, channel_id: int, guild_id: int) -> bool:
        """Tell whether a channel that the bot knows of belongs to another community."""
        ...

    async def find(self, letter: Letter[Any]) -> Sent | None:
        """Return where an earlier attempt at a letter arrived, or None.

        Raises:
            Undeliverable: its place is gone.
            TryLater: Discord is out of order, or too busy.
        """
        ...

    async def take_back(self, letter: Letter[Any]) -> None:
        """Remove what attempts at opening a thread left behind, as far as possible."""
        ...

    def sees(self, channel_id: int) -> bool:
        """Tell whether a channel is there and the bot may see it."""
        ...

    def is_out(self, guild_id: int) -> bool:
        """Tell whether Discord has an outage in a community that the bot is in."""
        ...

    def takes_private_threads(self, channel_id: int) -> bool:
        """Tell whether the bot may open private threads in a channel; forums have none."""
        ...

    def may_make_events(self, guild_id: int) -> bool:
        """Tell whether the bot may make scheduled events in a community."""
        ...

    def missing_permissions(self, channel_id: int, place: ChannelUse = "help") -> list[str] | None:
        """Return what the bot may not do in a channel that is for this, by permission name; None when it is hidden."""
        ...


class DeliveryError(Exception):
    """A letter could not be delivered; `reason` is short, and about no person."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


class MailboxClosed(DeliveryError):
    """The person takes no direct messages from the bot."""


LEFT = "left"
"""The reason of an `Undeliverable` that says its addressee shares no community with the bot: one of both left."""


LOCKED = "locked"
"""The reason of an `Undeliverable` whose thread moderators have locked: nothing more is said or asked there."""


CROWDED, PLACE, WORDS, TAGS = "crowded", "place", "words", "tags"
"""Why a question can't be posted: too many open threads, a channel that takes none, its words, or a tag it needs."""


class Undeliverable(DeliveryError):
    """No later attempt will do better."""


class TryLater(DeliveryError):
    """A later attempt may well succeed."""


class NotYet(DeliveryError):
    """It waits without an attempt, and isn't given up meanwhile: for a timeout to end, or an outage."""

    def __init__(self, until: datetime, reason: str = "silenced") -> None:
        """Keep when it may leave."""
        super().__init__(reason)
        self.until = until


Deliver = Callable[[str], Awaitable[Sent | None]]
"""Sends the letter of one occasion now, and says where it went; None when it didn't, or another process sends it."""
