"""The sweeps: each is one use case, run so that a failure is logged and the next one still comes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.services.use_cases import UseCases
from bot.tasks import describe

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """One thing to look at again and again."""

    name: str
    seconds: float
    look: Callable[[], Awaitable[object]]

    async def run(self) -> None:
        """Look once; never raises."""
        try:
            await self.look()
        except Exception as error:  # noqa: BLE001 - a sweep that failed is tried again by the next one
            log.error("sweep_failed", sweep=self.name, **describe(error))


def all_sweeps(use_cases: UseCases, seconds: float) -> list[Sweep]:
    """Return every sweep; letters are looked for every `seconds`, the rest at multiples of it."""
    return [
        Sweep("deliver", seconds, use_cases.delivering.deliver_due),
        Sweep("meet", seconds, use_cases.meeting.sweep),
        Sweep("queue", 2 * seconds, use_cases.queueing.sweep),
        Sweep("reindex", 2 * seconds, use_cases.reindexing.sweep),
        Sweep("invite", 2 * seconds, use_cases.inviting.sweep),
        Sweep("release", 4 * seconds, use_cases.claiming.sweep),
        Sweep("waitlist", 2 * seconds, use_cases.waitlisting.sweep),
        Sweep("fill", 4 * seconds, use_cases.filling.sweep),
        Sweep("wait", 20 * seconds, use_cases.following_up.sweep),
        Sweep("keep_time", 20 * seconds, use_cases.timekeeping.sweep),
        Sweep("offer", 20 * seconds, use_cases.offering.sweep),
        Sweep("forget_unposted", 120 * seconds, use_cases.asking.forget_unposted),
        Sweep("digest", 40 * seconds, use_cases.digesting.sweep),
        Sweep("catch_up", 2 * seconds, use_cases.catching_up.sweep),
        Sweep("forget_letters", 120 * seconds, use_cases.delivering.forget_old),
    ]
