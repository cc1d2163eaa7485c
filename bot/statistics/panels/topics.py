"""What is asked about again and again, and seldom answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.domain.disclosure import Amount, Few, Safe, Share, Told, about, amount, share, table
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import Weeks, last_followed
from bot.domain.wording import text_hash
from bot.routing.ports import Vectors
from bot.statistics.drawing import ranges
from bot.statistics.record import WEEK, RequestColumns, Whole
from bot.statistics.source import Source
from bot.statistics.survival import wilson
from bot.statistics.telling import AskedText, labels
from bot.statistics.topics import NO_TOPIC, clustered, offered

FEWEST_QUESTIONS = 30
"""For topics; among fewer, any five questions may lie close together by chance."""
MOST_QUESTIONS = 5_000
SHOWN = 10
"""Topics, so that the table fits into one message."""
NAMED = 3
"""Topics that are named again for having no helper."""
YES, NO, UNKNOWN = (Told(f"stats.topics.{each}") for each in ("offered", "not_offered", "unknown"))
TOO_FEW = Told("stats.topics.few_askers")
_HEADS = ("stats.questions", "stats.week_short", "stats.offered")


@dataclass(frozen=True, slots=True)
class _Topic:
    label: str
    asked: Safe
    answered: Safe
    offered: Told

    @property
    def order(self) -> tuple[bool, float, str]:
        """Return by what topics are put in order: the lowest rate first, and last those without any."""
        is_share = isinstance(self.answered, Share)
        return not is_share, self.answered.part if isinstance(self.answered, Share) else 0, self.label

    @property
    def cells(self) -> tuple[Safe, ...]:
        """Return its row."""
        return self.asked, TOO_FEW if isinstance(self.answered, Few) else self.answered, self.offered


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """Questions that an encoder has read, their words, and where they lie; of one length."""

    questions: RequestColumns
    texts: Sequence[AskedText]
    vectors: Vectors
    model: str


async def topics(source: Source, wish: PanelWish) -> StatsPanel:
    """Return the topics of public questions, the one that is answered least first."""
    weeks = last_followed(wish.now)
    read = await _public(source, weeks)
    if len(read.questions) < FEWEST_QUESTIONS:
        return StatsPanel(PanelName.TOPICS, weeks, (Sentence("stats.topics.too_few"),), (), is_fixed=True)
    found = clustered(read.vectors, read.questions.asker)
    rows = await _rows(source, read, found, Weeks(weeks.first, weeks.count + 1).until)
    shown = table("topics", _HEADS, [(each.label, each.cells) for each in rows[:SHOWN]])
    rates = table("topics_rates", ("stats.in_a_week",), [(each.label, (each.answered,)) for each in rows[:SHOWN]])
    said = _sentences(rows, about(read.questions.crowd(found == NO_TOPIC)))
    picture, untold = ranges(rates, wish.locale), frozenset({rates.name})
    return StatsPanel(PanelName.TOPICS, weeks, tuple(said), (shown, rates), picture, untold, is_fixed=True)


async def _public(source: Source, weeks: Weeks) -> _Read:
    """Read public questions, each wording once: the first who used it."""
    questions = await source.questions(weeks.until, weeks.first)
    questions = questions.of(questions.asked_in(weeks) & (questions.visibility == "public"))
    texts = await source.texts(questions)
    first = {text_hash(each.text): number for number, each in reversed(texts.items())}
    model, vectors = await source.vectors(sorted(first.values())[-MOST_QUESTIONS:])
    questions = questions.of(np.isin(questions.id, list(vectors)))
    own = questions.id.tolist()
    unit = np.stack([vectors[each] for each in own]) if own else np.empty((0, 0), np.float32)
    return _Read(questions, [texts[each] for each in own], unit, model)


async def _rows(source: Source, read: _Read, found: Whole, until: datetime) -> list[_Topic]:
    """Return the topics, the lowest rate first; those of too few askers for a rate come last."""
    happened = await source.since(read.questions, until, "answered")
    is_answered = read.questions.first(happened, "answered") - read.questions.asked <= WEEK
    is_offered = offered(read.vectors, found, await source.offers(read.model, read.vectors.shape[1]))
    words = labels(read.texts, found.tolist())
    rows = [
        _Topic(
            " · ".join(words[topic]) or "stats.topics.unnamed",
            amount(crowd := read.questions.crowd(found == topic)),
            share(int(np.sum(is_answered & (found == topic))), crowd, wilson),
            UNKNOWN if is_offered is None else YES if is_offered[topic] else NO,
        )
        for topic in range(int(found.max()) + 1)
    ]
    return sorted(rows, key=lambda each: each.order)


def _sentences(rows: Sequence[_Topic], in_none: Safe) -> list[Sentence]:
    if not rows:
        return [Sentence("stats.topics.none")]
    said = [Sentence("stats.topics.no_one_offers", {"topic": each.label}) for each in rows if each.offered == NO]
    more = len(said) > NAMED
    return [
        *said[:NAMED],
        *([Sentence("stats.topics.more_without", {"count": Amount(len(said) - NAMED)})] if more else []),
        *([Sentence("stats.topics.advice")] if said else []),
        *([Sentence("stats.topics.more", {"count": Amount(len(rows) - SHOWN)})] if len(rows) > SHOWN else []),
        Sentence("stats.topics.in_none", {"count": in_none}),
    ]
