"""How a run ends: what stopped it becomes an exit code and a sentence."""

from dataclasses import dataclass

import aiohttp
import discord
import structlog

from bot import keeping
from bot.errors import HouseError, Unusable
from bot.settings import Settings
from bot.tasks import describe
from bot.texts import say

log = structlog.get_logger(__name__)

OK, UNAVAILABLE, CONFIG = 0, 69, 78
"""Exit codes. Source: sysexits.h"""
UNAUTHORISED, REFUSED, TOO_MANY, SERVER_ERROR = 401, 400, 429, 500
"""HTTP statuses: the token, the lowest that refuses what was asked, the rate limit, the lowest of Discord's faults."""
GATEWAY = {
    4004: "operator.token_refused",
    4010: "operator.gateway_shard",
    4011: "operator.gateway_sharding",
    4012: "operator.gateway_version",
    4013: "operator.gateway_intents",
    4014: "operator.gateway_disallowed",
}
"""Why Discord closes a connection for good: a bot that identifies again is closed again.

Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
"""
OF_SERVER = {
    "28": "operator.database_password",
    "3D": "operator.database_name",
    "42501": "operator.database_rights",
    "42P07": "operator.database_tables",
    "25006": "operator.database_standby",
    "53100": "operator.disk_full",
    "NO_TLS": "operator.database_no_tls",
}
OF_FILE = {
    **dict.fromkeys(("SQLITE_FULL", "ENOSPC", "EDQUOT", "EFBIG"), "operator.disk_full"),
    **dict.fromkeys(("SQLITE_IOERR", "EIO"), "operator.disk_failing"),
    **dict.fromkeys(("ENOLCK", "EOPNOTSUPP"), "operator.file_unlockable"),
    **dict.fromkeys(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"), "operator.file_refused"),
    **dict.fromkeys(("EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR", "ELOOP"), "operator.file_refused"),
    "ENAMETOOLONG": "operator.file_refused",
    "SQLITE_NOTADB": "operator.database_not_one",
    "SQLITE_CORRUPT": "operator.file_damaged",
}
"""What is wrong with a database for good, by the beginning of PostgreSQL's, SQLite's or the system's code.

Source: https://www.postgresql.org/docs/current/errcodes-appendix.html and https://www.sqlite.org/rescode.html
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """An exit code and the sentence that goes with it."""

    exit_code: int
    sentence: str


def ended(error: Exception, settings: Settings) -> Ended:
    """Say what stopped a run: 78 where starting again can't help, 69 where it may; quotes no error's words."""
    if isinstance(error, HouseError):
        return _refused(error, settings)
    if isinstance(error, discord.DiscordException):
        return _ended_by_discord(error, settings)
    if isinstance(error, aiohttp.ClientError | OSError | TimeoutError):
        return _out_of_reach(settings)
    log.error("unexpected", **describe(error))
    return Ended(UNAVAILABLE, say("operator.unforeseen"))


def _refused(error: HouseError, settings: Settings) -> Ended:
    code, kind = error.params.get("code"), keeping.kind(settings)
    if code is None:
        return Ended(CONFIG if isinstance(error, Unusable) else UNAVAILABLE, say(error.key, **error.params))
    for beginning, key in (OF_FILE if kind == keeping.FILE else OF_SERVER).items():
        if str(code).startswith(beginning):
            return Ended(CONFIG, say(key))
    return Ended(UNAVAILABLE, say("operator.database_unreachable", kind=kind))


def _ended_by_discord(error: discord.DiscordException, settings: Settings) -> Ended:
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return Ended(CONFIG, say(GATEWAY[4014]))
    if isinstance(error, discord.ConnectionClosed) and error.code in GATEWAY:
        return Ended(CONFIG, say(GATEWAY[error.code]))
    status = error.status if isinstance(error, discord.HTTPException) else SERVER_ERROR
    if isinstance(error, discord.LoginFailure) or status == UNAUTHORISED:
        return Ended(CONFIG, say("operator.token_refused"))
    if REFUSED <= status < SERVER_ERROR and status != TOO_MANY:
        return Ended(CONFIG, say("operator.discord_refused", status=status))
    return _out_of_reach(settings)


def _out_of_reach(settings: Settings) -> Ended:
    return Ended(UNAVAILABLE, say("operator.discord_unreachable", address=settings.discord_api_base))
