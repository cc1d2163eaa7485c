"""Pictures of safe tables: each difference has a colour and a second mark; readable at a phone's width."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from bot.domain.disclosure import Amount, Few, Level, Ratio, Safe, SafeTable, Share
from bot.statistics.words import caption, label, named, short
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
BANDS = ("#ffffff", "#cfdcff", "#8fb0ff", "#3d66e0", "#10257a")
"""From nothing to most."""
_LIGHT = 2
"""Bands up to this are light."""
_FIELD_MARKS = (("", 0), (".", 3), ("o", 5), ("s", 6), ("D", 8))
_HEADS = 3
"""Lines that a table's name and the names of its columns take."""
_EVERY = 3
"""Columns to each that is named."""
_STYLE = {"font.size": 12, "axes.spines.top": False, "axes.spines.right": False}
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
    axes.margins(y=0.2)
    return _png(figure, axes, table, locale)


def ranges(table: SafeTable, locale: str) -> bytes | None:
    """Draw shares as points with their intervals, one a row, each beside its name; the first row is on top."""
    shown = [(label(row, locale), row.cells[0]) for row in table.rows if isinstance(row.cells[0], Share)]
    if not shown:
        return None
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


def heat(tables: Sequence[SafeTable], locale: str) -> bytes | None:
    """Draw tables of how much there is below each other, a field a cell; the more there is, the larger its mark."""
    if not any(isinstance(each, Level) and each.band for table in tables for row in table.rows for each in row.cells):
        return None
    with style.context(_STYLE):
        figure = _paper(_MARGIN + sum(_LINE * (len(table.rows) + _HEADS) for table in tables))
        every = figure.subplots(len(tables), squeeze=False)[:, 0]
    for axes, table in zip(every, tables, strict=True):
        _fields(axes, table, locale)
    shown: list[Any] = [
        (Patch(facecolor=BANDS[band], edgecolor="#656364"), Line2D([], [], linestyle="", **_mark(band)))
        for band in range(len(BANDS))
    ]
    words = [say(f"stats.band.{band}", locale) for band in range(len(BANDS))]
    figure.legend(
        shown, words, loc="outside lower center", ncols=len(BANDS), frameon=False, handlelength=1.5, handleheight=1.3,
        columnspacing=1.2,
        handler_map={tuple: HandlerTuple(ndivide=1)},
    )  # fmt: skip
    return _written(figure)


def _fields(axes: Axes, table: SafeTable, locale: str) -> None:
    bands = np.array([[each.band if isinstance(each, Level) else 0 for each in row.cells] for row in table.rows])
    axes.pcolormesh(
        bands, cmap=ListedColormap(BANDS), vmin=-0.5, vmax=len(BANDS) - 0.5, edgecolor="#dddddd", linewidth=0.8
    )
    for band in range(1, len(BANDS)):
        rows, columns = np.nonzero(bands == band)
        axes.plot(columns + 0.5, rows + 0.5, linestyle="", **_mark(band))
    axes.set_yticks(np.arange(len(table.rows)) + 0.5, [label(row, locale) for row in table.rows])
    axes.set_xticks(
        np.arange(0, len(table.columns), _EVERY) + 0.5, [named(each, locale) for each in table.columns[::_EVERY]]
    )
    axes.set_ylim(len(table.rows), 0)
    axes.tick_params(length=0)
    axes.set_title(caption(table, locale), loc="left", fontsize=13)


def _mark(band: int) -> dict[str, Any]:
    """Return the mark of a band: dark on light, light on dark, and each of its own shape."""
    marker, size = _FIELD_MARKS[band]
    return {"marker": marker, "markersize": size, "color": "#1a1a1a" if band <= _LIGHT else "white"}


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
    with style.context(_STYLE):
        figure = _paper(height)
        axes = figure.add_subplot()
    axes.grid(visible=True, axis="y", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    return figure, axes


def _paper(height: int) -> Figure:
    figure = Figure(figsize=(WIDTH / _DOTS, height / _DOTS), dpi=_DOTS, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _png(figure: Figure, axes: Axes, table: SafeTable, locale: str) -> bytes:
    """Return the picture, which says nothing about how it was made."""
    axes.set_title(caption(table, locale), loc="left", fontsize=13)
    if not axes.get_xlabel():
        axes.set_ylabel(say(f"stats.axis.{table.name}", locale))
    if len(table.columns) > 1:
        axes.legend(frameon=False)
    return _written(figure)


def _written(figure: Figure) -> bytes:
    written = BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()
