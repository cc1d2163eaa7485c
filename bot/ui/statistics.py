"""Panels of statistics as messages: text first, then a picture with a description, and the way to the others."""

import discord

from bot.domain.disclosure import SafeTable
from bot.domain.statistics import PanelName, StatsPanel
from bot.domain.windows import BLOCK
from bot.services.results import Attachment
from bot.statistics.words import described, lines, sentence
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Press, button, pick, view
from bot.ui.render import Rendered

PANELS = tuple(PanelName)
LENGTHS = SHORT, LONG = 4, BLOCK
"""Weeks that a viewer may look at."""
_PLACE = 100
"""Custom ids carry a panel's place times this, and the weeks."""


def panel(shown: StatsPanel, locale: str) -> Rendered:
    """Return a panel: what it means, its tables, its picture."""
    text = "\n".join([_heading(shown, locale), *_sentences(shown, locale), *_tables(shown, locale)])
    return Rendered(text, view=choices(shown.name, shown.weeks.count, locale), attachment=_picture(shown, locale))


def first_counts(counted: SafeTable, weeks: int, locale: str) -> Rendered:
    """Return what is known while the rest is being counted."""
    shown = "\n".join(["```", *lines(counted, locale), "```"])
    return Rendered(f"{say('stats.counting', locale, weeks=weeks)}\n{shown}")


def choices(name: PanelName, weeks: int, locale: str) -> discord.ui.View:
    """Return the ways to the other panels, and to the other length of time."""
    options = [
        discord.SelectOption(label=say(f"stats.panel.{each}", locale), value=str(place), default=each == name)
        for place, each in enumerate(PANELS)
    ]
    other = SHORT if weeks == LONG else LONG
    return view(
        pick(Press("stats", "panel", row(name, weeks)), say("stats.choose", locale), options),
        button(Press("stats", "weeks", row(name, other)), say(f"stats.weeks.{other}", locale)),
    )


def row(name: PanelName, weeks: int) -> int:
    """Return what a custom id carries."""
    return PANELS.index(name) * _PLACE + weeks


def read_row(number: int) -> tuple[PanelName, int]:
    """Return what a custom id carries; what none of ours carries is the first panel, over the short time."""
    place, weeks = divmod(number, _PLACE)
    return PANELS[place] if place < len(PANELS) else PANELS[0], weeks if weeks in LENGTHS else SHORT


def _heading(shown: StatsPanel, locale: str) -> str:
    ends = discord.utils.format_dt(shown.weeks.until, "D")
    name = say(f"stats.panel.{shown.name}", locale)
    key = "stats.heading_fixed" if shown.is_fixed else "stats.heading"
    return say(key, locale, panel=name, weeks=shown.weeks.count, ends=ends)


def _sentences(shown: StatsPanel, locale: str) -> list[str]:
    return [sentence(each, locale) for each in shown.sentences]


def _tables(shown: StatsPanel, locale: str) -> list[str]:
    return ["\n".join(["```", *lines(each, locale), "```"]) for each in shown.told if each.rows]


def _picture(shown: StatsPanel, locale: str) -> Attachment | None:
    if shown.picture is None:
        return None
    return Attachment(f"{shown.name}.png", shown.picture, described(shown, locale, limits.FILE_DESCRIPTION))
