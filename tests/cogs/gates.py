"""One row of everything that a button may stand for, and people who press where they shouldn't."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, UserHandle
from simcord.results import InteractionResult
from sqlalchemy import select

from bot.domain.rows import Row
from bot.store.unit_of_work import UnitOfWork
from bot.ui.doors import Entrance
from bot.ui.items import Press
from models import Base, QueuePlace, WaitlistPlace
from tests.cogs.conftest import QUESTION, World
from tests.cogs.presses import CHOICE, FORM, PRESS, Sent, arrive, filled
from tests.factories import (
    a_draft_with_feedback,
    a_kept_answer,
    a_member,
    a_question,
    a_reveal,
    a_series,
    a_slot,
    an_invitation,
    an_occurrence,
    having,
)
from tests.services.meetings import a_booking

Caller = MemberActor | UserHandle
Place = tuple[Caller, ChannelHandle]
"""Who presses, and where."""
FIELDS = {"question": QUESTION, "words": QUESTION, "answer": QUESTION, "when": "Tue 18:00-19:00 weekly"}
"""What every form's fields take."""
TOGETHER = 10
"""Presses at a time."""
EVERYTHING = discord.Permissions.all()


@dataclass(frozen=True)
class Gates:
    """Two communities, everything of the first, and the people who come and go."""

    world: World
    rows: Mapping[Row, int]
    """By kind, one row of the first community; the asker's own if rows have an owner."""
    elsewhere: ChannelHandle
    bystander: MemberActor
    """A member of the first community who has no part in anything."""
    stranger: MemberActor
    """Another member of the first, who moderates the second."""
    stranger_there: MemberActor
    asker_there: MemberActor

    def entrances(self) -> list[Entrance]:
        """Return everything that can be pressed about a row."""
        return [each for each in self.world.app.client.presses if each.row or each.chosen]

    def presses(self, caller: Caller, channel: ChannelHandle, entrances: Iterable[Entrance]) -> list[Sent]:
        """Press each as a button or a select, and send each as a form."""
        sent = list[Sent]()
        for each in entrances:
            custom_id = str(Press(each.kind, each.verb, self.rows[each.row] if each.row else 0))
            # Where people are chosen, it is someone.
            chosen = [str(self.rows[each.chosen] if each.chosen else self.bystander.id)]
            pressed = {"custom_id": custom_id, "component_type": CHOICE, "values": chosen}
            sent.append(Sent(caller, channel, PRESS, pressed))
            form = filled(caller, channel, custom_id, FIELDS)
            form.payload["data"]["values"] = chosen
            assert form.payload["type"] == FORM
            sent.append(form)
        return sent

    async def answers(
        self, caller: Caller, channel: ChannelHandle, entrances: Iterable[Entrance]
    ) -> dict[str, set[str]]:
        """Press all of these and return what was said, by kind and verb; "" where a form opened."""
        entrances = list(entrances)
        results = await arrive_all(self.presses(caller, channel, entrances))
        names = [f"{each.kind}:{each.verb}" for each in entrances for _ in range(2)]
        said: dict[str, set[str]] = {}
        for name, result in zip(names, results, strict=True):
            said.setdefault(name, set()).add(answer(result))
        return said

    async def snapshot(self) -> dict[str, list[Any]]:
        """Return everything that is kept."""
        async with self.world.app.database.engine.connect() as connection:
            return {
                table.name: sorted((tuple(row) for row in await connection.execute(select(table))), key=repr)
                for table in Base.metadata.sorted_tables
            }


async def arrive_all(sent: Sequence[Sent]) -> list[InteractionResult]:
    """Let all of these reach the bot, a few at a time."""
    results = list[InteractionResult]()
    for start in range(0, len(sent), TOGETHER):
        results += await arrive(*sent[start : start + TOGETHER])
    return results


def answer(result: InteractionResult) -> str:
    """Return the last thing someone read; "" where there was nothing to read."""
    shown = result.followups[-1] if result.followups else result.response
    return shown.content if shown is not None else ""


async def gates(world: World) -> Gates:
    """Make a second community beside the first, and one row of everything in the first."""
    other = world.env.create_guild("Elsewhere")
    there = other.create_text_channel("help")
    bystander, stranger = world.join("bo"), world.join("sam")
    rights = other.create_role("Moderators", permissions=EVERYTHING)
    async with world.app.database.begin() as work:
        rows = await _rows(work, world)
    return Gates(
        world,
        rows,
        there,
        bystander,
        stranger,
        other.add_member(stranger.user, roles=[rights]),
        other.add_member(world.asker.user, roles=[rights]),
    )


async def _rows(work: UnitOfWork, world: World) -> dict[Row, int]:
    guild_id, now = world.guild.id, world.env.now()
    asker, host = await a_member(work, guild_id, world.asker.id, zone="UTC"), await a_member(work, guild_id)
    hidden = {"visibility": "anonymous", "thread_id": 5, "state": "waiting", "waiting_since": now}
    question = await a_question(work, asker, **hidden)
    asked = await a_question(work, host)
    series = await a_series(work, host)
    hour = await an_occurrence(work, series, starts_at=now, ends_at=now.replace(hour=23))
    slot = await a_slot(work, hour)
    free = await a_slot(work, hour, 1)
    own = await an_occurrence(work, await a_series(work, asker, is_walk_in=True))
    place = QueuePlace(occurrence_id=own.id, member_id=asker.id, question=QUESTION, since=now)
    draft = await a_draft_with_feedback(work, host, asker)
    (feedback,) = await work.feedback.of_reader(draft.id, asker.id)
    waiting = WaitlistPlace(
        guild_id=guild_id, member_id=asker.id, interaction_id=None, question=QUESTION, since=now, request_id=None
    )
    work.queue_places.add(place)
    work.waitlist.add(waiting)
    await work.flush()
    booking = having(a_booking(slot, asker, now), {"missing": "asker", "state": "not_found"})
    work.bookings.add(booking)
    await work.flush()
    return {
        Row.QUESTION: question.id,
        Row.INVITATION: (await an_invitation(work, asked, asker)).id,
        Row.KEPT_ANSWER: (await a_kept_answer(work, question, host)).id,
        Row.REVEAL: (await a_reveal(work, question, host)).id,
        Row.FEEDBACK: feedback.id,
        Row.POINT: (await work.feedback.points([feedback.id]))[feedback.id][0].id,
        Row.MEMBER: asker.id,
        Row.SERIES: own.office_hours_id,
        Row.OCCURRENCE: own.id,
        Row.QUEUE_PLACE: place.id,
        Row.SLOT: free.id,
        Row.BOOKING: booking.id,
        Row.WAITLIST_PLACE: waiting.id,
        Row.TIME: -waiting.id,
    }
