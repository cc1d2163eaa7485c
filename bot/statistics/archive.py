"""All panels as one file: each table as CSV, and a page that says what they are."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.domain.disclosure import Amount, Length, Level, Ratio, Safe, SafeTable, Share
from bot.domain.statistics import StatsPanel
from bot.statistics.words import cell, named, sentence
from bot.texts import say

COLUMNS = ("row", "column", "count", "part", "low", "high", "of", "hours", "ratio", "band", "words")
_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet would run.

Source: https://owasp.org/www-community/attacks/CSV_Injection
"""
Value = str | int | float | None


def archive(panels: Sequence[StatsPanel], now: datetime, locale: str) -> bytes:
    """Return a ZIP of safe tables, and of nothing else."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as packed:
        _put(packed, "README.md", _readme(panels, now, locale), now)
        for panel in panels:
            for table in panel.tables:
                _put(packed, _name(panel, table), written_table(table, locale), now)
    return written.getvalue()


def written_table(table: SafeTable, locale: str) -> str:
    """Return a table as CSV, one line a cell; numbers are numbers, and what is hidden has none."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in table.rows:
        for column, each in zip(table.columns, row.cells, strict=True):
            about = (_harmless(named(row.label, locale)), _harmless(named(column, locale)))
            writer.writerow([*about, *(_values(each, locale).get(name) for name in COLUMNS[2:])])
    return text.getvalue()


def _values(safe: Safe, locale: str) -> dict[str, Value]:
    match safe:
        case Amount(count):
            return {"count": count}
        case Share(part, of, low, high):
            return {"part": part, "low": low, "high": high, "of": of}
        case Length(seconds, low, high):
            return {"hours": _hours(seconds), "low": _hours(low), "high": _hours(high)}
        case Ratio(value):
            return {"ratio": value}
        case Level(band):
            return {"band": band}
    return {"words": _harmless(cell(safe, locale))}


def _hours(seconds: float | None) -> float | None:
    """Return a length no more precisely than a panel says it: to the second it would be one person's wait."""
    return None if seconds is None else float(f"{seconds / 3600:.2g}")


def _harmless(words: str) -> str:
    """Return words in one line that no spreadsheet takes for a formula."""
    line = " ".join(words.split())
    return f"'{line}" if line.startswith(_FORMULA) else line


def _readme(panels: Sequence[StatsPanel], now: datetime, locale: str) -> str:
    said = [say(f"stats.archive.{name}", locale) for name in ("about", "columns", "hidden")]
    cite = say("stats.archive.cite", locale, day=f"{now:%Y-%m-%d}")
    parts = [line for panel in panels for line in _about(panel, locale)]
    heading = f"# {say('stats.archive.title', locale)}"
    return "\n".join(["\n\n".join([heading, *said, cite]), *parts, ""])


def _about(panel: StatsPanel, locale: str) -> Iterator[str]:
    """Say of a panel's tables which weeks they cover, what is in them and what they mean."""
    weeks = panel.weeks
    ends = {"since": f"{weeks.since:%Y-%m-%d}", "until": f"{weeks.until:%Y-%m-%d}", "weeks": weeks.count}
    yield f"\n## {say(f'stats.panel.{panel.name}', locale)}\n"
    yield say("stats.archive.weeks_fixed" if panel.is_fixed else "stats.archive.weeks", locale, **ends)
    yield from (f"\n{sentence(each, locale)}" for each in panel.sentences)
    yield ""
    for table in panel.tables:
        heads = ", ".join(named(column, locale) for column in table.columns)
        rows = ", ".join(named(row.label, locale) for row in table.rows)
        yield f"* `{_name(panel, table)}`: {say('stats.archive.table', locale, columns=heads, rows=rows or '-')}"


def _name(panel: StatsPanel, table: SafeTable) -> str:
    return f"{panel.name}/{table.name}.csv"


def _put(packed: ZipFile, name: str, text: str, now: datetime) -> None:
    """Add a page; the day is all that tells when it was made."""
    info = ZipInfo(name, (now.year, now.month, now.day, 0, 0, 0))
    info.compress_type = ZIP_DEFLATED
    packed.writestr(info, text)
