"""A clock that two processes share and one of them moves on."""

from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock


class MovedClock:
    """The machine's clock, ahead by as many seconds as a file says; whoever reads the file shares the clock."""

    def __init__(self, file: Path) -> None:
        """Read the file whenever the time is asked for."""
        self._file = file
        self._machine = SystemClock()

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        return self._machine.now() + self._ahead()

    def move_on(self, by: timedelta) -> None:
        """Let this much time pass at once, for everybody who shares the clock."""
        ahead = self._ahead() + by
        written = self._file.with_suffix(".new")
        written.write_text(str(ahead.total_seconds()))
        # Nobody may ever read half a number.
        written.replace(self._file)

    def _ahead(self) -> timedelta:
        return timedelta(seconds=float(self._file.read_text())) if self._file.exists() else timedelta()
