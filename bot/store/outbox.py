"""Messages to be sent: written with the change, leased to be sent, then marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import aliased

from bot.store.guilds import is_served
from bot.store.said import may_be_taken_back
from bot.store.transactions import Session, Store, Writes
from models import OutboxFile, OutboxLetter

ENOUGH_ATTEMPTS = 40
"""Where nothing else says since when a letter was tried; more than a day's."""
MOST_ATTEMPTS = 1_000_000
"""Attempts are counted no further: no number in that column may stop the counting of others."""

_CAUSES = ("request", "invitation", "booking", "occurrence", "waiting")
"""The tables whose rows a letter may be about."""
_STANDING = ("attempts", "wanted_at", "due_at", "first_attempt_at", "sent_at", "failure")
# Made once: an alias of all columns takes longer to make than a statement with it takes to run.
_Other = aliased(OutboxLetter)


def _claim(which: ColumnElement[bool]) -> Executable:
    """Return the statement that leases some of `which` letters; to make it takes longer than to run it."""
    now, attempts = bindparam("now", type_=OutboxLetter.due_at.type), cast(OutboxLetter.attempts, Integer)
    free = (
        select(OutboxLetter.id)
        .where(
            OutboxLetter.due_at <= now,
            is_served(OutboxLetter.guild_id),
            which,
            or_(OutboxLetter.leased_until.is_(None), OutboxLetter.leased_until <= now),
            or_(
                OutboxLetter.after_id.is_(None),
                exists().where(_Other.id == OutboxLetter.after_id, _Other.sent_at.is_not(None)),
            ),
        )
        .order_by(OutboxLetter.due_at, OutboxLetter.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte("free")  # as a plain subquery PostgreSQL may run it again and again, and lease more than `most`
    )
    return (
        update(OutboxLetter)
        .where(OutboxLetter.id.in_(select(free.c.id)))
        .values(
            leased_until=bindparam("until", type_=OutboxLetter.due_at.type),
            attempts=case((attempts < MOST_ATTEMPTS, attempts + 1), else_=MOST_ATTEMPTS),
            first_attempt_at=func.coalesce(OutboxLetter.first_attempt_at, now),
        )
        .returning(OutboxLetter.id)
        .execution_options(synchronize_session=False)
    )


_CLAIM_ANY = _claim(true())
_CLAIM_ONE = _claim(OutboxLetter.key == bindparam("occasion", type_=String()))


@dataclass(frozen=True, slots=True)
class Trace:
    """How a letter stands, without what it says and to whom."""

    kind: str
    occasion: str
    """What it was written for, without the numbers that make it one occasion."""
    about: Mapping[str, int]
    """The rows it is about, by table."""
    attempts: int
    wanted_at: datetime | None
    """When it was to leave first; None where that wasn't kept yet."""
    due_at: datetime | None
    """None once it is sent or given up."""
    first_attempt_at: datetime | None
    sent_at: datetime | None
    failure: str | None
    """Why it was given up."""


class Outbox(Store[Session]):
    """The store of messages to be sent."""

    def add(self: "Outbox[Writes]", letter: OutboxLetter) -> None:
        """Keep a letter; it leaves after the commit."""
        letter.wanted_at = letter.due_at
        self._session.add(letter)

    async def write_once(self: "Outbox[Writes]", letter: OutboxLetter) -> bool:
        """Keep a letter unless there is one for its occasion; returns whether it is new."""
        if await self.find(letter.key) is not None:
            return False
        self.add(letter)
        return True

    async def write_unless_heard(self: "Outbox[Writes]", letter: OutboxLetter) -> bool:
        """Keep a letter unless one for its occasion has arrived, or may still; returns whether it is new."""
        earlier = await self.find(letter.key)
        if earlier is not None and earlier.failure is None:
            return False
        if earlier is not None:
            await self._session.delete(earlier)
            await self._session.flush()
        self.add(letter)
        return True

    async def get(self, letter_id: int) -> OutboxLetter | None:
        """Return the letter with this row id."""
        return await self._session.get(OutboxLetter, letter_id)

    async def find(self, key: str) -> OutboxLetter | None:
        """Return the letter written for this occasion."""
        return await self._session.scalar(select(OutboxLetter).where(OutboxLetter.key == key))

    async def find_all(self, keys: Iterable[str]) -> dict[str, OutboxLetter]:
        """Return the letters written for these occasions, by occasion."""
        rows = await self._session.scalars(select(OutboxLetter).where(OutboxLetter.key.in_(list(keys))))
        return {letter.key: letter for letter in rows}

    async def written(self, keys: Iterable[str]) -> set[str]:
        """Return those of these occasions for which there is a letter, in any state."""
        return set(await self._session.scalars(select(OutboxLetter.key).where(OutboxLetter.key.in_(list(keys)))))

    async def sent(self, keys: Iterable[str]) -> set[str]:
        """Return those of these occasions whose letters have arrived."""
        is_sent = OutboxLetter.sent_at.is_not(None)
        return set(
            await self._session.scalars(select(OutboxLetter.key).where(OutboxLetter.key.in_(list(keys)), is_sent))
        )

    async def left(self, keys: Iterable[str], now: datetime) -> set[str]:
        """Return those of these occasions whose letters have arrived, or are on their way this very moment."""
        has_left = or_(OutboxLetter.sent_at.is_not(None), OutboxLetter.leased_until > now)
        return set(
            await self._session.scalars(select(OutboxLetter.key).where(OutboxLetter.key.in_(list(keys)), has_left))
        )

    async def underway(self, keys: Iterable[str]) -> set[str]:
        """Return those of these occasions whose letters have neither arrived nor been given up."""
        is_due = OutboxLetter.due_at.is_not(None)
        return set(
            await self._session.scalars(select(OutboxLetter.key).where(OutboxLetter.key.in_(list(keys)), is_due))
        )

    async def write_or_hasten(self: "Outbox[Writes]", letter: OutboxLetter) -> None:
        """Keep a letter, unless one of its kind to the same member is on its way: that one leaves when this would."""
        underway = await self.find_waiting(letter.guild_id, letter.kind, letter.member_id)
        if underway is None:
            self.add(letter)
        else:
            underway.due_at = letter.due_at

    async def find_waiting(self, guild_id: int, kind: str, member_id: int | None = None) -> OutboxLetter | None:
        """Return a letter of this kind, to a member or to no one in particular, that is neither sent nor given up."""
        return await self._session.scalar(
            select(OutboxLetter)
            .where(
                OutboxLetter.guild_id == guild_id,
                OutboxLetter.kind == kind,
                OutboxLetter.member_id == member_id if member_id else OutboxLetter.member_id.is_(None),
                OutboxLetter.due_at.is_not(None),
            )
            .limit(1)
        )

    async def last_due(self, occurrence_id: int, kind: str) -> int | None:
        """Return the id of the newest letter of a kind about an occurrence that is neither sent nor given up."""
        return await self._session.scalar(
            select(func.max(OutboxLetter.id)).where(
                OutboxLetter.occurrence_id == occurrence_id,
                OutboxLetter.kind == kind,
                OutboxLetter.due_at.is_not(None),
            )
        )

    async def hasten(self: "Outbox[Writes]", letter_id: int, due_at: datetime) -> None:
        """Let a letter leave earlier, unless it is on its way or has left."""
        is_waiting = and_(OutboxLetter.id == letter_id, OutboxLetter.due_at > due_at)
        await self._session.execute(
            update(OutboxLetter)
            .where(is_waiting, OutboxLetter.leased_until.is_(None))
            .values(due_at=due_at)
            .execution_options(synchronize_session=False)
        )

    async def hasten_tried(self: "Outbox[Writes]", guild_id: int, now: datetime) -> None:
        """Let what a community's letters were tried in vain for leave now, unless it is on its way."""
        is_tried = and_(OutboxLetter.guild_id == guild_id, OutboxLetter.attempts > 0, OutboxLetter.due_at > now)
        await self._session.execute(
            update(OutboxLetter)
            .where(is_tried, OutboxLetter.leased_until.is_(None))
            .values(due_at=now)
            .execution_options(synchronize_session=False)
        )

    async def those(self, letter_ids: Iterable[int]) -> Sequence[OutboxLetter]:
        """Return these letters as they are now, oldest first."""
        wanted = select(OutboxLetter).where(OutboxLetter.id.in_(list(letter_ids))).order_by(OutboxLetter.id)
        return (await self._session.scalars(wanted.execution_options(populate_existing=True))).all()

    async def claim(
        self: "Outbox[Writes]", now: datetime, lease: timedelta, limit: int, key: str | None = None
    ) -> list[int]:
        """Lease up to `limit` letters that are due, oldest first, so that no one else sends them meanwhile.

        With a `key`, only the letter of that occasion. Returns their ids, for not all of them may be readable.
        """
        values = {"now": now, "until": now + lease, "most": limit, "occasion": key}
        leased = await self._session.scalars(_CLAIM_ONE if key else _CLAIM_ANY, values)
        return sorted(leased.all())

    async def attempts(self, letter_id: int, since: datetime) -> int | None:
        """Return how often a letter was tried; None where that was often enough, or for long enough, since a moment."""
        is_over = or_(OutboxLetter.attempts > ENOUGH_ATTEMPTS, OutboxLetter.first_attempt_at < since)
        wanted = select(OutboxLetter.attempts).where(OutboxLetter.id == letter_id, ~is_over)
        return await self._session.scalar(wanted)

    async def note(self: "Outbox[Writes]", letter_id: int, **changes: object) -> None:
        """Change a letter without reading it, and end its lease."""
        await self._session.execute(
            update(OutboxLetter)
            .where(OutboxLetter.id == letter_id)
            .values(leased_until=None, **changes)
            .execution_options(synchronize_session=False)
        )

    async def messages_since(self, guild_id: int, since: datetime) -> frozenset[int]:
        """Return the ids of the messages that a community's letters became since a moment."""
        is_recent = and_(OutboxLetter.guild_id == guild_id, OutboxLetter.sent_at >= since)
        found = await self._session.scalars(select(OutboxLetter.message_id).where(is_recent))
        return frozenset(each for each in found if each is not None)

    async def trace(self, reference: int) -> list[Trace]:
        """Return, oldest first, how the letters stand that became a message, or the one with this row id.

        What they say, and to whom, isn't read.
        """
        about = [getattr(OutboxLetter, f"{table}_id") for table in _CAUSES]
        columns = [OutboxLetter.kind, OutboxLetter.key, *(getattr(OutboxLetter, name) for name in _STANDING), *about]
        is_meant = or_(OutboxLetter.message_id == reference, OutboxLetter.id == reference)
        rows = await self._session.execute(select(*columns).where(is_meant).order_by(OutboxLetter.id))
        return [_traced(row._asdict()) for row in rows]

    async def end_leases(self: "Outbox[Writes]", now: datetime) -> None:
        """Free every letter that is leased, so that the next claim may take it."""
        is_leased = and_(OutboxLetter.due_at <= now, OutboxLetter.leased_until.is_not(None))
        await self._session.execute(update(OutboxLetter).where(is_leased).values(leased_until=None))

    async def give_up_after(self: "Outbox[Writes]", letter_id: int, reason: str) -> None:
        """Give up what was to follow a letter that will never leave, and forget what both were about to bring."""
        those = select(OutboxLetter.key).where(or_(OutboxLetter.id == letter_id, OutboxLetter.after_id == letter_id))
        await self._session.execute(delete(OutboxFile).where(OutboxFile.key.in_(those)))
        await self._session.execute(
            update(OutboxLetter)
            .where(OutboxLetter.after_id == letter_id, OutboxLetter.due_at.is_not(None))
            .values(due_at=None, leased_until=None, failure=reason, params={})
        )

    async def forget(self: "Outbox[Writes]", guild_id: int, before: datetime, limit: int) -> int:
        """Delete up to `limit` of a community's letters that are done with, and return how many.

        They were first tried before a moment, nothing still to leave follows them, and no one may take them back.
        """
        is_followed = exists().where(_Other.after_id == OutboxLetter.id, _Other.due_at.is_not(None))
        old = (
            select(OutboxLetter.id)
            .where(OutboxLetter.guild_id == guild_id, OutboxLetter.first_attempt_at < before)
            .where(OutboxLetter.due_at.is_(None), ~is_followed, ~may_be_taken_back())
            .limit(limit)
        )
        result: Any = await self._session.execute(
            delete(OutboxLetter).where(OutboxLetter.id.in_(old)).execution_options(synchronize_session=False)
        )
        return int(result.rowcount)

    async def waiting(self, now: datetime, guild_id: int) -> tuple[int, int]:
        """Return how many of a community's letters are due, and how many were tried and are still here."""
        row = (
            await self._session.execute(
                select(
                    func.count().filter(OutboxLetter.due_at <= now).label("due"),
                    func.count().filter(OutboxLetter.attempts > 1).label("retried"),
                ).where(OutboxLetter.due_at.is_not(None), OutboxLetter.guild_id == guild_id)
            )
        ).one()
        return row.due, row.retried


def _traced(row: Mapping[str, Any]) -> Trace:
    about = {table: row[f"{table}_id"] for table in _CAUSES if row[f"{table}_id"] is not None}
    standing = {name: row[name] for name in _STANDING}
    return Trace(row["kind"], row["key"].partition(":")[0], about, **standing)
