"""When a host offers time, in words: the rule of a timetable in the reader's language."""

from datetime import datetime

from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list

from bot.domain.timetable import Timetable
from bot.texts import say

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def rule_words(timetable: Timetable, locale: str) -> str:
    """Return how often something takes place, such as "every 2 weeks on Tuesday, until Dec 31, 2026"."""
    if not timetable.rule:
        return say("rule.once", locale)
    parts = dict(part.split("=", 1) for part in timetable.rule.split(";"))
    words = _repetition(parts, locale)
    if "COUNT" in parts:
        return say("rule.count", locale, rule=words, count=parts["COUNT"])
    if "UNTIL" in parts:
        last = format_date(datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").date(), "medium", _language(locale))  # noqa: DTZ007
        return say("rule.until", locale, rule=words, day=last)
    return words


def hours_words(timetable: Timetable, locale: str) -> str:
    """Return from when until when on the owner's clock, such as "18:00–19:00, Europe/Paris"."""
    begins, ends = (format_time(each, "HH:mm", locale=_language(locale)) for each in (timetable.begins, timetable.ends))
    return say("rule.hours", locale, begins=begins, ends=ends, zone=timetable.zone)


def _repetition(parts: dict[str, str], locale: str) -> str:
    interval = int(parts.get("INTERVAL", "1"))
    if parts["FREQ"] == "DAILY":
        return say("rule.daily", locale) if interval == 1 else say("rule.days", locale, count=interval)
    if "BYMONTHDAY" in parts:
        key = "rule.month_day" if interval == 1 else "rule.months_day"
        return say(key, locale, day=parts["BYMONTHDAY"], count=interval)
    written = parts.get("BYDAY", "").split(",")
    days = format_list([_day(each, locale) for each in written if each], locale=_language(locale))
    if parts["FREQ"] == "MONTHLY":
        return say("rule.month_nth", locale, nth=say(f"rule.nth.{written[0][:-2]}", locale), day=days)
    return (
        say("rule.weekly", locale, days=days) if interval == 1 else say("rule.weeks", locale, count=interval, days=days)
    )


def _day(code: str, locale: str) -> str:
    return str(get_day_names("wide", locale=_language(locale))[_CODES.index(code[-2:])])


def _language(locale: str) -> str:
    return locale.partition("-")[0]
