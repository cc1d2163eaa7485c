"""What a PDF says of its people on no page: its author hears of it, and no clean copy holds it."""

import re
import zlib
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from itertools import chain

import pytest
from pypdf import PdfReader

from benchmarks import hostile
from bot.attachments import worker
from bot.attachments.reading import Attachments

NAME = b"Ada Lovelace"
PAGES = b"<< /Type /Catalog /Pages 2 0 R %s >>"
SECOND = hostile.deflated(b"<x:xmpmeta>Ada Lovelace</x:xmpmeta>", b"/Type /Metadata /Subtype /XML")
FORM = b"/Font << /F 5 0 R >> /XObject << /G 6 0 R >>"
PICTURE = b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /Filter /DCTDecode"
SEEN = b"\xff\xe0\x00\x04JF\xff\xee\x00\x04Ad\xff\xdb\x00\x04QT"
"""Segments that say how a picture looks."""
SHOT = b"\xff\xda\x00\x08scan..\xff\xd9"


def page(entries: bytes) -> bytes:
    """Return a page with more entries than it shows."""
    return hostile.page_with(b"4 0 R").removesuffix(b">>") + entries + b" >>"


def pinned(kind: bytes, entries: bytes) -> bytes:
    """Return a page with something pinned to it."""
    return page(b"/Annots [<< /Type /Annot /Subtype %s /Rect [0 0 9 9] %s >>]" % (kind, entries))


def segment(marker: bytes, said: bytes) -> bytes:
    return b"\xff" + marker + (len(said) + 2).to_bytes(2, "big") + said


def figure(entries: bytes, *more: bytes) -> bytes:
    """Return a file with a figure that has more entries than it shows."""
    drawn = hostile.stream(b"q Q", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + entries)
    return hostile.document(b"", drawn, *more, page=hostile.page_with(b"4 0 R", FORM))


def catalog(entries: bytes, *more: bytes) -> bytes:
    return hostile.document(b"", *more, catalog=PAGES % entries)


SAYING = {
    "a record of a page": hostile.document(b"", SECOND, page=page(b"/Metadata 6 0 R")),
    "what another program left on a page": hostile.document(page=page(b"/PieceInfo << /App (Ada Lovelace) >>")),
    "a record of a figure": figure(b"/Metadata 7 0 R", SECOND),
    "where pdfTeX found a figure": figure(
        b"/PTEX.FileName (Papers of/Ada Lovelace/a.pdf) /PTEX.InfoDict << /Author (Ada Lovelace) >>"
    ),
    "what a camera wrote": hostile.document(
        b"",
        hostile.stream(
            b"\xff\xd8" + SEEN[:6] + segment(b"\xe1", b"Exif\0\0" + NAME) + segment(b"\xed", NAME) + SEEN[6:]
            + segment(b"\xfe", NAME) + SHOT, PICTURE,
        ),
        page=hostile.page_with(b"4 0 R", FORM),
    ),
    "a comment": hostile.document(page=pinned(b"/Text", b"/T (Ada Lovelace) /Contents (Is it?)")),
    "a comment in two bytes a letter": hostile.document(
        page=pinned(b"/Highlight", b"/T <FEFF%s>" % NAME.decode().encode("utf-16-be").hex().encode())
    ),
    "a file on a page": hostile.document(
        b"", hostile.deflated(NAME),
        page=pinned(b"/FileAttachment", b"/FS << /F (Ada Lovelace.tex) /EF << /F 6 0 R >> >>"),
    ),
    "files beside the pages": catalog(
        b"/Names << /EmbeddedFiles << /Names [(a) << /F (Ada Lovelace.tex) /EF << /F 6 0 R >> >>] >> >>",
        hostile.deflated(NAME),
    ),
    "names that stand elsewhere": catalog(
        b"/Names 7 0 R", hostile.deflated(NAME), b"<< /EmbeddedFiles << /Names [(Ada Lovelace) 6 0 R] >> >>"
    ),
    "a signature": catalog(
        b"/AcroForm << /Fields [6 0 R] >>", b"<< /FT /Sig /T (S) /V << /Type /Sig /Name (Ada Lovelace) >> >>"
    ),
    "an article": catalog(b"/Threads [6 0 R]", b"<< /Type /Thread /I << /Author (Ada Lovelace) >> >>"),
    "an author out of place": catalog(b"/Author (Ada Lovelace)"),
    "a link into a folder": hostile.document(
        page=pinned(b"/Link", b"/A << /S /GoToR /F (../Ada Lovelace/b.pdf) /D [0 /Fit] >>")
    ),
    "an address in a folder": hostile.document(
        page=pinned(b"/Link", b"/A << /S /URI /URI (file:///Ada Lovelace/b.pdf) >>")
    ),
    "a comment that only the outline of tags leads to": catalog(
        b"/StructTreeRoot << /K << /Type /OBJR /Obj 6 0 R >> >>",
        b"<< /Subtype /Text /Rect [0 0 9 9] /T (Ada Lovelace) >>",
    ),
}  # fmt: skip
SHOWN = hostile.document(
    b"", b"<< /Title (Methods) /Parent 7 0 R /Dest [3 0 R /Fit] >>", b"<< /First 6 0 R /Last 6 0 R /Count 1 >>",
    catalog=PAGES % b"/Outlines 7 0 R /Names << /Dests << /Names [(m) [3 0 R /Fit]] >> >> /Lang (en)",
    page=pinned(b"/Link", b"/A << /S /URI /URI (https://example.org) >>"),
)  # fmt: skip


@pytest.fixture
async def attachments() -> AsyncIterator[Attachments]:
    attachments = Attachments()
    yield attachments
    await attachments.close()


def streams(data: bytes) -> Iterator[bytes]:
    """Yield what is in the streams of a file, unpacked where it was packed."""
    for each in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            yield zlib.decompressobj().decompress(each)
        except zlib.error:
            yield each


def is_named(data: bytes) -> bool:
    """Tell whether a file has the name anywhere in it, in any of the ways to write it."""
    written = [NAME, *(NAME.decode().encode(each) for each in ("utf-16-be", "utf-16-le"))]
    ways = [*written, *(each.hex().encode() for each in written)]
    return any(way.lower() in each.lower() for each in chain([data], streams(data)) for way in ways)


@pytest.mark.parametrize("name", SAYING)
async def test_what_is_said_on_no_page_is_told_and_left_out(attachments: Attachments, name: str) -> None:
    before = await attachments.inspect(SAYING[name], wants_text=True)
    assert is_named(SAYING[name])
    assert before.has_more

    copy = await attachments.without_record(SAYING[name])

    assert not is_named(copy)
    after = await attachments.inspect(copy, wants_text=True)
    assert (after.record, after.has_more, after.text, after.pages) == ({}, False, before.text, before.pages)


async def test_an_earlier_version_is_told_though_its_record_is_replaced(attachments: Attachments) -> None:
    added = b"3 0 obj\n<< /Author (A. Nonymous) >>\nendobj\n"
    newer = hostile.honest(1) + added + b"trailer\n<< /Root 1 0 R /Info 3 0 R >>\nstartxref\n0\n%%EOF\n"
    assert is_named(newer)
    assert (await attachments.inspect(newer, wants_text=False)).has_more
    assert not is_named(await attachments.without_record(newer))


async def test_what_pages_show_and_where_they_lead_stays(attachments: Attachments) -> None:
    assert not (await attachments.inspect(SHOWN, wants_text=False)).has_more
    copy = PdfReader(BytesIO(await attachments.without_record(SHOWN)))
    assert [each.title for each in copy.outline] == ["Methods"]  # type: ignore[union-attr]  # there are no levels
    assert list(copy.named_destinations) == ["m"]
    link = copy.pages[0].annotations
    assert link is not None
    assert [each.get_object()["/A"]["/URI"] for each in link] == ["https://example.org"]
    assert "/Lang" in copy.root_object


@pytest.mark.parametrize("cut", range(0, 40, 3))
def test_a_picture_looks_as_before_and_a_broken_one_is_no_trouble(cut: int) -> None:
    whole = b"\xff\xd8" + SEEN + SHOT
    broken = whole[:cut] + segment(b"\xe1", NAME)
    assert len(worker.bare_picture(broken)) <= len(broken)
    assert worker.bare_picture(whole[:-cut] if cut else whole) == (whole[:-cut] if cut else whole)
    assert worker.bare_picture(b"\xff\xd8" + segment(b"\xe1", NAME) + SEEN + SHOT) == whole
