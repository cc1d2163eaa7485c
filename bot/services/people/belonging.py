"""Who belongs where: people to communities, and the bot itself; asked of Discord, and acted on in one place."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.clock import Clock
from bot.errors import NotAllowed, Unavailable
from bot.services.community.resuming import resume
from bot.services.people.departing import depart
from bot.services.ports import Begin, Membership, Nudge, Read, Standing
from bot.services.requests.inviting import Inviting
from bot.services.routing.community import News, offer_of
from bot.services.sweeping import in_turn

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Use cases around who is in a community; what is learnt in one place holds everywhere."""

    begin: Begin
    read: Read
    membership: Membership
    inviting: Inviting
    nudge: Nudge
    clock: Clock

    async def standing(self, guild_id: int, user_id: int, *, is_fresh: bool = False) -> Standing:
        """Ask how a person stands in a community, and end what depends on them, or on the bot, where that is over."""
        standing = await self.membership.standing(guild_id, user_id, is_fresh=is_fresh)
        if standing.where == "gone":
            await self.left(guild_id, user_id)
        elif standing.where == "away":
            await self.removed(guild_id)
        return standing

    async def require_member(self, guild_id: int, user_id: int) -> None:
        """Let a person in who presses in direct messages, where Discord itself keeps no one out.

        Raises:
            NotAllowed: they aren't in that community, or were timed out there; or the bot isn't in it.
            Unavailable: Discord can't say for now.
        """
        # A person may have been banned since a letter to them left: what lets in is asked again each time.
        standing = await self.standing(guild_id, user_id, is_fresh=True)
        if standing.silenced_until is not None:
            raise NotAllowed("belonging.silenced", until=int(standing.silenced_until.timestamp()))
        match standing.where:
            case "gone":
                raise NotAllowed("belonging.gone")
            case "away":
                raise NotAllowed("belonging.away")
            case "unknown":
                raise Unavailable("belonging.unknown")

    async def left(self, guild_id: int, user_id: int) -> None:
        """End everything that depends on a person who is gone; others are asked in their place. Twice is once."""
        async with self.begin() as work:
            member = await work.members.find(guild_id, user_id)
            if member is None:
                return
            # Requests come before the community, and people after it: else two could wait for one another.
            requests = await work.requests.hold_all(await work.departures.request_ids(member.id))
            await work.lock(guild_id)
            await work.refresh(member)
            free = await depart(
                work, member, {each.id: each for each in requests}, self.inviting.numbers, self.clock.now()
            )
            member_id = member.id
        News(guild_id, offers={member_id: ()}).tell(self.inviting.router)
        self.nudge()
        for request_id in free:
            await self.inviting.ask_more(request_id)

    async def seen(self, guild_id: int, user_id: int) -> None:
        """Take a person for present who does something inside a community; who had left is who they were before."""
        if not self.membership.note_here(guild_id, user_id):
            return
        async with self.read() as work:
            guild, member = await work.guilds.hold(guild_id), await work.members.find(guild_id, user_id)
        if guild is not None and guild.left_at is not None:
            await self.returned(guild_id)
        if member is None or member.left_at is None:
            return
        async with self.begin() as work:
            await work.lock(guild_id)
            await work.members.welcome_back(member.id)
            offers = await offer_of(work, guild_id, member.id)
        News(guild_id, offers={member.id: offers}).tell(self.inviting.router)

    async def removed(self, guild_id: int) -> None:
        """Note that the bot isn't in a community any more: nothing of it is acted on until it is back."""
        async with self.begin() as work:
            await work.lock(guild_id)
            guild = await work.guilds.hold(guild_id)
            if guild is not None and guild.left_at is None:
                guild.left_at = self.clock.now()
                log.info("community_left")

    async def returned(self, guild_id: int) -> None:
        """Go on where the bot was removed: no one's time ran meanwhile, and what is stale stays unsaid."""
        async with self.begin() as work:
            requests = await work.requests.hold_all(await work.absences.request_ids(guild_id))
            await work.lock(guild_id)
            guild = await work.guilds.hold(guild_id)
            if guild is None or guild.left_at is None:
                return
            await resume(work, guild, requests, self.clock.now())
        log.info("community_back")
        self.nudge()

    async def take_stock(self) -> None:
        """Compare the tables with the communities the bot is in: it may have been removed, or let in, while away."""
        present = self.membership.communities()
        async with self.read() as work:
            known = await work.guilds.left()
        changed = [(each, each) for each, has_left in known.items() if (each in present) == has_left]
        await in_turn("guild", changed, self._compare)

    async def _compare(self, guild_id: int, _row_ids: Sequence[int]) -> None:
        if guild_id in self.membership.communities():
            await self.returned(guild_id)
        elif await self.membership.is_away(guild_id):
            await self.removed(guild_id)
