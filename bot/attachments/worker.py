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
from pypdf.generic import DictionaryObject

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
    found = measured(
        _page_texts(reader, missed, lambda: process_time() > used + ENOUGH_CPU or monotonic() > begun + ENOUGH)
    )
    if len(missed) == min(len(reader.pages), MOST_PAGES_READ):
        raise Refused("broken")
    return {
        "format": "pdf", "words": found.words, "text": found.text, "pages": len(reader.pages),
        "is_cut": found.is_cut or bool(missed) or len(reader.pages) > MOST_PAGES_READ,
        "record": dict(_record(reader)), "has_more": "/Metadata" in reader.root_object,
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


def copied(data: bytes) -> bytes:
    """Return the PDF written again, without what it says about itself on no page."""
    reader = _opened(data)
    reader.trailer.pop("/Info", None)
    for kept in ("/Metadata", "/PieceInfo"):
        reader.root_object.pop(kept, None)
    writer, copy = PdfWriter(clone_from=reader), BytesIO()
    writer.metadata = None
    writer.write(copy)
    if copy.tell() > MOST_COPIED:
        raise Refused("long")
    return copy.getvalue()


if __name__ == "__main__":
    main()
