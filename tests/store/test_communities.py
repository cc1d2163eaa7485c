"""Whose a row is: asked of every kind that a button may stand for, on both databases."""

import pytest

from bot.domain.rows import Row
from bot.errors import NotFound
from bot.store.engine import Database
from models import QueuePlace, WaitlistPlace
from tests.factories import (
    GUILD_ID,
    NOW,
    a_draft_with_feedback,
    a_kept_answer,
    a_member,
    a_question,
    a_reveal,
    a_series,
    a_slot,
    an_invitation,
    an_occurrence,
)
from tests.fakes import House
from tests.services.meetings import a_booking

ELSEWHERE = GUILD_ID + 1


async def rows(database: Database, guild_id: int) -> dict[Row, int]:
    """Make one row of every kind in a community."""
    async with database.begin() as work:
        asker, host = await a_member(work, guild_id), await a_member(work, guild_id)
        question = await a_question(work, asker)
        hour = await an_occurrence(work, await a_series(work, host))
        slot = await a_slot(work, hour)
        place = QueuePlace(occurrence_id=hour.id, member_id=asker.id, question="Why?", since=NOW)
        waiting = WaitlistPlace(
            guild_id=guild_id, member_id=asker.id, interaction_id=None, question="Why?", since=NOW, request_id=None
        )
        booking = a_booking(slot, asker, NOW)
        work.queue_places.add(place)
        work.waitlist.add(waiting)
        work.bookings.add(booking)
        await work.flush()
        draft = await a_draft_with_feedback(work, asker, host)
        (feedback,) = await work.feedback.of_reader(draft.id, host.id)
        (point,) = (await work.feedback.points([feedback.id]))[feedback.id]
        return {
            Row.QUESTION: question.id,
            Row.INVITATION: (await an_invitation(work, question, host)).id,
            Row.KEPT_ANSWER: (await a_kept_answer(work, question, host)).id,
            Row.REVEAL: (await a_reveal(work, question, host)).id,
            Row.FEEDBACK: feedback.id,
            Row.POINT: point.id,
            Row.MEMBER: asker.id,
            Row.SERIES: hour.office_hours_id,
            Row.OCCURRENCE: hour.id,
            Row.QUEUE_PLACE: place.id,
            Row.SLOT: slot.id,
            Row.BOOKING: booking.id,
            Row.WAITLIST_PLACE: waiting.id,
            Row.TIME: -waiting.id,
        }


async def test_every_kind_of_row_has_its_community(database: Database) -> None:
    here, there = await rows(database, GUILD_ID), await rows(database, ELSEWHERE)
    assert here.keys() == set(Row)

    async with database.read() as work:
        for row in Row:
            assert await work.communities.of(row, here[row]) == GUILD_ID
            assert await work.communities.of(row, there[row]) == ELSEWHERE
            assert await work.communities.of(row, 1_000_000) is None


async def test_rows_of_two_communities_never_go_together(database: Database) -> None:
    here, there = await rows(database, GUILD_ID), await rows(database, ELSEWHERE)
    admitting = House(database).admitting

    for one in Row:
        await admitting.require_here([(one, here[one])], GUILD_ID)
        await admitting.require_here([(one, here[one])], None)
        with pytest.raises(NotFound, match="not_here"):
            await admitting.require_here([(one, here[one])], ELSEWHERE)
        for other in Row:
            for guild_id in (GUILD_ID, ELSEWHERE, None):
                with pytest.raises(NotFound, match="not_here"):
                    await admitting.require_here([(one, here[one]), (other, there[other])], guild_id)
