"""What is understood of honest files."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from benchmarks import hostile
from bot.attachments import worker
from bot.attachments.reading import Attachments
from bot.attachments.understood import Format
from bot.errors import Invalid
from bot.texts import say

AUTHOR = "Ada Lovelace"
SECOND_RECORD = hostile.document(
    b"", hostile.stream(b"<x:xmpmeta>Ada Lovelace</x:xmpmeta>", b"/Type /Metadata /Subtype /XML"),
    b"<< /Author (Ada Lovelace) >>",
    catalog=b"<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R /PieceInfo << /App (Ada Lovelace) >> >>",
    trailer=b"/Root 1 0 R /Info 7 0 R",
)  # fmt: skip


@pytest.fixture
async def attachments() -> AsyncIterator[Attachments]:
    attachments = Attachments()
    yield attachments
    await attachments.close()


async def test_pdf_is_measured_and_says_what_it_says_of_its_author(attachments: Attachments) -> None:
    found = await attachments.inspect(hostile.honest(12), wants_text=False)
    assert (found.format, found.pages, found.words, found.is_cut) == (Format.PDF, 12, 12 * 280, False)
    assert found.record == {"Author": AUTHOR, "Title": "Notes on the engine"}
    assert not found.has_more
    assert found.text is None


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"(Ada\\nLovelace)", "Ada Lovelace"),
        (b"<FEFF004100640061>", "Ada"),
        (b"<4164619F>", "Ada"),
        (b"/Ada", "/Ada"),
        (b"(%s)" % (b"a" * 101), "a" * 100),
    ],
)
async def test_what_a_record_says_is_shown_in_any_encoding(
    attachments: Attachments, written: bytes, shown: str
) -> None:
    found = await attachments.inspect(hostile.honest(1, b"<< /Author %s >>" % written), wants_text=False)
    assert found.record == {"Author": shown}


async def test_text_is_given_only_where_it_is_asked_for(attachments: Attachments) -> None:
    assert (await attachments.inspect(b"two words", wants_text=False)).text is None
    assert (await attachments.inspect(b"two words", wants_text=True)).text == "two words"
    pdf = await attachments.inspect(hostile.honest(1), wants_text=True)
    assert pdf.text is not None
    assert pdf.text.split()[:4] == ["Blank", "labels", "help", "the"]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("One, two — three!", 3),
        ("# A heading\n\n* a *list*\n\n```\nx = 1\n```", 6),
        ("\ufeffun mémoire", 2),
        ("Καλημέρα κόσμε", 2),
        ("3 + 4 = 7", 3),
    ],
)
async def test_text_is_measured_in_words(attachments: Attachments, written: str, words: int) -> None:
    found = await attachments.inspect(written.encode(), wants_text=True)
    assert (found.format, found.words, found.pages, found.record) == (Format.TEXT, words, None, None)
    assert found.text is not None
    assert "\ufeff" not in found.text


async def test_controls_in_a_text_become_spaces(attachments: Attachments) -> None:
    found = await attachments.inspect(b"a\x1b[31mb\r\nc\td", wants_text=True)
    assert found.text == "a [31mb \nc d"


@pytest.mark.parametrize(("count", "counted", "is_cut"), [(30_000, 30_000, False), (30_001, 30_000, True)])
async def test_words_are_counted_to_a_limit(attachments: Attachments, count: int, counted: int, is_cut: bool) -> None:  # noqa: FBT001
    found = await attachments.inspect(b"a " * count, wants_text=True)
    assert (found.words, found.is_cut) == (counted, is_cut)
    assert found.text is not None
    assert len(found.text.split()) == counted


async def test_text_of_long_words_is_cut_to_what_may_be_answered(attachments: Attachments) -> None:
    found = await attachments.inspect('"\\é'.encode() * 500_000, wants_text=True)
    assert found.text is not None
    assert 100_000 < len(found.text.encode()) <= worker.MOST_ANSWERED


async def test_only_the_first_pages_are_read(attachments: Attachments) -> None:
    found = await attachments.inspect(hostile.honest(61), wants_text=False)
    assert (found.pages, found.words, found.is_cut) == (61, 60 * 280, True)


async def test_three_hundred_pages_are_the_most(attachments: Attachments) -> None:
    assert (await attachments.inspect(hostile.many_pages(300, b"300"), wants_text=False)).pages == 300
    with pytest.raises(Invalid, match=r"file\.long") as caught:
        await attachments.inspect(hostile.many_pages(301, b"301"), wants_text=False)
    assert str(worker.MOST_PAGES) in say(caught.value.key)


async def test_pdf_of_pictures_has_no_words(attachments: Attachments) -> None:
    found = await attachments.inspect(hostile.many_pages(3, b"3"), wants_text=False)
    assert (found.pages, found.words, found.is_cut) == (3, 0, False)


async def test_page_that_cant_be_read_is_left_out(attachments: Attachments) -> None:
    odd = hostile.document(
        b"", hostile.page_with(b"7 0 R"), hostile.stream(b"x", b"/Filter /Nonsense"),
        pages=b"<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>",
    )  # fmt: skip
    found = await attachments.inspect(odd, wants_text=False)
    assert (found.pages, found.words, found.is_cut) == (2, 7, True)


async def test_what_is_said_on_no_page_can_be_left_out(attachments: Attachments) -> None:
    before = await attachments.inspect(SECOND_RECORD, wants_text=True)
    assert (before.record, before.has_more) == ({"Author": AUTHOR}, True)
    copy = await attachments.without_record(SECOND_RECORD)
    after = await attachments.inspect(copy, wants_text=True)
    assert (after.record, after.has_more, after.text) == ({}, False, before.text)
    assert AUTHOR.encode() not in copy
    assert not PdfReader(BytesIO(copy)).metadata


async def test_copy_of_earlier_versions_keeps_only_the_last(attachments: Attachments) -> None:
    old = hostile.honest(1)
    at = len(old)
    added = b"3 0 obj\n<< /Author (A. Nonymous) >>\nendobj\n"
    newer = old + added + b"xref\n3 1\n%010d 00000 n \ntrailer\n<< /Size 7 /Root 1 0 R /Info 3 0 R /Prev %d >>\n" % (
        at, old.rindex(b"xref\n0")
    ) + b"startxref\n%d\n%%%%EOF\n" % (at + len(added))  # fmt: skip
    assert (await attachments.inspect(newer, wants_text=False)).record == {"Author": "A. Nonymous"}
    copy = await attachments.without_record(newer)
    assert AUTHOR.encode() not in copy
    assert b"Nonymous" not in copy


@pytest.mark.parametrize("data", [b"no PDF", hostile.HEADER, hostile.many_pages(301, b"301")])
async def test_copy_that_cant_be_made_is_refused(attachments: Attachments, data: bytes) -> None:
    with pytest.raises(Invalid, match=r"file\.no_copy"):
        await attachments.without_record(data)


async def test_file_without_a_name_is_called_by_its_content(attachments: Attachments) -> None:
    assert (await attachments.inspect(b"words", wants_text=False)).neutral_name == "draft.txt"
    assert (await attachments.inspect(hostile.honest(1), wants_text=False)).neutral_name == "draft.pdf"


def test_worker_stands_alone() -> None:
    source = Path(worker.__file__).read_text()
    assert "from bot" not in source
    assert "import bot" not in source
