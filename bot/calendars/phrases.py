"""The phrases in which people say when: words from a file, names of days and months from the CLDR."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from babel import Locale

from bot.calendars.plain import plain
from bot.calendars.zones import readable

FILE = Path(__file__).with_suffix(".toml")

_YEAR = "20[0-9]{2}"
_DIGITS = "(?:[01][0-9]|2[0-4])[0-5][0-9](?: ?(?:h|hrs?|hours?))?"
"""An hour in four digits: 1800."""
_HALVED = "(?=[0-5][0-9] ?[ap]m)"
"""What stands, without a sign, between an hour and its minutes: 630pm."""
_TOGETHER = f"{_HALVED}|(?<=[0-9]{{2}})(?=[0-5][0-9](?![0-9]))"
_LED = {
    "nth": "days",
    "dated": "days",
    "listed": "days",
    "every_days": "days",
    "hours": "hours",
    "alone": "hours",
    "number": "hours",
    "zoned": "places",
}
"""What words that say nothing may stand before, by meaning."""
_STAMP = "<t:-?[0-9]{1,12}(?::[a-z])?>"
"""Source: https://discord.com/developers/docs/reference#message-formatting"""
_NOTHING = "(?!)"
"""A pattern that matches nothing at all."""
_SLOT = re.compile(r"\{([a-z]+)\}")
_NAMED = re.compile(r"\?P<[a-z]+>")


@dataclass(frozen=True, slots=True)
class Phrases:
    """What is understood in some languages; every word in it is plain (see `plain`)."""

    patterns: Mapping[str, tuple[re.Pattern[str], ...]]
    """By meaning, longest phrase first; a group is named after the slot it fills."""
    dates: tuple[re.Pattern[str], ...]
    """The ways to write a date, with the groups weekday, year, month, day; the last is a month alone."""
    clock: re.Pattern[str]
    """A time, with the groups stamp, noon, midnight, hour, minute, half."""
    length: re.Pattern[str]
    """How long, with the groups hours, rest, minutes."""
    span: re.Pattern[str]
    """Days of the week in a row, with the groups since, until."""
    weekdays: Mapping[str, int]
    """Monday is 0."""
    months: Mapping[str, int]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    relative: Mapping[str, int]
    """Days from today."""
    lengths: Mapping[str, int]
    """Minutes."""
    spoken: re.Pattern[str]
    """An hour in words, with the groups said, hour: "half past six"."""
    minutes: Mapping[str, int]
    """What the words before such an hour add to it."""
    fillers: frozenset[str]
    instead: tuple[tuple[re.Pattern[str], str], ...]

    def count(self, written: str) -> int:
        """Return a number written in digits or in letters."""
        return self.numbers[written] if written in self.numbers else int(written)


@cache
def phrases(languages: tuple[str, ...]) -> Phrases:
    """Return what is understood in these languages; those without phrases in the file are left out."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    known = {each: tables[each] for each in languages if each in tables}
    words = _Words(known)
    slots = words.slots()
    return Phrases(
        patterns={meaning: _compiled(said, slots, words.leading(meaning)) for meaning, said in words.phrases.items()},
        dates=tuple(re.compile(each) for each in words.dates()),
        clock=re.compile(words.clock()),
        length=re.compile(words.length()),
        span=re.compile(words.span()),
        weekdays=words.weekdays | words.plurals,
        months=words.months,
        numbers=words.merged("numbers"),
        ordinals=words.merged("ordinals"),
        relative=words.merged("relative"),
        lengths=words.merged("lengths"),
        spoken=_whole(words.spoken()),
        minutes=words.merged("spoken"),
        fillers=frozenset(words.fillers),
        instead=tuple((_whole(re.escape(said)), plain(meant)) for said, meant in words.merged("instead").items()),
    )


class Text:
    """What was typed, of which phrase after phrase is taken out until nothing is left that isn't understood."""

    def __init__(self, typed: str, languages: tuple[str, ...]) -> None:
        """Make it plain, and say in two words what some say in one ("tonight")."""
        self.phrases = phrases(languages)
        whole = plain(typed)
        for said, meant in self.phrases.instead:
            whole = said.sub(meant, whole)
        self._pieces = [whole]

    def take(self, meaning: str) -> dict[str, str] | None:
        """Take out the first phrase of this meaning and return what fills its slots; None where there is none."""
        for pattern in self.phrases.patterns.get(meaning, ()):
            for place, piece in enumerate(self._pieces):
                if found := pattern.search(piece):
                    # What stood on either side never becomes one phrase.
                    self._pieces[place : place + 1] = [piece[: found.start()], piece[found.end() :]]
                    return found.groupdict()
        return None

    def replace(self, pattern: re.Pattern[str], plainer: Callable[[re.Match[str]], str]) -> None:
        """Say more plainly what can be said in several ways, before anything is taken out."""
        self._pieces = [pattern.sub(plainer, piece) for piece in self._pieces]

    def left(self) -> str:
        """Return the words that nothing was made of, those that mean nothing aside."""
        words = " ".join(self._pieces).split()
        return " ".join(word for word in words if word not in self.phrases.fillers)


class _Words:
    """The words of some languages beside each other, and the patterns made of them."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]]) -> None:
        """Take the tables of the file by language."""
        self.tables = tables.values()
        locales = [Locale.parse(each) for each in tables]
        self.weekdays = _agreed([*map(_weekdays, locales), *self._tables("weekdays")])
        self.months = _agreed([*map(_months, locales), *self._tables("months")])
        self.plurals = {f"{plain(name)}s": day for each in locales for day, name in each.days["format"]["wide"].items()}
        self.fillers = [plain(word) for table in self.tables for word in table["fillers"]]
        self.led = {
            each: [plain(word) for table in self.tables for word in table["leading"][each]]
            for each in ("days", "hours", "places")
        }
        meanings = {meaning for table in self.tables for meaning in table["phrases"]}
        self.phrases = {
            meaning: [plain(said) for table in self.tables for said in table["phrases"].get(meaning, ())]
            for meaning in sorted(meanings)
        }

    def _tables(self, name: str) -> Iterator[dict[str, Any]]:
        for table in self.tables:
            yield {plain(word): meant for word, meant in table[name].items()}

    def leading(self, meaning: str) -> str:
        """Return the pattern of what says nothing before a phrase of this meaning."""
        return f"(?:{_any(self.led[_LED[meaning]])} )*" if meaning in _LED else ""

    def merged(self, name: str) -> dict[str, Any]:
        """Return one table of all languages."""
        return dict(chain.from_iterable(each.items() for each in self._tables(name)))

    def any_of(self, name: str) -> str:
        """Return a pattern of one list of all languages."""
        return _any(plain(word) for table in self.tables for word in table[name])

    def dates(self) -> list[str]:
        """Return the patterns of a date, a month alone last.

        What names a day as well ("mar") is no month before a number without a year, nor alone.
        """
        month = f"(?P<month>{_any(self.months)})"
        leading = f"(?P<month>{_any(self.months.keys() - self.weekdays.keys())})"
        before = f"(?:(?P<weekday>{_any(self.weekdays)}) )?(?:{_any(self.led['days'])} )?"
        year = f"(?: (?P<year>{_YEAR}))?"
        return [
            f"{before}(?P<year>{_YEAR})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})",
            f"{before}(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|er|\\.)?(?: of| de)? {month}{year}",
            f"{before}{month} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? (?P<year>{_YEAR})",
            f"{before}{leading} (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?",
            f"{before}(?P<day>[0-9]{{1,2}})/(?P<month>[0-9]{{1,2}})",
            f"{before}(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|er)(?! {_any(self.weekdays.keys() | self.plurals.keys())})",
            f"{before}(?:{self.any_of('day')}|{self.any_of('numbered')}) (?P<day>[0-9]{{1,2}})(?! ?h)",
            f"{leading}{year}",
        ]

    def clock(self, between: str = _TOGETHER) -> str:
        """Return the pattern of a time, with what may stand between an hour and its minutes."""
        minutes = f"(?:[:.]| ?h ?|{between})(?P<minute>[0-5][0-9])(?::00)?(?: ?(?:h|hrs?|hours?))?"
        hour = f"(?P<hour>[0-2]?[0-9])(?:{minutes}| ?h)?(?: ?{self.any_of('oclock')})?(?: ?(?P<half>[ap]m))?"
        noon, midnight = self.any_of("noon"), self.any_of("midnight")
        return f"(?P<stamp>{_STAMP})|(?P<noon>{noon})|(?P<midnight>{midnight})|{hour}"

    def spoken(self) -> str:
        """Return the pattern of an hour in words."""
        return f"(?P<said>{_any(self.merged('spoken'))}) (?P<hour>[0-9]{{1,2}}|{_any(self.merged('numbers'))})"

    def length(self) -> str:
        """Return the pattern of how long something lasts."""
        rest = "(?: ?(?:and |et )?(?P<rest>[0-9]{1,2})(?: ?(?:m|mins?|minutes?))?)?"
        hours = f"(?P<hours>{self.count()}) ?(?:h|hrs?|hours?|heures?){rest}"
        return f"{hours}|(?P<minutes>{self.count()}) ?(?:mins?|minutes?)"

    def span(self) -> str:
        """Return the pattern of days of the week in a row."""
        day = _any(self.weekdays)
        return f"(?P<since>{day})(?: ?- ?| {self.any_of('spanning')} )(?P<until>{day})"

    def count(self) -> str:
        """Return the pattern of a number of things, which is never 0."""
        return f"(?:[1-9][0-9]{{0,2}}|{_any(self.merged('numbers'))})"

    def slots(self) -> dict[str, str]:
        """Return what may stand in the braces of the file, as patterns without groups.

        Midnight only ends something: at the beginning no one can tell which of the day's two it is. A number from 13 on
        is no hour by itself: it could be a day of the month.
        """
        day, joining = _any(self.weekdays.keys() | self.plurals.keys()), self.any_of("joining")
        dates, oclock = self.dates(), f"(?:h|{self.any_of('oclock')}|[ap]m)"
        begins = self.clock(_HALVED).replace(f"(?P<midnight>{self.any_of('midnight')})", _NOTHING)
        slots = {
            "day": day,
            "span": self.span(),
            "days": f"{self.span()}|{day}(?:(?: (?:{joining} )?| ?[/+] ?){day})*",
            "plurals": f"{_any(self.plurals)}(?: (?:{joining} )?{_any(self.plurals)})*",
            "date": "|".join([*dates[:-1], _any(self.merged("relative"))]),
            "last": "|".join(dates),
            "count": self.count(),
            "nth": _any(self.merged("ordinals")),
            "length": f"{_any(self.merged('lengths'))}|{self.length()}",
            "begins": begins,
            "early": _DIGITS,
            "late": _DIGITS,
            "alone": rf"(?![0-9]+(?! {oclock}(?!\S))(?!\S))(?:{begins})|(?!{_YEAR}(?!\S)){_DIGITS}",
            "zone": _any(readable()),
            "number": "[1-9]|1[0-2]",
            "ends": f"{begins}|{self.any_of('midnight')}",
        }
        return {name: _NAMED.sub("?:", pattern) for name, pattern in slots.items()}


def _weekdays(locale: Locale) -> dict[str, int]:
    return {plain(name): day for width in ("wide", "abbreviated") for day, name in locale.days["format"][width].items()}


def _months(locale: Locale) -> dict[str, int]:
    named = locale.months["format"]
    return {plain(name): month for width in ("wide", "abbreviated") for month, name in named[width].items()}


def _agreed(tables: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Put tables together without the words that mean one thing here and another there."""
    meanings = {pair for table in tables for pair in table.items()}
    said = Counter(word for word, _ in meanings)
    return {word: meant for word, meant in meanings if said[word] == 1}


def _any(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(each) for each in _longest_first(words)) or _NOTHING})"


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda each: (-len(each), each))


def _compiled(said: Iterable[str], slots: Mapping[str, str], leading: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_whole(leading + _filled(each, slots)) for each in _longest_first(said))


def _filled(phrase: str, slots: Mapping[str, str]) -> str:
    words = _SLOT.split(phrase)
    filled = [f"(?P<{each}>{slots[each]})" if place % 2 else re.escape(each) for place, each in enumerate(words)]
    return "".join(filled).replace(r"\-", " ?- ?")


def _whole(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that matches whole words only."""
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")
