"""Errands: a made-up second kind of request, with a table of its own that no other test and no bot knows.

Importing this enters it beside the kinds there are; `laid_table` makes its table, and takes it away again.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol, cast

import discord
from sqlalchemy import ForeignKey, MetaData, Table, Text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.ask_well import Hint
from bot.domain.lifecycle import CloseReason, Urgency
from bot.domain.policy import DEFAULT, Policy, Wave
from bot.routing.ports import to_bytes
from bot.services.requests.draft import DRAFT
from bot.services.requests.draft import NUMBERS as DRAFTS_NUMBERS
from bot.services.requests.kind import Kind, Subject
from bot.services.requests.kinds import KINDS
from bot.services.requests.posting import require_room
from bot.services.requests.question import QUESTION as QUESTIONS
from bot.services.results import Receipt, RequestFacts, RequestView
from bot.store.unit_of_work import ReadingWork
from bot.ui.looks import LOOKS
from models import Draft, Request
from tests.factories import GUILD_ID
from tests.fakes import QUESTION, House, new_id
from tests.hashing import HashingEmbedder
from tests.services.scenes import ask


class Errand(Request, kw_only=True):
    """One person's wish that another goes somewhere for them."""

    __tablename__ = "errand"
    __mapper_args__ = {"polymorphic_identity": "errand", "polymorphic_load": "selectin"}  # noqa: RUF012
    metadata = MetaData()

    id: Mapped[int] = mapped_column(
        ForeignKey(cast("Table", Request.__table__).c.id, ondelete="CASCADE"), primary_key=True, init=False
    )
    what: Mapped[str] = mapped_column(Text)


async def _subjects(work: ReadingWork, errands: Sequence[Errand]) -> Mapping[int, Subject]:
    return {each.id: Subject(each.what, vectors=_vectors(each.what)) for each in errands}


def _vectors(text: str) -> dict[str, bytes]:
    """Return what an encoder made of a text, so that no sweep reads it again and waits for its asker's turn."""
    encoder = HashingEmbedder()
    return {encoder.model_id: to_bytes(encoder.encode([text])[0])}


def _text(errand: Errand) -> str:
    return errand.what


def _view(errand: Errand, facts: RequestFacts) -> RequestView:
    return RequestView(**facts)


def _look(errand: RequestView, locale: str, footer: str | None) -> discord.Embed:
    return discord.Embed(description=errand.text)


HURRIED = replace(
    DEFAULT,
    waves=dict.fromkeys(Urgency, (Wave(2, timedelta(hours=1)),)),
    nudged_after=timedelta(hours=2),
    claimed_for=timedelta(hours=15),
    outcome_again_after=timedelta(hours=6),
    listed_after=timedelta(hours=3),
    moderators_after=timedelta(hours=28),
    choices_after=timedelta(hours=10),
    archived_after=timedelta(days=3),
    unposted_for=timedelta(hours=4),
)
ERRAND = Kind(Errand, text=_text, subjects=_subjects, view=_view, numbers=HURRIED)
KINDS[ERRAND.name] = ERRAND
LOOKS[ERRAND.name] = _look


@asynccontextmanager
async def laid_table(engine: AsyncEngine) -> AsyncIterator[None]:
    """Let there be a table of errands for as long as the block lasts."""
    table = cast("Table", Errand.__table__)
    async with engine.begin() as connection:
        await connection.run_sync(table.create)
    try:
        yield
    finally:
        async with engine.begin() as connection:
            await connection.run_sync(table.drop)


async def keep_errand(house: House, user_id: int) -> int:
    """Let someone write an errand down, and return it; it isn't posted yet."""
    async with house.database.begin() as work:
        asker = await work.members.ensure(GUILD_ID, user_id, house.clock.now())
        await require_room(work, GUILD_ID, asker.id)
        errand = Errand(
            guild_id=GUILD_ID, asker_id=asker.id, interaction_id=new_id(), created_at=house.clock.now(),
            state="unposted", what=QUESTION,
        )  # fmt: skip
        work.requests.add(errand)
    return errand.id


async def ask_errand(house: House, user_id: int) -> Receipt:
    """Let someone ask for an errand."""
    return await house.posting.post(await keep_errand(house, user_id), user_id)


async def write_errand(house: House, user_id: int, *, later: bool) -> Receipt:
    """Let someone fill in the form of errands, to be posted at once or later."""
    if not later:
        return await ask_errand(house, user_id)
    return Receipt(await keep_errand(house, user_id), 0, None, is_fallback=False, hint=Hint.ASKS_TO_ASK)


async def write_question(house: House, user_id: int, *, later: bool) -> Receipt:
    """Let someone fill in the form of questions, which says by itself whether there is something to look at."""
    return await house.ask(user_id)


YEARS = timedelta(days=3_650)
"""How far off a draft's deadline is here: what depends on the time that is left is then as long as it can be."""
UNHURRIED = replace(
    DRAFTS_NUMBERS,
    claimed_for=timedelta(hours=72),
    nudged_after=timedelta(hours=36),
    choices_after=YEARS,
    archived_after=YEARS + DRAFTS_NUMBERS.archived_after,
    alternates=0,
)


async def keep_draft(house: House, user_id: int) -> int:
    """Let someone write a draft down that one person is to read, and return it; it isn't posted yet."""
    async with house.database.begin() as work:
        now = house.clock.now()
        asker = await work.members.ensure(GUILD_ID, user_id, now)
        await require_room(work, GUILD_ID, asker.id)
        draft = Draft(
            guild_id=GUILD_ID, asker_id=asker.id, interaction_id=new_id(), created_at=now, state="unposted",
            about=QUESTION, words=500, readers=1, needed_by=now + YEARS,
        )  # fmt: skip
        work.requests.add(draft)
        await work.flush()
        work.draft_vectors.add(draft.id, _vectors(QUESTION))
    return draft.id


async def ask_draft(house: House, user_id: int) -> Receipt:
    """Let someone ask for feedback on a draft."""
    return await house.posting.post(await keep_draft(house, user_id), user_id)


async def write_draft(house: House, user_id: int, *, later: bool) -> Receipt:
    """Let someone fill in the form of drafts, to be posted at once or later."""
    if not later:
        return await ask_draft(house, user_id)
    return Receipt(await keep_draft(house, user_id), 0, None, is_fallback=False, hint=Hint.ASKS_TO_ASK)


class Write(Protocol):
    """How something is written."""

    async def __call__(self, house: House, user_id: int, *, later: bool) -> Receipt:
        """Return what its asker gets back."""
        ...


@dataclass(frozen=True)
class Sample:
    """How a test asks for something of one kind."""

    kind: Kind[Any]
    ask: Callable[[House, int], Awaitable[Receipt]]
    """Post it, whatever may be worth a look before."""
    write: Write
    """Say it as the form does, and keep it for later where that can be said or there is something to look at."""
    numbers: Policy = DEFAULT
    """The lengths of time that hold for what is asked for here."""
    wanted: int | None = None
    """How many people may take it; None: as many as like."""
    teaches: bool = False
    """Whether others find what was answered, and helpers learn from it."""
    left: CloseReason = CloseReason.LEFT
    """Why it is closed when who asked has left."""

    @property
    def name(self) -> str:
        return self.kind.name

    def asked_at_first(self) -> int:
        """Return how many people the first wave asks."""
        size = self.numbers.size(Urgency.THIS_WEEK, 1)
        return size if self.wanted is None else min(size, self.wanted)


SAMPLES = (
    Sample(QUESTIONS, ask, write_question, teaches=True),
    Sample(ERRAND, ask_errand, write_errand, HURRIED),
    Sample(DRAFT, ask_draft, write_draft, UNHURRIED, wanted=1, left=CloseReason.WITHDRAWN),
)
"""One for each kind."""
