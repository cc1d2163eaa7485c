import re
from dataclasses import replace
from typing import Any

import pytest

from bot.routing.ports import Evidence
from bot.services.results import Explanation
from bot.texts import say
from bot.ui import limits, render
from bot.ui.explain import explanation, explanations, figures
from bot.ui.looks import called
from tests.factories import NOW
from tests.ui.shown import EXTREMES, LONGEST_ID, question


def an_explanation(**chosen: object) -> Explanation:
    facts: dict[str, Any] = {
        "invitation_id": 1, "request": question(), "asked_at": NOW, "reason": "CTC loss", "is_learned": False,
        "evidence": Evidence(dense=1.0, profile=-2.0, bm25=0.5, tfidf=-1.0), "expertise": 3.14159, "availability": 1.0,
        "freshness": 1.0, "wave": 1, "is_exploratory": False, "policy_version": "2",
    }  # fmt: skip
    return Explanation(**(facts | chosen))


def told(**chosen: object) -> str:
    return explanation(an_explanation(**chosen), "en")


def test_every_part_is_told_in_words_and_the_figures_apart() -> None:
    result = an_explanation(wave=2, is_exploratory=True)
    heading, *lines = explanation(result, "en").splitlines()

    where = render.link(LONGEST_ID, LONGEST_ID - 2)
    assert heading == say("why.heading", when=f"<t:{int(NOW.timestamp())}:R>", thread=where)
    assert lines == [
        f"- {each}"
        for each in (
            say("why.reason", reason="\u2068CTC loss\u2069"),
            say("why.meaning.near"),
            say("why.words.some"),
            say("why.habit.middling"),
            say("why.rested"),
            say("why.exploratory"),
        )
    ]
    numbers = say("why.numbers", expertise="3.14", availability="1.00", freshness="1.00", wave=2, version="2")
    assert figures([result], "en").splitlines() == [heading, f"- {numbers}"]


def test_words_hold_no_figure() -> None:
    told = explanation(an_explanation(expertise=272.1, availability=0.72, freshness=0.31), "en").partition("\n")[2]
    assert not re.search(r"\d", told)


@pytest.mark.parametrize(
    ("reason", "is_learned", "key"),
    [("CTC loss", False, "reason"), ("CTC loss", True, "learned_reason"), (None, False, "no_reason")],
)
def test_the_statement_is_told_by_where_it_came_from(reason: str | None, key: str, *, is_learned: bool) -> None:
    assert say(f"why.{key}", reason="\u2068CTC loss\u2069") in told(reason=reason, is_learned=is_learned)


@pytest.mark.parametrize(
    ("amount", "step"),
    [(9.0, "nearest"), (2.0, "nearest"), (1.99, "near"), (0.5, "near"), (0.49, "middling"), (-0.5, "middling"),
     (-0.51, "far"), (-9.0, "far")],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["dense", "profile"])
def test_nearness_in_meaning_has_words(amount: float, step: str, kind: str) -> None:
    other = "profile" if kind == "dense" else "dense"
    assert say(f"why.meaning.{step}") in told(evidence=Evidence(**{kind: amount, other: -10.0}))


@pytest.mark.parametrize(("amount", "step"), [(1.0, "many"), (0.99, "some"), (0.01, "some"), (-0.01, "few")])
@pytest.mark.parametrize("kind", ["bm25", "tfidf"])
def test_shared_words_have_words(amount: float, step: str, kind: str) -> None:
    other = "tfidf" if kind == "bm25" else "bm25"
    assert say(f"why.words.{step}") in told(evidence=Evidence(**{kind: amount, other: -10.0}))


@pytest.mark.parametrize(("amount", "step"), [(1.3, "often"), (1.29, "middling"), (0.75, "middling"), (0.74, "seldom")])
def test_habit_has_words(amount: float, step: str) -> None:
    assert say(f"why.habit.{step}") in told(availability=amount)


@pytest.mark.parametrize(("freshness", "key"), [(1.0, "why.rested"), (0.87, "why.asked_before")])
def test_rest_has_words(freshness: float, key: str) -> None:
    assert say(key) in told(freshness=freshness)


def test_what_was_the_same_for_everybody_says_nothing() -> None:
    shown = told(evidence=Evidence())

    assert not any(say(f"why.meaning.{step}") in shown for step in ("nearest", "near", "middling", "far"))
    assert not any(say(f"why.words.{step}") in shown for step in ("many", "some", "few"))
    assert say("why.habit.middling") in shown


def test_whoever_was_never_asked_reads_so() -> None:
    assert explanations([], "en") == say("why.never")


def test_it_says_what_is_meant_where_no_thread_is_there_or_can_be_opened() -> None:
    asked = question(thread_id=None)
    heading = told(request=asked).splitlines()[0]

    assert heading.endswith(called(asked, "en"))
    assert "discord.com" not in heading
    assert say("draft.withdrawn_title") in told(request=replace(asked, text="", is_withdrawn=True))


@pytest.mark.parametrize("extreme", EXTREMES)
def test_as_many_as_fit_are_shown_newest_first(extreme: str) -> None:
    many = [an_explanation(reason=extreme, is_exploratory=True, policy_version=str(number)) for number in range(9)]

    shown = explanations(many, "en")

    assert len(shown) <= limits.MESSAGE
    assert shown.startswith(explanation(many[0], "en"))


def test_three_usual_ones_fit() -> None:
    shown = explanations([an_explanation(), an_explanation(wave=2), an_explanation(wave=3)], "en")

    assert shown.count("Why I asked you") == 3
    assert len(shown) <= limits.MESSAGE
