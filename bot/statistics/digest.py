"""A week in plain words, for people who moderate: made of the same safe tables as the panels."""

from collections.abc import Iterator, Sequence

from bot.domain.disclosure import Amount, Length, Safe, Share
from bot.domain.statistics import StatsPanel
from bot.statistics.words import cell, sentence
from bot.texts import say

_SAID = "stats.topics.no_one_offers"
_PARTS = ((0.9, "nearly_all"), (0.6, "most"), (0.4, "half_of_them"), (0.0, "few"))
"""From which part on what is said of it."""


def week_told(overview: StatsPanel, others: Sequence[StatsPanel], locale: str) -> str | None:
    """Return what is to be said of a week; None where too few people asked to say anything."""
    cells = {row.label.removeprefix("stats."): row.cells[0] for row in overview.tables[0].rows}
    asked = cells["asked"]
    if not isinstance(asked, Amount) or not asked.count:
        return None
    offered = [each for panel in others for each in panel.sentences if each.key == _SAID]
    said = [sentence(each, locale) for each in (*overview.sentences, *offered)]
    heading = say("stats.digest.heading", locale, until=f"<t:{int(overview.weeks.until.timestamp())}:D>")
    return "\n".join([heading, " ".join([*_answers(asked, cells, locale), *said])])


def _answers(asked: Amount, cells: dict[str, Safe], locale: str) -> Iterator[str]:
    yield say("stats.digest.asked", locale, count=asked.count)
    half, answered = cells["half"], cells["in_a_week"]
    if isinstance(half, Length) and half.seconds is not None:
        yield say("stats.digest.half", locale, half=cell(half, locale))
    if isinstance(answered, Share):
        part = next(name for least, name in _PARTS if answered.part >= least)
        yield say(f"stats.digest.{part}", locale)
