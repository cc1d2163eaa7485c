"""Being left in peace for a while, by one's own choice or after a run of silences."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.calendars.typed import read_day
from bot.clock import Clock
from bot.domain.hours import own_clock
from bot.errors import Invalid
from bot.services.ports import Begin, Read
from bot.services.requests.helping import Helping
from bot.services.requests.holding import hold_member
from bot.services.requests.inviting import heard_from
from bot.services.requests.views import pause_of
from bot.services.results import Pause
from models import Member

FROM_INVITATION = timedelta(days=7)
"""How long a pause from an invitation lasts."""
LONGEST = timedelta(days=366)
"""How far away the end of a pause may be; a longer one has none."""


@dataclass(frozen=True, slots=True)
class Pausing:
    """Use cases around pauses."""

    begin: Begin
    read: Read
    helping: Helping
    clock: Clock

    async def state(self, guild_id: int, user_id: int) -> Pause:
        """Return whether a member is paused; a stranger isn't."""
        async with self.read() as work:
            member = await work.members.find(guild_id, user_id)
            return pause_of(member, self.clock.now()) if member else Pause(0, is_paused=False)

    async def pause_for(self, guild_id: int, user_id: int, length: timedelta | None) -> Pause:
        """Ask a member nothing for so long, or (None) until they say so; what they took stays theirs."""
        until = None if length is None else self.clock.now() + length
        async with self.begin() as work:
            await work.lock(guild_id)
            member = await work.members.ensure(guild_id, user_id, self.clock.now())
            return self._pause(member, until)

    async def pause_until(self, guild_id: int, user_id: int, written: str) -> Pause:
        """Pause until the end of a day, such as 2027-01-31, Friday or in 3 days, on the person's own clock.

        Raises:
            Invalid: it is no such day, it could be two, it is over, or more than a year away.
        """
        async with self.begin() as work:
            await work.lock(guild_id)
            member = await work.members.ensure(guild_id, user_id, self.clock.now())
            return self._pause(member, _end_of_day(written, member.zone, self.clock.now()))

    async def from_invitation(self, invitation_id: int, user_id: int) -> Pause:
        """Pass an invitation and pause for a week; what was taken before stays taken.

        Raises:
            NotFound: there is no such invitation.
            NotAllowed: it was addressed to another person.
        """
        member_id = await self.helping.pass_if_waiting(invitation_id, user_id)
        async with self.begin() as work:
            member = await hold_member(work, member_id, user_id)
            return self._pause(member, self.clock.now() + FROM_INVITATION)

    async def end(self, member_id: int, user_id: int) -> Pause:
        """Be there again, with every silence forgotten; twice is once.

        Raises:
            NotFound: there is no such member.
            NotAllowed: it is another person's pause.
        """
        async with self.begin() as work:
            member = await hold_member(work, member_id, user_id)
            member.paused_at = member.paused_until = None
            member.silences = 0
            return pause_of(member, self.clock.now())

    def _pause(self, member: Member, until: datetime | None) -> Pause:
        now = self.clock.now()
        heard_from(member)
        member.paused_at, member.paused_until = now, until
        return pause_of(member, now)


def _end_of_day(written: str, zone: str | None, now: datetime) -> datetime:
    local = own_clock(zone)
    try:
        day = read_day(written, local.key, now)
    except Invalid as refusal:
        if refusal.key not in {"time.unreadable", "time.past", "time.which_zone"}:
            raise
        raise Invalid("pause.unknown_day", day=written.strip()[:30], example=_example(now, local)) from None
    if not now.astimezone(local).date() <= day <= (now + LONGEST).astimezone(local).date():
        raise Invalid("pause.unknown_day", day=written.strip()[:30], example=_example(now, local))
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=local)


def _example(now: datetime, local: ZoneInfo) -> str:
    return (now.astimezone(local).date() + timedelta(days=14)).isoformat()
