"""Files as authors hand them in."""

from typing import Final

_HEAD: Final = b"%PDF-1.7\n"
_PARTS: Final = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    b"",
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    b"<< /Author (Amina) /Title (Notes) >>",
)
"""The objects of a document with one page, whose words come fourth, and with what it says about itself."""


def pdf(words: str) -> bytes:
    """Return a PDF of one page with these words, which have no brackets, and with its author's name."""
    drawn = f"BT /F1 8 Tf 40 800 Td ({words}) Tj ET".encode("ascii")
    page = b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn)
    whole, places = bytearray(_HEAD), list[int]()
    for number, part in enumerate(_PARTS, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%b\nendobj\n" % (number, part or page)
    count, table = len(places) + 1, b"".join(b"%010d 00000 n \n" % each for each in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\n" % count
    ending = b"xref\n0 %d\n0000000000 65535 f \n%b%bstartxref\n%d\n%%%%EOF\n" % (count, table, trailer, len(whole))
    return bytes(whole + ending)
