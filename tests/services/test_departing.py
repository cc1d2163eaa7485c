"""Whoever goes away, whatever is under way: nothing personal leaves for them, and nothing waits for them."""

from datetime import timedelta
from typing import Any

import pytest

from bot.errors import HouseError
from bot.services.results import Letter
from bot.store.engine import Database
from models import (
    Booking,
    Invitation,
    Member,
    Occurrence,
    OfficeHours,
    OutboxLetter,
    QueuePlace,
    Request,
    Slot,
    Waiting,
)
from tests.factories import GUILD_ID
from tests.fakes import House
from tests.services.hours import wish
from tests.services.scenes import sweep
from tests.services.underway import MATTERS, THREAD, start

pytestmark = pytest.mark.both

BYSTANDER = 99
PAIRS = [(name, role) for name, matter in MATTERS.items() for role in matter.roles]


@pytest.fixture
async def house(database: Database) -> House:
    return House(database)


async def look_at_everything(house: House) -> None:
    """Look once at all that is due, as the jobs do."""
    await sweep(house)
    for sweeps in (house.meeting, house.queueing, house.waitlisting, house.filling, house.offering):
        await sweeps.sweep()
    await house.settle()


async def days_go_by(house: House, days: int = 3) -> None:
    for length in (timedelta(hours=6), timedelta(hours=18), *[timedelta(days=1)] * (days - 1)):
        house.clock.advance(length)
        await look_at_everything(house)


def is_about(letter: Letter, user_id: int) -> bool:
    return user_id in letter.people or letter.user_id == user_id


def heard(house: House, letters: list[Letter], key: str, addressee: int | None) -> int:
    """Count what somebody, or (None) everybody in a thread, read under this key or kind."""
    return sum(key in {each.text, each.kind} and each.addressee_id == addressee for each in letters)


async def expected_of(house: House, user_id: int) -> dict[str, list[Any]]:
    """Return everything that still waits for somebody, or would be done in their name."""
    members = [row["id"] for row in await house.rows(Member, user_id=user_id)]
    now, found = house.clock.now(), dict[str, list[Any]]()
    for member_id in members:
        claims = [each for each in await house.rows(Invitation, member_id=member_id) if each["expires_at"]]
        bookings = [*await house.rows(Booking, host_id=member_id), *await house.rows(Booking, asker_id=member_id)]
        found |= {
            "questions": [
                each for each in await house.rows(Request, asker_id=member_id)
                if each["state"] in {"waiting", "taken", "archived", "draft"}
            ],
            "invitations": [each for each in claims if each["state"] in {"asked", "taken"}],
            "bookings": [each for each in bookings if each["state"] in {"booked", "under_way"}],
            "series": [each for each in await house.rows(OfficeHours, host_id=member_id) if not each["ended_at"]],
            "hours": [
                each for each in await house.rows(Occurrence, host_id=member_id)
                if each["state"] == "planned" and each["ends_at"] > now
            ],
            "slots": [
                each for each in await house.rows(Slot, host_id=member_id)
                if each["state"] in {"open", "promised", "booked"} and each["ends_at"] > now
            ],
            "places": [
                each for each in await house.rows(Waiting, member_id=member_id)
                if each["state"] in {"looking", "waiting", "offered"}
            ],
            "awaited": [
                each for each in await house.rows(Waiting, host_id=member_id)
                if each["state"] in {"waiting", "offered"}
            ],
            "queues": [
                each for each in await house.rows(QueuePlace, member_id=member_id)
                if each["state"] in {"waiting", "held", "invited"}
            ],
            "letters": [each for each in await house.rows(OutboxLetter, member_id=member_id) if each["due_at"]],
        }  # fmt: skip
    return {name: rows for name, rows in found.items() if rows}


@pytest.mark.parametrize(("matter", "role"), PAIRS)
async def test_nothing_is_left_that_waits_for_somebody_who_is_gone(house: House, matter: str, role: str) -> None:
    roles = await start(house, matter)
    gone = roles[role]
    before = len(house.messenger.shown)
    house.membership.lose(gone)

    await look_at_everything(house)
    await house.belonging.left(GUILD_ID, gone)
    await look_at_everything(house)

    said = house.messenger.shown[before:]
    assert [letter.kind for letter in said if is_about(letter, gone)] == []
    assert await expected_of(house, gone) == {}
    addressee, key = MATTERS[matter].words.get(role, ("", ""))
    if addressee:
        assert heard(house, said, key, None if addressee == THREAD else roles[addressee]) == 1

    await days_go_by(house)
    assert [letter.kind for letter in house.messenger.shown[before:] if is_about(letter, gone)] == []
    assert await expected_of(house, gone) == {}


@pytest.mark.parametrize("matter", MATTERS)
async def test_what_others_have_under_way_goes_on_as_if_nothing_had_happened(house: House, matter: str) -> None:
    await start(house, matter)
    await house.person(user_id=BYSTANDER)
    await house.settle()
    before = await house.snapshot()

    await house.belonging.left(GUILD_ID, BYSTANDER)

    after = await house.snapshot()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"member"}


@pytest.mark.parametrize("matter", MATTERS)
async def test_nothing_happens_where_the_bot_is_not_and_it_goes_on_later(house: House, matter: str) -> None:
    await start(house, matter)
    house.membership.away.add(GUILD_ID)
    await house.belonging.removed(GUILD_ID)
    before, said = await house.snapshot(), len(house.messenger.attempts)

    await days_go_by(house)

    kept = {name: rows for name, rows in (await house.snapshot()).items() if name not in {"waiting", "request"}}
    assert kept == {name: before[name] for name in kept}
    assert len(house.messenger.attempts) == said

    house.membership.away.clear()
    await house.belonging.returned(GUILD_ID)
    await look_at_everything(house)
    told = [(each.kind, each.text) for each in house.messenger.attempts[said:]]
    assert not {"archive", "silence", "choices"} & {kind for kind, _ in told}
    assert {row["left_at"] for row in await house.rows(Member)} == {None}


@pytest.mark.parametrize("matter", MATTERS)
async def test_an_outage_only_delays_what_is_personal(house: House, matter: str) -> None:
    roles = await start(house, matter)
    house.membership.is_out = True
    before = len(house.messenger.shown)

    await look_at_everything(house)

    assert not [letter for letter in house.messenger.shown[before:] if letter.people]
    assert {row["left_at"] for row in await house.rows(Member)} == {None}
    house.membership.is_out = False
    waiting = [each["id"] for each in await house.rows(OutboxLetter) if each["due_at"] and each["attempts"]]
    house.clock.advance(timedelta(minutes=1))
    await look_at_everything(house)
    left = {each["id"] for each in await house.rows(OutboxLetter) if each["sent_at"] or each["failure"] == "moot"}
    assert set(waiting) <= left, roles


async def test_a_question_of_somebody_who_left_asks_nobody_any_more(house: House) -> None:
    roles = await start(house, "question waiting")
    house.membership.lose(roles["asker"])
    asked = len(house.messenger.of("invitation"))
    await days_go_by(house, 1)
    assert len(house.messenger.of("invitation")) == asked
    assert {row["close_reason"] for row in await house.rows(Request)} == {"left"}


async def test_nobody_can_book_a_host_who_left(house: House) -> None:
    roles = await start(house, "slot open")
    house.membership.lose(roles["host"])
    (slot, *_) = await house.rows(Slot)
    with pytest.raises(HouseError):
        await house.booking.book(wish(), slot["id"])
    assert await house.rows(Booking) == []
