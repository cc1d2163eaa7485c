"""Stand-ins a reader can follow: a clock turned by hand, people's mailboxes, and a whole house built around them."""

import asyncio
import itertools
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.attachments.turns import FileTurns
from bot.attachments.understood import Format, Understood
from bot.domain.policy import DEFAULT
from bot.domain.threads import Thread
from bot.errors import HouseError, Unavailable
from bot.routing.ports import MultilingualEmbedder, Role, Vectors, WarmingEmbedder
from bot.routing.router import Router
from bot.services.office_hours.offering_results import EventPlan
from bot.services.outbox.removing import Removal
from bot.services.ports import Begin, ChannelUse, DeliveryError, Standing, Where
from bot.services.requests.asking import NewQuestion
from bot.services.results import Answer, Letter, Receipt, Sent
from bot.services.routing.community import source_of
from bot.services.use_cases import Outside, UseCases, wire
from bot.store.engine import Database
from models import Base, KeptAnswer, Member
from tests.factories import GUILD_ID, NOW, a_guild, a_helper, a_member, a_statement, an_open_thread
from tests.hashing import HashingEmbedder
from tests.statistician import FakeStatistician

CHANNEL_ID = 1_100_000_000_000_000_001
"""The help channel."""
QUESTION = "Why does my CTC loss become infinite after a few batches?"
EXPERTISE = "CTC loss, infinite after a few batches"
"""A statement that matches `QUESTION`."""

_numbers = itertools.count(900_000_000_000_000_000)


def new_id() -> int:
    """Return an id that Discord gave to no one else."""
    return next(_numbers)


@dataclass
class ManualClock:
    """A clock that stands still until it is turned."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def advance(self, length: timedelta) -> None:
        self.moment += length


@dataclass
class ColdEncoder:
    """A model that never gets warm."""

    is_warm: bool = False
    model_id: str = "cold"
    dimension: int = 0
    failure: str | None = None

    async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
        raise Unavailable("error.encoder", reason=f"asked for {len(texts)} texts")


@dataclass
class Trouble:
    """What goes wrong with letters of a kind, or to a user; `times` None: for good."""

    error: Exception
    kind: str | None = None
    user_id: int | None = None
    times: int | None = None

    def meets(self, letter: Letter[Any]) -> bool:
        is_meant = self.kind in {None, letter.kind} and self.user_id in {None, letter.user_id}
        return is_meant and self.times != 0

    def strike(self) -> None:
        if self.times is not None:
            self.times -= 1
        raise self.error


@dataclass
class FakeMessenger:
    """Discord as letters see it: one message for one nonce, however often it is sent."""

    shown: list[Letter[Any]] = field(default_factory=list)
    """The messages people can see, oldest first."""
    attempts: list[Letter[Any]] = field(default_factory=list)
    answers: dict[int, Answer | Sequence[Answer] | DeliveryError] = field(default_factory=dict)
    """By thread, what a look into it finds."""
    threads: dict[int, Thread] = field(default_factory=dict)
    """Threads that people closed; any other is open."""
    looks: list[int] = field(default_factory=list)
    """Threads that were looked into, in order."""
    missing: list[str] | None = field(default_factory=list)
    """Permissions missing in the help channel; None: hidden."""
    missing_elsewhere: dict[int, list[str]] = field(default_factory=dict)
    """The same in other channels that the bot can see."""
    guild_of: dict[int, int] = field(default_factory=dict)
    """The community of channels; any other is in the one that is asked about."""
    is_forum: bool = False
    hidden: set[int] = field(default_factory=set)
    """Channels that the bot doesn't see, beside the help channel."""
    outages: set[int] = field(default_factory=set)
    """Communities in which Discord has an outage."""
    taken_back: list[Letter[Any]] = field(default_factory=list)
    removed: set[int] = field(default_factory=set)
    """Messages that were taken back."""
    makes_events: bool = True
    _places: dict[str, Sent] = field(default_factory=dict)
    _troubles: list[Trouble] = field(default_factory=list)

    def trouble(
        self, error: Exception, *, kind: str | None = None, user_id: int | None = None, times: int | None = None
    ) -> None:
        """Let letters fail: of a kind or to a user, so many times or (None) for good."""
        self._troubles.append(Trouble(error, kind, user_id, times))

    def is_troubled(self, kind: str) -> bool:
        """Tell whether the next letter of a kind will fail."""
        return any(trouble.kind == kind and trouble.times != 0 for trouble in self._troubles)

    def recover(self) -> None:
        self._troubles.clear()

    async def send(self, letter: Letter[Any]) -> Sent:
        self.attempts.append(letter)
        await asyncio.sleep(0)
        for trouble in self._troubles:
            if trouble.meets(letter):
                trouble.strike()
        if isinstance(letter.content, Removal):
            self.removed.add(letter.content.message_id)
            return Sent(letter.channel_id or 0, letter.content.message_id)
        if letter.nonce not in self._places:
            self.shown.append(letter)
            known = letter.content.event_id if isinstance(letter.content, EventPlan) else None
            self._places[letter.nonce] = Sent(self._place(letter), known or new_id())
        return self._places[letter.nonce]

    async def find_answer(
        self, thread_id: int, without: Collection[int] = (), after: datetime | None = None
    ) -> Answer | None:
        self.looks.append(thread_id)
        found = self.answers.get(thread_id, ())
        if isinstance(found, DeliveryError):
            raise found
        written = [found] if isinstance(found, Answer) else found
        counted = (each for each in written if each.user_id not in without and (after is None or each.at > after))
        return next(counted, None)

    async def thread(self, thread_id: int) -> Thread:
        return self.threads.get(thread_id) or an_open_thread(thread_id)

    async def find(self, letter: Letter[Any]) -> Sent | None:
        return self._places.get(letter.nonce)

    async def take_back(self, letter: Letter[Any]) -> None:
        self.taken_back.append(letter)

    def sees(self, channel_id: int) -> bool:
        is_help = channel_id == CHANNEL_ID and self.missing is None
        return channel_id != 0 and not is_help and channel_id not in self.hidden

    def is_out(self, guild_id: int) -> bool:
        return guild_id in self.outages

    async def is_there(self, channel_id: int, message_id: int) -> bool:
        return Sent(channel_id, message_id) in self._places.values()

    def is_elsewhere(self, channel_id: int, guild_id: int) -> bool:
        return self.guild_of.get(channel_id, guild_id) != guild_id

    def takes_private_threads(self, channel_id: int) -> bool:
        return channel_id == CHANNEL_ID and not self.is_forum

    def may_make_events(self, guild_id: int) -> bool:
        return guild_id == GUILD_ID and self.makes_events

    def missing_permissions(self, channel_id: int, place: ChannelUse = "help") -> list[str] | None:
        return self.missing if channel_id == CHANNEL_ID else self.missing_elsewhere.get(channel_id)

    def of(self, kind: str) -> list[Letter[Any]]:
        """Return the messages of one kind that people can see."""
        return [letter for letter in self.shown if letter.kind == kind]

    def visible(self) -> list[Letter[Any]]:
        """Return the messages that weren't taken back."""
        return [letter for letter in self.shown if self._places[letter.nonce].message_id not in self.removed]

    def texts(self) -> list[str | None]:
        """Return the keys of the notices that people can see."""
        return [letter.content.text for letter in self.of("notice")]

    def _place(self, letter: Letter[Any]) -> int:
        """Return where a message lands: some open a thread."""
        if letter.kind in {"post", "room"}:
            return new_id()
        return letter.channel_id or letter.user_id or 0


def part(letter: Letter[Any], name: str) -> Any:  # noqa: ANN401
    """Return a part of what a letter is made of; None where its content has none such."""
    return getattr(letter.content, name, None)


@dataclass
class FakeMembership:
    """Who is where, as Discord would say: everyone is a member of everything, but for who is noted otherwise."""

    people: dict[int, Standing] = field(default_factory=dict)
    """By user, in every community."""
    away: set[int] = field(default_factory=set)
    """The communities that the bot was removed from."""
    present: set[int] = field(default_factory=lambda: {GUILD_ID})
    is_out: bool = False
    """Discord doesn't answer."""
    late: dict[int, Standing] = field(default_factory=dict)
    """What only a fresh look finds, by user."""
    looks: list[int] = field(default_factory=list)
    """The users who were looked at, one for each look."""

    def lose(self, user_id: int, where: Where = "gone") -> None:
        """Let someone leave."""
        self.people[user_id] = Standing(where)

    def silence(self, user_id: int, until: datetime) -> None:
        """Let a moderator time someone out."""
        self.people[user_id] = Standing("here", until)

    async def standing(self, guild_id: int, user_id: int, *, is_fresh: bool = False) -> Standing:
        self.looks.append(user_id)
        if self.is_out or guild_id in self.away:
            return Standing("unknown" if self.is_out else "away")
        return (self.late if is_fresh else {}).get(user_id) or self.people.get(user_id, Standing("here"))

    def note_here(self, guild_id: int, user_id: int) -> bool:
        self.people.pop(user_id, None)
        return True

    def communities(self) -> frozenset[int]:
        return frozenset(self.present - self.away)

    async def is_away(self, guild_id: int) -> bool:
        return guild_id in self.away


@dataclass
class FakeFiles:
    """Looks into files without a process: what isn't a PDF is text, of which everything is known."""

    record: dict[str, str] = field(default_factory=dict)
    """What a PDF says about itself."""
    refusal: HouseError | None = None
    """Why no file can be looked into."""
    looks: int = 0
    turns: FileTurns = field(default_factory=lambda: FileTurns(1, 0.1))

    def turn(self, user_id: int) -> AbstractAsyncContextManager[None]:
        return self.turns.of(user_id)

    async def inspect(self, data: bytes, *, wants_text: bool) -> Understood:
        self.looks += 1
        if self.refusal is not None:
            raise self.refusal
        is_pdf, text = data.startswith(b"%PDF-"), data.decode()
        shown = text if wants_text else None
        words = len(text.split())
        if is_pdf:
            return Understood(Format.PDF, words, is_cut=False, pages=1, record=self.record, text=shown)
        return Understood(Format.TEXT, words, is_cut=False, text=shown)

    async def without_record(self, data: bytes) -> bytes:
        if self.refusal is not None:
            raise self.refusal
        return data + b" (copy)"


class House(UseCases):
    """The real use cases over a real database; letters leave when `settle` says so, not before."""

    def __init__(
        self,
        database: Database,
        messenger: FakeMessenger | None = None,
        clock: ManualClock | None = None,
        *,
        encoder: WarmingEmbedder | None = None,
        multilingual: MultilingualEmbedder | None = None,
        begin: Begin | None = None,
    ) -> None:
        """Wire them as the bot does; `begin` opens transactions in place of the database's own way."""
        self.database, self.messenger = database, messenger or FakeMessenger()
        self.clock, self.membership = clock or ManualClock(), FakeMembership()
        self.files = FakeFiles()
        self.community = source_of(database.read)
        self.router = Router(encoder or HashingEmbedder(), multilingual, self.community)
        self.nudges = 0
        self.statistician = FakeStatistician(database)
        outside = Outside(
            begin=begin or database.begin,
            read=database.read,
            router=self.router,
            messenger=self.messenger,
            membership=self.membership,
            files=self.files,
            statistician=self.statistician,
            clock=self.clock,
        )
        wired = wire(outside=outside, policy=DEFAULT, nudge=self.nudge)
        super().__init__(**{each.name: getattr(wired, each.name) for each in fields(wired)})

    def nudge(self) -> None:
        self.nudges += 1

    async def settle(self) -> int:
        """Send every letter that is due."""
        return await self.delivering.deliver_due()

    async def open(self, **chosen: object) -> None:
        """Set the community up."""
        async with self.database.begin() as work:
            await a_guild(work, GUILD_ID, **{"help_channel_id": CHANNEL_ID, **chosen})

    async def person(self, **chosen: object) -> Member:
        """Let someone in who hasn't opted in."""
        async with self.database.begin() as work:
            return await a_member(work, **chosen)  # type: ignore[arg-type]  # the chosen columns come last

    async def helper(self, *statements: str, **chosen: object) -> Member:
        """Let someone in who offers help with `statements` (none: with what `QUESTION` asks)."""
        (member,) = await self.helpers(1, *statements, **chosen)
        return member

    async def helpers(self, count: int, *statements: str, **chosen: object) -> list[Member]:
        """Let several people in who offer the same help."""
        async with self.database.begin() as work:
            members = [await a_helper(work, **chosen) for _ in range(count)]  # type: ignore[arg-type]
            for member, text in itertools.product(members, statements or (EXPERTISE,)):
                await a_statement(work, member, text)
        for member in members:
            self.router.forget(member.guild_id)
        return members

    async def ask(self, asker_user_id: int | None = None, text: str = QUESTION) -> Receipt:
        """Let someone (None: a stranger) ask."""
        return await self.asking.ask(a_new_question(asker_user_id, text))

    async def answer(self, thread_id: int | None, user_id: int) -> bool:
        """Let someone write into a thread."""
        assert thread_id is not None
        return await self.watching.notice(Answer(thread_id, user_id, self.clock.now()))

    async def rows(self, table: type[Base], **where: object) -> list[dict[str, Any]]:
        """Return a table's rows, oldest first, those only whose columns are as `where` says."""
        columns = table.__table__.columns
        chosen = select(table.__table__).where(*(columns[name] == value for name, value in where.items()))
        oldest_first = chosen.order_by(*table.__table__.primary_key)
        async with self.database.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(oldest_first)).mappings()]

    async def agree(self, user_id: int) -> bool:
        """Let someone agree to keep the words that were shown last."""
        ids = values(await self.rows(KeptAnswer), "id")
        return await self.thanking.agree(ids[-1] if ids else 0, user_id)

    async def snapshot(self) -> dict[str, list[tuple[object, ...]]]:
        """Return everything there is, to see that nothing changed."""
        async with self.database.engine.connect() as connection:
            return {
                table.name: sorted((tuple(row) for row in await connection.execute(select(table))), key=repr)
                for table in Base.metadata.sorted_tables
            }


def a_new_question(asker_user_id: int | None = None, text: str = QUESTION, tried: str = "") -> NewQuestion:
    """Fill in the form of `/ask`; each is a submission of its own."""
    return NewQuestion(GUILD_ID, asker_user_id or new_id(), interaction_id=new_id(), text=text, tried=tried)


def values(rows: Sequence[Mapping[str, Any]], column: str) -> list[Any]:
    """Return one column of some rows."""
    return [row[column] for row in rows]
