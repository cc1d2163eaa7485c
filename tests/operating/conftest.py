import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import app
from bot.addresses import DISCORD_API
from bot.log import configure_logging
from bot.settings import Settings
from tests.conftest import sqlite_address
from tests.operating.machine import Machine


@pytest.fixture
def machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], migrated_sqlite: Path
) -> Iterator[Machine]:
    """A machine on which everything is in order, but for the token."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model").mkdir()
    (tmp_path / "second").mkdir()
    made = Machine(tmp_path, monkeypatch, capsys)
    shutil.copyfile(migrated_sqlite, made.database)
    made.set(
        DATABASE_URL=sqlite_address(made.database),
        ENCODER_MODEL=str(tmp_path / "model"),
        MULTILINGUAL_MODEL=str(tmp_path / "second"),
    )
    yield made
    app.point_discord_at(DISCORD_API)
    configure_logging("INFO", "text")
