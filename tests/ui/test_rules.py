from datetime import date, time

import pytest

from bot.domain.timetable import Timetable
from bot.ui.rules import hours_words, rule_words


def timetable(rule: str) -> Timetable:
    return Timetable("Europe/Paris", date(2026, 11, 3), time(18), time(0, 5), rule)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "Once"),
        ("FREQ=DAILY", "Every day"),
        ("FREQ=DAILY;INTERVAL=3", "Every 3 days"),
        ("FREQ=WEEKLY;BYDAY=TU", "Every Tuesday"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "Every Monday, Wednesday, and Friday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=5", "Every 2 weeks on Tuesday, 5 times"),
        ("FREQ=MONTHLY;BYMONTHDAY=5", "Every month on day 5"),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=5", "Every 2 months on day 5"),
        ("FREQ=MONTHLY;BYDAY=1TU", "Every first Tuesday of the month"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "Every last Friday of the month"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261231T235959", "Every Tuesday, until Dec 31, 2026"),
    ],
)
def test_a_rule_is_said_in_words(rule: str, words: str) -> None:
    assert rule_words(timetable(rule), "en-GB") == words


def test_days_are_named_in_the_readers_language() -> None:
    assert "mardi" in rule_words(timetable("FREQ=WEEKLY;BYDAY=TU"), "fr")


def test_hours_are_those_of_the_wall() -> None:
    assert hours_words(timetable(""), "en-US") == "18:00–00:05 (Europe/Paris)"
