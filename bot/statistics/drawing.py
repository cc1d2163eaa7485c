"""Pictures of safe tables: each difference has a colour and a second mark; readable at a phone's width."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.domain.disclosure import Amount, Few, Level, Ratio, Safe, SafeTable, Share
from bot.statistics.words import label, short
from bot.texts import say

WIDTH, HEIGHT = 1200, 675
"""Pixels."""
_DOTS = 150
"""An inch: twelve points are 25 pixels then, and 12 on a phone 560 pixels wide."""
_MARGIN, _LINE = 190, 45
"""Pixels around what is drawn row by row, and of a row."""
MARKS = ("o", "s", "^", "D", "v")
DASHES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1)))
HATCHES = ("", "//", "..", "xx", "\\\\")
COLOURS = ("#1845fb", "#c91f16", "#656364", "#adad7d", "#578dff")
"""Petroff's, those with a contrast of 3 to 1 or more on white first.

Source: Petroff 2021, https://arxiv.org/abs/2107.02270
"""


def steps(table: SafeTable, places: Sequence[float], locale: str) -> bytes | None:
    """Draw shares over hours, a line and the band of its interval a column; `places` are the hours of the rows."""
    if not _shows_anything(table):
        return None
    figure, axes = _sheet()
    for number, column in enumerate(table.columns):
        cells = [(hours, row.cells[number]) for hours, row in zip(places, table.rows, strict=True)]
        shown = [(hours, each) for hours, each in cells if isinstance(each, Share)]
        if not shown:
            continue
        hours, shares = zip(*shown, strict=True)
        axes.plot(
            hours, [100 * each.part for each in shares], label=say(column, locale), color=COLOURS[number],
            marker=MARKS[number], linestyle=DASHES[number],
        )  # fmt: skip
        low, high = ([100 * getattr(each, end) for each in shares] for end in ("low", "high"))
        axes.fill_between(hours, low, high, color=COLOURS[number], alpha=0.15, hatch=HATCHES[number], linewidth=0)
    axes.set_xscale("log")
    axes.set_xticks([1, 6, 24, 72, 168], [say(f"stats.hours.{each}", locale) for each in (1, 6, 24, 72, 168)])
    axes.minorticks_off()
    axes.set_ylim(0, 100)
    return _png(figure, axes, table, locale)


def bars(table: SafeTable, locale: str) -> bytes | None:
    """Draw a group of bars a row, one bar a column; shares in percent, with their intervals."""
    if not _shows_anything(table):
        return None
    figure, axes = _sheet()
    width = 0.8 / len(table.columns)
    for number, column in enumerate(table.columns):
        places = np.arange(len(table.rows)) + (number - (len(table.columns) - 1) / 2) * width
        values = [_height(row.cells[number]) for row in table.rows]
        axes.bar(places, values, width, label=say(column, locale), color=COLOURS[number], hatch=HATCHES[number],
                 edgecolor="white")  # fmt: skip
        _write_above(axes, places, [row.cells[number] for row in table.rows], locale)
        _whiskers(axes, places, [row.cells[number] for row in table.rows])
    axes.set_xticks(range(len(table.rows)), [label(row, locale) for row in table.rows])
    return _png(figure, axes, table, locale)


def ranges(table: SafeTable, locale: str) -> bytes | None:
    """Draw shares as points with their intervals, one a row, each beside its name; the first row is on top."""
    if not _shows_anything(table):
        return None
    shown = [(label(row, locale), row.cells[0]) for row in table.rows if isinstance(row.cells[0], Share)]
    figure, axes = _sheet(max(HEIGHT, _MARGIN + _LINE * len(shown)))
    for place, (_, each) in enumerate(shown):
        axes.plot([100 * each.low, 100 * each.high], [place, place], color=COLOURS[0], linewidth=2.5)
        axes.plot(100 * each.part, place, marker=MARKS[0], markersize=8, color=COLOURS[0])
        axes.annotate(
            short(each, locale), (100 * each.part, place), xytext=(0, 7), textcoords="offset points", ha="center",
            fontsize=9,
        )  # fmt: skip
    axes.set_yticks(range(len(shown)), [name for name, _ in shown])
    axes.set_ylim(len(shown) - 0.5, -0.7)
    axes.set_xlim(0, 100)
    axes.grid(visible=True, axis="x", color="#dddddd", linewidth=0.8)
    axes.set_xlabel(say(f"stats.axis.{table.name}", locale))
    return _png(figure, axes, table, locale)


def _shows_anything(table: SafeTable) -> bool:
    return any(not isinstance(each, Few) for row in table.rows for each in row.cells)


def _height(cell: Safe) -> float:
    match cell:
        case Amount(count):
            return count
        case Share(part):
            return 100 * part
        case Ratio(value):
            return value
        case Level(band):
            return band
    return 0


def _whiskers(axes: Axes, places: Sequence[float] | np.ndarray, cells: Sequence[Safe]) -> None:
    shares = [(place, each) for place, each in zip(places, cells, strict=True) if isinstance(each, Share)]
    for place, each in shares:
        axes.plot([place, place], [100 * each.low, 100 * each.high], color="black", linewidth=1.2)


def _write_above(axes: Axes, places: Sequence[float] | np.ndarray, cells: Sequence[Safe], locale: str) -> None:
    """Write what each bar says above it, and above its interval."""
    for place, each in zip(places, cells, strict=True):
        top = 100 * each.high if isinstance(each, Share) else _height(each)
        axes.annotate(
            short(each, locale), (place, top), xytext=(0, 2), textcoords="offset points", ha="center", fontsize=9
        )


def _sheet(height: int = HEIGHT) -> tuple[Figure, Axes]:
    with style.context({"font.size": 12, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(WIDTH / _DOTS, height / _DOTS), dpi=_DOTS, layout="constrained", facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
    axes.grid(visible=True, axis="y", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    return figure, axes


def _png(figure: Figure, axes: Axes, table: SafeTable, locale: str) -> bytes:
    """Return the picture, which says nothing about how it was made."""
    axes.set_title(say(f"stats.picture.{table.name}", locale), loc="left", fontsize=13)
    if not axes.get_xlabel():
        axes.set_ylabel(say(f"stats.axis.{table.name}", locale))
    if len(table.columns) > 1:
        axes.legend(frameon=False)
    written = BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()
