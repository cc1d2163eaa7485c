"""One `/ask` in a small simulated Discord, with the whole unmodified bot in it, written down call by call."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Final

import simcord
from discord import Permissions
from pydantic import SecretStr

from bot.app import App, application
from bot.jobs.sweeps import Sweep
from bot.keeping import migrate
from bot.settings import Settings
from playground.setting import OPENING, PlaygroundClock

PROFILE: Final = {"statements": "CTC loss, forced alignment", "languages": "English", "clock": "UTC 0-23:59"}
QUESTION: Final = {
    "question": "My CTC model puts every word a few frames late. How do I find out whether the labels are wrong?",
    "kind": ["stuck"],
    "urgency": ["today"],
    "visibility": ["public"],
}
OURS: Final = ("bot.", "cogs.")
PATIENCE: Final = 60.0
"""Seconds that a busy machine may take for one step."""


@dataclass(frozen=True, slots=True)
class Call:
    """One function of ours that another module of ours called."""

    caller: tuple[str, ...]
    """The modules it was called from, nearest first."""
    module: str
    name: str
    """Its name with its class's, as in `Asking.ask`."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was seen."""

    calls: list[Call]
    sweeps: tuple[Sweep, ...]


@cache
def rehearsed() -> Rehearsal:
    """Let one person ask and another be invited, once a process; takes some seconds."""
    return asyncio.run(_rehearse())


async def _rehearse() -> Rehearsal:
    with TemporaryDirectory() as folder:
        url = SecretStr(f"sqlite+aiosqlite:///{Path(folder, 'morsel.sqlite3')}")
        settings, clock = Settings(_env_file=None, database_url=url), PlaygroundClock()
        await migrate(settings)
        async with application(settings, clock, has_encoders=False) as app:
            calls = await _ask(app, clock)
        return Rehearsal(calls, app.sweeps)


async def _ask(app: App, clock: PlaygroundClock) -> list[Call]:
    async with simcord.run(app.client, check_errors=False, settle_timeout=PATIENCE) as env:
        await env.advance_time((OPENING - env.now()).total_seconds())
        clock.env = env
        guild = env.create_guild("Research")
        channel = guild.create_text_channel("help")
        moderators = guild.create_role("Moderators", permissions=Permissions(manage_guild=True))
        moderator = guild.add_member(env.create_user("mo"), roles=[moderators])
        asker, helper = (guild.add_member(env.create_user(name)) for name in ("amina", "joaquim"))
        await moderator.slash(channel, "setup", channel=channel)
        card = await helper.slash(channel, "profile")
        assert card.response is not None  # noqa: S101
        form = await helper.click(card.response, custom_id="profile1:edit:0")
        await helper.submit_modal(form, {**PROFILE, "rate": ["more"]})
        form = await asker.slash(channel, "ask")
        with _written_down() as calls:
            await asker.submit_modal(form, QUESTION)
            await env.settle()
        clock.env = None
        return calls


@contextmanager
def _written_down() -> Iterator[list[Call]]:
    calls = list[Call]()

    def look(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and _module(frame).startswith(OURS):
            calls.append(Call(tuple(_callers(frame)), _module(frame), frame.f_code.co_qualname))

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def _callers(frame: FrameType) -> Iterator[str]:
    above = frame.f_back
    while above is not None:
        if _module(above).startswith(OURS):
            yield _module(above)
        above = above.f_back


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
