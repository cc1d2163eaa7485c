"""What there is to know about one kind of letter: each room describes its own, and the outbox asks only this."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from bot.services.results import LetterKind
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter

Pairs = set[tuple[int, int]]
"""Members that a letter puts before each other."""


@dataclass(slots=True)
class Concerned:
    """The members who have to be there before a letter is sent, by row id."""

    there: set[int] = field(default_factory=set)
    """Who has to be in the community still."""
    free: set[int] = field(default_factory=set)
    """Who moreover must not be timed out: the addressee, and who says it."""
    is_secret: bool = False
    """Nothing of which the words are made may tell who these are."""


class Description(ABC):
    """One kind of letter; what a room doesn't say otherwise holds as it is here.

    Every question is asked inside the outbox's transaction, and answered from the tables as they are then.
    """

    kind: ClassVar[LetterKind]
    contents: ClassVar[tuple[type, ...]]
    """What it may be made of; the user interface has one way to show each."""
    is_private: ClassVar[bool] = False
    """For one person's eyes: with closed direct messages it isn't said at all."""
    leaves_nights_alone: ClassVar[bool] = False
    """It waits for its addressee's morning: it is worth no one's sleep."""
    goes_to_the_next: ClassVar[bool] = False
    """It waits for no timeout of its addressee's to end: the next person may be free to answer."""
    opens_thread: ClassVar[bool] = False
    """It opens a thread, in two steps or three, of which nothing stays if it is given up."""

    @abstractmethod
    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> object | None:
        """Return what the words are made of, one of `contents`; None where there is nothing to say any more."""

    @abstractmethod
    async def pairs(self, work: UnitOfWork, row: OutboxLetter) -> Pairs:
        """Return the pairs that it puts before each other: it is held back where one of both blocks the other by then.

        A kind that is for everyone, or tells one person about themselves, has `no_pairs`.
        """

    async def is_moot(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether it is obsolete."""
        return False

    async def is_unwelcome(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        """Tell whether its addressee has asked to be left alone since it was written."""
        return False

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return where it goes that doesn't go to direct messages."""
        settings = await work.guilds.settings(row.guild_id)
        return settings.help_channel_id if settings else None

    async def may_be_public(self, work: UnitOfWork, row: OutboxLetter) -> bool:
        """Tell whether a letter to one person may be said where others read it, where direct messages are closed."""
        return False

    async def prefers_channel(self, work: UnitOfWork, row: OutboxLetter) -> bool:
        """Tell whether it goes there at once for a person whose direct messages are known to be closed."""
        return False

    async def guest(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the user who has to be let into a private thread before they can read it there."""
        return None

    async def home(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the channel in which its thread is, or is to be, as far as the community's choice tells."""
        return None

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return who has to be there before it is sent."""
        return Concerned(free={row.member_id} if row.member_id is not None else set())

    async def before_leaving(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:  # noqa: B027 - most kinds do nothing
        """Do what has to be true when it leaves, however late that is."""

    async def when_sent(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:  # noqa: B027 - most kinds do nothing
        """Note what follows once it has arrived."""

    async def when_unheard(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:  # noqa: B027 - most kinds do nothing
        """Do what its author expects if it isn't delivered, before its words are forgotten."""

    async def when_given_up(self, work: UnitOfWork, row: OutboxLetter, reason: str, now: datetime) -> int | None:
        """Draw the consequences of giving it up; returns the request in which a seat became free."""
        return None


Descriptions = Mapping[str, Description]
"""All kinds of letters, by what the table keeps."""


async def no_pairs(self: Description, work: UnitOfWork, row: OutboxLetter) -> Pairs:
    """Say that a kind puts no two people before each other."""
    return set()


def described(every: Iterable[Description]) -> Descriptions:
    """Return descriptions by kind.

    Raises:
        ValueError: two describe the same kind.
    """
    found = dict[str, Description]()
    for each in every:
        if each.kind in found:
            msg = f"{each.kind} is described twice"
            raise ValueError(msg)
        found[each.kind] = each
    return found


async def news_channel(work: UnitOfWork, guild_id: int) -> int | None:
    """Return where a person with closed direct messages reads that there is news, and everyone reads lists."""
    settings = await work.guilds.settings(guild_id)
    # A forum takes no messages of its own: there, the panel's post does.
    return (settings.panel_channel_id or settings.help_channel_id) if settings else None
