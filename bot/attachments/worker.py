"""Reads files of strangers, as a program of its own: `python -I worker.py`, which knows pypdf and nothing of ours.

A line of JSON asks, and as many bytes as it says follow. A line of JSON answers, and a copy's bytes follow it. A fork
with limits of its own reads each file, because what a process has used of its time is used for good.
"""

import contextlib
import json
import logging
import os
import re
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from time import monotonic, process_time
from typing import Any

from pypdf import PdfReader, PdfWriter, overwrite_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

MOST_WORDS, MOST_PAGES, MOST_PAGES_READ = 30_000, 300, 60
MOST_ENTRIES, LONGEST_ENTRY = 20, 400
MOST_ANSWERED = 256 * 1024
"""Bytes of JSON; a text is cut to fit."""
MOST_COPIED = 8 * 1024 * 1024
ENOUGH_CPU, ENOUGH = 1.5, 3.0
"""Seconds of a processor and of a clock after which no page is begun: of a long honest file, a part is measured."""
CPU, MEMORY = (2, 3), 256 * 1024 * 1024
"""Seconds of a processor until a fork is asked to end and then made to; bytes above those it begins with."""
OPEN_FILES = 16
TOO_LONG = {signal.SIGXCPU, signal.SIGKILL}
"""What ends a fork at the limit of its seconds."""
SHOWN_OF_ALL = {
    "/Type", "/Pages", "/PageLabels", "/PageLayout", "/PageMode", "/ViewerPreferences", "/Outlines", "/Dests", "/Names",
    "/OCProperties", "/StructTreeRoot", "/MarkInfo", "/Lang",
}  # fmt: skip
"""What a copy keeps of what is said for all pages: how they are shown, found and read aloud."""
SILENT = {"/OpenAction", "/Version", "/Extensions"}
"""What a copy leaves out, too, though it says nothing of people."""
SHOWN_OF_PAGE = {
    "/Type", "/Parent", "/Resources", "/Contents", "/Annots", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox",
    "/ArtBox", "/Rotate", "/UserUnit", "/Group", "/Tabs", "/StructParents",
}  # fmt: skip
"""The same of one page."""
SAID_BESIDE = {
    "/Metadata", "/PieceInfo", "/LastModified", "/AF", "/EF", "/CreatorInfo", "/PTEX.InfoDict", "/PTEX.FileName",
}  # fmt: skip
"""What any part of a PDF may have beside what it shows: records, files, and where a figure came from.
Source: ISO 32000-2; the last two are pdfTeX's."""
LEADS_AWAY = {"/GoToR", "/GoToE", "/Launch", "/JavaScript", "/SubmitForm", "/ImportData"}
"""What a link may do beside leading to a page or an address; a file's path has people's names in it."""
PROGRAMS, SCAN = b"\xe0", b"\xda"
SHOWN_OF_PICTURE = {b"\xe0", b"\xe2", b"\xee"}
"""The markers in a JPEG: the first that programs may add, the one before the picture, and of those of programs the ones
that say how it looks. Source: ITU-T T.81, annex B"""
_RUN = re.compile(r"\S+")
_CONTROLS = re.compile(r"[^\S\n]|[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class Refused(Exception):
    """This file is not read; the message is one word for why."""


@dataclass(slots=True)
class Measured:
    """How much of a text was counted."""

    words: int
    is_cut: bool
    text: str


def main() -> None:
    """Say that it is ready, then answer until the requests end."""
    logging.disable()
    # For one kind of picture, pypdf would start a program.
    overwrite_configuration(jbig2dec_binary=None)
    for kind, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(kind, (most, most))
    _send({"ready": True})
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        _answer_apart(sys.stdin.buffer.read(request["size"]), request["wants"])


def _answer_apart(data: bytes, wants: str) -> None:
    """Let a fork answer; where it couldn't, say why."""
    fork = os.fork()
    if fork == 0:
        try:
            _confine()
            _send(*answered(data, wants))
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(fork, 0)
    if status:
        _send({"refused": "slow" if os.WIFSIGNALED(status) and os.WTERMSIG(status) in TOO_LONG else "broken"})


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, CPU)
    # Only Linux says how much a process has mapped, and only there is the limit kept.
    with contextlib.suppress(OSError):
        mapped = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY, mapped + MEMORY))


def _send(answer: dict[str, Any], copy: bytes = b"") -> None:
    sys.stdout.buffer.write(fitting(answer))
    sys.stdout.buffer.write(copy)
    sys.stdout.buffer.flush()


def fitting(answer: dict[str, Any]) -> bytes:
    """Return an answer as a line, its text cut until that is short enough."""
    line = _encoded(answer)
    while len(line) > MOST_ANSWERED:
        answer["text"] = answer["text"][: len(answer["text"]) * 3 // 4]
        line = _encoded(answer)
    return line


def _encoded(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def answered(data: bytes, wants: str) -> tuple[dict[str, Any], bytes]:
    """Return what is asked for, or one word for why not, and the bytes of a copy."""
    try:
        if wants == "copy":
            copy = copied(data)
            return {"size": len(copy)}, copy
        answer = _pdf(data) if data.startswith(b"%PDF-") else _text(data)
    except Refused as refusal:
        return {"refused": str(refusal)}, b""
    except Exception:  # noqa: BLE001 - pypdf leaves it to its caller what a file makes it raise
        return {"refused": "broken"}, b""
    return answer if wants == "text" else {**answer, "text": None}, b""


def _text(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("foreign") from None
    if "\0" in text:
        raise Refused("foreign")
    found = measured([text])
    if not found.words:
        raise Refused("empty")
    return {"format": "text", "words": found.words, "is_cut": found.is_cut, "text": found.text}


def _pdf(data: bytes) -> dict[str, Any]:
    used, begun = process_time(), monotonic()
    reader = _opened(data)
    missed: list[int] = []

    def is_late() -> bool:
        return process_time() > used + ENOUGH_CPU or monotonic() > begun + ENOUGH

    found = measured(_page_texts(reader, missed, is_late))
    if len(missed) == min(len(reader.pages), MOST_PAGES_READ):
        raise Refused("broken")
    return {
        "format": "pdf", "words": found.words, "text": found.text, "pages": len(reader.pages),
        "is_cut": found.is_cut or bool(missed) or len(reader.pages) > MOST_PAGES_READ,
        "record": dict(_record(reader)),
        "has_more": _has_versions(data) or _says_more(reader, is_late),
    }  # fmt: skip


def _opened(data: bytes) -> PdfReader:
    """Open a PDF of a bearable number of pages; what it says about that is asked before they are looked for."""
    try:
        reader = PdfReader(BytesIO(data))
    except (DependencyError, FileNotDecryptedError, NotImplementedError):
        raise Refused("encrypted") from None
    if reader.is_encrypted:
        raise Refused("encrypted")
    pages = reader.root_object["/Pages"]
    claimed = pages.get("/Count") if isinstance(pages, DictionaryObject) else None
    if isinstance(claimed, int) and claimed > MOST_PAGES:
        raise Refused("long")
    if not reader.pages:
        raise Refused("broken")
    if len(reader.pages) > MOST_PAGES:
        raise Refused("long")
    return reader


def _page_texts(reader: PdfReader, missed: list[int], is_late: Callable[[], bool]) -> Iterator[str]:
    """Yield what is on each page, as far as there is time, and note the pages that couldn't be read."""
    for number, page in enumerate(islice(reader.pages, MOST_PAGES_READ)):
        if is_late():
            if number == 0:
                raise Refused("slow")
            missed.append(number)
            return
        try:
            yield page.extract_text()
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - one odd page is no reason to refuse the others
            missed.append(number)


def _record(reader: PdfReader) -> Iterator[tuple[str, str]]:
    for name, kept in islice((reader.metadata or {}).items(), MOST_ENTRIES):
        value = kept.get_object()
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        if isinstance(value, str):
            yield name.removeprefix("/")[:LONGEST_ENTRY], value[:LONGEST_ENTRY]


def measured(pieces: Iterable[str]) -> Measured:
    """Count words, which have a letter or a digit, and keep the text up to the last one that is counted."""
    found, kept = Measured(0, is_cut=False, text=""), []
    for piece in pieces:
        end = _counted(piece, found)
        kept.append(piece[:end])
        if found.is_cut:
            break
    found.text = _CONTROLS.sub(" ", "\n".join(kept)[:MOST_ANSWERED])
    return found


def _counted(piece: str, found: Measured) -> int:
    """Count on, and return where in this piece the last word ends."""
    end = 0
    for run in _RUN.finditer(piece):
        if any(map(str.isalnum, run.group())):
            if found.words == MOST_WORDS:
                found.is_cut = True
                break
            found.words += 1
            end = run.end()
    return end


def _has_versions(data: bytes) -> bool:
    """Tell whether a PDF was changed by adding to it, so that what it said before is still in it."""
    is_in_two = b"/Linearized" in data[:1024]
    return data.count(b"%%EOF") > 1 + is_in_two


def _says_more(reader: PdfReader, is_late: Callable[[], bool]) -> bool:
    """Tell whether a copy would leave anything out beside the record; True where there is no time to see."""
    try:
        return any(is_late() or is_said for is_said in _bared(reader))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - what can't be looked through may say anything
        return True


def copied(data: bytes) -> bytes:
    """Return the PDF written again, without what it says about itself and its people on no page."""
    reader = _opened(data)
    reader.trailer.pop("/Info", None)
    for _ in _bared(reader):
        pass
    writer, copy = PdfWriter(clone_from=reader), BytesIO()
    writer.metadata = None
    writer.write(copy)
    if copy.tell() > MOST_COPIED:
        raise Refused("long")
    return copy.getvalue()


def _bared(reader: PdfReader) -> Iterator[bool]:
    """Leave only what pages show, part after part; yield for each whether anything was left out that says something."""
    root = reader.root_object
    left_out = root.keys() - SHOWN_OF_ALL
    names = _held(root, "/Names")
    unshown = names.keys() - {"/Dests"} if isinstance(names, DictionaryObject) else set()
    _leave_out(root, left_out)
    if isinstance(names, DictionaryObject):
        _leave_out(names, unshown)
    yield bool((left_out | unshown) - SILENT)
    for part in _parts(root):
        yield _is_bared(part)


def _parts(root: DictionaryObject) -> Iterator[DictionaryObject]:
    """Yield every dictionary once that can be reached."""
    seen, left = set[tuple[int, int]](), list[Any]([root])
    while left:
        each = left.pop()
        if isinstance(each, IndirectObject):
            if (place := (each.idnum, each.generation)) in seen:
                continue
            seen.add(place)
            each = each.get_object()
        if isinstance(each, DictionaryObject):
            yield each
            left += each.values()
        elif isinstance(each, ArrayObject):
            left += each


def _is_bared(part: DictionaryObject) -> bool:
    """Leave out of one part what it says beside what is shown, and tell whether that was anything."""
    if _is_pinned(part) or part.get("/S") in LEADS_AWAY or str(part.get("/URI", "")).startswith("file:"):
        part.clear()
        return True
    beside = part.keys() & SAID_BESIDE
    is_page = part.get("/Type") == "/Page"
    _leave_out(part, beside | (part.keys() - SHOWN_OF_PAGE if is_page else set()))
    pinned = _held(part, "/Annots") if is_page else None
    if isinstance(pinned, ArrayObject):
        links = [each for each in pinned if not _is_pinned(each.get_object())]
        beside |= {"/Annots"} if len(links) < len(pinned) else set()
        pinned[:] = links
    return _is_bared_picture(part) or bool(beside)


def _is_pinned(part: object) -> bool:
    """Tell whether this is a comment, a field or a file on a page, which name people; a link is none."""
    return isinstance(part, DictionaryObject) and "/Rect" in part and part.get("/Subtype", "/Link") != "/Link"


def _is_bared_picture(part: DictionaryObject) -> bool:
    if not isinstance(part, StreamObject) or _held(part, "/Filter") not in ("/DCTDecode", ["/DCTDecode"]):
        return False
    whole = part._data  # noqa: SLF001 - pypdf gives it only decoded
    part._data = bare_picture(whole)  # noqa: SLF001
    return len(part._data) < len(whole)  # noqa: SLF001


def bare_picture(data: bytes) -> bytes:
    """Return a JPEG without what programs wrote into it about who made it, and where."""
    kept, at = [data[:2]], 2
    while data[at : at + 1] == b"\xff" and (marker := data[at + 1 : at + 2]) not in {b"", SCAN}:
        end = at + 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
        if marker < PROGRAMS or marker in SHOWN_OF_PICTURE:
            kept.append(data[at:end])
        at = end
    return b"".join([*kept, data[at:]])


def _held(part: DictionaryObject, name: str) -> Any:  # noqa: ANN401 - a stranger's file says which it is
    """Return what a part holds under a name, wherever in the file that stands; None where there is nothing."""
    return part[name] if name in part else None  # noqa: SIM401 - `get` doesn't look where it stands


def _leave_out(part: DictionaryObject, names: Iterable[str]) -> None:
    for each in list(names):
        part.pop(each, None)


if __name__ == "__main__":
    main()
