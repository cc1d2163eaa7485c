"""Files that a stranger might send to do harm, or by mistake: made here, so that none of them lies about."""

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import cache

MIB = 1024 * 1024
HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
CATALOG, ONE_PAGE = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
WORDS = b"BT /F 12 Tf 72 720 Td (Blank labels help the words to align) Tj ET"

Maker = Callable[[], bytes]


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return a stream as an object's content."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def deflated(data: bytes, entries: bytes = b"") -> bytes:
    """Return a compressed stream as an object's content."""
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


def pdf(objects: Sequence[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Return a file of objects, numbered from 1, with a table that is right about where they are."""
    whole, places = bytearray(HEADER), []
    for number, each in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(whole) + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, trailer, len(whole)
    )  # fmt: skip


def document(content: bytes = b"", *more: bytes, catalog: bytes = CATALOG, pages: bytes = ONE_PAGE, page: bytes = PAGE,
             font: bytes = FONT, trailer: bytes = b"/Root 1 0 R") -> bytes:  # fmt: skip
    """Return a file of one page, any part of it another than it should be; what is `more` has the numbers from 6."""
    return pdf([catalog, pages, page, content or stream(WORDS), font, *more], trailer)


def honest(pages: int = 12, record: bytes = b"<< /Author (Ada Lovelace) /Title (Notes on the engine) >>") -> bytes:
    """Return a paper of a number of pages with 7 × 40 words each."""
    lines = b"BT /F 12 Tf 14 TL 72 720 Td " + b"(Blank labels help the words to align) Tj T* " * 40 + b"ET"
    kids = b" ".join(b"%d 0 R" % (6 + number) for number in range(pages))
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages)
    return pdf([CATALOG, tree, record, deflated(lines), FONT, *[PAGE] * pages], b"/Root 1 0 R /Info 3 0 R")


def many_pages(count: int, claimed: bytes) -> bytes:
    """Return a file of many pages that claims a number of them."""
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(count))
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    return pdf([CATALOG, b"<< /Type /Pages /Kids [%s] /Count %s >>" % (kids, claimed), b"null", *[leaf] * count])


@cache
def blank(mebibytes: int) -> bytes:
    """Return a compressed stream of nothing but spaces."""
    return deflated(b" " * (mebibytes * 1_000_000))


def page_with(contents: bytes, resources: bytes = b"/Font << /F 5 0 R >>") -> bytes:
    """Return a page with other contents."""
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents %s /Resources << %s >> >>" % (
        contents,
        resources,
    )


def zipped(name: str, content: bytes) -> bytes:
    """Return an archive of one file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def forms(levels: int, calls: int) -> bytes:
    """Return a page whose form calls a form several times, which calls a form several times, and so on."""
    uses = [b"/X Do " * calls] * levels + [WORDS]
    made = [
        stream(use, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F 5 0 R >> /XObject"
               b" << /X %d 0 R >> >>" % (6 + min(number + 1, levels)))
        for number, use in enumerate(uses)
    ]  # fmt: skip
    return document(stream(b"/X Do"), *made, page=page_with(b"4 0 R", b"/XObject << /X 6 0 R >>"))


def appended(prev: bytes) -> bytes:
    """Return a file whose table says that an earlier one is at `prev`."""
    return document(trailer=b"/Root 1 0 R /Prev " + prev)


def at_its_table(entry: bytes) -> bytes:
    """Return a file whose table says that something more of it is where the table itself is."""
    whole = document(trailer=b"/Root 1 0 R %s 0000000000" % entry)
    return whole.replace(b"%s 0000000000" % entry, b"%s %010d" % (entry, whole.rindex(b"xref\n0 ")))


def cross_stream(entries: bytes) -> bytes:
    """Return a file with a table in a stream, which begins at byte 15."""
    return HEADER + b"1 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        stream(b"\0" * 60, b"/Type /XRef /Size 9 /W [1 2 1] /Root 1 0 R " + entries), len(HEADER)
    )  # fmt: skip


def in_object_stream(entries: bytes, content: bytes) -> bytes:
    """Return a file whose catalog is in an object stream, number 2, of a table in a stream, number 3."""
    packed = b"2 0 obj\n%s\nendobj\n" % stream(content, b"/Type /ObjStm " + entries)
    at = len(HEADER) + len(packed)
    rows = [(0, 0), (2, 2), (1, len(HEADER)), (1, at)]
    table = b"".join(bytes([kind, *place.to_bytes(2, "big"), 0]) for kind, place in rows)
    made = stream(table, b"/Type /XRef /Size 4 /W [1 2 1] /Root 1 0 R")
    return HEADER + packed + b"3 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (made, at)


def run_lengths(count: int) -> bytes:
    """Return spaces as the oldest of the filters packs them: two bytes for 128."""
    return b"\x81 " * count + b"\x80"


NOT_OURS: dict[str, Maker] = {
    "nothing at all": bytes,
    "8 MiB and a byte": lambda: b"a" * (8 * MIB + 1),
    "8 MiB of spaces": lambda: b" " * (8 * MIB),
    "8 MiB of zeros": lambda: b"\0" * (8 * MIB),
    "8 MiB of one word": lambda: b"a" * (8 * MIB),
    "4 million words": lambda: b"a " * (4 * MIB),
    "a million dashes": lambda: b"- " * MIB,
    "a word and a zero": lambda: b"word\0",
    "UTF-16": lambda: "A draft about CTC".encode("utf-16"),
    "UTF-16 without a mark": lambda: "A draft about CTC".encode("utf-16-le"),
    "UTF-32": lambda: "A draft about CTC".encode("utf-32"),
    "Latin-1": lambda: "résumé".encode("latin-1"),
    "UTF-8 cut short": lambda: "é".encode()[:1],
    "UTF-8 longer than it may be": lambda: b"\xc0\xaf" * 2,
    "half of a surrogate pair": lambda: b"word \xed\xa0\x80",
    "marks that show nothing": "\u202e\u200b\u2060 \u2066".encode,
    "words turned around": "\u202egnp.tfard\u2069 @everyone [x](https://example.org)".encode,
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "a program": lambda: b"\x7fELF\2\1\1" + b"\0" * 100,
    "an archive": lambda: zipped("../../etc/passwd", b"x" * 100),
    "an archive that grows a thousandfold": lambda: zipped("draft.pdf", b" " * (40 * MIB)),
    "a Word file": lambda: zipped("[Content_Types].xml", b"<Types/>"),
    "PDF after 1 KB of HTML": lambda: b"<p>" + b" " * 1024 + honest(1),
    "PDF after a mark": lambda: b"\xef\xbb\xbf" + honest(1),
}
BROKEN: dict[str, Maker] = {
    "a header alone": lambda: HEADER,
    "a header and noise": lambda: HEADER + bytes(range(256)) * 400,
    "half of a file": lambda: honest()[:1500],
    "no table": lambda: honest(1).partition(b"xref\n")[0],
    "a table beyond the end": lambda: HEADER + b"startxref\n99999999\n%%EOF",
    "a table before the beginning": lambda: HEADER + b"startxref\n-5\n%%EOF",
    "a table at a number of 5,000 digits": lambda: HEADER + b"startxref\n" + b"9" * 5000 + b"\n%%EOF",
    "a table of ten million lines": lambda: document().replace(b"xref\n0 6", b"xref\n0 9999999"),
    "objects before the beginning": lambda: document().replace(b"0000000015 00000 n", b"-000000015 00000 n"),
    "a table before itself": lambda: at_its_table(b"/Prev"),
    "a table's stream at the table": lambda: at_its_table(b"/XRefStm"),
    "a table before the beginning of all": lambda: appended(b"-1"),
    "a stream of a table before itself": lambda: cross_stream(b"/Prev 15"),
    "a stream of a table with widths below zero": lambda: cross_stream(b"/W [-1 -2 -1]"),
    "a stream of a table with an endless index": lambda: cross_stream(b"/Index [0 999999999]"),
    "an object stream in itself": lambda: in_object_stream(b"/N 1 /First 4", b"1 0 << /Type /Catalog /Pages 2 0 R >>"),
    "an object stream that goes on in itself": lambda: in_object_stream(b"/N 1 /First 4 /Extends 2 0 R", b"1 0 1 0 R"),
    "an object stream of a billion": lambda: in_object_stream(b"/N 999999999 /First -7", b"1 0 null"),
    "no root": lambda: document(trailer=b""),
    "a root that is a number": lambda: document(catalog=b"42"),
    "a root that is itself": lambda: document(catalog=b"1 0 R"),
    "no pages": lambda: document(catalog=b"<< /Type /Catalog >>"),
    "pages that are a text": lambda: document(pages=b"(pages)"),
    "pages that are themselves": lambda: document(pages=b"2 0 R"),
    "an empty list of pages": lambda: document(pages=b"<< /Type /Pages /Kids [] /Count 0 >>"),
    "a page that is its own page": lambda: document(pages=b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "pages in a circle": lambda: document(page=b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>"),
    "a page of a wrong type": lambda: document(page=b"<< /Type /Font >>"),
    "a page that is a number": lambda: document(page=b"7"),
    "a page 20,000 times": lambda: document(pages=b"<< /Type /Pages /Kids [%s] /Count 1 >>" % (b"3 0 R " * 20_000)),
    "10,000 pages": lambda: many_pages(10_000, b"10000"),
    "10,000 pages that claim to be three": lambda: many_pages(10_000, b"3"),
    "400 pages that claim to be none": lambda: many_pages(400, b"-1"),
    "one page that claims to be a billion": lambda: many_pages(1, b"1000000000"),
    "a number of pages of 4,000 digits": lambda: many_pages(1, b"9" * 4000),
    "a number of pages of 100,000 digits": lambda: many_pages(1, b"9" * 100_000),
    "a number of pages that is itself": lambda: document(b"4 0 R", pages=ONE_PAGE.replace(b"1 >>", b"4 0 R >>")),
}  # fmt: skip
BOMBS: dict[str, Maker] = {
    "three streams of 70 MB of spaces": lambda: document(
        blank(70), blank(70), blank(70), page=page_with(b"[4 0 R 6 0 R 7 0 R]")
    ),
    "9 million operators in 90 KB": lambda: document(deflated(b"0 g " * 9_000_000)),
    "9 million words in 60 KB": lambda: document(deflated(b"BT /F 9 Tf " + b"(a)Tj " * 3_000_000 + b"ET")),
    "compressed twice": lambda: document(
        stream(zlib.compress(zlib.compress(b" " * 70_000_000)), b"/Filter [/FlateDecode /FlateDecode]")
    ),
    "a hundred filters": lambda: document(stream(b"x", b"/Filter [%s]" % (b"/ASCIIHexDecode " * 100))),
    "runs of 64 MB": lambda: document(stream(run_lengths(500_000), b"/Filter /RunLengthDecode")),
    "a picture's filter": lambda: document(stream(b"\x97JB2\r\n\x1a\n" + b"\xff" * 99, b"/Filter /JBIG2Decode")),
    "a filter of no name": lambda: document(stream(WORDS, b"/Filter /Nonsense")),
    "rows of a billion columns": lambda: document(
        deflated(b"\2" * 99, b"/DecodeParms << /Predictor 12 /Columns 999999999 >>")
    ),
    "rows of minus one column": lambda: document(deflated(b"\2" * 99, b"/DecodeParms << /Predictor 12 /Columns -1 >>")),
    "contents a hundred thousand times": lambda: document(page=page_with(b"[%s]" % (b"4 0 R " * 100_000))),
    "contents that are themselves": lambda: document(b"4 0 R"),
    "contents in a circle": lambda: document(b"6 0 R", b"4 0 R"),
    "a length that is the stream's own": lambda: document(b"<< /Length 4 0 R >>\nstream\n%s\nendstream" % WORDS),
    "a length below zero": lambda: document(b"<< /Length -9 >>\nstream\n%s\nendstream" % WORDS),
    "a length of a terabyte": lambda: document(b"<< /Length 1099511627776 >>\nstream\n%s\nendstream" % WORDS),
    "a form that calls itself": lambda: forms(0, 1).replace(WORDS, b"/X Do ".ljust(len(WORDS))),
    "forms that call forms, ten to the ninth": lambda: forms(9, 10),
    "a picture that never ends": lambda: document(stream(b"BI /W 9 /H 9 ID " + b"x" * MIB)),
    "a million states kept": lambda: document(deflated(b"q " * 1_000_000)),
    "a number of a million digits": lambda: document(deflated(b"9" * MIB + b" 0 Td")),
    "half a million lists in each other": lambda: document(deflated(b"[" * 500_000)),
    "lists in each other in the catalog": lambda: document(catalog=CATALOG[:-2] + b"/X " + b"[" * 100_000 + b">>"),
    "tables in each other in the catalog": lambda: document(catalog=CATALOG[:-2] + b"/X << " * 50_000 + b">>"),
    "brackets in each other": lambda: document(catalog=CATALOG[:-2] + b"/X " + b"(" * 500_000 + b">>"),
    "a font that stands for all there is": lambda: document(
        b"", deflated(b"1 beginbfrange <00000000> <ffffffff> <0000> endbfrange"),
        font=FONT[:-2] + b"/ToUnicode 6 0 R >>",
    ),
    "a font that descends from itself": lambda: document(
        font=b"<< /Type /Font /Subtype /Type0 /BaseFont /A /DescendantFonts [5 0 R] /Encoding 5 0 R >>"
    ),
    "8 MiB of remarks": lambda: HEADER + b"%\n" * (4 * MIB - 100) + b"startxref\n15\n%%EOF",
    "a name of a megabyte": lambda: document(catalog=CATALOG[:-2] + b"/" + b"A" * MIB + b" 1 >>"),
}  # fmt: skip
ODD: dict[str, Maker] = {
    "locked": lambda: document(
        b"", b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>" % (b"00" * 32, b"11" * 32),
        trailer=b"/Root 1 0 R /ID [<00> <00>] /Encrypt 6 0 R",
    ),
    "locked by a newer lock": lambda: document(
        b"", b"<< /Filter /Standard /V 5 /R 6 /Length 256 /O <%s> /U <%s> /OE <%s> /UE <%s> /Perms <%s> /P -4"
        b" /CF << /StdCF << /CFM /AESV3 >> >> /StmF /StdCF /StrF /StdCF >>"
        % (b"00" * 48, b"11" * 48, b"22" * 32, b"33" * 32, b"44" * 16),
        trailer=b"/Root 1 0 R /ID [<00> <00>] /Encrypt 6 0 R",
    ),
    "locked by a lock of no name": lambda: document(
        b"", b"<< /Filter /Nobody /V 99 >>", trailer=b"/Root 1 0 R /Encrypt 6 0 R"
    ),
    "a lock that is itself": lambda: document(b"", b"6 0 R", trailer=b"/Root 1 0 R /Encrypt 6 0 R"),
    "PDF and an archive": lambda: honest(1) + zipped("draft.exe", b"MZ"),
    "PDF and 2 MiB of noise": lambda: honest(1) + bytes(range(256)) * 8192,
    "a record with markup, turned around": lambda: honest(
        1, b"<< /Author <FEFF202E004000650076006500720079006F006E0065> /Title (**[x]\\(https://a.org\\)**\\n# `a`) >>"
    ),
    "a record of a megabyte": lambda: honest(1, b"<< /Author (%s) /Title (%s) >>" % (b"a" * MIB, b"b" * MIB)),
    "a record of 20,000 things": lambda: honest(
        1, b"<< %s >>" % b" ".join(b"/K%d (\\001\\002\\003%s)" % (n, b"\\037" * 40) for n in range(20_000))
    ),
    "a record that is itself": lambda: honest(1, b"3 0 R"),
    "a record that is a list": lambda: honest(1, b"[1 2 3]"),
    "a second record with a billion laughs": lambda: document(
        b"", stream(b"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><x>&b;</x>", b"/Type /Metadata"),
        catalog=CATALOG[:-2] + b"/Metadata 6 0 R >>",
    ),
    "a script and a file inside": lambda: document(
        b"", b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>", catalog=CATALOG[:-2] + b"/OpenAction 6 0 R >>"
    ),
    "headings in a circle": lambda: document(
        b"", b"<< /First 6 0 R /Last 6 0 R /Next 6 0 R /Title (a) >>", catalog=CATALOG[:-2] + b"/Outlines 6 0 R >>"
    ),
    "a questionnaire in a circle": lambda: document(
        b"", b"<< /Fields [6 0 R] /Kids [6 0 R] /XFA [(a) 6 0 R] >>", catalog=CATALOG[:-2] + b"/AcroForm 6 0 R >>"
    ),
}  # fmt: skip
FILES: dict[str, Maker] = {**NOT_OURS, **BROKEN, **BOMBS, **ODD}
"""What each is, and how to make it."""
