import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.addresses import DISCORD_API, is_loopback
from bot.routing.worker import PACKAGED_MODEL, PACKAGED_MULTILINGUAL
from bot.settings import OFF, Settings

TOKEN, PASSWORD = "not-a-token-but-secret", "hunter2"


@pytest.fixture(autouse=True)
def clean_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Forget the machine's own environment, and stand in a folder without a `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_has_to_be_set() -> None:
    settings = Settings()

    assert settings.discord_token is None
    assert settings.discord_api_base == DISCORD_API
    assert settings.database_url.get_secret_value() == "sqlite+aiosqlite:///morsel.sqlite3"
    assert (settings.log_level, settings.log_format) == ("INFO", "text")
    assert (settings.encoder_model, settings.multilingual_model) == (PACKAGED_MODEL, PACKAGED_MULTILINGUAL)


def test_a_file_is_read_and_the_environment_wins(clean_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (clean_machine / ".env").write_text("DISCORD_TOKEN=of-the-file\nLOG_LEVEL=DEBUG\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("LOG_LEVEL", "WARNING")

    settings = Settings()

    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "of-the-file"
    assert settings.log_level == "WARNING"


def test_secrets_leave_the_environment_and_stay_in_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("discord_token", "of-the-environment")
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://morsel:password@localhost/morsel")
    monkeypatch.setenv("ENCODER_TIMEOUT", "5")
    settings = Settings()

    settings.keep_from_children()

    assert not {"discord_token", "DATABASE_URL"} & set(os.environ)
    assert os.environ["ENCODER_TIMEOUT"] == "5"
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "of-the-environment"


def test_what_is_left_empty_keeps_its_default(clean_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (clean_machine / ".env").write_text("DISCORD_TOKEN=\nENCODER_TIMEOUT=\nLOG_FORMAT=\n")
    monkeypatch.setenv("DISCORD_API_BASE", "")

    assert Settings() == Settings(_env_file=None)


def test_the_second_model_is_wanted_until_it_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTILINGUAL_MODEL", "")
    assert Settings().multilingual_model == PACKAGED_MULTILINGUAL

    monkeypatch.setenv("MULTILINGUAL_MODEL", OFF)
    assert Settings().multilingual_model == OFF


def test_the_example_file_can_be_copied_as_it_is(clean_machine: Path) -> None:
    example = Path(__file__).parent.parent / ".env.example"
    (clean_machine / ".env").write_text(example.read_text(encoding="utf-8"))

    assert Settings().discord_token is None


def test_settings_are_never_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().log_level = "DEBUG"  # type: ignore[misc]  # it says so, too


def test_secrets_dont_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_URL", f"postgresql+asyncpg://morsel:{PASSWORD}@db/morsel")

    settings = Settings()

    for shown in (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json()):
        assert TOKEN not in shown
        assert PASSWORD not in shown


@pytest.mark.parametrize(
    "address",
    [
        "https://discord.com/api/v10",
        "http://127.0.0.1:8080/api/v10",
        "http://127.8.9.10",
        "http://[::1]:8080/api/v10",
        "http://localhost:8080/api/v10",
        "http://LOCALHOST:8080",
    ],
)
def test_the_bot_talks_to_discord_or_to_this_machine(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DISCORD_API_BASE", f"{address}/")

    assert Settings().discord_api_base == address


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/api/v10",
        "https://discord.com.evil.example/api/v10",
        "https://discord.com/api/v10@evil.example",
        "http://discord.com/api/v10",
        "https://discord.com/api/v9",
        "https://127.0.0.1/api/v10",
        "ws://127.0.0.1/api/v10",
        "http://127.0.0.1.evil.example/api/v10",
        "http://localhost.evil.example",
        "http://127.0.0.1@evil.example",
        "http://user@127.0.0.1",
        "http://user:pass@localhost",
        "http://evil.example#127.0.0.1",
        "http://evil.example\\@127.0.0.1",
        "http://0.0.0.0:8080",
        "http://[::]:8080",
        "http://128.0.0.1",
        "http://10.0.0.1",
        "http://2130706433",
        "http://[::1",
        "http://127.0.0.1:0",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:port",
        "http://",
        "127.0.0.1:8080",
        "localhost",
    ],
)
def test_and_to_nobody_else(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DISCORD_API_BASE", address)

    with pytest.raises(ValidationError, match=r"must be https://discord.com/api/v10 or an http address of this mach"):
        Settings()


def test_a_loopback_address_is_told_from_discord() -> None:
    assert is_loopback("http://127.0.0.1:1")
    assert not is_loopback(DISCORD_API)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "yaml"),
        ("ENCODER_TIMEOUT", "0"),
        ("ENCODER_TIMEOUT", "301"),
        ("ENCODER_TIMEOUT", "soon"),
        ("SWEEP_SECONDS", "0.5"),
        ("DATABASE_URL", "morsel.sqlite3"),
        ("DATABASE_URL", "sqlite:///morsel.sqlite3"),
        ("DATABASE_URL", "postgresql://db/morsel"),
    ],
)
def test_what_cannot_work_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError, match=name.lower()):
        Settings()
