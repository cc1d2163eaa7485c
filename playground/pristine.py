"""Keep the seeded database, so that a second start neither encodes nor writes it again."""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from bot.store.migrations import SCRIPTS

_NAME = "seeded-{key}.sqlite3"


@dataclass(frozen=True, slots=True)
class Pristine:
    """One seeded database in a folder, named after all that decides what is in it."""

    folder: Path
    model_id: str

    @property
    def file(self) -> Path:
        """Return where the database is, or would be."""
        digest = hashlib.sha256(self.model_id.encode())
        for part in _ingredients():
            digest.update(part)
        return self.folder / _NAME.format(key=digest.hexdigest()[:16])

    def copy_to(self, target: Path) -> bool:
        """Copy the database to `target` and return True, or return False when there is none yet."""
        if not self.file.exists():
            return False
        shutil.copyfile(self.file, target)
        return True

    def keep(self, source: Path) -> None:
        """Keep a copy of `source`, which may be open, in place of what was seeded before."""
        unfinished = source.with_suffix(".copy")
        with closing(sqlite3.connect(source)) as seeded, closing(sqlite3.connect(unfinished)) as copy:
            seeded.backup(copy)
        for outdated in self.folder.glob(_NAME.format(key="*")):
            outdated.unlink()
        unfinished.rename(self.file)


def _ingredients() -> Iterator[bytes]:
    for name in ("community.toml", "seed.py", "setting.py"):
        yield (resources.files(__package__) / name).read_bytes()
    for migration in sorted((SCRIPTS / "versions").glob("*.py")):
        yield migration.read_bytes()
