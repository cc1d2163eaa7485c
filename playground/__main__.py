"""`python -m playground`: the whole bot in a simulated Discord, in a browser tab or as a transcript."""

import argparse
import asyncio
import signal
import socket
import sys
from collections.abc import Awaitable, Sequence
from functools import partial

from bot.jobs.schedule import scheduled
from bot.log import configure_logging
from playground.opening import opened
from playground.script import Script
from playground.setting import PlaygroundError
from playground.stage import Stage
from playground.town import Town

OK, UNAVAILABLE = 0, 69
"""Exit codes. Source: sysexits.h"""

PORT = 8420
"""Tried first, so that a tab left open finds the next start."""

HOST = "joaquim"
"""Who may offer time, by handle."""

STEPS = (
    "Be {asker}, type /ask in #{channel}, and ask, say: “{question}”",
    "A red number: this person was asked to help. Be one of the two, read why, and press Pass.",
    "Be the other one: press I'll take it, follow the link, and answer.",
    "Be {asker} again, and press It helped.",
    "Be {moderator}, a moderator: /stats counts it.",
    "Be anyone, and ask about CUDA out of memory in the second epoch: people answered that before.",
    "Be {asker}, and ask in Swahili: “{abroad}”",
    "Ask something without your name. Be another person, and look for a trace of who it was.",
    "Be {author}, and type /feedback: say what your draft is about, add a file or a link, and ask for feedback.",
    "Be one of its two readers: press I'll take it, follow the link, and Send feedback. Then be {author} again.",
    "Be {host}, and offer time: /offer-time when: Fri 18:00-19:00. Then be {asker}, and /book 15 minutes of it.",
    "Be anyone you like, and try /mine, /pause, /block, and I know someone on an invitation.",
)

show = partial(print, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the playground and return the exit code: 0, or 69 when it can't go on."""
    parser = argparse.ArgumentParser(prog="python -m playground", description="Morsel in a simulated Discord")
    parser.add_argument(
        "--script", action="store_true", help="walk the paths of a question and a draft by itself, and write them down"
    )
    parser.add_argument("--port", type=int, help=f"where to open the page (otherwise {PORT}, or any free one)")
    options = parser.parse_args(arguments)
    configure_logging("WARNING", "text")
    try:
        asyncio.run(_until_told(_play() if options.script else _stay_open(_free_port(options.port))))
    except PlaygroundError as problem:
        show(problem, file=sys.stderr)
        return UNAVAILABLE
    except KeyboardInterrupt:
        pass
    return OK


async def _until_told(work: Awaitable[None]) -> None:
    """Do `work` until it ends or a signal says so; either way everything is closed again."""
    task = asyncio.current_task()
    assert task is not None, "a coroutine runs in a task"  # noqa: S101
    for each in (signal.SIGINT, signal.SIGTERM):
        # A second signal would break off the closing, and leave the encoder's process behind.
        asyncio.get_running_loop().add_signal_handler(each, lambda: task.cancelling() or task.cancel())
    try:
        await work
    except asyncio.CancelledError:
        show("\nClosed. The next start begins afresh.")


async def _play() -> None:
    async with opened(show) as town:
        await Script(town, show).play()


async def _stay_open(port: int) -> None:
    async with opened(show) as town, scheduled(town.app.sweeps):
        steps = steps_to_try(town)
        async with Stage(town.env, town.guild, list(town.people.values()), steps, port) as stage:
            show(f"\nOpen {stage.url} in a browser. Ctrl-C closes it.\n\nWhat to try:")
            show("\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1)))
            await asyncio.Event().wait()


def steps_to_try(town: Town) -> list[str]:
    """Return what a newcomer may try, in order."""
    question = town.community.example.text
    host = town.people[HOST].label
    author = town.people[town.community.draft.author].label
    names = {"asker": town.asker.label, "author": author, "host": host, "moderator": town.moderator.label}
    words = {"question": question, "abroad": town.community.abroad.text, "channel": town.general.name}
    return [step.format(**words, **names) for step in STEPS]


def _free_port(wanted: int | None) -> int:
    """Return the wanted port, or without one the usual, or 0 when that is taken.

    Raises:
        PlaygroundError: the wanted port can't be had.
    """
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", PORT if wanted is None else wanted))
    except (OSError, OverflowError) as error:
        if wanted is None:
            return 0
        msg = f"Port {wanted} can't be used: choose another one with --port, or leave it out."
        raise PlaygroundError(msg) from error
    return PORT if wanted is None else wanted


if __name__ == "__main__":
    sys.exit(main())
