"""A draft as the form leaves it: kept, and not posted yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.store.engine import Database
from models import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an author says about a draft in one community."""

    guild_id: int
    user_id: int
    about: str
    words: int
    needed_by: datetime
    vectors: Mapping[str, bytes] = field(default_factory=dict)
    """What encoders made of it."""

    async def keep(self, database: Database, now: datetime) -> int:
        """Keep it, and return its id."""
        async with database.begin() as work:
            author = await work.members.ensure(self.guild_id, self.user_id, now)
            draft = Draft(
                guild_id=self.guild_id, asker_id=author.id, interaction_id=None, created_at=now, state="unposted",
                about=self.about, questions=["Is it clear what was done, and why?"], words=self.words,
                needed_by=self.needed_by, is_english=True,
            )  # fmt: skip
            work.requests.add(draft)
            await work.flush()
            work.draft_vectors.add(draft.id, self.vectors)
        return draft.id
