"""Looking into files: one at a time, in a process that is started for the first and replaced when it has had enough."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from bot.attachments.child import MOST_BYTES, Child, Lost, Said
from bot.attachments.turns import FileTurns
from bot.attachments.understood import Format, Understood
from bot.domain.wording import clean_line, without_turns
from bot.errors import Invalid, Unavailable
from bot.tasks import Rest, describe

log = structlog.get_logger(__name__)

PROGRAM = Path(__file__).with_name("worker.py")
MOST_FILES = 50
"""Before a process is replaced, used up or not."""
MOST_AT_ONCE = 4
"""People: the bot holds the file of each in memory until their turn is over."""
LONGEST_ENTRY, MOST_ENTRIES = 100, 20
"""Characters of what a PDF says of one thing, and how many things it may say."""
REFUSALS = {
    "broken": "file.broken",
    "empty": "file.empty",
    "encrypted": "file.encrypted",
    "foreign": "file.foreign",
    "long": "file.long",
    "slow": "file.slow",
}


@dataclass(frozen=True, slots=True)
class FilePatience:
    """How long to wait, in seconds."""

    start: float = 10
    """For a process that is ready."""
    file: float = 4
    """For one file. A limit on a processor's time is none on a clock's: 2 s of it took 7 s of a busy machine's."""
    idle: float = 600
    """For another file, before the process is ended."""
    turn: float = 60
    """For one's own turn."""


class Attachments:
    """Looks into files that people send, and keeps nothing of them."""

    def __init__(self, patience: FilePatience | None = None, program: Path = PROGRAM) -> None:
        """Start nothing yet."""
        self._patience = patience or FilePatience()
        self._program = program
        self._turns = FileTurns(MOST_AT_ONCE, self._patience.turn)
        self._process = asyncio.Lock()
        self._child: Child | None = None
        self._rest = Rest("file_reader", self._patience.idle, self._retire)
        self._is_closed = False

    @property
    def process_id(self) -> int | None:
        """The id of the process that waits for files; None while there is none."""
        return self._child.process_id if self._child else None

    def turn(self, user_id: int) -> AbstractAsyncContextManager[None]:
        """Wait for a person's turn, within which their file is fetched and looked into; others' turns go on meanwhile.

        Raises:
            Unavailable: it took too long.
        """
        return self._turns.of(user_id)

    async def inspect(self, data: bytes, *, wants_text: bool) -> Understood:
        """Say what a file is, and how long; its text only where `wants_text`.

        Raises:
            Invalid: it is empty, too large, neither a PDF nor text, encrypted, too long, broken, or takes too long.
            Unavailable: no process can be started.
        """
        return _understood((await self._asked("text" if wants_text else "facts", data)).line)

    async def without_record(self, data: bytes) -> bytes:
        """Return the PDF written again, without what it says about itself on no page.

        Comments, fields, files in it and what programs wrote into its pictures go, too; names on its pages stay.

        Raises:
            Invalid: no such copy can be made.
            Unavailable: as in `inspect`.
        """
        try:
            copy = (await self._asked("copy", data)).copy
        except Invalid:
            copy = b""
        if not copy:
            raise Invalid("file.no_copy")
        return copy

    async def close(self) -> None:
        """End the process, in the middle of a file too, and refuse every file from now on; idempotent."""
        self._is_closed = True
        if self._child:
            self._child.kill()
        async with self._process:
            self._rest.put_off()
            await self._end()

    async def _asked(self, wants: str, data: bytes) -> Said:
        if not data:
            raise Invalid("file.empty")
        if len(data) > MOST_BYTES:
            raise Invalid("file.too_large", most=MOST_BYTES // 1024**2)
        async with self._process:
            answer = await self._answer(wants, data)
        if "refused" in answer.line:
            raise Invalid(REFUSALS.get(str(answer.line["refused"]), "file.broken"))
        return answer

    async def _answer(self, wants: str, data: bytes) -> Said:
        """Have a file looked into; a process left in the middle of one, for any reason, is ended."""
        self._rest.put_off()
        child = await self._warm()
        is_over = True
        try:
            async with asyncio.timeout(self._patience.file):
                answer = await child.ask(wants, data)
            is_over = child.files >= MOST_FILES
        except TimeoutError:
            raise Invalid("file.slow") from None
        except Lost:
            raise Invalid("file.broken") from None
        finally:
            if is_over:
                await self._end()
            else:
                self._rest.begin()
        return answer

    async def _warm(self) -> Child:
        if self._child and self._child.has_ended:
            await self._end()
        if self._is_closed:
            raise Unavailable("file.unavailable")
        if self._child is None:
            try:
                self._child = await Child.started(self._program, self._patience.start)
            except (OSError, Lost) as error:
                log.error("file_reader_failed", **describe(error))
                raise Unavailable("file.unavailable") from None
        return self._child

    async def _retire(self) -> None:
        async with self._process:
            await self._end()

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child:
            await child.end()


def _understood(line: dict[str, Any]) -> Understood:
    """Read what the process said: it looked into a stranger's file, so nothing of it is taken on trust."""
    record = line.get("record")
    try:
        return Understood(
            format=Format(line["format"]),
            words=int(line["words"]),
            is_cut=bool(line["is_cut"]),
            pages=None if line.get("pages") is None else int(line["pages"]),
            record=None if record is None else _short(record),
            has_more=bool(line.get("has_more")),
            text=None if line["text"] is None else str(line["text"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Invalid("file.broken") from None


def _short(record: dict[str, Any]) -> dict[str, str]:
    entries = [(_line(name), _line(value)) for name, value in record.items()][:MOST_ENTRIES]
    return {name: value for name, value in entries if name and value}


def _line(written: object) -> str:
    return without_turns(clean_line(str(written)))[:LONGEST_ENTRY].strip()
