"""A community with drafts: places, deadlines and files come and go while its bot is killed."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.draft_reading import LongestRead
from bot.store.unit_of_work import UnitOfWork
from reliability.authors import Authors
from reliability.people import HELPERS
from reliability.scene import Scene

STRIDES: Final = {
    timedelta(minutes=31): 2,
    timedelta(hours=4): 3,
    timedelta(hours=12): 4,
    timedelta(hours=24): 3,
}
"""How much time passes at once, and how often: claims end hours apart, and deadlines days.

A scene has to be over before letters are forgotten, after 30 days: each message is judged by its letter.
"""


class DraftScene(Scene):
    """A scene in which people ask for feedback and read, while their places and dates run out."""

    looks_every = 0.25
    people_are = Authors
    strides = STRIDES
    away = timedelta(days=13)


async def opt_in(work: UnitOfWork, guild_id: int, now: datetime) -> None:
    """Let all helpers read drafts of any length."""
    for user_id in HELPERS:
        member = await work.members.ensure(guild_id, user_id, now)
        member.longest_read = LongestRead.LONG
