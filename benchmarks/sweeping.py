"""A sweep that ends the waits of 1,000 open questions at once and asks the next people for all, over one by one."""

import asyncio
import random
from asyncio.events import Handle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import thread_time

from benchmarks.figures import Figure, compared, p50
from benchmarks.ranking import ENGLISH, MULTILINGUAL, Counting
from benchmarks.wired import stay, wired
from bot.app import set_apart
from bot.clock import SystemClock
from bot.domain import policy
from bot.domain.lifecycle import RequestState, Urgency
from bot.routing.ports import Query, to_bytes
from bot.routing.router import Router
from bot.services.requests import letters
from bot.services.requests.inviting import TOGETHER, Inviting
from bot.services.routing.community import source_of
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Question
from reliability import community
from reliability.standin.world import GUILD_ID, HELP_CHANNEL_ID

QUESTIONS = 1_000
HELPERS = range(300_000_000_000_000_000, 300_000_000_000_001_000)
SECONDS, LONGEST_STEP = 2.0, 0.050
"""Of the event loop's thread: all of it together, and between two awaits."""
ONE_BY_ONE = 200
"""Questions looked at one by one, for comparison."""
_AGO = timedelta(hours=25)
"""When those were asked whose time is over: their day's budget is free again."""


async def measure() -> list[Figure]:
    """Let an hour's waves fall due in one moment, and time what the event loop has to do."""
    with TemporaryDirectory() as folder:
        database = await _scene(Path(folder) / "morsel.sqlite3", QUESTIONS)
        inviting = _inviting(database)
        # As in a bot that runs: the community was read at its first question.
        await inviting.router.similar(GUILD_ID, Query(""))
        set_apart()
        with stopwatch() as steps:
            asked = await inviting.sweep()
        await database.close()
        database = await _scene(Path(folder) / "single.sqlite3", ONE_BY_ONE)
        single = await _one_by_one(database)
        await database.close()
    # Questions are handled in handfuls, and so is the time that a handful takes.
    each = [sum(some) / TOGETHER for some in _slices(steps.seconds, QUESTIONS // TOGETHER)]
    total, longest = sum(steps.seconds), max(steps.seconds)
    name = f"the waves of {QUESTIONS:,} open questions in one sweep ({asked:,} people asked)"
    return [
        Figure(
            f"{name}: the event loop, a question", f"{total / QUESTIONS * 1000:.2f} ms ({total:.2f} s for all)",
            f"{p50_of(single) * 1000:.2f} ms (one by one)", compared(each, single, p50), f"≤ {SECONDS:g} s for all",
            is_met=total <= SECONDS,
        ),
        Figure(
            f"{name}: the longest step between two awaits", f"{longest * 1000:.1f} ms", "none",
            bar=f"≤ {LONGEST_STEP * 1000:.0f} ms", is_met=longest <= LONGEST_STEP,
        ),
    ]  # fmt: skip


def p50_of(samples: list[float]) -> float:
    """Return the median."""
    return sorted(samples)[len(samples) // 2]


@dataclass(slots=True)
class Steps:
    """Everything the event loop did, step by step."""

    seconds: list[float] = field(default_factory=list)
    """Of processor time: other people's work on this machine doesn't count."""


@contextmanager
def stopwatch() -> Iterator[Steps]:
    """Time each step of the event loop while the block lasts."""
    steps, run = Steps(), Handle._run  # noqa: SLF001 - there is no other place from which every step is seen

    def timed(handle: Handle) -> None:
        begun = thread_time()
        run(handle)
        steps.seconds.append(thread_time() - begun)

    Handle._run = timed  # type: ignore[assignment,method-assign]  # noqa: SLF001
    try:
        yield steps
    finally:
        Handle._run = run  # type: ignore[method-assign]  # noqa: SLF001


async def _scene(file: Path, count: int) -> Database:
    """Fill a community whose `count` questions each wait for two people in vain, until now."""
    database = await community.opened(file)
    await community.settle(database, GUILD_ID, HELP_CHANNEL_ID, HELPERS, [ENGLISH, MULTILINGUAL])
    now, draw = SystemClock().now(), random.Random(0)
    async with database.begin() as work:
        helper_ids = [(await work.members.ensure(GUILD_ID, each, now)).id for each in HELPERS]
        for number in range(count):
            await _ask(work, number, draw.sample(helper_ids, 2), now - _AGO)
    return database


async def _ask(work: UnitOfWork, number: int, member_ids: list[int], asked_at: datetime) -> None:
    asker = await work.members.ensure(GUILD_ID, 400_000_000_000_000_000 + number, asked_at)
    text = f"{community.QUESTION} ({number})"
    question = Question(
        guild_id=GUILD_ID, asker_id=asker.id, interaction_id=None, created_at=asked_at, text=text, is_english=True,
        urgency=Urgency.TODAY, state=RequestState.WAITING, thread_id=500_000_000_000_000_000 + number,
        waiting_since=asked_at,
    )  # fmt: skip
    work.requests.add(question)
    await work.flush()
    (vector,) = community.unit_vectors(1, community.DIMENSION, seed=number)
    work.question_vectors.add(question.id, dict.fromkeys((ENGLISH, MULTILINGUAL), to_bytes(vector)))
    letters.post_question(work, question, asked_at)
    invitations = [_invitation(question, member_id, asked_at) for member_id in member_ids]
    for invitation in invitations:
        work.invitations.add(invitation)
    await work.flush()
    await letters.invite(work, [(question, each) for each in invitations], asked_at)
    await work.flush()
    keys = [letters.post_key(question.id), *(letters.invitation_key(each.id) for each in invitations)]
    for letter in (await work.outbox.find_all(keys)).values():
        letter.sent_at, letter.due_at = asked_at, None


def _invitation(question: Question, member_id: int, asked_at: datetime) -> Invitation:
    return Invitation(
        request_id=question.id, member_id=member_id, statement_id=None, created_at=asked_at, expertise=1.0,
        availability=1.0, freshness=1.0, policy_version=policy.VERSION, expires_at=asked_at + timedelta(hours=24),
    )  # fmt: skip


def _inviting(database: Database) -> Inviting:
    router = Router(Counting(ENGLISH), Counting(MULTILINGUAL), source_of(database.read))
    return wired(database, SystemClock(), router=router, nudge=stay).inviting


async def _one_by_one(database: Database) -> list[float]:
    """Return the event loop's seconds for each question that is looked at by itself."""
    inviting = _inviting(database)
    async with database.begin() as work:
        waiting = [each.id for each in await work.requests.unanswered({"question": SystemClock().now()}, ONE_BY_ONE)]
        for question in await work.requests.hold_all(waiting):
            await work.invitations.withdraw(question.id, SystemClock().now())
    await inviting.ask_more(waiting[0])
    seconds = []
    for request_id in waiting[1:]:
        with stopwatch() as steps:
            await inviting.ask_more(request_id)
        seconds.append(sum(steps.seconds))
        await asyncio.sleep(0)
    return seconds


def _slices(samples: list[float], count: int) -> Iterator[list[float]]:
    """Return as many stretches of about the same length."""
    size = max(len(samples) // count, 1)
    return (samples[start : start + size] for start in range(0, size * count, size))
