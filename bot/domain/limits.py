"""How often one person may do what leaves something behind: far above honest use, far below what harms others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

DAY = timedelta(days=1)


class Deed(StrEnum):
    """What is counted."""

    WRITE = "write"
    """A question, posted or not."""
    LOOK = "look"
    """For fifteen minutes with a host, with a question."""
    BOOK = "book"
    TAKE = "take"
    """A question, as a person who was asked."""
    DECIDE = "decide"
    """To pass, that it is no topic of theirs, or that it is one after all."""
    REFER = "refer"
    OUTCOME = "outcome"
    """Say how it went."""
    MORE = "more"
    """Have more people asked."""
    REOPEN = "reopen"
    HAND_IN = "hand_in"
    """A file, which is looked into whatever becomes of it."""
    ROUND = "round"
    """Have a draft read again, until another date."""
    REPLY = "reply"
    """As the asker whose name stays unknown."""
    THANK = "thank"
    KEEP = "keep"
    """Ask a person whether an exchange may be kept."""
    OFFER = "offer"
    """Look at what was understood of hours."""
    CHANGE = "change"
    """Hours that are offered."""
    PROFILE = "profile"
    CHECK = "check"
    """Whether direct messages arrive."""
    QUEUE = "queue"
    """Join one."""
    HOLD = "hold"
    """A place in a queue, or come back to it."""
    WAIT = "wait"
    """Join the waitlist."""
    ABSENCE = "absence"
    """Say that a person didn't come."""
    NOTE = "note"
    """Write something down about fifteen minutes, or say how they were."""
    REVEAL = "reveal"
    """Wish to know who asked, or agree to it."""
    BLOCK = "block"
    FEEDBACK = "feedback"
    """Write, change or send feedback on a draft, or what readers say together."""
    SETTLE = "settle"
    """Say what became of a point."""
    SHARE = "share"
    """Post statistics where moderators read."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times within so long, counted back from each moment."""

    most: int
    within: timedelta = DAY


LIMITS: Mapping[Deed, Limit] = {
    Deed.WRITE: Limit(30),
    Deed.LOOK: Limit(60),
    Deed.BOOK: Limit(20),
    Deed.TAKE: Limit(40),
    Deed.DECIDE: Limit(100),
    Deed.REFER: Limit(20),
    Deed.OUTCOME: Limit(40),
    Deed.MORE: Limit(20),
    Deed.REOPEN: Limit(20),
    Deed.HAND_IN: Limit(40),
    Deed.ROUND: Limit(10),
    Deed.REPLY: Limit(60),
    Deed.THANK: Limit(20),
    Deed.KEEP: Limit(10),
    Deed.OFFER: Limit(40),
    Deed.CHANGE: Limit(40),
    Deed.PROFILE: Limit(60),
    Deed.CHECK: Limit(10),
    Deed.QUEUE: Limit(30),
    Deed.HOLD: Limit(30),
    Deed.WAIT: Limit(40),
    Deed.ABSENCE: Limit(10),
    Deed.NOTE: Limit(60),
    Deed.REVEAL: Limit(20),
    Deed.BLOCK: Limit(50),
    Deed.FEEDBACK: Limit(100),
    Deed.SETTLE: Limit(100),
    Deed.SHARE: Limit(20),
}
"""For each person in each community."""
LONGEST = max(limit.within for limit in LIMITS.values())
"""How long anything is counted."""
