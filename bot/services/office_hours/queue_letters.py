"""What people read who stand in a queue, and who works through it; each occasion has one name."""

from datetime import datetime

from bot.services.office_hours.letters import HoursLetter
from bot.store.unit_of_work import UnitOfWork
from models import Occurrence, OutboxLetter, QueuePlace


def begin_key(occurrence_id: int) -> str:
    """Name the occasion of a walk-in hour's beginning."""
    return f"queue.begin:{occurrence_id}"


async def begin_hour(work: UnitOfWork, occurrence: Occurrence, now: datetime) -> None:
    """Give a host the button that invites the first person."""
    await work.outbox.write_once(_letter(occurrence, "queue.begin", begin_key(occurrence.id), occurrence.host_id, now))


async def invite(work: UnitOfWork, occurrence: Occurrence, place: QueuePlace, now: datetime) -> None:
    """Tell a person that it is their turn."""
    await _about(work, occurrence, place, "queue.turn", now)


async def end_hold(work: UnitOfWork, occurrence: Occurrence, place: QueuePlace, now: datetime) -> None:
    """Tell a person that their place isn't held any longer."""
    await _about(work, occurrence, place, "queue.hold_over", now)


async def end_queue(work: UnitOfWork, occurrence: Occurrence, place: QueuePlace, now: datetime) -> None:
    """Tell a person that it was the last time, and what else there is."""
    await _about(work, occurrence, place, "queue.ended", now)


async def carry_over(
    work: UnitOfWork, occurrence: Occurrence, following: Occurrence, place: QueuePlace, now: datetime
) -> None:
    """Tell a person when their turn comes, since it didn't come this time."""
    await _about(work, occurrence, place, "queue.carried_over", now, when=int(following.starts_at.timestamp()))


async def _about(
    work: UnitOfWork, occurrence: Occurrence, place: QueuePlace, text: str, now: datetime, **params: str | int
) -> None:
    # A turn may come twice to one place, where its member held it in between.
    key = f"{text}:{place.id}:{now:%Y%m%d%H%M%S}"
    host, settings = await work.members.get(occurrence.host_id), await work.guilds.settings(occurrence.guild_id)
    known: dict[str, str | int] = {
        "place": place.id,
        "host": host.user_id if host else 0,
        "channel": (settings.meeting_channel_id if settings else None) or 0,
    }
    letter = _letter(occurrence, text, key, place.member_id, now)
    letter.params = {**known, **params}
    await work.outbox.write_once(letter)


def _letter(occurrence: Occurrence, text: str, key: str, member_id: int, now: datetime) -> OutboxLetter:
    return OutboxLetter(
        guild_id=occurrence.guild_id,
        kind=HoursLetter.CHECK_IN,
        key=key,
        due_at=now,
        occurrence_id=occurrence.id,
        member_id=member_id,
        text=text,
        params={"occurrence": occurrence.id},
    )
