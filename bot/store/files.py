"""SQLite's file: who may read it, that one process at a time has it, and copies of it."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, make_url

from bot.errors import Unusable

PRIVATE, ANYBODY_ELSE = 0o600, 0o077
COMPANIONS = ("-wal", "-shm")
DAMAGED = ("***", "Tree ", "Page ", "Freelist")
"""How SQLite begins to say that a file is damaged, as against a row that breaks a rule."""
OURS, ANYBODYS = frozenset({"guild", "member"}), frozenset({"alembic_version", "sqlite_sequence"})
"""Tables that no Morsel was ever without, and those that an empty database may have."""


def place(url: str | URL) -> Path | None:
    """Return the file behind a database's address; None where a server keeps the rows."""
    address = make_url(url)
    is_file = address.get_backend_name() == "sqlite" and address.database not in {None, "", ":memory:"}
    # Unlike Path.resolve, this lets a circle of links be, which then can't be opened like any other.
    return Path(os.path.realpath(address.database or "")) if is_file else None


def make(file: Path) -> None:
    """Make an empty file that no one else can ever read, unless there is one."""
    with suppress(FileExistsError):
        os.close(_opened_private(file, os.O_EXCL))


def tighten(file: Path) -> None:
    """Keep everyone else from a file and its companions, as far as this user may; SQLite gives new ones its mode."""
    for each in (file, *(file.with_name(file.name + ending) for ending in COMPANIONS)):
        with suppress(OSError):
            if each.stat().st_mode & ANYBODY_ELSE:
                each.chmod(PRIVATE)


@contextmanager
def alone(file: Path | None) -> Iterator[None]:
    """Have a file for this process alone while the block lasts; the system frees it however the process ends.

    Raises:
        Unusable: another process has it.
        OSError: nothing can be written beside it.
    """
    if file is None:
        yield
        return
    # Never the file itself: closing it would let go of the locks that SQLite holds on it.
    held = _opened_private(file.with_name(f"{file.name}-lock"))
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable("operator.second_process", place=file) from None
        yield
    finally:
        os.close(held)


def look(file: Path, *, is_needed: bool) -> None:
    """Look whether a file is Morsel's, or a new one may be made there; changes nothing.

    Raises:
        Unusable: it isn't, or it can't be written.
        OSError: this user may not look.
        sqlite3.Error: it can't be read.
    """
    if not file.parent.is_dir():
        raise Unusable("operator.database_no_folder", place=file.parent)
    if not file.exists():
        if is_needed:
            raise Unusable("operator.database_missing", place=file)
    elif not file.is_file():
        raise Unusable("operator.database_no_file", place=file)
    if not all(os.access(each, os.R_OK | os.W_OK) for each in (file.parent, file) if each.exists()):
        raise Unusable("operator.database_read_only", place=file)
    if file.exists():
        _look_inside(file)


def _look_inside(file: Path) -> None:
    with closing(opened(file)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        damage = connection.execute("PRAGMA quick_check(100)").fetchall()
    if tables - ANYBODYS and not tables >= OURS:
        raise Unusable("operator.database_foreign", place=file)
    if any(line.startswith(DAMAGED) for (line,) in damage):
        raise Unusable("operator.database_damaged", place=file)


def opened(file: Path, timeout: float = 10) -> sqlite3.Connection:
    """Open a file that is there; makes none."""
    return sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, timeout=timeout, isolation_level=None)


def sweep_up(file: Path) -> None:
    """Rewrite a file without what was ever deleted from it, which an older Morsel only struck out.

    Raises:
        sqlite3.Error: there is no room, or another process reads it all the time.
    """
    with closing(opened(file)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def copy(file: Path, target: Path) -> None:
    """Write a whole copy of a database that may be in use; the copy is there whole or not at all.

    Raises:
        Unusable: there is something at `target` already, or no folder for it.
        OSError: it can't be written.
        sqlite3.Error: the database can't be read, or there is no room.
    """
    if target.exists():
        raise Unusable("operator.backup_exists", place=target)
    if not target.parent.is_dir():
        raise Unusable("operator.database_no_folder", place=target.parent)
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    make(unfinished)
    try:
        with closing(opened(file)) as connection:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        _look_inside(unfinished)
        _settle(unfinished)
        unfinished.rename(target)
        _settle(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _opened_private(file: Path, flags: int = 0) -> int:
    """Open a file that no one else can ever read, with any umask."""
    handle = os.open(file, os.O_CREAT | os.O_RDWR | flags, PRIVATE)
    with suppress(PermissionError):
        os.fchmod(handle, PRIVATE)
    return handle


def _settle(path: Path) -> None:
    """Wait until the disk has it."""
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
