"""A stand-in for the statistics' own process."""

from collections.abc import Callable

from bot.domain.statistics import PanelWish, StatsPanel
from bot.store.engine import Database

MadeUp = Callable[[PanelWish], StatsPanel]


class FakeStatistician:
    """Counts as the statistics' own process does, in this one; that process itself is what its own tests start."""

    is_warm = True

    def __init__(self, database: Database) -> None:
        self._database = database
        self.instead: MadeUp | None = None
        """Makes panels up, where a test needs none that is counted."""

    async def panel(self, wish: PanelWish) -> StatsPanel:
        if self.instead is not None:
            return self.instead(wish)
        # SciPy and matplotlib take a second to load, so only tests that look at statistics load them.
        from bot.statistics.worker import counted  # noqa: PLC0415

        return await counted(self._database, wish)

    async def archive(self, wish: PanelWish) -> bytes:
        from bot.statistics.worker import archived  # noqa: PLC0415

        return await archived(self._database, wish)

    async def close(self) -> None:
        await self._database.close()
