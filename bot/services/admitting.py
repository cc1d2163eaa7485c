"""Who may come in where: a row is touched only in the community that it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.rows import Row
from bot.errors import NotFound
from bot.services.ports import Begin

LONGEST_ID = 2**63
"""No row has an id beyond what a database counts with."""


@dataclass(frozen=True, slots=True)
class Admitting:
    """The one check of every press, before whatever it leads to."""

    read: Begin

    async def require_here(self, rows: Sequence[tuple[Row, int]], guild_id: int | None) -> None:
        """Make sure that these rows belong to the community in which somebody pressed, or, in direct messages, to one.

        Whose they are is for the use case to judge; one that is gone is for it to say.

        Raises:
            NotFound: one belongs elsewhere; or somebody pressed in direct messages what belongs to no row.
        """
        if guild_id is None and not rows:
            raise NotFound("error.no_guild")
        if any(abs(row_id) >= LONGEST_ID for _, row_id in rows):
            raise NotFound("error.not_here")
        async with self.read() as work:
            found = {await work.communities.of(*each) for each in rows}
        if len((found | {guild_id}) - {None}) > 1:
            raise NotFound("error.not_here")
