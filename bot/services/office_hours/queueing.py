"""Walk-in hours: one queue, places that can be held for a while, and carried over to the next hour."""

import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain.limits import Deed
from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy
from bot.domain.rows import Row
from bot.domain.wording import within
from bot.errors import Conflict, NotAllowed, NotFound
from bot.services import limits
from bot.services.office_hours import queue_letters as letters
from bot.services.office_hours.attending import is_there
from bot.services.office_hours.meeting_results import OwnQueuePlace, Turn
from bot.services.ports import Begin, Look, Nudge, Read
from bot.services.requests.asking import LONGEST, SHORTEST
from bot.services.sweeping import in_turn
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Member, Occurrence, QueuePlace

MOST_AT_ONCE = 200
"""Hours or places that one sweep looks at."""


@dataclass(frozen=True, slots=True)
class Queueing:
    """Use cases around the queues of walk-in hours."""

    begin: Begin
    read: Read
    nudge: Nudge
    clock: Clock
    look: Look
    numbers: OfficeHoursPolicy = DEFAULT

    async def join(self, occurrence_id: int, user_id: int, interaction_id: int, written: str) -> OwnQueuePlace:
        """Take a place at the end of the queue; a person who is in it already keeps theirs.

        Raises:
            Invalid: the question is too short or too long.
            NotFound: there are no such hours, or they have no queue.
            Conflict: they are over.
            NotAllowed: they are one's own, or one of both keeps the other away.
        """
        question = within(written, LONGEST, "queue.too_long", shortest=SHORTEST, too_short="queue.too_short")
        now = self.clock.now()
        await self._look_at_host(occurrence_id)
        async with self.begin() as work:
            occurrence = await _held(work, occurrence_id)
            if occurrence.ends_at <= now:
                raise Conflict("queue.over")
            member = await work.members.ensure(occurrence.guild_id, user_id, now)
            await _require_welcome(work, occurrence, member)
            await limits.hold(work, member.id, Deed.QUEUE, now)
            place = await work.queue_places.find(occurrence.id, member.id)
            if place is None:
                place = QueuePlace(occurrence_id=occurrence.id, member_id=member.id, question=question, since=now)
                work.queue_places.add(place)
            elif place.state in {"left", "seen"}:
                place.state, place.since, place.question, place.held_until = "waiting", now, question, None
            place.interaction_id = interaction_id
            await work.flush()
            return await _own_place(work, place, occurrence)

    async def hold_place(self, place_id: int, user_id: int) -> OwnQueuePlace:
        """Let others go before for half an hour at most; the place stays, and asking again starts the time again.

        Raises:
            NotFound: there is no such place.
            NotAllowed: it is another person's.
            Conflict: it is given up, or its turn was there.
        """
        until = self.clock.now() + self.numbers.hold

        async def hold(work: UnitOfWork, place: QueuePlace, _occurrence: Occurrence) -> None:
            await limits.hold(work, place.member_id, Deed.HOLD, self.clock.now())
            place.state, place.held_until = "held", until
            await work.flush()

        return await self._change(place_id, user_id, hold)

    async def come_back(self, place_id: int, user_id: int) -> OwnQueuePlace:
        """Wait again, in the same place as before.

        Raises:
            NotFound: there is no such place.
            NotAllowed: it is another person's.
            Conflict: it is given up, or its turn was there.
        """

        async def wait(work: UnitOfWork, place: QueuePlace, _occurrence: Occurrence) -> None:
            if place.state == "held":
                place.state, place.held_until = "waiting", None
                await work.flush()

        return await self._change(place_id, user_id, wait)

    async def leave(self, place_id: int, user_id: int) -> None:
        """Give a place up; twice is once.

        Raises:
            NotFound: there is no such place.
            NotAllowed: it is another person's.
        """
        async with self.begin() as work:
            place, _ = await _own(work, place_id, user_id)
            if place.state in {"waiting", "held", "invited"}:
                place.state, place.held_until = "left", None

    async def is_host(self, occurrence_id: int, user_id: int) -> bool:
        """Tell whether a walk-in hour is a host's own."""
        async with self.read() as work:
            occurrence = await work.office_hours.occurrence(occurrence_id)
            host = await work.members.get(occurrence.host_id) if occurrence else None
            return host is not None and host.user_id == user_id

    async def own_place(self, occurrence_id: int, user_id: int) -> OwnQueuePlace | None:
        """Return where a person stands in a queue; None where they don't, or not any more."""
        async with self.read() as work:
            occurrence = await work.office_hours.occurrence(occurrence_id)
            member = await work.members.find(occurrence.guild_id, user_id) if occurrence else None
            place = await work.queue_places.find(occurrence_id, member.id) if member else None
            if occurrence is None or place is None or place.state not in {"waiting", "held", "invited"}:
                return None
            return await _own_place(work, place, occurrence)

    async def invite_next(self, occurrence_id: int, user_id: int) -> Turn:
        """Invite the first person whose place isn't on hold; the person invited before has been seen.

        Raises:
            NotFound: there are no such hours, or they have no queue.
            NotAllowed: another person offers them.
        """
        now = self.clock.now()
        await self._look_at_line(occurrence_id)
        async with self.begin() as work:
            occurrence = await _held(work, occurrence_id)
            host = await work.members.find(occurrence.guild_id, user_id)
            if host is None or host.id != occurrence.host_id:
                raise NotAllowed("queue.not_host")
            line = await work.queue_places.line(occurrence.id)
            for place in line:
                if place.state == "invited":
                    place.state = "seen"
            away = (await work.blocks.around([occurrence.host_id]))[occurrence.host_id]
            line = [place for place in line if place.member_id not in away]
            waiting = [place for place in line if place.state == "waiting"]
            held = sum(place.state == "held" for place in line)
            if not waiting:
                return Turn(occurrence.id, None, held=held)
            first = waiting[0]
            first.state = "invited"
            await letters.invite(work, occurrence, first, now)
            member = await work.members.get(first.member_id)
            turn = Turn(occurrence.id, member.user_id if member else None, first.question, len(waiting) - 1, held)
        self.nudge()
        return turn

    async def sweep(self) -> int:
        """Tell hosts that their hour begins, end what was held, carry over those who were left; returns how many."""
        now = self.clock.now()
        async with self.read() as work:
            begun = await work.queue_places.begun(now, MOST_AT_ONCE)
            told = await work.outbox.written(letters.begin_key(each) for _, each in begun)
            run_out = await work.queue_places.run_out(now, MOST_AT_ONCE)
            over = await work.queue_places.left_over(now, MOST_AT_ONCE)
        new = [(guild_id, each) for guild_id, each in begun if letters.begin_key(each) not in told]
        await self._each("occurrence", new, self._begin_hour)
        await self._each("queue_place", run_out, self._end_hold)
        await self._each("occurrence", over, self._carry_over)
        done = len(new) + len(run_out) + len(over)
        if done:
            self.nudge()
        return done

    async def _look_at_host(self, occurrence_id: int) -> None:
        """Find out whether a host is still there; if not, their hours are off afterwards."""
        async with self.read() as work:
            occurrence = await work.office_hours.occurrence(occurrence_id)
            host = await work.members.get(occurrence.host_id) if occurrence else None
            found = (host.guild_id, host.user_id) if host else None
        if found is not None:
            await is_there(self.look, *found, self.clock.now())

    async def _look_at_line(self, occurrence_id: int) -> None:
        """Find out who comes first of those who are still there; who isn't has no place in line afterwards."""
        async with self.read() as work:
            line = [each for each in await work.queue_places.line(occurrence_id) if each.state == "waiting"]
            members = [member for each in line if (member := await work.members.get(each.member_id)) is not None]
            found = [(each.guild_id, each.user_id) for each in members]
        for person in found:
            if await is_there(self.look, *person, self.clock.now()):
                return

    async def _each(
        self, table: str, due: list[tuple[int, int]], act: Callable[[UnitOfWork, int, datetime], Awaitable[None]]
    ) -> None:
        now = self.clock.now()

        async def act_on(guild_id: int, row_ids: Sequence[int]) -> None:
            async with self.begin() as work:
                await work.lock(guild_id)
                for row_id in row_ids:
                    await act(work, row_id, now)

        await in_turn(table, due, act_on, MOST_AT_ONCE)

    async def _begin_hour(self, work: UnitOfWork, occurrence_id: int, now: datetime) -> None:
        occurrence = await work.office_hours.occurrence(occurrence_id)
        if occurrence is not None and occurrence.state == "planned":
            await letters.begin_hour(work, occurrence, now)

    async def _end_hold(self, work: UnitOfWork, place_id: int, now: datetime) -> None:
        place = await work.queue_places.hold(place_id)
        occurrence = await work.office_hours.occurrence(place.occurrence_id) if place else None
        if place is None or occurrence is None or place.state != "held":
            return
        if place.held_until is not None and place.held_until <= now:
            await letters.end_hold(work, occurrence, place, now)
            place.state, place.held_until = "waiting", None

    async def _carry_over(self, work: UnitOfWork, occurrence_id: int, now: datetime) -> None:
        occurrence = await work.office_hours.occurrence(occurrence_id)
        if occurrence is None:
            return
        following = await work.queue_places.next_of(occurrence, now)
        for place in await work.queue_places.line(occurrence_id):
            if place.state == "invited" and occurrence.state == "planned":
                place.state = "seen"
            elif following is None:
                place.state = "left"
                await letters.end_queue(work, occurrence, place, now)
            else:
                place.state = "carried_over"
                await _move(work, place, following)
                await letters.carry_over(work, occurrence, following, place, now)

    async def _change(
        self, place_id: int, user_id: int, act: Callable[[UnitOfWork, QueuePlace, Occurrence], Awaitable[None]]
    ) -> OwnQueuePlace:
        async with self.begin() as work:
            place, occurrence = await _own(work, place_id, user_id)
            if place.state not in {"waiting", "held", "invited"}:
                raise Conflict("queue.gone")
            await act(work, place, occurrence)
            return await _own_place(work, place, occurrence)


async def _held(work: UnitOfWork, occurrence_id: int) -> Occurrence:
    """Return a walk-in hour as it is, in a locked community."""
    guild_id = await work.communities.of(Row.OCCURRENCE, occurrence_id)
    if guild_id is None:
        raise NotFound("queue.unknown")
    await work.lock(guild_id)
    occurrence = await work.office_hours.occurrence(occurrence_id)
    if occurrence is None or not await work.queue_places.is_walk_in(occurrence_id):
        raise NotFound("queue.unknown")
    return occurrence


async def _own(work: UnitOfWork, place_id: int, user_id: int) -> tuple[QueuePlace, Occurrence]:
    guild_id = await work.communities.of(Row.QUEUE_PLACE, place_id)
    if guild_id is not None:
        await work.lock(guild_id)
    place = await work.queue_places.hold(place_id)
    occurrence = await work.office_hours.occurrence(place.occurrence_id) if place else None
    member = await work.members.get(place.member_id) if place else None
    if place is None or occurrence is None or member is None:
        raise NotFound("queue.unknown")
    if member.user_id != user_id:
        raise NotAllowed("queue.not_yours")
    return place, occurrence


async def _require_welcome(work: UnitOfWork, occurrence: Occurrence, member: Member) -> None:
    if member.id == occurrence.host_id:
        raise NotAllowed("queue.own")
    around = await work.blocks.around([occurrence.host_id])
    if member.id in around.get(occurrence.host_id, ()):
        # No one learns that they are blocked.
        raise NotFound("queue.unknown")


async def _move(work: UnitOfWork, place: QueuePlace, following: Occurrence) -> None:
    """Let a person stand in the next queue as long as they have stood in this one."""
    there = await work.queue_places.find(following.id, place.member_id)
    if there is None:
        work.queue_places.add(
            QueuePlace(
                occurrence_id=following.id, member_id=place.member_id, question=place.question, since=place.since
            )
        )
    elif there.state in {"waiting", "held"}:
        there.since = min(there.since, place.since)
    elif there.state == "left":
        there.state, there.since, there.question = "waiting", place.since, place.question


async def _own_place(work: ReadingWork, place: QueuePlace, occurrence: Occurrence) -> OwnQueuePlace:
    host = await work.members.get(occurrence.host_id)
    line = await work.queue_places.line(occurrence.id)
    before = itertools.takewhile(lambda each: each.id != place.id, line)
    state = place.state
    return OwnQueuePlace(
        place_id=place.id,
        occurrence_id=occurrence.id,
        guild_id=occurrence.guild_id,
        host_user_id=host.user_id if host else 0,
        state=state,  # type: ignore[arg-type]  # the table's constraint holds the same values
        ahead=sum(each.state != "invited" for each in before),
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        held_until=place.held_until,
    )
