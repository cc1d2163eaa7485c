"""What comes after fifteen minutes: how it was, a note of one's own, and a no-show that moderators may let pass."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.clock import Clock
from bot.domain.lifecycle import Outcome
from bot.domain.limits import Deed
from bot.domain.office_hours import DEFAULT, OfficeHoursPolicy
from bot.domain.wording import within
from bot.errors import Conflict, HouseError, NotAllowed, NotFound, Unavailable
from bot.services import limits
from bot.services.office_hours import meeting_letters as letters
from bot.services.office_hours.attending import barred_until, hold_part, note_fact, part_of
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests.resolving import Resolving
from bot.services.requests.revealing import Moderator
from bot.store.unit_of_work import UnitOfWork
from models import Booking, Impression, Member

Helped = Literal["helped", "partly", "not_yet"]
LONGEST_NOTE = 1_000
"""Characters of a private note."""


@dataclass(frozen=True, slots=True)
class LookingBack:
    """Use cases around what both thought of their fifteen minutes; holds no state of its own."""

    begin: Begin
    read: Read
    resolving: Resolving
    nudge: Nudge
    clock: Clock
    numbers: OfficeHoursPolicy = DEFAULT

    async def impression(self, booking_id: int, user_id: int, helped: Helped) -> bool:
        """Keep privately how it was; where neither had said that they were there, they met after all.

        What helped its asker settles the open question it came from, as the button in that question's thread does;
        returns whether it did. A question without a name stays as it is: nothing ties the two together.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
            Conflict: it isn't over, or they couldn't find each other.
        """
        now = self.clock.now()
        async with self.begin() as work:
            booking, member = await hold_part(work, booking_id, user_id)
            if booking.state == "not_found" and booking.missing == "both":
                booking.state, booking.missing = "held", None
                note_fact(work, "held", booking, now)
            if booking.state != "held":
                raise Conflict("meeting.over")
            await limits.hold(work, member.id, Deed.NOTE, now)
            (await _impression(work, booking, member, now)).helped = helped
            has_helped = helped == "helped" and member.id == booking.asker_id
            question = await letters.open_question(work, booking) if has_helped else None
            settled = (question.id, booking.host_id) if question is not None else None
        return settled is not None and await self._settle(user_id, *settled)

    async def keep_note(self, booking_id: int, user_id: int, written: str) -> None:
        """Keep a note for its writer, and no one else; a later one takes its place, an empty one too.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
            Invalid: it is too long.
        """
        words = within(written, LONGEST_NOTE, "meeting.note_too_long") or None
        async with self.begin() as work:
            booking, member = await hold_part(work, booking_id, user_id)
            await limits.hold(work, member.id, Deed.NOTE, self.clock.now())
            (await _impression(work, booking, member, self.clock.now())).note = words

    async def own_note(self, booking_id: int, user_id: int) -> str | None:
        """Return a person's own note.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is between two others.
        """
        async with self.read() as work:
            booking, member = await part_of(work, booking_id, user_id)
            found = await work.meetings.impression(booking.id, member.id)
            return found.note if found else None

    async def appeal(self, booking_id: int, user_id: int) -> None:
        """Ask the moderators to let it pass that a person didn't come; twice is once.

        Raises:
            NotFound: there is no such booking.
            NotAllowed: it is another person's matter.
            Conflict: there is nothing to let pass any more.
            Unavailable: the community has no channel for moderators.
        """
        now = self.clock.now()
        async with self.begin() as work:
            booking, member = await hold_part(work, booking_id, user_id)
            if member.id != booking.asker_id:
                raise NotAllowed("meeting.not_yours")
            if booking.missing != "asker" or booking.is_excused:
                raise Conflict("meeting.over")
            settings = await work.guilds.settings(booking.guild_id)
            if settings is None or settings.moderator_channel_id is None:
                raise Unavailable("meeting.no_moderators")
            await letters.appeal(work, booking, barred_until(booking, self.numbers), now)
        self.nudge()

    async def excuse(self, moderator: Moderator, booking_id: int) -> None:
        """Let it pass that a person didn't come, and tell them; twice is once.

        Raises:
            NotAllowed: it is no moderator.
            NotFound: there is no such booking.
        """
        await self._decide(moderator, booking_id, "meeting.excused")

    async def leave(self, moderator: Moderator, booking_id: int) -> None:
        """Leave it as it is, and tell the one it is about; twice is once.

        Raises:
            NotAllowed: it is no moderator.
            NotFound: there is no such booking.
        """
        await self._decide(moderator, booking_id, "meeting.kept")

    async def _settle(self, user_id: int, request_id: int, host_id: int) -> bool:
        # A question is held before its community, so this can't be part of what happens under the community's lock.
        try:
            await self.resolving.resolve(request_id, user_id, Outcome.HELPED, host_id)
        except HouseError:
            return False
        return True

    async def _decide(self, moderator: Moderator, booking_id: int, text: str) -> None:
        moderator.require()
        async with self.begin() as work:
            await work.lock(moderator.guild_id)
            booking = await work.bookings.hold(booking_id)
            if booking is None or booking.guild_id != moderator.guild_id or booking.missing != "asker":
                raise NotFound("meeting.unknown")
            if not booking.is_excused:
                booking.is_excused = text == "meeting.excused"
                await letters.tell_appeal(work, booking, text, barred_until(booking, self.numbers), self.clock.now())
        self.nudge()


async def _impression(work: UnitOfWork, booking: Booking, member: Member, now: datetime) -> Impression:
    found = await work.meetings.impression(booking.id, member.id)
    if found is None:
        found = Impression(booking_id=booking.id, member_id=member.id, at=now)
        work.meetings.add_impression(found)
    return found
