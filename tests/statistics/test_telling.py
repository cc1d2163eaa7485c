"""Words of topics: they tell what is asked about, and nothing of who asked."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.statistics.telling import AskedText, labels


def label(*texts: str, is_english: bool | None = True, beside: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the words of a topic in which each text is another person's, beside a topic of others."""
    own = [AskedText(number, each, is_english) for number, each in enumerate(texts)]
    others = [AskedText(100 + number, each, is_english) for number, each in enumerate(beside)]
    return labels(own + others, [0] * len(own) + [1] * len(others))[0]


@pytest.mark.parametrize(
    "text",
    [
        "is anything known by Anna here", "we met. Then Anna Lindqvist and Anna came", "it's anna@example.org",
        "see https://example.org/paper", "it's on example.org", "ask <@123456789012345678> or @anna", "in #helpers",
        "about :thinking: it", "it is <t:1700000000:R>", "it says 404 or 3.14 or 1e5", "call 0171/555", "in data/anna",
        "see `frobnicate the thing`", "see ```frobnicate\nthe thing```", "see ```frobnicate the thing", "a_variable=b",
        "Anna", "Anna. Anna! Anna? Anna: Anna… Anna", "10. Anna",
    ],
)  # fmt: skip
def test_names_addresses_mentions_and_numbers_are_no_words_of_a_topic(text: str) -> None:
    assert set(label(*[text] * 5)) <= {"known", "met", "came", "call", "says", "anna"} - (
        {"anna"} if "Anna" in text else set()
    )


def test_a_word_that_is_mostly_written_small_is_no_name() -> None:
    assert label("Survival. Some survival", "Survival here", "about Survival, survival and survival") == ("survival",)


def test_what_is_all_capitals_or_joined_is_no_name() -> None:
    assert label(*["the MRI and PyTorch"] * 3) == ("mri", "pytorch")


@pytest.mark.parametrize(("askers", "found"), [([1, 2, 3], ("censored",)), ([1, 2, 2, 2], ()), ([1] * 9, ())])
def test_three_people_must_have_used_a_word(askers: list[int], found: tuple[str, ...]) -> None:
    texts = [AskedText(each, "censored censored", is_english=True) for each in askers]

    assert labels(texts, [0] * len(texts)) == {0: found}


def test_people_who_used_it_in_another_topic_don_t_count() -> None:
    texts = [AskedText(each, "censored", is_english=True) for each in (1, 2, 3, 4)]

    assert labels(texts, [0, 0, 1, 1]) == {0: (), 1: ()}


def test_words_that_few_others_use_come_first() -> None:
    own = ["censored cohort models", "cohort models", "censored models cohort", "censored cohort models"]
    beside = ("models", "models", "models of sites", "sites", "sites")

    assert label(*own, beside=beside) == ("cohort", "censored", "models")
    # Of the two topics' words, 11 and 6, the mean is 8.5.
    assert 4 * math.log(1 + 8.5 / 4) > 3 * math.log(1 + 8.5 / 3) > 4 * math.log(1 + 8.5 / 7) * 0.9


def test_of_two_forms_of_a_word_one_is_shown() -> None:
    assert label(*["cohort cohorts hazards hazard censored sites"] * 3) == ("censored", "cohort", "hazard")


@pytest.mark.parametrize(
    ("text", "is_english", "found"),
    [
        ("What should I do with the censored data? Thanks for any help", True, ("censored", "data")),
        ("Comment puis-je faire pour les données censurées ? Merci", False, ("censurées", "données")),
        ("Como posso usar os dados censurados? Obrigado", False, ("censurados", "dados")),
        ("Ninawezaje kutumia takwimu hizi? Tafadhali nisaidie", False, ("takwimu",)),
        ("كيف أستطيع تحليل البقاء؟ شكرا", False, ("البقاء", "تحليل")),
        ("Comment does the censored die", None, ("censored",)),
    ],
)  # fmt: skip
def test_common_words_tell_nothing_in_their_language(
    text: str,
    is_english: bool | None,  # noqa: FBT001
    found: tuple[str, ...],
) -> None:
    assert label(*[text] * 3, is_english=is_english) == found


WORDS = st.sampled_from(
    ["censored", "cohort", "Anna", "sites", "the", "x1", "@bob", "hazard", "MRI", "بقاء", "e.g.", "."]
)
TEXTS = st.lists(
    st.tuples(st.integers(0, 6), st.lists(WORDS, max_size=8).map(" ".join), st.integers(-1, 2)), min_size=1, max_size=40
)


@given(TEXTS)
def test_every_word_that_is_shown_was_used_by_three(drawn: list[tuple[int, str, int]]) -> None:
    texts = [AskedText(asker, text, is_english=None) for asker, text, _ in drawn]

    for topic, words in labels(texts, [topic for *_, topic in drawn]).items():
        for word in words:
            assert len({asker for asker, text, own in drawn if own == topic and word in text.lower().split()}) >= 3
            assert re.fullmatch(r"[^\W\d_]+", word)
            assert word != "anna"
