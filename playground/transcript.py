"""Write a conversation down as people would see it, with the time each step took."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from textwrap import fill
from typing import Final

import discord

WIDTH: Final = 100
LONGEST_NAME: Final = 45
"""Characters; a thread is named after its whole question."""

_USER, _CHANNEL = re.compile(r"<@!?(\d+)>"), re.compile(r"<#(\d+)>|https://discord\.com/channels/\d+/(\d+)")
_TIME: Final = re.compile(r"<t:(\d+)(?::[a-zA-Z])?>")
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u2068\u2069"))

Write = Callable[[str], None]
Names = Mapping[int, str]
"""What people, channels and threads are called, by their ids."""


class Transcript:
    """Writes messages and steps, one paragraph each."""

    def __init__(self, write: Write, names: Callable[[], Names]) -> None:
        """Write lines with `write`; `names` is asked at each message, for threads are opened on the way."""
        self._write = write
        self._names = names

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Write a heading, what happens in the block, and the milliseconds until the bot had nothing left to do."""
        self._write(f"\n== {title}")
        began = time.perf_counter()
        yield
        self._write(f"   ({(time.perf_counter() - began) * 1000:,.0f} ms)")

    def end(self, sentence: str) -> None:
        """Write the last line."""
        self._write(f"\n{sentence}")

    def note(self, sentence: str) -> None:
        """Write a sentence that no person said."""
        self._write(f"   {sentence}")

    def said(self, speaker: str, where: str, words: str | Sequence[str]) -> None:
        """Write what a person said or pressed."""
        lines = [words] if isinstance(words, str) else words
        self._write(f"\n{speaker}, {where}:")
        for line in lines:
            self._write(_indented(line))

    def message(self, speaker: str, where: str, message: discord.Message) -> None:
        """Write a message with its embeds and buttons, mentions by name."""
        self.said(speaker, where, [self._named(line) for line in _lines(message)])

    def _named(self, text: str) -> str:
        names = self._names()
        text = _USER.sub(lambda found: f"@{names.get(int(found[1]), 'someone')}", text)
        text = _CHANNEL.sub(lambda found: f"#{_short(names.get(int(found[1] or found[2]), 'a channel'))}", text)
        text = _TIME.sub(lambda found: f"{datetime.fromtimestamp(int(found[1]), UTC):%a %d %b %H:%M} UTC", text)
        return text.translate(_INVISIBLE)


def buttons(message: discord.Message) -> list[str]:
    """Return the labels of a message's buttons."""
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return [child.label or "" for row in rows for child in row.children if isinstance(child, discord.Button)]


def _lines(message: discord.Message) -> Iterator[str]:
    yield from message.content.splitlines()
    for embed in message.embeds:
        parts = [embed.title, embed.description, *(f"{field.name}: {field.value}" for field in embed.fields)]
        yield from (f"| {line}" for part in parts if part for line in part.splitlines())
        if embed.footer.text:
            yield f"| {embed.footer.text}"
    yield from (f"({each.filename})" for each in message.attachments)
    if labels := buttons(message):
        yield " ".join(f"[{label}]" for label in labels)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME].rstrip()}…"


def _indented(line: str) -> str:
    mark = "| " if line.startswith("| ") else ""
    return fill(
        line,
        WIDTH,
        initial_indent="   ",
        subsequent_indent=f"   {mark}",
        drop_whitespace=True,
        replace_whitespace=False,
    )
