"""A panel as it is read: what it means and its tables in one text, and its picture in words."""

from bot.domain.statistics import StatsPanel
from bot.statistics.words import described, lines, sentence
from bot.texts import say

LONGEST_DESCRIPTION = 1_024
"""Characters that describe a picture.

Source: https://discord.com/developers/docs/resources/message#attachment-object
"""


def text(panel: StatsPanel, locale: str) -> str:
    """Return all that is said of a panel."""
    sentences = [sentence(each, locale) for each in panel.sentences]
    tables = ["\n".join(["```", *lines(each, locale), "```"]) for each in panel.told if each.rows]
    return "\n".join([_heading(panel, locale), *sentences, *tables])


def picture_told(panel: StatsPanel, locale: str) -> str:
    """Say what its picture shows."""
    return described(panel, locale, LONGEST_DESCRIPTION)


def _heading(panel: StatsPanel, locale: str) -> str:
    ends = f"<t:{int(panel.weeks.until.timestamp())}:D>"
    key = "stats.heading_fixed" if panel.is_fixed else "stats.heading"
    return say(key, locale, panel=say(f"stats.panel.{panel.name}", locale), weeks=panel.weeks.count, ends=ends)
