"""Looking into what an author hands in: whatever happens there, they read a sentence and can go on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from bot.attachments.understood import NEUTRAL_NAMES, Format, Understood
from bot.domain.draft_reading import DraftPart, DraftSection, is_too_long, parts
from bot.domain.draft_sections import sections
from bot.domain.limits import Deed
from bot.domain.wording import clean_line, is_said, without_turns
from bot.errors import HouseError
from bot.services import limits
from bot.services.feedback.drafting_results import HandedIn
from bot.services.ports import Begin, Files

LONGEST_NAME, LONGEST_PART = 80, 200
"""Characters of a file's name, and of what a part is called by."""

_ENDING = re.compile(r"\.[a-zA-Z0-9]{1,8}$")
_PDF = b"%PDF-"
_UNSAFE = '\\/:*?"<>|@#`_~[]()'
"""What ends a path, or means something to Discord or to a file system."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking into a file."""

    name: str = field(repr=False)
    content: bytes | None = field(repr=False, default=None)
    """None: it can't be sent."""
    format: Format | None = None
    words: int = 0
    """0: its author has to say."""
    found: dict[str, Any] | None = field(repr=False, default=None)
    """What is kept of the look as long as the file waits."""
    refusal: HouseError | None = None


async def count_file(begin: Begin, guild_id: int, user_id: int, now: datetime) -> None:
    """Count one more file that a person hands in, before anything of it is fetched, for it is work whatever it holds.

    Raises:
        LimitReached: they handed in as many as one person may in a day.
    """
    async with begin() as work:
        await work.lock(guild_id)
        await work.guilds.ensure(guild_id, now)
        member = await work.members.ensure(guild_id, user_id, now)
        await limits.hold(work, member.id, Deed.HAND_IN, now)


async def look_into(files: Files, handed_in: HandedIn) -> Looked:
    """Fetch a file and count its words; a PDF that can't be read may still be sent, for readers may open it."""
    try:
        content = await handed_in.fetch()
    except HouseError as refusal:
        return Looked(handed_in.name, refusal=refusal)
    try:
        found = await files.inspect(content, wants_text=True)
    except HouseError as refusal:
        is_pdf = content.startswith(_PDF)
        name = file_name(handed_in.name, Format.PDF)
        return Looked(name, content if is_pdf else None, Format.PDF if is_pdf else None, refusal=refusal)
    return Looked(file_name(handed_in.name, found.format), content, found.format, found.words, note(found))


async def look_again(files: Files, content: bytes, user_id: int) -> Understood | None:
    """Return what a person's kept file is; None where it can't be read now."""
    try:
        async with files.turn(user_id):
            return await files.inspect(content, wants_text=True)
    except HouseError:
        return None


def note(found: Understood) -> dict[str, Any]:
    """Return what is kept of a look into a file as long as the file waits: what its author may have to see again."""
    text = found.text if is_too_long(found.words) else None
    divided = [[each.title, each.words] for each in sections(text)] if text else []
    return {"record": dict(found.record or {}), "has_more": found.has_more, "sections": divided}


def noted_sections(found: dict[str, Any] | None) -> list[DraftSection]:
    """Return how a file is divided, as it was noted."""
    return [DraftSection(title, words) for title, words in found["sections"]] if found else []


def parts_of(words: int, divided: Sequence[DraftSection]) -> tuple[DraftPart, ...]:
    """Return in which parts a draft may be asked for, along its headings where there are any; none where it's short."""
    if not is_too_long(words):
        return ()
    counted = sum(each.words for each in divided)
    # Of a file that was read in part only, the headings say too little.
    is_whole = len(divided) > 1 and counted * 10 >= words * 9
    return tuple(parts(divided if is_whole else [DraftSection("", words)]))


def part_name(number: int, parts: Sequence[DraftPart]) -> str:
    """Return what a part is called by, like "2/3: Methods · Results"."""
    titles = " · ".join(each for each in parts[number - 1].titles if each)
    place = f"{number}/{len(parts)}"
    return f"{place}: {titles}"[:LONGEST_PART] if titles else place


def file_name(written: str, kind: Format) -> str:
    """Return a name under which a file may be sent: a name and nothing else, with the ending of what it is."""
    neutral = PurePosixPath(NEUTRAL_NAMES[kind])
    line = clean_line(without_turns(written))
    safe = "".join(" " if each in _UNSAFE else each for each in line)
    stem, _, ending = safe.rpartition(".") if _ENDING.search(safe) else (safe, "", "")
    shown = " ".join(stem.split()).strip(". ")[:LONGEST_NAME]
    is_kept = kind is Format.TEXT and ending.casefold() in {"md", "txt"}
    suffix = f".{ending.casefold()}" if is_kept else neutral.suffix
    return f"{shown if is_said(shown) else neutral.stem}{suffix}"


def neutral_name(kind: str | None) -> str:
    """Return the name under which a file gives no one away."""
    return NEUTRAL_NAMES[Format.PDF if kind == "pdf" else Format.TEXT]
