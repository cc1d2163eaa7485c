"""What an encoder died on is read alone, then no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing import suspects as suspects_module
from bot.routing.suspects import Suspects


@given(st.lists(st.tuples(st.booleans(), st.lists(st.sampled_from("abcd"), max_size=4))))
def test_two_failures_without_a_success_between_them_refuse_a_text(steps: list[tuple[bool, list[str]]]) -> None:
    suspects = Suspects()
    failures = dict.fromkeys("abcd", 0)
    for has_failed, texts in steps:
        (suspects.blame if has_failed else suspects.clear)(texts)
        for text in texts:
            failures[text] = failures[text] + 1 if has_failed else 0
    for text, times in failures.items():
        assert suspects.goes_alone(text) is (times >= 1)
        assert suspects.is_refused(text) is (times >= 2)


def test_only_so_many_are_remembered_the_latest_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspects_module, "MOST", 2)
    suspects = Suspects()
    suspects.blame(["a", "b", "c"])
    assert [suspects.goes_alone(text) for text in "abc"] == [False, True, True]


def test_no_word_is_remembered() -> None:
    suspects = Suspects()
    suspects.blame(["someone's words", "\ud800"])
    assert "words" not in repr(vars(suspects))
