"""Topics: the clusters of a year whose topics are known, as by hand; and what no helper offers."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from bot.domain.disclosure import Amount, Share, Told
from bot.domain.statistics import PanelName
from bot.routing.ports import Vectors
from bot.statistics.topics import NO_TOPIC, clustered, offered
from bot.statistics.words import sentence
from bot.ui import limits
from bot.ui.statistics import panel
from playground.year import RARELY_ANSWERED, TOPICS, Matter, Size, Year, text_of
from tests.statistics.by_hand import WEEK, count, first_answer, wilson
from tests.statistics.conftest import NOW, Show

FIRST_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)


def until() -> datetime:
    """Return the last boundary of four weeks that is a week ago at least."""
    return FIRST_MONDAY + (NOW - WEEK - FIRST_MONDAY) // (4 * WEEK) * 4 * WEEK


def asked_publicly(drawn: Year) -> list[Matter]:
    """Return the public questions of twelve weeks, each wording once."""
    chosen = [
        each for each in drawn.questions if until() - 12 * WEEK <= each.at < until() and each.visibility == "public"
    ]
    return list({text_of(each): each for each in reversed(chosen)}.values())


async def test_each_topic_is_as_by_hand(drawn: Year, show: Show) -> None:
    shown, rates = (await show(PanelName.TOPICS)).tables

    found = {row.label: row.cells for row in shown.rows}
    assert len(found) == len(TOPICS)
    for topic, (name, words) in enumerate(TOPICS):
        (label,) = (each for each in found if set(each.split(" · ")) <= set(f"{name} {words}".split()))
        own = [each for each in asked_publicly(drawn) if each.topic == topic]
        some = count(own, lambda each: (at := first_answer(each, until() + WEEK)) and at - each.at <= WEEK)
        asked, answered, has_helper = found[label]
        assert asked == Amount(len(own))
        assert isinstance(answered, Share)
        assert (answered.part, answered.of) == (some / len(own), len(own))
        assert (answered.low, answered.high) == pytest.approx(wilson(some, len(own)), abs=1e-6)
        assert has_helper == Told(f"stats.topics.{'not_' if topic == RARELY_ANSWERED else ''}offered")
        for word in label.split(" · "):
            assert len({each.asker_id for each in own if word in text_of(each).lower()}) >= 3
    assert [row.cells for row in rates.rows] == [(row.cells[1],) for row in shown.rows]


async def test_the_one_that_is_answered_least_comes_first_and_no_one_offers_it(show: Show) -> None:
    found = await show(PanelName.TOPICS)

    parts = [row.cells[1].part for row in found.tables[0].rows if isinstance(row.cells[1], Share)]
    assert parts == sorted(parts)
    first = found.tables[0].rows[0].label
    assert {"analysis", "survival"} < set(first.split(" · "))
    said = [sentence(each, "en") for each in found.sentences]
    assert said[0] == f"No one offers *{first}*."
    assert said[-1].startswith("In no topic: 0 questions")


async def test_it_is_the_same_for_four_weeks_and_every_time(show: Show) -> None:
    first = await show(PanelName.TOPICS, 4, until() + WEEK)

    assert first.weeks.until == until()
    last = await show(PanelName.TOPICS, 12, until() + 5 * WEEK - WEEK / 1000)
    assert (last.tables, last.sentences) == (first.tables, first.sentences)


async def test_it_fits_into_one_message(show: Show) -> None:
    assert len(panel(await show(PanelName.TOPICS), "en").content) <= limits.MESSAGE


@pytest.mark.parametrize("size", [Size(3, 40, 30), Size(4, 1, 10), Size(2, 0, 10), Size(40, 30, 20)])
async def test_of_few_questions_no_topics_are_made(size: Size, small: Callable[[Size], Awaitable[Show]]) -> None:
    found = await (await small(size))(PanelName.TOPICS)

    assert (found.tables, found.picture) == ((), None)
    assert sentence(found.sentences[0], "en").startswith("Fewer than 30 public questions")


async def test_of_three_people_nothing_is_said(small: Callable[[Size], Awaitable[Show]]) -> None:
    found = await (await small(Size(3, 400, 30)))(PanelName.TOPICS)

    assert [row for each in found.tables for row in each.rows] == []
    assert sentence(found.sentences[0], "en") == "No five questions of five people are close enough to be a topic."


async def test_before_the_bot_came_there_is_nothing(show: Show) -> None:
    assert (await show(PanelName.TOPICS, 4, datetime(2020, 1, 1, tzinfo=UTC))).tables == ()


def around(middles: Vectors, each: int, noise: float, seed: int = 0) -> Vectors:
    """Return so many vectors near each of some, of unit length."""
    near = np.repeat(middles, each, axis=0)
    return unit(near + noise * np.random.default_rng(seed).normal(size=near.shape))


def unit(vectors: np.ndarray) -> Vectors:
    found: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return found


def middles(count: int) -> Vectors:
    return unit(np.random.default_rng(7).normal(size=(count, 96)))


def test_questions_that_lie_close_are_a_topic_and_the_others_are_in_none() -> None:
    vectors = np.concatenate([around(middles(4), 8, 0.02), unit(np.random.default_rng(1).normal(size=(10, 96)))])

    found = clustered(vectors, np.arange(len(vectors)))

    assert [set(found[place * 8 : place * 8 + 8].tolist()) for place in range(4)] == [
        {found[place * 8]} for place in range(4)
    ]
    assert set(found.tolist()) == {NO_TOPIC, 0, 1, 2, 3}
    assert found[32:].tolist().count(NO_TOPIC) >= 9


def test_a_topic_of_few_askers_or_of_one_who_outweighs_is_none() -> None:
    vectors = around(middles(4), 12, 0.02)
    everyone = np.arange(48)
    everyone[:12] = [1, 2, 3, 4] * 3
    everyone[12:24] = [20] * 7 + [21, 22, 23, 24, 25]

    found = clustered(vectors, everyone)

    assert set(found[:24].tolist()) == {NO_TOPIC}
    assert set(found[24:].tolist()) == {0, 1}


@pytest.mark.parametrize("shared", [0.0, 1.0, 4.0], ids=["far apart", "closer", "all close together"])
@pytest.mark.parametrize("unrelated", [0, 40])
def test_a_topic_that_no_statement_is_near_is_offered_by_no_one(shared: float, unrelated: int) -> None:
    """What lies between unrelated texts differs from encoder to encoder; that changes no answer."""
    direction = middles(9)[8]
    questions = around(unit(middles(8) + shared * direction), 10, 0.03 / (1 + shared))
    lines = around(unit(middles(8)[:6] + shared * direction), 4, 0.06 / (1 + shared), seed=1)
    others = unit(unit(np.random.default_rng(3).normal(size=(max(unrelated, 1), 96))) + shared * direction)[:unrelated]

    found = offered(questions, np.repeat(np.arange(8), 10), np.concatenate([lines, others]))

    assert found is not None
    assert found.tolist() == [True] * 6 + [False] * 2


def test_without_helpers_nothing_is_offered() -> None:
    found = offered(around(middles(3), 5, 0.02), np.repeat(np.arange(3), 5), np.empty((0, 96), np.float32))

    assert found is not None
    assert found.tolist() == [False] * 3


def test_of_one_or_two_topics_it_can_t_be_told() -> None:
    assert offered(around(middles(2), 5, 0.02), np.repeat(np.arange(2), 5), around(middles(2), 1, 0.02)) is None
