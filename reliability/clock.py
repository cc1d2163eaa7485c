"""A clock that two processes share and one of them moves on."""

from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

from bot.clock import SystemClock


class MovedClock:
    """The machine's clock, ahead by as many seconds as a file says; each reader of the file shares the clock."""

    def __init__(self, file: Path) -> None:
        """Read the file whenever the time is asked for."""
        self._file = file
        self._machine = SystemClock()
        self._moves = [(perf_counter(), self.now(), self.now())]
        """When it was moved (`perf_counter` seconds), from what and to what."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        return self._machine.now() + self._ahead()

    def move_on(self, by: timedelta) -> None:
        """Let this much time pass at once, for everyone who shares the clock."""
        ahead = self._ahead() + by
        written = self._file.with_suffix(".new")
        written.write_text(str(ahead.total_seconds()))
        begun, since = perf_counter(), self.now()
        # No one may ever read half a number.
        written.replace(self._file)
        self._moves.append((begun, since, since + by))

    def came_at(self, moment: datetime) -> float:
        """Return when a moment came, in `perf_counter` seconds, which all processes of a machine share.

        What was passed over came when the clock was moved. Only the process that moves it can tell. O(moves).
        """
        begun, _, since = self._moves[0]
        for moved, before, after in self._moves[1:]:
            if moment < before:
                break
            if moment < after:
                return moved
            begun, since = moved, after
        return begun + (moment - since).total_seconds()

    def _ahead(self) -> timedelta:
        return timedelta(seconds=float(self._file.read_text())) if self._file.exists() else timedelta()
