"""What a link is that a person gives for others to open: looked at letter by letter, and never opened by the bot."""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from urllib.parse import SplitResult, quote, urlsplit

from bot.errors import Invalid, LimitReached

LONGEST_LINK = 500
"""Characters."""

_NAME = re.compile(r"(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?![0-9-])[a-z0-9-]{2,63}(?<!-)")
"""A name with a dot in it, whose last part is no number."""
_AT_HOME = (".internal", ".lan", ".local", ".localdomain", ".localhost", ".home.arpa")
"""Endings of names that lead to another place for each who opens them.
Source: https://www.iana.org/assignments/special-use-domain-names"""
_INSIDE = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "224.0.0.0/3",
    )
)  # fmt: skip
"""Numbers that do the same, or lead nowhere.
Source: https://www.iana.org/assignments/iana-ipv4-special-registry"""
_LONGEST_HOST = 253
"""Source: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4"""
_SAFE = "/:?#@!$&'*+,;=%~"
"""Signs that stay, beside letters, digits and `_.-`: none of them begins or ends anything in Discord's markdown."""
_UNSEEN = {"C", "Z"}
"""Categories of what isn't seen in an address, or ends it."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address as it is kept and shown: ASCII alone, so that what people see is where it leads."""

    address: str
    host: str
    """Without a port; of a name in other letters, what stands for it on the network ("xn--…")."""


def clean_link(written: str) -> Link:
    """Return the link in a text that is nothing but a link; Discord's <angle brackets> around it are dropped.

    Raises:
        Invalid: it doesn't begin with http:// or https://, no place on the network is named in it, a name or a password
            is, or there is something in it that isn't seen.
        LimitReached: it is longer than 500 characters.
    """
    typed = written.strip().removeprefix("<").removesuffix(">")
    parts = _split(typed)
    if "@" in parts.netloc:
        raise Invalid("feedback.link_password")
    host = _host(parts)
    netloc = host if parts.port is None else f"{host}:{parts.port}"
    rest = quote(typed.partition("://")[2][len(parts.netloc) :], safe=_SAFE)
    address = f"{parts.scheme}://{netloc}{rest}"
    if len(address) > LONGEST_LINK:
        raise LimitReached("feedback.link_too_long", longest=LONGEST_LINK, length=len(address))
    return Link(address, host)


def _split(typed: str) -> SplitResult:
    if any(unicodedata.category(each)[0] in _UNSEEN for each in typed):
        raise Invalid("feedback.link_unreadable")
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError:
        raise Invalid("feedback.link_unreadable") from None
    if parts.scheme not in {"http", "https"} or port == 0:
        raise Invalid("feedback.link_unreadable")
    return parts


def _host(parts: SplitResult) -> str:
    """Return where a link leads, on the network; a name that other programs may read as another is refused."""
    said = (parts.hostname or "").removesuffix(".")
    try:
        host = said.encode("idna").decode()
        is_same = said in {host, host.encode().decode("idna")}
    except UnicodeError:
        is_same, host = False, ""
    if not is_same or not _is_for_everyone(host) or len(host) > _LONGEST_HOST:
        raise Invalid("feedback.link_unreadable")
    return host


def _is_for_everyone(host: str) -> bool:
    """Tell whether a host is the same place for everyone: a name with a dot in it, or four numbers."""
    if _NAME.fullmatch(host):
        return not host.endswith(_AT_HOME)
    try:
        numbers = IPv4Address(host)
    except ValueError:
        return False
    return all(numbers not in each for each in _INSIDE)
