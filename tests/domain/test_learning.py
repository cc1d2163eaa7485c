"""What happened moves a statement's weight: within bounds, in the right direction, and with consent."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.learning import LEAST, MOST, Labels, declared_weight, is_lowered, is_raised, learned_weight
from bot.domain.lifecycle import Outcome

COUNTS = st.integers(0, 12) | st.integers(0, 1_000)
LABELS = st.builds(Labels, COUNTS, COUNTS, COUNTS, COUNTS)
CONSENT = st.booleans()
OUTCOMES = st.sampled_from([None, *Outcome])


@given(LABELS, CONSENT, OUTCOMES)
def test_however_much_happens_a_weight_is_bounded(labels: Labels, consent: bool, outcome: Outcome | None) -> None:  # noqa: FBT001
    assert LEAST <= declared_weight(labels, learns_from_help=consent) <= MOST
    assert 0 <= learned_weight(labels, outcome) <= MOST


@given(LABELS, st.integers(1, 50), CONSENT)
def test_what_speaks_against_a_statement_never_raises_it(labels: Labels, more: int, consent: bool) -> None:  # noqa: FBT001
    before = declared_weight(labels, learns_from_help=consent)
    for changed in (replace(labels, off_topic=labels.off_topic + more), replace(labels, passed=labels.passed + more)):
        assert declared_weight(changed, learns_from_help=consent) <= before


@given(LABELS, st.integers(1, 50), CONSENT)
def test_what_speaks_for_a_statement_never_lowers_it(labels: Labels, more: int, consent: bool) -> None:  # noqa: FBT001
    before = declared_weight(labels, learns_from_help=consent)
    for changed in (replace(labels, taken=labels.taken + more), replace(labels, helped=labels.helped + more)):
        assert declared_weight(changed, learns_from_help=consent) >= before


@given(LABELS)
def test_without_consent_nothing_but_off_topic_is_looked_at(labels: Labels) -> None:
    alone = declared_weight(Labels(off_topic=labels.off_topic), learns_from_help=False)
    assert declared_weight(labels, learns_from_help=False) == alone <= 1


def test_nothing_happened_is_as_written() -> None:
    assert {declared_weight(Labels(), learns_from_help=consent) for consent in (True, False)} == {1.0}


@pytest.mark.parametrize("name", [each.name for each in fields(Labels)])
def test_every_label_counts_with_consent(name: str) -> None:
    assert declared_weight(Labels(**{name: 1}), learns_from_help=True) != 1


def test_one_is_not_my_topic_says_more_than_twenty_passes() -> None:
    off_topic, passed = Labels(off_topic=1), Labels(passed=20)
    assert declared_weight(off_topic, learns_from_help=True) < declared_weight(passed, learns_from_help=True)


def test_having_helped_says_more_than_having_meant_to() -> None:
    helped, taken = Labels(helped=1), Labels(taken=1)
    assert declared_weight(helped, learns_from_help=True) > declared_weight(taken, learns_from_help=True) > 1


@given(LABELS)
def test_what_was_learned_counts_by_what_the_asker_said(labels: Labels) -> None:
    best_first = (Outcome.HELPED, Outcome.PARTLY, None, Outcome.NOT_YET)
    weights = [learned_weight(labels, outcome) for outcome in best_first]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == declared_weight(labels, learns_from_help=True)
    assert weights[-1] == 0


def test_what_was_learned_counts_less_than_a_declaration_until_the_asker_was_helped() -> None:
    assert learned_weight(Labels(), Outcome.HELPED) == 1
    assert 0 < learned_weight(Labels(), None) < learned_weight(Labels(), Outcome.PARTLY) < 1


@given(LABELS, CONSENT)
def test_nobody_is_told_both_that_a_weight_rose_and_that_it_fell(labels: Labels, consent: bool) -> None:  # noqa: FBT001
    weight = declared_weight(labels, learns_from_help=consent)
    assert not (is_lowered(weight) and is_raised(weight))


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (Labels(), None),
        (Labels(passed=1), None),
        (Labels(taken=2), None),
        (Labels(off_topic=1), "lowered"),
        (Labels(passed=5), "lowered"),
        (Labels(taken=1, helped=1), None),
        (Labels(taken=3, helped=3), "raised"),
        (Labels(off_topic=1, helped=8), None),
    ],
)
def test_a_weight_is_marked_once_it_moved_noticeably(labels: Labels, said: str | None) -> None:
    weight = declared_weight(labels, learns_from_help=True)
    assert (is_lowered(weight), is_raised(weight)) == (said == "lowered", said == "raised")
