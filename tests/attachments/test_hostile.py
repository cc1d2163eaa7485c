"""Files of strangers: each ends in a sentence, leaves no process behind, and the next honest file is read."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest

from benchmarks import hostile
from bot.attachments.reading import Attachments
from bot.attachments.understood import Understood
from bot.errors import HouseError
from bot.texts import say
from reliability.process import children, is_alive

HONEST = hostile.honest(1)
FOREIGN, EMPTY, LONG, ENCRYPTED, BROKEN = "file.foreign", "file.empty", "file.long", "file.encrypted", "file.broken"
READ = {"8 MiB of one word", "4 million words", "words turned around"}
NO_WORDS = {"nothing at all", "8 MiB of spaces", "a million dashes", "marks that show nothing"}
TOO_LONG = {
    "a page 20,000 times", "10,000 pages", "10,000 pages that claim to be three", "400 pages that claim to be none",
    "one page that claims to be a billion",
}  # fmt: skip
WAYS_ON = ("or choose the length below.", "or give a link.")
"""What the sentence offers that ends a file: a PDF that can't be read may still be sent, and what is no draft can't."""
LOCKED = {"locked", "locked by a newer lock", "locked by a lock of no name"}
MORE = ["a second record with a billion laughs", "a questionnaire in a circle"]
UNREADABLE = {"a lock that is itself", "a record that is itself", "a record that is a list"}


@pytest.fixture
async def attachments() -> AsyncIterator[Attachments]:
    attachments = Attachments()
    yield attachments
    await attachments.close()


async def looked_into(attachments: Attachments, data: bytes) -> Understood | str:
    """Return what is understood of a file, or the key of the sentence that ends it."""
    try:
        understood = await attachments.inspect(data, wants_text=True)
    except HouseError as refusal:
        sentence, key = say(refusal.key, **refusal.params), refusal.key
    else:
        return sound(understood)
    assert sentence.endswith(WAYS_ON), sentence
    return key


def sound(understood: Understood) -> Understood:
    """Return it, if it keeps to what may be said of a file."""
    assert understood.text is not None
    assert len(understood.text.encode()) <= 256 * 1024
    assert understood.words <= 30_000
    return understood


async def outcomes(attachments: Attachments, files: Mapping[str, hostile.Maker]) -> dict[str, Understood | str]:
    """Look into each, and into an honest file after it; none leaves a process behind."""
    found, processes = {}, set()
    for name, make in files.items():
        found[name] = await looked_into(attachments, make())
        honest = await attachments.inspect(HONEST, wants_text=False)
        assert (honest.words, honest.pages, honest.is_cut) == (280, 1, False), name
        if attachments.process_id is not None:
            forks = children(attachments.process_id)
            assert len(forks) <= 1, name
            processes |= {attachments.process_id, *forks}
    await attachments.close()
    async with asyncio.timeout(10):
        # What is killed needs a moment.
        while any(map(is_alive, processes)):  # noqa: ASYNC110
            await asyncio.sleep(0)
    return found


def test_there_are_more_than_sixty() -> None:
    assert len(hostile.FILES) > 60
    assert len({make() for name, make in hostile.FILES.items() if name not in hostile.BOMBS}) > 60


async def test_what_is_neither_a_pdf_nor_text_is_refused(attachments: Attachments) -> None:
    found = await outcomes(attachments, hostile.NOT_OURS)
    expected = {**dict.fromkeys(found, FOREIGN), **dict.fromkeys(NO_WORDS, EMPTY), "8 MiB and a byte": "file.too_large"}
    assert {name: key for name, key in found.items() if isinstance(key, str)} == {
        name: key for name, key in expected.items() if name not in READ
    }


async def test_broken_pdfs_are_refused_or_read_as_far_as_they_go(attachments: Attachments) -> None:
    found = await outcomes(attachments, hostile.BROKEN)
    assert {name for name, key in found.items() if key == LONG} == TOO_LONG
    assert {key for key in found.values() if isinstance(key, str)} == {LONG, BROKEN}


async def test_bombs_use_up_only_what_one_file_may(attachments: Attachments) -> None:
    found = await outcomes(attachments, hostile.BOMBS)
    assert {key for key in found.values() if isinstance(key, str)} <= {BROKEN, "file.slow"}
    assert found["9 million words in 60 KB"] == "file.slow"
    assert found["three streams of 70 MB of spaces"] == BROKEN


async def test_odd_pdfs_say_only_what_is_on_their_pages(attachments: Attachments) -> None:
    found = await outcomes(attachments, hostile.ODD)
    refused = {**dict.fromkeys(LOCKED, ENCRYPTED), **dict.fromkeys(UNREADABLE, BROKEN)}
    assert {name: key for name, key in found.items() if isinstance(key, str)} == refused
    read = {name: each for name, each in found.items() if isinstance(each, Understood)}
    assert {each.words for each in read.values()} == {7, 280}
    assert [name for name, each in read.items() if each.has_more] == MORE
    for each in read.values():
        record = each.record or {}
        assert len(record) <= 20
        assert all(len(name) <= 100 and len(value) <= 100 for name, value in record.items())
        assert all(value.isprintable() for value in record.values())
