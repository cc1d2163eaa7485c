"""Time zones as people write them: a zone is read where it can only be that one, and else named among others."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from bot.calendars.plain import plain
from bot.errors import Invalid

FILE = Path(__file__).with_suffix(".toml")
MOST = 4
"""Zones that are named where several may be meant."""
NEUTRAL = "UTC"

_DATA = files("tzdata") / "zoneinfo"
"""Comes with the bot, so that no machine knows more zones than another."""
_OFFSET = re.compile(r"(etc/)?(?:utc|gmt)? ?(?:([+-]) ?([0-9]{1,2})(?::?([0-9]{2}))?)?")
_WINTER, _SUMMER = datetime(2030, 1, 15, tzinfo=UTC), datetime(2030, 7, 15, tzinfo=UTC)
"""Between them, clocks that change have changed."""
_NONE = timedelta()
_LANGUAGES = ("en", "fr")
_SHOWN = 50


def read_zone(written: str) -> str:
    """Return the IANA name of the zone that is written by its name, an older one, its city or its country.

    Raises:
        Invalid: no such zone exists, or it could be several: an offset, letters such as CET, a country of many zones.
    """
    said = plain(written)
    if said in readable():
        return readable()[said]
    if meant := may_mean(said):
        raise Invalid("time.which_zone", zone=written.strip()[:_SHOWN], zones=meant)
    raise Invalid("profile.unknown_zone", zone=written.strip()[:_SHOWN])


def newer_name(zone: str | None) -> str | None:
    """Return the name under which a zone is kept that was kept once under another; what isn't known stays as it is."""
    return readable().get(plain(zone), zone) if zone else None


def may_mean(said: str) -> tuple[str, ...]:
    """Return a few of the zones that plain words may mean which aren't one zone's alone, such as "eastern time"."""
    said = said.removesuffix(" time")
    return tuple(dict.fromkeys([*unclear().get(said, ()), *_at_offset(said)]))[:MOST]


def matching_zones(part: str, limit: int) -> list[str]:
    """Return up to `limit` zones to choose from: what a text may mean, then the names that contain it, in order."""
    said = plain(part)
    meant = [readable()[said]] if said in readable() else may_mean(said)
    found = sorted(zone for zone, name in _plain_names().items() if said in name)
    return list(dict.fromkeys([*(meant if said else ()), *found]))[:limit]


@cache
def canonical() -> frozenset[str]:
    """Return the zones that are kept: each country's cities, and UTC; nothing that only one machine has.

    Source: zone.tab of the IANA time zone database, https://www.iana.org/time-zones
    """
    return frozenset(zone for _, zone in _cities()) | {NEUTRAL}


@cache
def _plain_names() -> dict[str, str]:
    return {zone: plain(zone) for zone in canonical()}


@cache
def readable() -> dict[str, str]:
    """Return zones by what can only mean them, in plain words: names, older names, cities, countries of one zone."""
    found = {plain(older): zone for older, zone in _older().items()}
    found |= {country: zones[0] for country, zones in _countries().items() if len(zones) == 1}
    found |= dict(_cities_names())
    found |= {plain(name): zone for name, zone in _tables()["called"].items()}
    found |= {plain(zone): zone for zone in canonical()}
    return {said: zone for said, zone in found.items() if said not in unclear()}


@cache
def unclear() -> dict[str, tuple[str, ...]]:
    """Return what may be meant by words that aren't one zone's alone, in plain words."""
    letters = dict[str, list[str]]()
    for zone, moment in product(_different(), (_WINTER, _SUMMER)):
        name = moment.astimezone(ZoneInfo(zone)).tzname() or ""
        if name.isalpha() and name != NEUTRAL:
            letters.setdefault(plain(name), []).append(zone)
    letters["gmt"].insert(0, NEUTRAL)
    letters |= {country: zones for country, zones in _countries().items() if len(zones) > 1}
    letters |= {plain(word): zones for word, zones in _tables()["unclear"].items()}
    return {said: tuple(dict.fromkeys(zones))[:MOST] for said, zones in letters.items()}


def _at_offset(said: str) -> Iterator[str]:
    """Yield the zones that are so far from UTC, those first whose clocks don't change."""
    match = _OFFSET.fullmatch(said)
    if match is None or not said:
        return
    sign = -1 if (match[2] == "-") is not bool(match[1]) else 1
    wanted = sign * timedelta(hours=int(match[3] or 0), minutes=int(match[4] or 0))
    if not wanted:
        yield NEUTRAL
    fitting = [(len(set(both)), wanted != min(both), zone) for zone, both in _offsets().items() if wanted in both]
    yield from (zone for *_, zone in sorted(fitting, key=lambda each: each[:2]))


@cache
def _offsets() -> dict[str, list[timedelta]]:
    """Return how far from UTC each zone is in winter and in summer."""
    clocks = {zone: ZoneInfo(zone) for zone in _different()}
    return {
        zone: [each.astimezone(clock).utcoffset() or _NONE for each in (_WINTER, _SUMMER)]
        for zone, clock in clocks.items()
    }


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _rows(name: str) -> Iterator[list[str]]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return (line.split("\t") for line in lines if line and not line.startswith("#"))


@cache
def _cities() -> tuple[tuple[str, str], ...]:
    """Return (country, zone)."""
    return tuple((row[0], row[2]) for row in _rows("zone.tab"))


@cache
def _different() -> tuple[str, ...]:
    """Return one zone, a big city's, of all that have the same time from now on."""
    return tuple(row[2] for row in _rows("zonenow.tab") if row[2] in canonical())


@cache
def _older() -> dict[str, str]:
    """Return names by older names: "Asia/Kolkata" by "Asia/Calcutta"."""
    lines = (_DATA / "tzdata.zi").read_text(encoding="utf-8").splitlines()
    links = {older: name for _, name, older in (line.split() for line in lines if line.startswith("L "))}
    utc = f"Etc/{NEUTRAL}"
    known = {utc: NEUTRAL} | {zone: zone for zone in canonical()}
    return {older: known[name] for older, name in (links | {utc: utc}).items() if name in known}


def _countries() -> dict[str, list[str]]:
    """Return the zones of a country by its name, in plain words."""
    zones = dict[str, list[str]]()
    for country, zone in _cities():
        for language in _LANGUAGES:
            zones.setdefault(plain(Locale(language).territories[country]), []).append(zone)
    return {country: list(dict.fromkeys(found)) for country, found in zones.items()}


def _cities_names() -> Iterator[tuple[str, str]]:
    """Yield (plain name, zone) of the cities that zones are named after, as people there and elsewhere call them."""
    yield from ((plain(zone.rpartition("/")[2]), zone) for _, zone in _cities())
    for language, (country, zone) in product(_LANGUAGES, _cities()):
        # "Paris, France"
        yield f"{plain(zone.rpartition('/')[2])} {plain(Locale(language).territories[country])}", zone
    for language, (_, zone) in product(_LANGUAGES, _cities()):
        older = [each for each, name in _older().items() if name == zone]
        known = Locale(language).time_zones
        yield from ((plain(known[each]["city"]), zone) for each in (zone, *older) if "city" in known.get(each, {}))
