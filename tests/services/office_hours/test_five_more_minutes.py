"""Five minutes more: had once, where no one comes next, and booked over by no one."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.errors import Conflict
from bot.store.engine import Database, create_engine
from models import Appointment, Booking, WaitlistPlace
from tests.factories import GUILD_ID, NOW, a_helper, a_series, a_slot, an_occurrence
from tests.fakes import House, new_id, values
from tests.services.meetings import ASKER, HOST, MINUTE, START, Scene, a_booking, agreed, held, opened
from tests.services.scenes import STRANGER, at_once

END = START + 15 * MINUTE


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await agreed(await opened(House(database)))


@pytest.fixture
async def other(scene: Scene, database_url: str) -> AsyncIterator[House]:
    """Run a second process over the same database and the same Discord."""
    other = House(Database(create_engine(database_url)), scene.house.messenger, scene.house.clock)
    yield other
    await other.database.close()


async def offered(scene: Scene, user_id: int, starts_at: datetime, *, with_host: bool = False) -> int:
    """Offer someone 15 minutes with the host of the scene, or with another one; return their place."""
    async with scene.house.database.begin() as work:
        host = scene.host if with_host else await a_helper(work)
        member = await work.members.ensure(GUILD_ID, user_id, NOW)
        await work.flush()
        series = await a_series(work, host)
        occurrence = await an_occurrence(work, series, starts_at=starts_at, ends_at=starts_at + 60 * MINUTE)
        slot = await a_slot(work, occurrence, state="promised")
        waiting = WaitlistPlace(
            guild_id=GUILD_ID, member_id=member.id, interaction_id=None, question="Why is it late?", since=NOW,
            state="offered", slot_id=slot.id, offer_ends_at=starts_at,
        )  # fmt: skip
        work.waitlist.add(waiting)
        await work.flush()
        return waiting.id


async def test_five_more_minutes_are_had_once_and_the_other_is_told(scene: Scene) -> None:
    await held(scene)
    assert [letter.content.has_more for letter in scene.house.messenger.of("check")] == [True, True]
    ends = START + 20 * MINUTE
    assert await scene.house.meeting.five_more(scene.id, HOST) == ends
    assert await scene.house.meeting.five_more(scene.id, ASKER) == ends
    assert await scene.settle() == [("more", ASKER)]


async def test_five_more_minutes_are_to_be_had_only_right_after(scene: Scene) -> None:
    with pytest.raises(Conflict, match=r"meeting\.over"):
        await scene.house.meeting.five_more(scene.id, HOST)
    await held(scene)
    scene.house.clock.moment = START + 20 * MINUTE
    with pytest.raises(Conflict, match=r"meeting\.over"):
        await scene.house.meeting.five_more(scene.id, HOST)


@pytest.mark.parametrize("state", ["booked", "promised"])
async def test_where_somebody_comes_next_there_are_no_five_more(scene: Scene, state: str) -> None:
    async with scene.house.database.begin() as work:
        occurrence = (await work.office_hours.planned_of(scene.host.id, NOW))[0]
        slot = await a_slot(work, occurrence, 1, state=state)
        if state == "booked":
            other = await work.members.ensure(GUILD_ID, STRANGER, NOW)
            await work.flush()
            work.bookings.add(a_booking(slot, other, NOW))
    await held(scene)
    assert [letter.content.has_more for letter in scene.house.messenger.of("check")] == [False, False]
    with pytest.raises(Conflict, match=r"meeting\.no_more"):
        await scene.house.meeting.five_more(scene.id, HOST)


async def test_nobody_is_booked_over_them(scene: Scene) -> None:
    await held(scene)
    await scene.house.meeting.five_more(scene.id, HOST)
    rows = await scene.house.rows(Appointment)
    assert {(row["member_id"], row["ends_at"]) for row in rows} == {
        (member.id, END + 5 * MINUTE) for member in (scene.host, scene.asker)
    }
    for user_id, with_host in ((ASKER, False), (STRANGER, True)):
        place = await offered(scene, user_id, END + 4 * MINUTE, with_host=with_host)
        with pytest.raises(Conflict, match=r"book\.overlap"):
            await scene.house.waitlisting.take(place, user_id, new_id())
    free = await offered(scene, ASKER, END + 5 * MINUTE)
    await scene.house.waitlisting.take(free, ASKER, new_id())


async def test_where_the_asker_is_expected_elsewhere_there_are_none(scene: Scene) -> None:
    await held(scene)
    place = await offered(scene, ASKER, END + 3 * MINUTE)
    await scene.house.waitlisting.take(place, ASKER, new_id())
    with pytest.raises(Conflict, match=r"meeting\.no_more"):
        await scene.house.meeting.five_more(scene.id, HOST)


async def test_of_five_more_and_something_else_at_once_there_is_one(scene: Scene, other: House) -> None:
    await held(scene)
    place = await offered(scene, ASKER, END + 3 * MINUTE)
    more = [house.meeting.five_more(scene.id, user_id) for house in (scene.house, other) for user_id in (HOST, ASKER)]

    refused = await at_once([*more, other.waitlisting.take(place, ASKER, new_id())])

    booked = len(await scene.house.rows(Booking, state="booked"))
    ends = (await scene.row())["ends_at"]
    assert refused == {Conflict: 4 if booked else 1}
    assert (booked, ends) in {(1, END), (0, END + 5 * MINUTE)}
    assert len(await scene.house.rows(Appointment)) == 2
    assert values(await scene.house.rows(WaitlistPlace), "state") == ["booked" if booked else "offered"]
