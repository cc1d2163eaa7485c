"""What is said about a question as it stands, over the questions of questions.toml, and over any text at all."""

import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ask_well import Findings, Hint, examine, hint
from bot.domain.everyday import ASKING, CHOICE, COMMON, EVERYDAY, FIELDS, FURTHER, GRAMMAR

LONGEST = 1_500
SLOWEST = 0.05
"""Seconds of processor time."""

JUDGED = {"en", "fr"}


@dataclass(frozen=True, slots=True)
class Question:
    """One written question, and what should be said about it."""

    text: str
    language: str
    tried: str | None = None
    hint: str | None = None
    or_else: str | None = None
    held_out: bool = False
    known_miss: bool = False

    @property
    def said(self) -> Hint | None:
        return hint(self.text, self.tried)


WRITTEN = [
    Question(**written)
    for written in tomllib.loads((Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))["questions"]
]
VAGUE = [each for each in WRITTEN if each.hint]
SPECIFIC = [each for each in WRITTEN if not each.hint and each.language in JUDGED]
FOREIGN = [each for each in WRITTEN if each.language not in JUDGED]


def share_flagged(questions: Iterable[Question], *, held_out: bool) -> float:
    said = [each.said for each in questions if each.held_out is held_out]
    return sum(each is not None for each in said) / len(said)


def test_each_question_gets_the_hint_it_should() -> None:
    known = [each for each in WRITTEN if not each.known_miss]
    wrong = [(each.text, each.said) for each in known if each.said not in {each.hint, each.or_else or each.hint}]
    assert not wrong


def test_the_misses_that_are_known_are_still_missed() -> None:
    mended = [each.text for each in WRITTEN if each.known_miss and each.said == each.hint]
    assert not mended


@pytest.mark.parametrize("held_out", [False, True])
def test_no_question_that_can_be_answered_is_ever_flagged(held_out: bool) -> None:  # noqa: FBT001
    assert share_flagged(SPECIFIC, held_out=held_out) == 0
    assert share_flagged(FOREIGN, held_out=held_out) == 0


@pytest.mark.parametrize(("held_out", "least"), [(False, 0.9), (True, 0.7)])
def test_most_vague_questions_are_seen(held_out: bool, least: float) -> None:  # noqa: FBT001
    assert share_flagged(VAGUE, held_out=held_out) >= least


def test_every_hint_is_mostly_the_one_expected() -> None:
    for expected in Hint:
        said = [each.said for each in VAGUE if each.hint == expected and each.said]
        assert said.count(expected) / len(said) >= 0.8


def test_enough_of_each_kind_was_written() -> None:
    for held_out in (False, True):
        for language in JUDGED:
            for kind in (VAGUE, SPECIFIC):
                assert sum(each.language == language and each.held_out is held_out for each in kind) >= 15
        assert sum(each.held_out is held_out for each in FOREIGN) >= 10
    assert len({each.text for each in WRITTEN}) == len(WRITTEN)


TEXTS = st.text(max_size=LONGEST)
PHRASES = st.lists(
    st.sampled_from(
        [*sorted(GRAMMAR | FIELDS)[::7], "?", "\n", ",", ".", "can anyone", "y a-t-il", "j'ai", "CTC", "loss"]
    ),
    max_size=300,
).map(lambda words: " ".join(words)[:LONGEST])


@given(TEXTS | PHRASES, st.none() | TEXTS)
def test_any_text_is_judged_and_explained(text: str, tried: str | None) -> None:
    assert hint(text, tried) in {None, *Hint}
    assert isinstance(examine(text), Findings)


@given(PHRASES | st.sampled_from([each.text for each in WRITTEN]), st.sampled_from(["", " ", "\n", "\t \n", "\u3000"]))
def test_outer_white_space_and_capitals_make_no_difference(text: str, space: str) -> None:
    expected = examine(text)
    assert examine(f"{space}{text}{space}") == expected
    assert examine(text.lower()) == expected
    assert examine(text.upper()) == expected


@pytest.mark.parametrize("question", WRITTEN, ids=lambda question: question.text[:30])
def test_capitals_make_no_difference_to_what_was_written(question: Question) -> None:
    assert examine(question.text.upper()) == examine(question.text.lower()) == examine(question.text)


@given(TEXTS.filter(lambda text: text.upper().casefold() == text.casefold()))
def test_capitals_make_no_difference_in_any_script(text: str) -> None:
    assert hint(text.upper()) == hint(text.lower())


REPEATED = "a|a |?|.|, |-|'|n't|anyone |can anyone please be able to |does a |j'|y a |qu'est-ce que |why |ﷺ|İ|words "


@pytest.mark.parametrize("repeated", [*REPEATED.split("|"), "\n", "a\u0301", "\U0001f600"])
def test_the_longest_text_takes_no_time(repeated: str) -> None:
    text = (repeated * LONGEST)[:LONGEST]
    began = time.process_time()
    hint(text)
    assert time.process_time() - began < SLOWEST


@pytest.mark.parametrize("text", ["", " ", "?", "…", "12345", "\U0001f600 \U0001f600", "()"])
def test_nothing_is_said_where_no_word_is(text: str) -> None:
    assert hint(text) is None


def test_what_they_tried_is_part_of_the_question() -> None:
    text = "It doesn't work, any idea?"
    assert hint(text) is Hint.NO_OBJECT
    assert hint(text, "") is Hint.NO_OBJECT
    assert hint(text, "I set batch_first=True and swapped the LSTM for a GRU.") is None


def test_fewer_than_twenty_words_alone_are_no_reason() -> None:
    found = examine("What is the difference between CTC and RNN-T loss?")
    assert found.words == 9
    assert found.named == ("ctc", "rnn", "loss")
    assert found.asks_fact
    assert hint("I find attention masks confusing, what is the best resource you know?") is None


def test_the_findings_say_why() -> None:
    assert examine("Any ML tips?").named == ()
    assert examine("Is anyone here good at statistics?").asks_to_ask
    assert examine("Could somebody please help me with LaTeX?").asks_to_ask
    assert not examine("Can I ask why softmax saturates?").asks_to_ask
    assert not examine("I work on CTC for Wolof.").asks
    assert not examine("Naomba msaada kuhusu mfano wangu wa lugha.").is_read


def test_a_common_word_names_something_only_in_company() -> None:
    assert examine("How do I write a good paper?").named == ()
    assert examine("How do I write a rebuttal?").named == ("write", "rebuttal")
    assert examine("Python or TensorFlow?").named == ("python", "tensorflow")
    assert examine("Tips for Python?").named == ()


def test_accents_may_be_left_out() -> None:
    for question in WRITTEN:
        if question.language == "fr" and question.said is not None:
            assert hint(question.text.translate(str.maketrans("éèêàâçîïôùûœÉÀ", "eeeaaciiouuoEA"))) is question.said


def test_no_word_stands_in_two_lists_or_could_never_be_met() -> None:
    lists = (GRAMMAR, FIELDS, COMMON, EVERYDAY)
    assert sum(map(len, lists)) == len(frozenset().union(*lists))
    assert all(word.isascii() and word.isalpha() and word.islower() for each in lists for word in each)
    assert all(word.isascii() and word.isalpha() and word.islower() for word in ASKING | CHOICE | FURTHER)
