"""The bot's real use cases over a database, with no Discord at the other end."""

import itertools
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.attachments.reading import Attachments
from bot.clock import Clock
from bot.domain.policy import DEFAULT, Policy
from bot.domain.statistics import PanelWish, StatsPanel
from bot.domain.threads import Thread
from bot.errors import Unavailable
from bot.routing.ports import Community
from bot.routing.router import Router
from bot.services.ports import ChannelUse, Messenger, Nudge, Standing
from bot.services.results import Answer, Letter, Sent
from bot.services.use_cases import Outside, UseCases, wire
from bot.store.engine import Database
from reliability.standin.world import HELP_CHANNEL_ID


@dataclass(slots=True)
class Postbox:
    """Discord as the bot sees it: everything arrives at once."""

    letters: list[Letter[Any]] = field(default_factory=list)
    """What asks a person for something, or tells them something, and was not looked at yet."""
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(300_000_000_000_000_000))

    async def send(self, letter: Letter[Any]) -> Sent:
        """Keep a letter; a post opens a thread."""
        if letter.kind in {"invitation", "silence", "notice"}:
            self.letters.append(letter)
        place = next(self._ids) if letter.kind == "post" else letter.channel_id or letter.user_id or HELP_CHANNEL_ID
        return Sent(place, next(self._ids))

    async def find_answer(
        self,
        thread_id: int,
        without: Collection[int] = (),
        after: datetime | None = None,
    ) -> Answer | None:
        """Find none: the bot is told of every answer."""
        return None

    async def thread(self, thread_id: int) -> Thread:
        """Return one that is open."""
        begun = datetime.fromtimestamp(0, UTC)
        return Thread(thread_id, False, False, begun, begun, timedelta(days=7))  # noqa: FBT003

    async def find(self, letter: Letter[Any]) -> Sent | None:
        """Find none: all that is sent arrives."""
        return None

    async def take_back(self, letter: Letter[Any]) -> None:
        """Do nothing: all that is sent arrives."""

    def sees(self, channel_id: int) -> bool:
        """Say yes."""
        return True

    def is_out(self, guild_id: int) -> bool:
        """Say no."""
        return False

    async def is_there(self, channel_id: int, message_id: int) -> bool:
        """Say yes."""
        return True

    def is_elsewhere(self, channel_id: int, guild_id: int) -> bool:
        """Say no."""
        return False

    def takes_private_threads(self, channel_id: int) -> bool:
        """Say yes."""
        return True

    def may_make_events(self, guild_id: int) -> bool:
        """Say yes."""
        return True

    def missing_permissions(self, channel_id: int, place: ChannelUse = "help") -> list[str] | None:
        """Return none."""
        return []


class Everybody:
    """Discord's members as the bot sees them: all are in every community, and no one leaves."""

    async def standing(self, guild_id: int, user_id: int, *, is_fresh: bool = False) -> Standing:
        """Return that a person is a member."""
        return Standing("here")

    def note_here(self, guild_id: int, user_id: int) -> bool:
        """Say that it is no news."""
        return False

    def communities(self) -> frozenset[int]:
        """Return none: nothing looks for communities here."""
        return frozenset()

    async def is_away(self, guild_id: int) -> bool:
        """Say no."""
        return False


class NoStatistics:
    """Counts nothing."""

    is_warm = False

    async def panel(self, wish: PanelWish) -> StatsPanel:
        """Refuse."""
        raise Unavailable("error.statistics")

    async def archive(self, wish: PanelWish) -> bytes:
        """Refuse."""
        raise Unavailable("error.statistics")


def wired(
    database: Database,
    clock: Clock,
    *,
    router: Router | None = None,
    messenger: Messenger | None = None,
    policy: Policy = DEFAULT,
    nudge: Nudge | None = None,
) -> UseCases:
    """Wire the use cases as the bot does, where none of these is said without encoders and texts to compare."""
    outside = Outside(
        begin=database.begin,
        read=database.read,
        router=router or Router(None, None, _nobody),
        messenger=messenger or Postbox(),
        membership=Everybody(),
        files=Attachments(),
        statistician=NoStatistics(),
        clock=clock,
    )
    return wire(outside=outside, policy=policy, nudge=nudge)


async def _nobody(_guild_id: int) -> Community:
    return Community()


def stay() -> None:
    """Leave letters where they are, until a test looks for them."""
