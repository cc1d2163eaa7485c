"""What moderators may ask of statistics, and what they get; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.disclosure import Safe, SafeTable
from bot.domain.windows import Weeks


class PanelName(StrEnum):
    """The panels, in the order in which they are offered."""

    OVERVIEW = "overview"
    FLOW = "flow"
    WAITS = "waits"
    FUNNEL = "funnel"
    WHEN = "when"
    TOPICS = "topics"
    SPREAD = "spread"
    OFFICE_HOURS = "office_hours"
    DRAFTS = "drafts"
    FAIRNESS = "fairness"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True)
class PanelWish:
    """One panel as a viewer wants it."""

    guild_id: int
    name: PanelName
    weeks: int
    now: datetime
    zone: str
    """An IANA name; what is shown by the clock is named by it."""
    locale: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something that a table means: a key of the catalogue, and what may be said in it."""

    key: str
    params: Mapping[str, Safe | str] = field(default_factory=dict)
    """A word may be a text of the catalogue."""


@dataclass(frozen=True, slots=True)
class StatsPanel:
    """What one panel shows: what it means, its tables, and a picture of one of them."""

    name: PanelName
    weeks: Weeks
    sentences: tuple[Sentence, ...]
    tables: tuple[SafeTable, ...]
    """The picture is drawn from the last, or the last ones."""
    picture: bytes | None = None
    """A PNG."""
    untold: frozenset[str] = frozenset()
    """Tables too long to be read as text: what matters of them is in the others."""
    is_fixed: bool = False
    """Its weeks are the same for some weeks, whichever were wished; nothing is beside the weeks before."""

    pictured: int = 1
    """How many tables the picture shows."""

    @property
    def told(self) -> tuple[SafeTable, ...]:
        """The tables that are shown as text."""
        return tuple(each for each in self.tables if each.name not in self.untold)
