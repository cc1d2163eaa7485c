"""What an author hands in, what they choose, and what they see before anything is sent."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.draft_reading import DraftPart, DraftSize
from bot.domain.drafts import Area, Stage
from bot.domain.lifecycle import Visibility
from bot.errors import HouseError
from bot.services.results import DraftView


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file as a person gives it: nothing of it is fetched before the rest is known to be in order."""

    name: str = field(repr=False)
    fetch: Callable[[], Awaitable[bytes]] = field(repr=False)
    """Returns what is in it, or refuses."""


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What an author submits."""

    guild_id: int
    user_id: int
    interaction_id: int
    about: str = field(repr=False)
    questions: str = field(repr=False)
    """One a line."""
    needed_by: str = field(repr=False)
    """As it was typed."""
    link: str = field(repr=False, default="")
    file: HandedIn | None = None
    changes: int | None = None
    """A draft of the same person that isn't posted yet: it is written again, and what was chosen for it stays."""


@dataclass(frozen=True, slots=True)
class DraftChoices:
    """What an author chooses before a draft is posted; None stays as it is."""

    stage: Stage | None = None
    areas: tuple[Area, ...] | None = None
    readers: int | None = None
    visibility: Visibility | None = None
    co_authors: tuple[int, ...] | None = field(repr=False, default=None)
    """Users who are never asked."""
    may_read: bool | None = None
    size: DraftSize | None = None
    part: int | None = None
    """From 1; 0: all of it."""


@dataclass(frozen=True, slots=True)
class DraftTyped:
    """What an author typed, to be typed again."""

    draft_id: int
    guild_id: int
    about: str = field(repr=False)
    questions: tuple[str, ...] = field(repr=False)
    link: str | None = field(repr=False)
    closes_at: datetime
    zone: str | None
    """Of the author's clock; None where they gave none."""


@dataclass(frozen=True, slots=True)
class DraftPreview:
    """A draft as it would be sent, and what its author may still choose."""

    draft: DraftView
    whole_words: int
    """0 while its length isn't known."""
    closes_at: datetime
    is_short_notice: bool
    parts: tuple[DraftPart, ...] = ()
    """What may be asked for instead of all of it, where that takes too long."""
    co_authors: frozenset[int] = field(repr=False, default=frozenset())
    may_read: bool = False
    has_review: bool = False
    file_name: str | None = field(repr=False, default=None)
    """As the thread will show it."""
    record: Mapping[str, str] | None = field(repr=False, default=None)
    """What a file says about itself and perhaps its author, where the author's name isn't to be shown."""
    is_record_open: bool = False
    """It may say more than could be read."""
    takes_private: bool = True
    """The bot may open a private thread here."""
    is_moved: bool = False
    """The clocks skip the hour of its deadline that day."""
    refusal: HouseError | None = None
    """Why the file that was handed in can't be used, or only its length isn't known."""

    @property
    def has_text(self) -> bool:
        """Tell whether there is a link or a file to read."""
        return self.draft.link is not None or self.draft.has_file
