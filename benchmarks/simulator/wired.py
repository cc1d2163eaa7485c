"""The bot's real use cases over a real database, wired as in bot.app, with nobody's Discord at the other end."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import func, select, union_all

import models
from benchmarks.simulator.bots import NEVER, Fact, Kind
from benchmarks.simulator.people import Crowd
from benchmarks.simulator.ranking import Ranking
from benchmarks.simulator.record import Asked
from benchmarks.simulator.town import GUILD_ID, Town
from benchmarks.wired import Postbox, stay, wired
from bot.domain.lifecycle import InvitationState, RequestState, Urgency
from bot.domain.policy import Policy
from bot.errors import Conflict
from bot.routing.ports import Answered, Community, Evidence, Likeness, Match, Query, StoredText
from bot.routing.router import Router
from bot.services.requests.asking import LONGEST, NewQuestion
from bot.services.results import Answer
from bot.store.engine import Database
from models import Invitation, Request

_NOTHING = Evidence()
_ASKED_AGAIN = ": asked again: "
_FIRST_INTERACTION_ID = 400_000_000_000_000_000
_KINDS: dict[str, Kind] = {
    "invited": "invited", "taken": "taken", "passed": "passed", "expired": "expired", "released": "released",
}  # fmt: skip


@dataclass(slots=True)
class ManualClock:
    """A clock that shows what it was set to."""

    moment: datetime

    def now(self) -> datetime:
        """Return that moment."""
        return self.moment


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRouter(Router):
    """Ranks as the real router did when the record was replayed, instead of reading and comparing texts again."""

    ranking: Ranking = field(repr=False)
    rows: Mapping[str, int] = field(repr=False)
    """By the names of questions."""
    member_ids: Sequence[int] = field(repr=False)
    """By column."""
    columns: Mapping[int, int] = field(repr=False)
    """By member id."""

    @classmethod
    def of(cls, crowd: Crowd, ranking: Ranking, town: Town) -> Self:
        """Take the ranking, and everybody's row ids."""
        member_ids = [town.member_ids[name] for name in crowd.record.helpers]
        return cls(
            None,
            None,
            _nobody,
            ranking=ranking,
            rows={question.name: number for number, question in enumerate(crowd.record.questions)},
            member_ids=member_ids,
            columns={member_id: number for number, member_id in enumerate(member_ids)},
        )

    async def read(self, text: str, person: int | None = None) -> Query:
        """Return the text as it is."""
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
        """List the members that match, best first."""
        row = self.rows[query.text.partition(_ASKED_AGAIN)[0]]
        ranked = self.ranking.ranked(row, now, within)
        columns = zip(*(each.tolist() for each in ranked), strict=True)
        ids = self.member_ids
        return [
            Match(ids[column], ids[column], know, habit, _NOTHING)
            for column, know, habit in columns
            if among is None or ids[column] in among
        ][:limit]

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
        """Take over that somebody answered."""
        self.ranking.note(self.columns[answer.member_id], answer.at)


class Wired:
    """The real bot; see `benchmarks.simulator.bots.Bot`."""

    def __init__(self, crowd: Crowd, ranking: Ranking, town: Town, database: Database, policy: Policy) -> None:
        """Start it on a copy of a town's database."""
        self._crowd, self._town, self._database = crowd, town, database
        begins = crowd.record.moment(crowd.record.questions[0].at)
        self._router = RecordedRouter.of(crowd, ranking, town)
        self._clock, self._postbox = ManualClock(begins), Postbox()
        self._do = wired(database, self._clock, router=self._router, messenger=self._postbox, policy=policy, nudge=stay)
        self._user_ids = [town.user_ids[name] for name in crowd.record.helpers]
        self._column_of_user = {user_id: column for column, user_id in enumerate(self._user_ids)}
        self._row: dict[int, int] = {}
        """By request."""
        self._thread_id: dict[int, int] = {}
        """By row, as invitations are by row and column."""
        self._invitation_id: dict[tuple[int, int], int] = {}
        self._last_event = 0

    async def ask(self, row: int, now: datetime) -> None:
        """Let the asker send a question, and send it all the same where something is to be looked at first."""
        self._clock.moment = now
        question = self._crowd.record.questions[row]
        user_id, urgency = self._town.user_ids[question.asker], Urgency(self._crowd.urgencies[row])
        receipt = await self._do.asking.ask(
            NewQuestion(GUILD_ID, user_id, _FIRST_INTERACTION_ID + row, _named(question), urgency=urgency)
        )
        if not receipt.is_posted:
            receipt = await self._do.posting.post(receipt.request_id, user_id)
        self._row[receipt.request_id] = row
        self._thread_id[row] = receipt.thread_id or 0

    async def take(self, row: int, column: int, now: datetime) -> None:
        """Let somebody take what they were asked."""
        self._clock.moment = now
        with suppress(Conflict):
            await self._do.helping.take(self._invitation_id[row, column], self._user_ids[column])

    async def pass_on(self, row: int, column: int, now: datetime) -> None:
        """Let somebody pass what they were asked."""
        self._clock.moment = now
        with suppress(Conflict):
            await self._do.helping.pass_on(self._invitation_id[row, column], self._user_ids[column])

    async def answer(self, row: int, column: int, now: datetime) -> None:
        """Let somebody write into a question's thread."""
        self._clock.moment = now
        await self._do.helping.notice(Answer(self._thread_id[row], self._user_ids[column], now))

    async def pause(self, column: int, until: datetime, now: datetime) -> None:
        """Let somebody ask for peace."""
        self._clock.moment = now
        await self._do.pausing.pause_for(GUILD_ID, self._user_ids[column], until - now)

    async def come_back(self, column: int, now: datetime) -> None:
        """Let somebody end their pause."""
        self._clock.moment = now
        await self._do.pausing.end(self._router.member_ids[column], self._user_ids[column])

    async def put_away(self, now: datetime) -> None:
        """Put away what has waited for a week."""
        self._clock.moment = now
        await self._do.following_up.sweep()

    async def sweep(self, now: datetime) -> None:
        """Do whatever is due."""
        self._clock.moment = now
        await self._do.claiming.sweep()
        await self._do.inviting.sweep()

    async def due(self) -> datetime:
        """Return when there is something to sweep."""
        kept = Invitation.state.in_((InvitationState.ASKED, InvitationState.TAKEN))
        ends = select(func.min(Invitation.expires_at).label("at")).where(kept)
        looks = select(func.min(Request.next_look_at).label("at")).where(Request.state == RequestState.WAITING)
        async with self._database.engine.connect() as connection:
            moments = [row.at for row in await connection.execute(union_all(ends, looks))]
        return min((moment for moment in moments if moment is not None), default=NEVER)

    async def facts(self) -> Sequence[Fact]:
        """Let every letter leave, and return what happened since the last call, in order."""
        await self._do.delivering.deliver_due()
        facts = await self._written()
        for letter in self._postbox.letters:
            column = self._column_of_user[letter.addressee_id or 0]
            if letter.kind == "silence":
                facts.append(Fact("paused", -1, column, self._clock.now()))
            else:
                request_id = letter.content.question.request_id
                self._invitation_id[self._row[request_id], column] = letter.content.invitation_id
        self._postbox.letters.clear()
        return facts

    async def _written(self) -> list[Fact]:
        fact = models.Fact
        wanted = select(fact.id, fact.type, fact.request_id, fact.member_id, fact.at)
        async with self._database.engine.connect() as connection:
            events = (await connection.execute(wanted.where(fact.id > self._last_event).order_by(fact.id))).all()
        self._last_event = max((event.id for event in events), default=self._last_event)
        return [
            Fact(_KINDS[event.type], self._row[event.request_id], self._router.columns[event.member_id], event.at)
            for event in events
            if event.type in _KINDS
        ]


def _named(question: Asked) -> str:
    """Return a question's text with its name, by which the router finds what was ranked for it."""
    return f"{question.name}{_ASKED_AGAIN}{question.text}"[:LONGEST]


async def _nobody(_guild_id: int) -> Community:
    return Community()
