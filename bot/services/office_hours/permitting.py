"""Which slots a member may book: whose, when, and how many."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain.booking import Hindrance, Room, hidden_since, look_back, same_day_until
from bot.domain.languages import share_a_language
from bot.domain.office_hours import OfficeHoursPolicy
from bot.store.bookings import Hosted, Offered
from bot.store.unit_of_work import ReadingWork
from models import Member


@dataclass(frozen=True, slots=True)
class Permission:
    """What one person may book at this moment; nothing in it tells them who blocked which member."""

    member_id: int
    languages: frozenset[str]
    away: Collection[int]
    """The members they blocked, and those who blocked them."""
    room: Room
    hidden_since: datetime | None
    """Slots that became free later are kept for others for now."""
    now: datetime
    numbers: OfficeHoursPolicy

    @classmethod
    async def read(cls, work: ReadingWork, member: Member, now: datetime, numbers: OfficeHoursPolicy) -> "Permission":
        """Read everything that decides; to go on to book takes the community's lock first."""
        going_on = [each for each in await work.bookings.going_on(member.id) if each.asker_id == member.id]
        missed = await work.bookings.no_shows(member.id, now - look_back(numbers))
        room = Room(
            upcoming=len(going_on),
            host_ids=frozenset(each.host_id for each in going_on),
            busy=await work.bookings.busy_times(member.id, now),
            zone=member.zone,
            same_day_until=same_day_until(missed, numbers),
        )
        away = await work.blocks.around([member.id])
        hidden = await _hidden_since(work, member, now, numbers)
        return cls(member.id, frozenset(member.languages), away[member.id], room, hidden, now, numbers)

    def is_shown(self, slot: Offered) -> bool:
        """Tell whether a member sees a slot at all."""
        is_kept = self.hidden_since is not None and slot.open_since is not None and slot.open_since > self.hidden_since
        return self.may_meet(slot) and not is_kept and self.hindrance(slot) is None

    def may_meet(self, slot: Hosted | Offered) -> bool:
        """Tell whether these two could meet: not oneself, no block, and a language in common."""
        share = share_a_language(slot.languages, self.languages)
        return slot.host_id != self.member_id and slot.host_id not in self.away and share

    def hindrance(self, slot: Offered) -> Hindrance | None:
        """Return what of their own speaks against a slot."""
        return self.room.hindrance(slot.host_id, slot.starts_at, slot.ends_at, self.now, self.numbers)


async def _hidden_since(
    work: ReadingWork, member: Member, now: datetime, numbers: OfficeHoursPolicy
) -> datetime | None:
    taken, every = await work.bookings.taken(member.guild_id, now + numbers.notice)
    hidden = hidden_since(taken, every, now, numbers)
    return hidden if hidden and await work.bookings.has_booked(member.id) else None
