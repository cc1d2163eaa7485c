"""What may be shown, in words: for texts, pictures and their descriptions, files and digests alike."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from babel import Locale
from babel.dates import format_timedelta

from bot.domain.disclosure import Amount, Few, Length, Level, Ratio, Safe, SafeRow, SafeTable, Share, Told
from bot.domain.statistics import Sentence, StatsPanel
from bot.texts import say

LEVELS = " ·▪▮█"
"""From nothing to most: each looks different without any colour."""
PHONE = 38
"""Signs of one width that a phone shows in a line."""
_APART = 6
"""Columns of signs to each that is named."""
_MUCH = 3
"""Bands from which there is much."""


def cell(safe: Safe, locale: str) -> str:
    """Return what a cell says, in a few signs."""
    match safe:
        case Few() | Told():
            return say(safe.key if isinstance(safe, Told) else "stats.few", locale)
        case Amount(count):
            return str(count)
        case Share(part, of, low, high):
            return say("stats.share", locale, part=_percent(part), low=_percent(low), high=_percent(high), of=of)
        case Length():
            return _length(safe, locale)
        case Ratio(value):
            return f"{value:.1f}"
        case Level(band):
            return LEVELS[band]


def short(safe: Safe, locale: str) -> str:
    """Return what a cell says without its interval, as in a picture."""
    return say("stats.percent", locale, part=_percent(safe.part)) if isinstance(safe, Share) else cell(safe, locale)


def sentence(said: Sentence, locale: str) -> str:
    """Return what a table means."""
    params = {
        name: named(value, locale) if isinstance(value, str) else cell(value, locale)
        for name, value in said.params.items()
    }
    return say(said.key, locale, **params)


def lines(table: SafeTable, locale: str) -> list[str]:
    """Return a table in lines that a phone shows whole: side by side, or each row's cells below its name."""
    if is_grid(table):
        return _grid(table, locale)
    heads = ["", *(named(column, locale) for column in table.columns)]
    body = [[label(row, locale), *(cell(each, locale) for each in row.cells)] for row in table.rows]
    beside = _columns([heads, *body])
    if max(map(len, beside)) <= PHONE:
        return beside
    below = _columns([(f"  {head}", said) for _, *cells in body for head, said in zip(heads[1:], cells, strict=True)])
    each = len(table.columns)
    parts = [[row[0], *below[place * each : (place + 1) * each]] for place, row in enumerate(body)]
    return [line for part in parts for line in part]


def is_grid(table: SafeTable) -> bool:
    """Tell whether a table shows nothing but how much there is."""
    return all(isinstance(each, Level) for row in table.rows for each in row.cells)


def _grid(table: SafeTable, locale: str) -> list[str]:
    """Return a sign for each cell, below the name of each sixth column."""
    names = [label(row, locale) for row in table.rows]
    wide = max(map(len, names), default=0)
    heads = "".join(named(column, locale).ljust(_APART) for column in table.columns[::_APART])
    signs = ["".join(cell(each, locale) for each in row.cells) for row in table.rows]
    body = [f"{name.ljust(wide)} {each}".rstrip() for name, each in zip(names, signs, strict=True)]
    return [caption(table, locale), f"{'':{wide}} {heads}".rstrip(), *body]


def described(shown: StatsPanel, locale: str, most: int) -> str:
    """Say what a panel's picture shows, in at most so many characters."""
    tables = shown.tables[-shown.pictured :]
    return " ".join(description(each, locale, most // len(tables) - 1) for each in tables)


def caption(table: SafeTable, locale: str) -> str:
    """Return what a picture of a table shows."""
    return say(f"stats.picture.{table.name}", locale)


def description(table: SafeTable, locale: str, most: int) -> str:
    """Say what a picture of a table shows, in at most so many characters."""
    columns = [named(column, locale) for column in table.columns]
    tell = _fullest if is_grid(table) else _told
    told = "; ".join(f"{label(row, locale)}: {tell(row, columns, locale)}" for row in table.rows)
    whole = f"{caption(table, locale)} {told}."
    return whole if len(whole) <= most else whole[: most - 1] + "…"


def label(row: SafeRow, locale: str) -> str:
    """Return what a row is about."""
    return named(row.label, locale)


def named(word: str, locale: str) -> str:
    """Return a text of the catalogue, or the word itself."""
    return say(word, locale) if word.startswith("stats.") else word


def language(tag: str, locale: str) -> str:
    """Return a language's name in the reader's own, or its tag where it has none there."""
    return str(Locale.parse(locale.partition("-")[0]).languages.get(tag, tag))


def _told(row: SafeRow, columns: Sequence[str], locale: str) -> str:
    said = [short(each, locale) for each in row.cells]
    if len(said) == 1:
        return said[0]
    return ", ".join(f"{column} {each}" for column, each in zip(columns, said, strict=True))


def _fullest(row: SafeRow, columns: Sequence[str], locale: str) -> str:
    """Return from which column to which there is much."""
    is_much = [isinstance(each, Level) and each.band >= _MUCH for each in row.cells]
    runs = [list(some) for is_run, some in groupby(range(len(columns)), is_much.__getitem__) if is_run]
    shown = [columns[run[0]] if len(run) == 1 else f"{columns[run[0]]}–{columns[run[-1]]}" for run in runs]
    return ", ".join(shown) or say("stats.little", locale)


def _columns(table: Sequence[Sequence[str]]) -> list[str]:
    wide = [max(map(len, column)) for column in zip(*table, strict=True)]
    return ["  ".join(each.ljust(width) for each, width in zip(row, wide, strict=True)).rstrip() for row in table]


def _percent(part: float) -> str:
    return f"{100 * part:.0f}"


def _length(safe: Length, locale: str) -> str:
    if safe.seconds is None:
        return say("stats.not_reached", locale)
    low = _span(safe.low or 0, locale)
    high = _span(safe.high, locale) if safe.high is not None else say("stats.no_end", locale)
    return say("stats.length", locale, length=_span(safe.seconds, locale), low=low, high=high)


def _span(seconds: float, locale: str) -> str:
    return format_timedelta(timedelta(seconds=seconds), format="short", threshold=1.5, locale=locale.partition("-")[0])
