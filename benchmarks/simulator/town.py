"""The bot's real use cases over a real database, in which a record's helpers are members; there is no Discord."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import func, select, union_all

from benchmarks.simulator.people import Crowd
from benchmarks.simulator.ranking import Ranking
from benchmarks.wired import Postbox, stay, wired
from benchmarks.writing import Written
from bot.domain.drafts import LONGEST_ABOUT
from bot.domain.lifecycle import InvitationState, RequestState, Urgency
from bot.domain.policy import Policy
from bot.domain.wording import text_hash
from bot.errors import Conflict
from bot.routing.ports import Answered, Likeness, Match, Query, StoredText
from bot.routing.router import Router
from bot.services.requests.asking import LONGEST, NewQuestion
from bot.services.requests.draft import DRAFT
from bot.services.requests.kinds import KINDS
from bot.services.results import Answer
from bot.store.engine import Database
from evaluation.ranking import nobody
from models import Invitation, Request, Statement
from reliability.community import opened

NEVER = datetime.max.replace(tzinfo=UTC)
_GUILD_ID, _CHANNEL_ID = 100_000_000_000_000_001, 100_000_000_000_000_002
_FIRST_USER_ID = 200_000_000_000_000_000
_FIRST_INTERACTION_ID = 400_000_000_000_000_000
_NO_LIMIT = 1_000_000
_ASKED_AGAIN = ": asked again: "
_PLACE_FREE = "draft.place_free"


@dataclass(slots=True)
class _ManualClock:
    """A clock that shows what it was set to."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True, kw_only=True)
class _RecordedRouter(Router):
    """Ranks as the real router did when the record was replayed, so that no text is read and compared again."""

    ranking: Ranking = field(repr=False)
    rows: dict[str, int] = field(repr=False)
    """By the names of questions."""
    ids: list[tuple[int, int]] = field(repr=False)
    """(member id, statement id) by column."""

    async def read(self, text: str, person: int | None = None) -> Query:
        return Query(text)

    async def rank(
        self,
        guild_id: int,
        query: Query,
        now: datetime,
        *,
        within: timedelta | None = None,
        limit: int | None = None,
        among: Collection[int] | None = None,
    ) -> list[Match]:
        ranked = self.ranking.ranked(self._row(query), now, within)
        matches = [Match(*self.ids[column], knows, habit) for column, knows, habit in ranked]
        return [match for match in matches if among is None or match.member_id in among][:limit]

    async def fits(self, guild_id: int, query: Query) -> dict[int, float]:
        fits, least = self.ranking.fits(self._row(query)), KINDS[DRAFT.name].least_fit or 0.0
        # Without a model, any fit would count; these are what models said.
        return {self.ids[column][0]: fit for column, fit in fits.items() if fit >= least}

    async def similar(self, guild_id: int, query: Query, *, limit: int | None = None) -> list[Likeness]:
        """Find none: every question is asked."""
        return []

    def replace(self, guild_id: int, member_id: int, statements: Sequence[StoredText]) -> None:
        """Leave the statements as recorded."""

    def settle(self, guild_id: int, question_id: int, question: StoredText | None) -> None:
        """Leave earlier questions out."""

    def note_question(self, guild_id: int, query: Query) -> None:
        """Leave what questions have in common as recorded."""

    def note_answer(self, guild_id: int, answer: Answered) -> None:
        column = next(column for column, (member_id, _) in enumerate(self.ids) if member_id == answer.member_id)
        self.ranking.note(column, answer.at)

    def _row(self, query: Query) -> int:
        return self.rows[query.text.partition(_ASKED_AGAIN)[0]]


class Arrived(NamedTuple):
    """What reached people."""

    invited: list[tuple[int, int]]
    """(row, column) of each invitation."""
    freed: list[tuple[int, int]]
    """(row, column) of each place that is now a person's who would have taken it before."""
    paused: list[int]
    """Columns of those who were paused."""


class Town:
    """The bot among its members; rows are questions, columns are helpers.

    It does nothing by itself: `sweep` it when something is `due`.
    """

    def __init__(
        self, crowd: Crowd, ranking: Ranking, policy: Policy, database: Database, ids: list[tuple[int, int]]
    ) -> None:
        """Start the bot on a settled database, where helpers have these (member id, statement id)."""
        self._crowd, self._database = crowd, database
        self._clock, self._postbox = _ManualClock(crowd.record.midnight), Postbox()
        self._member_ids = [member_id for member_id, _ in ids]
        rows = {question.name: row for row, question in enumerate(crowd.record.questions)}
        router = _RecordedRouter(None, None, nobody, ranking=ranking, rows=rows, ids=ids)
        self._do = wired(database, self._clock, router=router, messenger=self._postbox, policy=policy, nudge=stay)
        names = (*crowd.record.helpers, *(question.asker for question in crowd.record.questions))
        self._user_ids = {name: _user_id(number) for number, name in enumerate(dict.fromkeys(names))}
        self._rows: dict[int, int] = {}
        """By request."""
        self._thread_ids: dict[int, int] = {}
        """By row."""
        self._invitation_ids: dict[tuple[int, int], int] = {}
        """By row and column."""
        self.due = NEVER
        """When there is something to sweep."""

    async def ask(self, row: int, now: datetime) -> None:
        """Let the asker send a question, and send it all the same where something is to be looked at first."""
        question, urgency = self._crowd.record.questions[row], Urgency(self._crowd.urgencies[row])
        user_id, text = self._user_ids[question.asker], f"{question.name}{_ASKED_AGAIN}{question.text}"[:LONGEST]
        async with self._step(now):
            new = NewQuestion(_GUILD_ID, user_id, _FIRST_INTERACTION_ID + row, text, urgency=urgency)
            receipt = await self._do.asking.ask(new)
            if not receipt.is_posted:
                receipt = await self._do.posting.post(receipt.request_id, user_id)
            self._rows[receipt.request_id], self._thread_ids[row] = row, receipt.thread_id or 0

    async def ask_for_feedback(self, row: int, words: int, needed_by: datetime, now: datetime) -> None:
        """Let the asker of a question send it as a draft."""
        question = self._crowd.record.questions[row]
        user_id, about = self._user_ids[question.asker], f"{question.name}{_ASKED_AGAIN}{question.text}"[:LONGEST_ABOUT]
        draft = Written(guild_id=_GUILD_ID, user_id=user_id, about=about, words=words, needed_by=needed_by)
        async with self._step(now):
            draft_id = await draft.keep(self._database, now)
            self._rows[draft_id] = row
            receipt = await self._do.posting.post(draft_id, user_id)
            self._thread_ids[row] = receipt.thread_id or 0

    async def take(self, row: int, column: int, now: datetime) -> bool:
        """Let a helper take what they were asked; returns False where it is over, or as many as wanted have it."""
        async with self._step(now):
            try:
                await self._do.helping.take(self._invitation_ids[row, column], _user_id(column))
            except Conflict:
                return False
        return True

    async def pass_on(self, row: int, column: int, now: datetime) -> None:
        """Let a helper pass what they were asked."""
        async with self._step(now):
            with suppress(Conflict):
                await self._do.helping.pass_on(self._invitation_ids[row, column], _user_id(column))

    async def answer(self, row: int, column: int, now: datetime) -> None:
        """Let a helper write into a question's thread."""
        async with self._step(now):
            await self._do.watching.notice(Answer(self._thread_ids[row], _user_id(column), now))

    async def come_back(self, column: int, now: datetime) -> None:
        """Let a helper end their pause."""
        async with self._step(now):
            await self._do.pausing.end(self._member_ids[column], _user_id(column))

    async def put_away(self, now: datetime) -> None:
        """Put away what has waited for a week."""
        async with self._step(now):
            await self._do.following_up.sweep()

    async def sweep(self, now: datetime) -> None:
        """Do what is due."""
        async with self._step(now):
            await self._do.claiming.sweep()
            await self._do.inviting.sweep()

    def arrived(self) -> Arrived:
        """Return what reached people since the last call."""
        arrived = Arrived([], [], [])
        for letter in self._postbox.letters:
            column, said = (letter.addressee_id or 0) - _FIRST_USER_ID, letter.content
            if letter.kind == "silence":
                arrived.paused.append(column)
            elif letter.kind == "invitation":
                place = (self._rows[said.question.request_id], column)
                self._invitation_ids[place] = said.invitation_id
                arrived.invited.append(place)
            elif said.text == _PLACE_FREE:
                arrived.freed.append((self._rows[said.question.request_id], column))
        self._postbox.letters.clear()
        return arrived

    @asynccontextmanager
    async def _step(self, now: datetime) -> AsyncIterator[None]:
        """Let something happen at a moment, and let every letter about it leave."""
        self._clock.moment = now
        yield
        await self._do.delivering.deliver_due()
        self.due = await self._next_due()

    async def _next_due(self) -> datetime:
        kept = Invitation.state.in_((InvitationState.ASKED, InvitationState.TAKEN))
        ends = select(func.min(Invitation.expires_at).label("at")).where(kept)
        looks = select(func.min(Request.next_look_at).label("at")).where(Request.state == RequestState.WAITING)
        async with self._database.engine.connect() as connection:
            moments = [row.at for row in await connection.execute(union_all(ends, looks))]
        return min((moment for moment in moments if moment is not None), default=NEVER)


@asynccontextmanager
async def town(
    crowd: Crowd, ranking: Ranking, policy: Policy, longest_reads: Sequence[int | None] = ()
) -> AsyncIterator[Town]:
    """Settle a crowd in an SQLite file, which is gone afterwards; without their longest reads, no one reads drafts."""
    with TemporaryDirectory() as folder:
        database = await opened(Path(folder) / "simulator.sqlite3")
        try:
            yield Town(crowd, ranking, policy, database, await _settle(database, crowd, longest_reads))
        finally:
            await database.close()


async def _settle(database: Database, crowd: Crowd, longest_reads: Sequence[int | None]) -> list[tuple[int, int]]:
    """Let all helpers fill in their profiles; returns the (member id, statement id) of each."""
    ids, now = [], crowd.record.midnight
    async with database.begin() as work:
        settings = await work.guilds.ensure(_GUILD_ID, now)
        settings.help_channel_id, settings.open_limit = _CHANNEL_ID, _NO_LIMIT
        for column, (chosen, longest_read) in enumerate(zip_longest(crowd.profiles, longest_reads)):
            member = await work.members.ensure(_GUILD_ID, _user_id(column), now)
            member.is_helper, member.rate, member.languages, member.direct_messages = True, chosen.rate, ["en"], "open"
            member.zone, member.begins, member.ends = chosen.zone, chosen.begins, chosen.ends
            member.longest_read = longest_read
            text = f"What {crowd.record.helpers[column]} knows"
            statement = Statement(member_id=member.id, text=text, text_hash=text_hash(text), added_at=now)
            work.statements.add_all([statement])
            await work.flush()
            ids.append((member.id, statement.id))
    return ids


def _user_id(number: int) -> int:
    return _FIRST_USER_ID + number
