"""Addresses that an operator writes: read closely enough to say what is wrong with one before anything is opened."""

import re
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import SecretStr

DISCORD_API = "https://discord.com/api/v10"
"""Source: https://discord.com/developers/docs/reference#api-versioning"""
SQLITE, POSTGRESQL = "sqlite+aiosqlite:///", "postgresql+asyncpg://"
SAME_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
"""Source: https://www.postgresql.org/docs/current/libpq-ssl.html"""
OPTIONS = ("ssl", "host", "passfile", "target_session_attrs", "prepared_statement_cache_size")
"""What may follow a ?: options of asyncpg that are words, and SQLAlchemy's own."""
LARGEST_PORT = 65_535
_SERVER = re.compile(
    r"(?:(?P<user>[^:/]*)(?::(?P<password>[^@]*))?@)?(?:\[(?P<ipv6>[^/?]*)\]|(?P<host>[^/:?]*))(?::(?P<port>[^/?]*))?"
    r"(?:/(?P<name>[^?]*))?(?:\?(?P<options>.*))?"
)
"""What SQLAlchemy reads after the //, in the same words. Source: sqlalchemy/engine/url.py"""


def discord_or_loopback(address: str) -> str:
    """Return Discord's own address or one of this machine.

    Raises:
        ValueError: it is neither; says what to write.
    """
    address = address.rstrip("/")
    if address == DISCORD_API or is_loopback(address):
        return address
    msg = f"must be {DISCORD_API} or an http address of this machine, such as http://127.0.0.1:8080/api/v10"
    raise ValueError(msg)


def is_loopback(address: str) -> bool:
    """Tell whether an http address leads to this machine and nowhere else."""
    try:
        parts = urlsplit(address)
        is_plain = parts.scheme == "http" and parts.port != 0 and not parts.username and not parts.password
        return is_plain and (parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback)
    except ValueError:
        return False


def known_database(address: SecretStr) -> SecretStr:
    """Return a database's address as its driver understands it.

    Raises:
        ValueError: it can't lead to a database; says what to write, and quotes nothing of it.
    """
    given = address.get_secret_value().strip()
    if not given.isprintable():
        msg = "has a line break or another sign inside that can't be printed"
        raise ValueError(msg)
    if given.startswith(SQLITE):
        _check_file(given.removeprefix(SQLITE))
        return SecretStr(given)
    if given.startswith(POSTGRESQL):
        return SecretStr(POSTGRESQL + _server(given.removeprefix(POSTGRESQL)))
    msg = f"must begin with {SQLITE} or {POSTGRESQL}"
    raise ValueError(msg)


def _check_file(path: str) -> None:
    if not path or ":memory:" in path:
        msg = f"must name a file after {SQLITE}, such as {SQLITE}morsel.sqlite3"
        raise ValueError(msg)
    if "?" in path:
        msg = f"takes nothing but a file's path after {SQLITE}; leave out the ? and what follows it"
        raise ValueError(msg)


def _server(rest: str) -> str:
    """Return what follows the // with options that asyncpg knows."""
    found = _SERVER.fullmatch(rest)
    if found is None or "@" in (found["host"] or "") + (found["port"] or ""):
        msg = "can't be read: in a name or a password, write @ as %40, : as %3A, / as %2F and ? as %3F"
        raise ValueError(msg)
    _check_host(found)
    if not found["name"] and (found["host"] or found["ipv6"]):
        msg = f"must end with a / and the database's name, as in {POSTGRESQL}user:password@host/morsel"
        raise ValueError(msg)
    if found["options"] is None:
        return rest
    return f"{rest[: found.start('options')]}{urlencode(_options(found['options']))}"


def _check_host(found: re.Match[str]) -> None:
    port = found["port"]
    if port is not None and ":" in port:
        msg = f"needs square brackets around an IPv6 address, as in {POSTGRESQL}user:password@[::1]:5432/morsel"
        raise ValueError(msg)
    if port is not None and not (port.isascii() and port.isdigit() and 0 < int(port) <= LARGEST_PORT):
        msg = f"must have a port between 1 and {LARGEST_PORT} after the host, or none"
        raise ValueError(msg)
    if found["ipv6"] is not None:
        _check_ipv6(found["ipv6"])


def _check_ipv6(host: str) -> None:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        msg = "has something in square brackets that is no IPv6 address"
        raise ValueError(msg) from None


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    # asyncpg, and so SQLAlchemy, calls ssl what everything else calls sslmode.
    if "sslmode" in options:
        options.setdefault("ssl", options.pop("sslmode"))
    if set(options) - set(OPTIONS):
        msg = f"has an option after its ? that isn't known; known are {', '.join(OPTIONS)}"
        raise ValueError(msg)
    if options.get("ssl", "require") not in SAME_SSL_MODES:
        msg = f"must have one of {', '.join(SAME_SSL_MODES)} after ssl="
        raise ValueError(msg)
    if not options.get("prepared_statement_cache_size", "0").isdigit():
        msg = "must have a number after prepared_statement_cache_size="
        raise ValueError(msg)
    return options
