"""The statistics in a process of their own: started for the first panel, and ended after ten idle minutes."""

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

import structlog
from pebble import ProcessExpired, ProcessPool
from pydantic import SecretStr

from bot.domain.statistics import PanelWish, StatsPanel
from bot.errors import Unavailable
from bot.tasks import Rest, describe

log = structlog.get_logger(__name__)
Count = Callable[[str, PanelWish], StatsPanel]
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class StatsPatience:
    """How long to wait, in seconds."""

    panel: float = 60
    """For one panel; the first one starts the process, which takes about 5."""
    idle: float = 600
    """For another wish, before the process is ended."""


class StatisticsProcess:
    """Counts what moderators ask for, one thing at a time; it reads the database by itself, and only reads it."""

    def __init__(self, url: SecretStr, patience: StatsPatience | None = None, count: Count | None = None) -> None:
        """Start nothing yet; `count` must be a function of a module."""
        self._url = url
        self._patience = patience or StatsPatience()
        self._count = count or _count
        self._turn = asyncio.Lock()
        self._pool: ProcessPool | None = None
        self._rest = Rest("statistics_rest", self._patience.idle, self.rest)
        self._is_closed = False

    @property
    def is_warm(self) -> bool:
        """Tell whether a panel would be counted at once."""
        return self._pool is not None

    async def panel(self, wish: PanelWish) -> StatsPanel:
        """Count a panel.

        Raises:
            Unavailable: the process took too long, was lost, or failed.
        """
        return await self._done(self._count, wish)

    async def archive(self, wish: PanelWish) -> bytes:
        """Count all panels, and return their tables as one file.

        Raises:
            Unavailable: the process took too long, was lost, or failed.
        """
        return await self._done(_archive, wish)

    async def _done(self, work: Callable[[str, PanelWish], _Result], wish: PanelWish) -> _Result:
        async with self._turn:
            self._rest.put_off()
            if self._is_closed:
                raise Unavailable("error.statistics")
            try:
                return await asyncio.wrap_future(await asyncio.to_thread(self._begin, work, wish))
            except (TimeoutError, ProcessExpired, RuntimeError) as error:
                await self._end()
                raise _unavailable(error) from None
            except Exception as error:  # noqa: BLE001
                # Whatever a panel fails on fails in the process: its words may quote the database's.
                raise _unavailable(error) from None
            finally:
                self._rest.begin()

    async def rest(self) -> None:
        """End the process until the next wish."""
        async with self._turn:
            await self._end()

    async def close(self) -> None:
        """End the process, and refuse every wish from now on; idempotent."""
        self._is_closed = True
        self._rest.put_off()
        await self._end()

    def _begin(self, work: Callable[[str, PanelWish], _Result], wish: PanelWish) -> Future[_Result]:
        """Hand a wish over; the first starts the process, which takes some 10 ms, so a thread does it."""
        self._pool = self._pool or ProcessPool(max_workers=1, context=multiprocessing.get_context("spawn"))
        return self._pool.schedule(work, args=(self._url.get_secret_value(), wish), timeout=self._patience.panel)

    async def _end(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(_stop, pool)


def _count(url: str, wish: PanelWish) -> StatsPanel:
    """Load what counts in the process itself."""
    from bot.statistics.worker import count  # noqa: PLC0415

    return count(url, wish)


def _archive(url: str, wish: PanelWish) -> bytes:
    from bot.statistics.worker import archive  # noqa: PLC0415

    return archive(url, wish)


def _unavailable(error: BaseException) -> Unavailable:
    log.error("statistics_failed", **describe(error))
    return Unavailable("error.statistics")


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()
