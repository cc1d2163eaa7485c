"""The rules of the program that reads files, without its process."""

import json

import pytest

from benchmarks import hostile
from bot.attachments import worker
from bot.attachments.child import LONGEST_LINE


def refused(data: bytes, wants: str = "facts") -> object:
    return worker.answered(data, wants)[0].get("refused")


@pytest.mark.parametrize("name", [*hostile.NOT_OURS, *hostile.ODD])
def test_answer_is_one_short_line(name: str) -> None:
    line, copy = worker.answered(hostile.FILES[name](), "text")
    assert copy == b""
    fitting = worker.fitting(line)
    assert fitting.endswith(b"\n")
    assert fitting.count(b"\n") == 1
    assert len(fitting) <= LONGEST_LINE + 1
    assert ("refused" in json.loads(fitting)) == ("refused" in line)


@pytest.mark.parametrize("name", hostile.BROKEN)
def test_broken_pdf_is_refused_with_one_word_or_read(name: str) -> None:
    assert refused(hostile.FILES[name]()) in {None, "broken", "long"}


def test_text_is_left_out_unless_asked_for() -> None:
    assert worker.answered(b"two words", "facts")[0] == {"format": "text", "words": 2, "is_cut": False, "text": None}


@pytest.mark.parametrize(("late", "words", "missed"), [([False, False], 560, []), ([False, True], 280, [1])])
def test_no_page_is_begun_late(late: list[bool], words: int, missed: list[int]) -> None:
    noted: list[int] = []
    reader = worker._opened(hostile.honest(2))
    found = worker.measured(worker._page_texts(reader, noted, lambda: late.pop(0)))
    assert (found.words, noted) == (words, missed)


def test_pdf_that_is_late_before_its_first_page_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "ENOUGH", -1)
    assert refused(hostile.honest(2)) == "slow"


def test_pdf_of_which_no_page_can_be_read_is_broken() -> None:
    nonsense = hostile.document(hostile.stream(b"x", b"/Filter /Nonsense"))
    assert refused(nonsense) == "broken"
    page = hostile.page_with(b"4 0 R")
    kids = b"<< /Type /Pages /Kids [%s] /Count 61 >>" % (b"3 0 R " * 61)
    assert refused(hostile.document(hostile.stream(b"x", b"/Filter /Nonsense"), pages=kids, page=page)) == "broken"


def test_copy_is_no_larger_than_a_file_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    assert worker.answered(hostile.honest(1), "copy")[1].startswith(b"%PDF-")
    monkeypatch.setattr(worker, "MOST_COPIED", 100)
    assert refused(hostile.honest(1), "copy") == "long"
