"""Plain English is kept: no stiff word in what people read, short sentences, and an easy grade."""

import pytest

from tests.house.plain_english import (
    WORD,
    Passage,
    code,
    figures,
    grade,
    page,
    pages,
    plain,
    sections,
    sentences,
    stiff,
    syllables,
    texts,
)

GRADE = 7.0
MEAN_OF_TEXTS, LONGEST_OF_TEXTS = 12.0, 25
MEAN_OF_PAGES, LONGEST_OF_PAGES = 15.0, 60
PAGES = [name for name in pages() if name != "CHANGELOG.md"]
STIFF_OF_PAGES, STIFF_OF_CODE = 1.0, 0.5
"""Among a thousand words: a page may quote one."""
MEAN_OF_CODE = 15.0

STIFF = "Whoever asked is told by nobody whom they know."
HARD = "The multilingual representation facilitates approximate correspondence between unfamiliar communities."
PLAIN = "I asked one person who may know. You don't have to wait here."


def test_no_text_uses_a_stiff_word() -> None:
    assert sentences(texts())
    assert not stiff(texts())


def test_the_sentences_of_texts_are_short() -> None:
    assert figures(texts()).length <= MEAN_OF_TEXTS
    assert not [each for each in sentences(texts()) if words(each) > LONGEST_OF_TEXTS]


def test_every_section_of_texts_is_easy_to_read() -> None:
    found = {name: read for name, passages in sections().items() if (read := sentences(passages))}
    assert len(found) > len(sections()) / 2
    hard = {
        name: sorted(read, key=lambda each: -grade([each]))[:3] for name, read in found.items() if grade(read) > GRADE
    }
    assert not hard


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_plain(name: str) -> None:
    found = figures(page(name))
    assert found.stiff <= STIFF_OF_PAGES, stiff(page(name))
    assert not [each for each in sentences(page(name)) if words(each) > LONGEST_OF_PAGES]


def test_the_pages_together_are_easy_to_read() -> None:
    found = figures([passage for name in PAGES for passage in page(name)])
    assert found.length <= MEAN_OF_PAGES
    assert found.grade <= GRADE


@pytest.mark.parametrize("folder", ["bot", "cogs", "models", "migrations", "playground"])
def test_docstrings_and_comments_are_plain(folder: str) -> None:
    found = figures(code(folder))
    assert found.stiff <= STIFF_OF_CODE, stiff(code(folder))
    assert found.length <= MEAN_OF_CODE


def test_the_measure_tells_plain_from_stiff() -> None:
    assert stiff([Passage("here", STIFF)]) == [Passage("here", STIFF)]
    assert figures([Passage("here", STIFF)]).stiff == pytest.approx(1000 * 3 / 9)
    assert not stiff([Passage("here", PLAIN)])
    assert figures([Passage("here", PLAIN)]).length == pytest.approx(13 / 2)


def test_the_measure_tells_plain_from_hard() -> None:
    assert grade([Passage("here", HARD)]) > GRADE > grade(sentences([Passage("here", PLAIN)]))


def test_the_measure_refuses_to_judge_nothing() -> None:
    for nothing in ([], [Passage("here", "")], [Passage("here", "One label")]):
        with pytest.raises(AssertionError):
            figures(nothing)


def test_the_measure_reads_words_and_no_marks() -> None:
    assert plain("**Run** `/ask`, *then* [read](docs/OPERATIONS.md) {this}: DATABASE_URL") == (
        "Run Code, then read Name: DATABASE_URL"
    )


@pytest.mark.parametrize(
    ("word", "count"),
    [("ask", 1), ("time", 1), ("question", 2), ("answered", 3), ("community", 4), ("don't", 1), ("SQL", 1)],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def words(passage: Passage) -> int:
    return len(WORD.findall(passage.text))
