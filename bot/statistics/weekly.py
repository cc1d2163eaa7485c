"""Hours of the week in words, such as "Saturday and Sunday from 22:00 to 06:00"."""

from collections.abc import Sequence
from itertools import pairwise

from babel.dates import get_day_names
from babel.lists import format_list

from bot.texts import say

HOURS = 168
"""Of a week, from Monday on."""
DAY = 24
_HALF_A_DAY = 12
"""Hours up to which a night belongs to the day on which it begins."""
_RANGE = 3
"""Days in a row that are named by the first and the last of them."""


def day_names(locale: str, width: str) -> list[str]:
    """Return the names of the days, from Monday on; `width` is wide or abbreviated."""
    names = get_day_names(width, locale=_language(locale))  # type: ignore[arg-type]
    return [str(names[number]) for number in range(HOURS // DAY)]


def clock(hour: int, minute: int) -> str:
    """Return what a clock shows, so many minutes after an hour of the week or the day."""
    return f"{hour % DAY:02}:{minute:02}"


def stretches(chosen: Sequence[bool]) -> list[tuple[int, int]]:
    """Return where the chosen hours of a week begin, and how many there are in a row; Sunday is followed by Monday."""
    if all(chosen):
        return [(0, HOURS)]
    begins = [hour for hour in range(HOURS) if chosen[hour] and not chosen[hour - 1]]
    return [(begin, next(n for n in range(HOURS) if not chosen[(begin + n) % HOURS])) for begin in begins]


def told(chosen: Sequence[bool], minute: int, locale: str, most: int) -> str:
    """Return the chosen hours in words; with more than `most` such times, the longest and that there are others.

    Every hour begins so many minutes past the full one.
    """
    groups: dict[tuple[int, int], list[int]] = {}
    for begin, length in stretches(chosen):
        # What lasts a day or longer has its own days.
        key = (begin % DAY, length) if length < DAY else (begin, length)
        groups.setdefault(key, []).append(begin // DAY)
    by_length = sorted(groups, key=lambda key: (-key[1] * len(groups[key]), groups[key][0], key))
    shown = sorted(by_length[:most], key=lambda key: (groups[key][0], key))
    said = [_one(*key, groups[key], minute, locale) for key in shown]
    if len(groups) > most:
        said.append(say("stats.when.others", locale))
    return format_list(said, locale=_language(locale))


def _one(begin: int, length: int, days: Sequence[int], minute: int, locale: str) -> str:
    since, until = clock(begin, minute), clock(begin + length, minute)
    if length == HOURS:
        return say("stats.when.always", locale)
    if length < DAY and (len(days) > 1 or begin + length <= DAY or length <= _HALF_A_DAY):
        return say("stats.when.on", locale, days=_days(days, locale), since=since, until=until)
    names = day_names(locale, "wide")
    since_hour = days[0] * DAY + begin % DAY
    first, last = (names[hour // DAY % len(names)] for hour in (since_hour, since_hour + length))
    return say("stats.when.through", locale, first=first, since=since, last=last, until=until)


def _days(days: Sequence[int], locale: str) -> str:
    names = day_names(locale, "wide")
    if len(days) == len(names):
        return say("stats.when.every_day", locale)
    if len(days) >= _RANGE and all(after - before == 1 for before, after in pairwise(days)):
        return say("stats.when.days", locale, first=names[days[0]], last=names[days[-1]])
    return format_list([names[each] for each in days], locale=_language(locale))


def _language(locale: str) -> str:
    return locale.partition("-")[0]
