"""What it means that a thread is closed: Discord's own archiving after a silence ends nothing, a person's hand does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

EARLY = timedelta(minutes=1)
"""How far a thread's own clock and its messages' may differ."""


class Shut(StrEnum):
    """How people close a thread."""

    LOCKED = "locked"
    """By moderators: no one else may write in it."""
    PUT_AWAY = "put_away"
    """Archived by hand: the next message opens it again."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as Discord describes it after a change."""

    thread_id: int
    is_archived: bool
    is_locked: bool
    changed_at: datetime
    """When it was archived, or opened again."""
    last_said_at: datetime
    """When the last message was written, or the thread begun."""
    silence: timedelta
    """After how long without a word Discord archives it by itself."""


def shut(thread: Thread) -> Shut | None:
    """Tell how people closed a thread; None where it is open, or Discord archived it for its silence."""
    if thread.is_locked:
        return Shut.LOCKED
    was_silent = thread.changed_at - thread.last_said_at >= thread.silence - EARLY
    return Shut.PUT_AWAY if thread.is_archived and not was_silent else None
