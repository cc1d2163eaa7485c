"""Who may come in where: a row is touched only in the community that it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.rows import Row
from bot.errors import NotFound
from bot.services.people.belonging import Belonging
from bot.services.ports import Read


@dataclass(frozen=True, slots=True)
class Admitting:
    """The one check of every press, before what it leads to."""

    read: Read
    belonging: Belonging

    async def admit(self, rows: Sequence[tuple[Row, int]], guild_id: int | None, user_id: int) -> None:
        """Let a person in who pressed something about these rows, in a community or in direct messages.

        Inside a community Discord itself keeps out who left or was timed out; in direct messages nothing does.

        Raises:
            NotFound: a row belongs elsewhere; or a person pressed in direct messages what belongs to no row.
            NotAllowed: they aren't in that community, or were timed out there; or the bot isn't in it.
            Unavailable: Discord can't say for now.
        """
        communities = await self.require_here(rows, guild_id)
        if guild_id is None:
            for community in communities:
                await self.belonging.require_member(community, user_id)
        for community in communities if guild_id is None else {guild_id}:
            await self.belonging.seen(community, user_id)

    async def require_here(self, rows: Sequence[tuple[Row, int]], guild_id: int | None) -> set[int]:
        """Make sure that these rows belong to the community in which a person pressed, or, in direct messages, to one.

        Returns the communities they belong to. Whose they are is for the use case to judge; one that is gone is for it
        to say.

        Raises:
            NotFound: one belongs elsewhere; or a person pressed in direct messages what belongs to no row.
        """
        if guild_id is None and not rows:
            raise NotFound("error.no_guild")
        async with self.read() as work:
            found = {community for each in rows if (community := await work.communities.of(*each)) is not None}
        if len(found | ({guild_id} if guild_id is not None else set())) > 1:
            raise NotFound("error.not_here")
        return found
