"""Every phrase in the files is reached: it is read in some sentence, and changes what that sentence means."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.calendars import phrases, zones
from bot.calendars.deadlines import read_deadline
from bot.calendars.plain import plain
from bot.calendars.typed import read, read_day
from bot.calendars.zones import read_zone
from bot.domain.timetable import Timetable
from bot.errors import Invalid

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FILE = tomllib.loads(phrases.FILE.read_text(encoding="utf-8"))
ZONES = tomllib.loads(zones.FILE.read_text(encoding="utf-8"))
FILLED = {
    "en": {
        "days": "Thursday", "day": "Thursday", "plurals": "Thursdays", "span": "Mon to Fri", "last": "January",
        "date": "8 December", "count": "three", "nth": "first", "length": "2 hours", "begins": "18:00", "ends": "19:00",
        "early": "1800", "late": "1900", "alone": "18:00", "number": "8", "zone": "Nairobi",
    },
    "fr": {
        "days": "jeudi", "day": "jeudi", "plurals": "jeudis", "span": "lundi au vendredi", "last": "janvier",
        "date": "8 décembre", "count": "trois", "nth": "premier", "length": "2 heures", "begins": "18h", "ends": "19h",
        "early": "1800", "late": "1900", "alone": "18h", "number": "8", "zone": "Nairobi",
    },
}  # fmt: skip
SENTENCES = {
    "until": ("Tue 18:00 weekly {}", "2026-11-24 18:00-18:15 FREQ=WEEKLY;BYDAY=TU;UNTIL=20270131T235959"),
    "starting": ("every Thursday 18:00 {}", "2026-12-10 18:00-18:15 FREQ=WEEKLY;BYDAY=TH"),
    "weeks": ("Tue 18:00 weekly {}", "2026-11-24 18:00-18:15 FREQ=WEEKLY;BYDAY=TU;UNTIL=20261214T235959"),
    "times": ("Tue 18:00 weekly {}", "2026-11-24 18:00-18:15 FREQ=WEEKLY;BYDAY=TU;COUNT=3"),
    "weekly": ("Tue 18:00 {}", "2026-11-24 18:00-18:15 FREQ=WEEKLY;BYDAY=TU"),
    "fortnightly": ("Tue 18:00 {}", "2026-11-24 18:00-18:15 FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
    "biweekly": ("Tue 18:00 {}", "2026-11-24 18:00-18:15 FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
    "every_weeks": ("Tue 18:00 {}", "2026-11-24 18:00-18:15 FREQ=WEEKLY;INTERVAL=3;BYDAY=TU"),
    "daily": ("18:00 {}", "2026-11-24 18:00-18:15 FREQ=DAILY"),
    "days_apart": ("18:00 {}", "2026-11-24 18:00-18:15 FREQ=DAILY;INTERVAL=3"),
    "once": ("le mardi 18:00 {}", "2026-11-24 18:00-18:15"),
    "alternate_days": ("18:00 {}", "2026-11-24 18:00-18:15 FREQ=DAILY;INTERVAL=2"),
    "workdays": ("18:00 {}", "2026-11-24 18:00-18:15 FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    "weekends": ("18:00 {}", "2026-11-28 18:00-18:15 FREQ=WEEKLY;BYDAY=SA,SU"),
    "monthly": ("5 Dec 18:00 {}", "2026-12-05 18:00-18:15 FREQ=MONTHLY;BYMONTHDAY=5"),
    "every_days": ("18:00 {}", "2026-11-26 18:00-18:15 FREQ=WEEKLY;BYDAY=TH"),
    "alternate": ("18:00 {}", "2026-11-26 18:00-18:15 FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
    "habitual": ("18:00 {} une fois", "2026-11-26 18:00-18:15"),
    "listed": ("18:00 {}", "2026-11-26 18:00-18:15"),
    "dated": ("18:00 {}", "2026-12-08 18:00-18:15"),
    "nth": ("18:00 {}", "2026-12-03 18:00-18:15 FREQ=MONTHLY;BYDAY=1TH"),
    "morning": ("Thu 8 {}", "2026-11-26 08:00-08:15"),
    "afternoon": ("Thu 3 {}", "2026-11-26 15:00-15:15"),
    "evening": ("Thu 8 {}", "2026-11-26 20:00-20:15"),
    "lasting": ("Thu 18:00 {}", "2026-11-26 18:00-20:00"),
    "brief": ("Thu 18:00 {}", "2026-11-26 18:00-20:00"),
    "soon": ("{}", "2026-11-24 15:00-15:15"),
    "ahead": ("18:00 {}", "2026-11-27 18:00-18:15"),
    "weeks_ahead": ("18:00 {}", "2026-12-15 18:00-18:15"),
    "zoned": ("Thu 18:00 {}", "2026-11-26 18:00-18:15 Africa/Nairobi"),
    "hours": ("Thu {}", "2026-11-26 18:00-19:00"),
    "sharp": ("Thu {}", "2026-11-26 18:00-18:15"),
    "alone": ("Thu {}", "2026-11-26 18:00-18:15"),
    "number": ("Thu evening {}", "2026-11-26 20:00-20:15"),
}
"""Where a phrase of a meaning stands, and what it makes of the whole."""
DEADLINES = {
    "aoe": ("8 Dec {}", "2026-12-09 12:00"),
    "due": ("{} 8 Dec 17:00", "2026-12-08 16:00"),
    "ends": ("{} Friday", "2026-11-27 23:00"),
    "end_of_day": ("{}", "2026-11-24 23:00"),
    "closes": ("{}", "2027-01-31 23:00"),
    "month_closes": ("{}", "2026-11-30 23:00"),
    "week_closes": ("{}", "deadline.which_end"),
    "turn_of_day": ("8 Dec {}", "deadline.which_midnight"),
}
"""The same for phrases that only a deadline has."""
OTHERWISE = {
    ("listed", "{span}"): ("18:00 {}", "2026-11-24 18:00-18:15 FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    ("starting", "{day}"): ("daily 18:00 {}", "2026-11-26 18:00-18:15 FREQ=DAILY"),
}
"""The same for phrases that end with another slot than the others of their meaning."""


def written(timetable: Timetable) -> str:
    zone = "" if timetable.zone == "Europe/Paris" else timetable.zone
    hours = f"{timetable.begins:%H:%M}-{timetable.ends:%H:%M}"
    return " ".join(part for part in (str(timetable.first), hours, timetable.rule, zone) if part)


def said_by(sentence: str) -> str:
    """Return what a sentence means, or the key of the refusal."""
    try:
        return written(read(sentence, "Europe/Paris", NOW))
    except Invalid as refusal:
        return refusal.key


def closes_at(sentence: str) -> str:
    """Return when a deadline is, or the key of the refusal."""
    try:
        return f"{read_deadline(sentence, 'Europe/Paris', NOW).closes_at:%Y-%m-%d %H:%M}"
    except Invalid as refusal:
        return refusal.key


def in_the_file() -> Iterator[tuple[str, str, str]]:
    """Yield (language, meaning, phrase)."""
    for language, table in FILE.items():
        for meaning, said in table["phrases"].items():
            yield from ((language, meaning, phrase) for phrase in said)


@pytest.mark.parametrize(("language", "meaning", "phrase"), [*in_the_file()])
def test_every_phrase_is_read_and_changes_what_is_meant(language: str, meaning: str, phrase: str) -> None:
    filled = phrase.format(**FILLED[language])
    if meaning == "unclear":
        assert said_by(f"{filled} 18:00") == "time.which_week"
        return
    if meaning == "as_far_as":
        assert read_day(f"{phrase} {FILLED[language]['day']}", "Europe/Paris", NOW) == date(2026, 11, 26)
        assert said_by(f"{filled} Thu 18:00") == "time.unreadable"
        return
    if meaning in DEADLINES:
        sentence, expected = DEADLINES[meaning]
        assert closes_at(sentence.format(filled)) == expected
        assert said_by(f"{filled} Thu 18:00").startswith("time.")
        return
    sentence, expected = OTHERWISE.get((meaning, phrase.rsplit(maxsplit=1)[-1])) or SENTENCES[meaning]
    assert said_by(sentence.format(filled)) == expected
    assert said_by(sentence.format("").strip()) != expected


def every(name: str) -> list[tuple[str, object]]:
    """Return (word, meaning) of one table or list, in all languages."""
    found: list[tuple[str, object]] = []
    for table in FILE.values():
        words = table[name]
        found += words.items() if isinstance(words, dict) else [(word, None) for word in words]
    return found


def test_every_table_is_looked_at_here() -> None:
    swept = {
        "phrases", "fillers", "leading", "oclock", "weekdays", "months", "numbers", "ordinals", "relative", "joining",
        "spoken", "day", "numbered", "spanning", "noon", "midnight", "lengths", "instead",
    }  # fmt: skip
    assert all(table.keys() == swept for table in FILE.values())


CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@pytest.mark.parametrize(("word", "day"), every("weekdays"))
def test_every_name_of_a_day_is_read(word: str, day: int) -> None:
    assert said_by(f"every {word} 18:00").endswith(f"BYDAY={CODES[day]}")


@pytest.mark.parametrize(("word", "month"), every("months"))
def test_every_name_of_a_month_is_read(word: str, month: int) -> None:
    assert said_by(f"5 {word} 2027 18:00") == f"2027-{month:02}-05 18:00-18:15"


@pytest.mark.parametrize(("word", "count"), every("numbers"))
def test_every_number_is_read(word: str, count: int) -> None:
    assert said_by(f"Tue 18:00 weekly for {word} weeks") == said_by(f"Tue 18:00 weekly for {count} weeks")


@pytest.mark.parametrize(("word", "minutes"), every("spoken"))
def test_every_hour_in_words_is_read(word: str, minutes: int) -> None:
    begins = datetime(2026, 11, 26, 18, tzinfo=UTC) + timedelta(minutes=minutes)
    for hour in ("six pm", "6 pm", "6 in the evening"):
        assert said_by(f"Thu {word} {hour}") == f"{begins:%F %H:%M}-{begins + timedelta(minutes=15):%H:%M}"
    assert said_by(f"Thu {word} six") == "time.which_half"
    assert said_by(f"Thu {word} 30") == "time.unreadable"


@pytest.mark.parametrize(("word", "nth"), every("ordinals"))
def test_every_ordinal_is_read(word: str, nth: int) -> None:
    assert said_by(f"every {word} Friday of the month 18:00").endswith(f"FREQ=MONTHLY;BYDAY={nth}FR")


@pytest.mark.parametrize(("word", "later"), every("relative"))
def test_every_day_near_today_is_read(word: str, later: int) -> None:
    assert said_by(f"{word} 18:00") == f"2026-11-{24 + later} 18:00-18:15"


@pytest.mark.parametrize("word", [word for word, _ in every("joining")])
def test_every_word_that_joins_days_is_read(word: str) -> None:
    assert said_by(f"every Mon {word} Thu 18:00").endswith("BYDAY=MO,TH")


@pytest.mark.parametrize("word", [word for word, _ in every("spanning")])
def test_every_word_between_days_in_a_row_is_read(word: str) -> None:
    assert said_by(f"every Mon {word} Wed 18:00").endswith("BYDAY=MO,TU,WE")


@pytest.mark.parametrize(("name", "sentence", "meant"), [
    ("noon", "Thu {}", "2026-11-26 12:00-12:15"),
    ("midnight", "Thu 22:00-{}", "2026-11-26 22:00-00:00"),
    ("oclock", "Thu 18 {}", "2026-11-26 18:00-18:15"),
    ("day", "18:00 monthly on {} 5", "2026-12-05 18:00-18:15 FREQ=MONTHLY;BYMONTHDAY=5"),
    ("numbered", "18:00 monthly {} 5", "2026-12-05 18:00-18:15 FREQ=MONTHLY;BYMONTHDAY=5"),
])  # fmt: skip
def test_every_word_of_a_list_is_read(name: str, sentence: str, meant: str) -> None:
    for word, _ in every(name):
        assert said_by(sentence.format(word)) == meant


@pytest.mark.parametrize(("word", "minutes"), every("lengths"))
def test_every_length_is_read(word: str, minutes: int) -> None:
    assert said_by(f"Thu 18:00 for {word}") == said_by(f"Thu 18:00 for {minutes} minutes")


@pytest.mark.parametrize(("word", "meant"), every("instead"))
def test_every_word_for_two_is_read(word: str, meant: str) -> None:
    # Three is over in the morning, which is one reading too.
    assert said_by(f"{word} at 3") == said_by(f"{meant} at 3") != "time.which_half"


@pytest.mark.parametrize(("word", "_"), every("fillers"))
def test_what_means_nothing_changes_nothing_wherever_it_stands(word: str, _: None) -> None:
    for sentence in (f"{word} Thu 18:00", f"Thu {word} 18:00", f"Thu 18:00 {word}"):
        assert said_by(sentence) == "2026-11-26 18:00-18:15"


PLACES = {"days": "{} 8 Dec 18:00", "hours": "8 Dec {} 18:00-19:00", "places": "8 Dec 18:00 {} Nairobi"}


@pytest.mark.parametrize(
    ("before", "word"),
    [(before, word) for table in FILE.values() for before, words in table["leading"].items() for word in words],
)
def test_what_leads_to_something_means_nothing_there_and_is_refused_elsewhere(before: str, word: str) -> None:
    sentence = PLACES[before]
    assert said_by(sentence.format(word)) == said_by(sentence.format("")) != "time.unreadable"
    assert said_by(f"{sentence.format('')} {word}").startswith("time.")


@pytest.mark.parametrize(("word", "zone"), [*ZONES["called"].items()])
def test_every_other_name_of_a_place_is_read(word: str, zone: str) -> None:
    assert read_zone(word) == zone
    assert said_by(f"8 Dec 18:00 {word}").split()[-1] in {zone, "18:00-18:15"}


@pytest.mark.parametrize("word", [*ZONES["unclear"]])
def test_every_word_for_several_places_is_asked_about(word: str) -> None:
    assert said_by(f"8 Dec 18:00 {word}") == "time.which_zone"
    assert plain(word) in zones.unclear()
