import pytest

from evaluation.published import Bar
from evaluation.report import HEADINGS, Value, lines, table


@pytest.mark.parametrize(
    ("bar", "value", "is_met"),
    [(Bar(0.68), 0.675, True), (Bar(0.68), 0.674, False), (Bar(0.2, is_most=True), 0.204, True),
     (Bar(0.2, is_most=True), 0.206, False)],
)  # fmt: skip
def test_a_bar_is_compared_with_as_many_digits_as_it_has(bar: Bar, value: float, *, is_met: bool) -> None:
    assert bar.is_met(value) is is_met


def test_a_line_stands_beside_its_baselines_and_its_bar() -> None:
    scores = {"swa": {"n": 3, "hit@1": [0.5, 0.25, 0.75]}, "macro": {"hit@1": 0.5}}
    simpler = {"English encoder alone": {"swa": {"n": 3, "hit@1": [0.25, 0.0, 0.5]}}}
    swahili, macro = lines("xquestions", "xquestions", scores, simpler)
    assert swahili.cells() == [
        "xquestions", "xquestions", "hit@1 swa", "3", "0.500 (0.250–0.750)", "English encoder alone 0.250",
        "0.900 (e5-small)", "", "",
    ]  # fmt: skip
    assert macro.cells()[-2:] == ["≥ 0.80", "NO"]
    assert macro.record()["is_met"] is False


def test_a_community_kept_aside_has_no_bar() -> None:
    resampled = {each: [0.5, 0.4, 0.6] for each in ("hit@1", "hit@5", "MRR", "nDCG@10", "mAUC")}
    scores = resampled | {"n": 9, "n_mAUC": 7, "load3": 0.1}
    found = lines("routing_aside", "routing", scores, {"random": scores})
    assert [line.questions for line in found] == [9, 9, 9, 9, 7, 9]
    assert all(line.bar is None and line.is_met is None for line in found)
    assert found[-1].value == Value(0.1)


def test_the_table_is_markdown() -> None:
    head, rule, row = table(HEADINGS, [["x"] * len(HEADINGS)]).splitlines()
    assert len(head) == len(rule) == len(row)
    assert rule.count("|") == len(HEADINGS) + 1
