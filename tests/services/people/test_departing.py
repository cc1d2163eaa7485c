"""Anyone may go away, with anything under way: nothing personal leaves for them, and nothing waits for them."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.rows import Row
from bot.errors import HouseError
from bot.services.ports import LEFT, Standing, TryLater, Undeliverable, Where
from bot.services.requests.revealing import Moderator
from bot.services.results import Letter
from bot.store.engine import Database
from models import (
    Booking,
    Guild,
    Invitation,
    Member,
    Occurrence,
    OfficeHours,
    OutboxLetter,
    QueuePlace,
    Request,
    Reveal,
    Slot,
    WaitlistPlace,
)
from tests.factories import GUILD_ID, NOW
from tests.fakes import House, part
from tests.services.hours import wish
from tests.services.idling import look
from tests.services.scenes import sweep
from tests.services.underway import MATTERS, MENTEE, MODERATOR, THREAD, start
from tests.store.test_communities import rows as make_rows

pytestmark = pytest.mark.both

BYSTANDER = 99
PAIRS = [(name, role) for name, matter in MATTERS.items() for role in matter.roles]


@pytest.fixture
async def house(database: Database) -> House:
    return House(database)


async def look_at_everything(house: House) -> None:
    """Look once at all that is due, as the jobs do."""
    await sweep(house)
    await look(house, "meeting", "queueing", "waitlisting", "filling", "offering", "delivering")


async def days_go_by(house: House, days: int = 3) -> None:
    for length in (timedelta(hours=6), timedelta(hours=18), *[timedelta(days=1)] * (days - 1)):
        house.clock.advance(length)
        await look_at_everything(house)


def is_about(letter: Letter[Any], user_id: int) -> bool:
    return user_id in letter.people or letter.user_id == user_id


def heard(house: House, letters: list[Letter[Any]], key: str, addressee: int | None) -> int:
    """Count what someone, or (None) everyone in a thread, read under this key or kind."""
    said = [(each.kind, part(each, "text"), each.addressee_id) for each in letters]
    returned = [each.addressee_id for each in letters if part(each, "helper_user_id") is not None]
    return sum(key in {kind, text} and reader == addressee for kind, text, reader in said) + (
        returned.count(addressee) if key == "thanks.returned" else 0
    )


async def expected_of(house: House, user_id: int) -> dict[str, list[Any]]:
    """Return everything that still waits for someone, or would be done in their name."""
    members = [row["id"] for row in await house.rows(Member, user_id=user_id)]
    now, found = house.clock.now(), dict[str, list[Any]]()
    for member_id in members:
        claims = [each for each in await house.rows(Invitation, member_id=member_id) if each["expires_at"]]
        bookings = [*await house.rows(Booking, host_id=member_id), *await house.rows(Booking, asker_id=member_id)]
        found |= {
            "questions": [
                each for each in await house.rows(Request, asker_id=member_id)
                if each["state"] in {"waiting", "taken", "archived", "unposted"}
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
                each for each in await house.rows(WaitlistPlace, member_id=member_id)
                if each["state"] in {"looking", "waiting", "offered"}
            ],
            "awaited": [
                each for each in await house.rows(WaitlistPlace, host_id=member_id)
                if each["state"] in {"waiting", "offered"}
            ],
            "queues": [
                each for each in await house.rows(QueuePlace, member_id=member_id)
                if each["state"] in {"waiting", "held", "invited"}
            ],
            "wishes": [each for each in await house.rows(Reveal, moderator_id=member_id) if not each["revealed_at"]],
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
    told = [(each.kind, part(each, "text")) for each in house.messenger.attempts[said:]]
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


@pytest.mark.parametrize("matter", MATTERS)
async def test_a_server_s_outage_gives_nothing_up_however_long(house: House, matter: str) -> None:
    await start(house, matter)
    house.membership.is_out = True
    house.messenger.outages.add(GUILD_ID)
    waiting = {each["id"] for each in await house.rows(OutboxLetter) if each["due_at"]}
    before, attempted = len(house.messenger.shown), len(house.messenger.attempts)
    for _ in range(8):
        house.clock.advance(timedelta(hours=4))
        await house.settle()
    assert len(house.messenger.shown) == before
    assert len(house.messenger.attempts) == attempted, "nothing is asked of a server that is away"

    house.membership.is_out = False
    house.messenger.outages.clear()
    house.messenger.trouble(TryLater("503/0"), times=len(waiting))
    for _ in range(3):
        house.clock.advance(timedelta(minutes=6))
        await house.settle()
    rows = [each for each in await house.rows(OutboxLetter) if each["id"] in waiting]
    assert {each["failure"] for each in rows} <= {None, "moot"}
    assert not [each for each in house.messenger.texts() if (each or "").startswith("thread.not_posted")]


async def test_days_of_an_outage_count_for_nothing_though_a_letter_was_tried_before(house: House) -> None:
    await house.open()
    house.messenger.trouble(TryLater("503/0"), kind="post")
    await house.ask(MENTEE)
    await house.settle()
    house.messenger.outages.add(GUILD_ID)
    for _ in range(30):
        house.clock.advance(timedelta(hours=1))
        await house.settle()
    house.messenger.outages.clear()
    house.clock.advance(timedelta(minutes=6))
    await house.settle()
    assert {row["close_reason"] for row in await house.rows(Request)} == {None}

    for _ in range(26):
        house.clock.advance(timedelta(hours=1))
        await house.settle()
    assert {row["close_reason"] for row in await house.rows(Request)} == {"not_posted"}, "a day without one does count"


REASON = "I would like to talk to whoever asked this question."
COLLEAGUE, THIRD = Moderator(GUILD_ID, 32, is_moderator=True), Moderator(GUILD_ID, 33, is_moderator=True)


@pytest.mark.parametrize("is_known", [True, False])
async def test_nobody_learns_who_asked_with_a_moderator_who_is_gone(house: House, *, is_known: bool) -> None:
    await start(house, "reveal wanted")
    (wish,) = await house.rows(Reveal)
    house.membership.late[MODERATOR] = Standing("gone")
    if is_known:
        await house.belonging.left(GUILD_ID, MODERATOR)
    with pytest.raises(HouseError, match=r"reveal\.unknown"):
        await house.revealing.agree(COLLEAGUE, wish["id"])
    assert [(row["moderator_id"], row["revealed_at"]) for row in await house.rows(Reveal)] == [(None, None)]
    (question,) = await house.rows(Request)
    assert await house.revealing.look(COLLEAGUE, question["thread_id"]) is None


async def test_where_discord_cannot_say_nobody_learns_who_asked_yet(house: House) -> None:
    await start(house, "reveal wanted")
    (wish,) = await house.rows(Reveal)
    house.membership.is_out = True
    with pytest.raises(HouseError, match=r"belonging\.unknown"):
        await house.revealing.agree(COLLEAGUE, wish["id"])
    house.membership.is_out = False
    assert (await house.revealing.agree(COLLEAGUE, wish["id"])).is_revealed


async def test_a_colleague_s_own_wish_goes_on_without_the_first(house: House) -> None:
    await start(house, "reveal wanted")
    (question,) = await house.rows(Request)
    await house.revealing.want(COLLEAGUE, question["thread_id"], REASON)
    await house.settle()
    asked = len(house.messenger.of("reveal"))
    await house.belonging.left(GUILD_ID, MODERATOR)
    await house.settle()

    assert len(house.messenger.of("reveal")) == asked + 1
    own = await house.revealing.look(COLLEAGUE, question["thread_id"])
    assert own is not None
    assert (own.is_own, own.is_revealed) == (True, False)
    learnt = await house.revealing.agree(THIRD, own.reveal_id)
    assert learnt.asker_user_id is not None


async def test_a_question_of_somebody_who_left_asks_nobody_any_more(house: House) -> None:
    roles = await start(house, "question waiting")
    house.membership.lose(roles["asker"])
    asked = len(house.messenger.of("invitation"))
    await days_go_by(house, 1)
    assert len(house.messenger.of("invitation")) == asked
    assert {row["close_reason"] for row in await house.rows(Request)} == {"left"}


async def test_a_host_who_is_timed_out_is_booked_for_afterwards_only(house: House) -> None:
    roles = await start(house, "slot open")
    first, second = await house.rows(Slot)
    house.membership.silence(roles["host"], first["starts_at"] + timedelta(minutes=1))
    with pytest.raises(HouseError):
        await house.booking.book(wish(), first["id"])
    await house.booking.book(wish(), second["id"])
    assert [row["slot_id"] for row in await house.rows(Booking)] == [second["id"]]


@pytest.mark.parametrize("role", ["asker", "helper"])
async def test_thanks_wait_while_one_of_both_is_timed_out(house: House, role: str) -> None:
    roles = await start(house, "thanks on their way")
    until = house.clock.now() + timedelta(days=3)
    house.membership.silence(roles[role], until)
    await days_go_by(house, 2)
    assert house.messenger.of("thanks") == []
    house.clock.moment = until
    house.membership.people.clear()
    await look_at_everything(house)
    assert [letter.user_id for letter in house.messenger.of("thanks")] == [roles["helper"]]


async def test_a_helper_who_is_timed_out_makes_room_for_the_next(house: House) -> None:
    roles = await start(house, "invitations on their way")
    house.membership.silence(roles["helper"], house.clock.now() + timedelta(days=3))
    await look_at_everything(house)
    assert [row["state"] for row in await house.rows(Invitation)] == ["undelivered", "asked", "asked"]
    assert not [letter for letter in house.messenger.of("invitation") if letter.user_id == roles["helper"]]


@pytest.mark.parametrize("where", ["here", "away", "unknown"])
async def test_one_refused_letter_opts_nobody_out(house: House, where: Where) -> None:
    roles = await start(house, "invitations on their way")
    house.messenger.trouble(Undeliverable(LEFT), user_id=roles["helper"])
    house.membership.people[roles["helper"]] = Standing("here")
    await house.belonging.seen(GUILD_ID, roles["helper"])
    house.membership.late[roles["helper"]] = Standing(where)
    await house.settle()
    (member,) = await house.rows(Member, user_id=roles["helper"])
    assert (member["is_helper"], member["left_at"]) == (True, None)
    states = {"here": "undelivered", "away": "asked", "unknown": "asked"}
    (invitation,) = await house.rows(Invitation, member_id=member["id"])
    assert invitation["state"] == states[where]


async def test_whoever_comes_back_is_who_they_were(house: House) -> None:
    await house.open()
    helper = await house.helper(rate="more")
    await house.belonging.left(GUILD_ID, helper.user_id)
    await house.ask(BYSTANDER)
    assert await house.rows(Invitation) == []

    await house.belonging.seen(GUILD_ID, helper.user_id)

    (member,) = await house.rows(Member, id=helper.id)
    assert (member["is_helper"], member["left_at"]) == (True, None)
    await house.ask(MENTEE)
    assert [row["member_id"] for row in await house.rows(Invitation)] == [helper.id]


@pytest.mark.parametrize(("standing", "refusal"), [
    (Standing("gone"), "belonging.gone"),
    (Standing("away"), "belonging.away"),
    (Standing("unknown"), "belonging.unknown"),
    (Standing("here", NOW + timedelta(days=1)), "belonging.silenced"),
])  # fmt: skip
async def test_a_press_in_direct_messages_asks_discord_first(house: House, standing: Standing, refusal: str) -> None:
    await house.open()
    row_ids = await make_rows(house.database, GUILD_ID)
    said = dict[Row, str]()
    for kind in Row:
        house.membership.people[MENTEE] = standing
        with pytest.raises(HouseError) as refused:
            await house.admitting.admit([(kind, row_ids[kind])], None, MENTEE)
        said[kind] = refused.value.key
    assert said == dict.fromkeys(Row, refusal)


@pytest.mark.parametrize("is_removed", [True, False])
async def test_stock_is_taken_at_the_start(house: House, *, is_removed: bool) -> None:
    await start(house, "question waiting")
    house.membership.present.clear()
    house.membership.away |= {GUILD_ID} if is_removed else set()
    await house.belonging.take_stock()
    assert [bool(row["left_at"]) for row in await house.rows(Guild)] == [is_removed]
    house.membership.present.add(GUILD_ID)
    house.membership.away.clear()
    await house.belonging.take_stock()
    assert [row["left_at"] for row in await house.rows(Guild)] == [None]


async def test_time_stands_still_where_the_bot_is_not(house: House) -> None:
    await start(house, "question taken")
    before, claims = (await house.rows(Request))[0], await house.rows(Invitation, state="taken")
    await house.belonging.removed(GUILD_ID)
    await days_go_by(house, 5)
    away = house.clock.now() - (await house.rows(Guild))[0]["left_at"]
    await house.belonging.returned(GUILD_ID)
    after, later = (await house.rows(Request))[0], await house.rows(Invitation, state="taken")
    assert after["waiting_since"] == before["waiting_since"] + away
    assert [each["expires_at"] for each in later] == [each["expires_at"] + away for each in claims]
    assert after["state"] == "taken"


async def test_nobody_can_book_a_host_who_left(house: House) -> None:
    roles = await start(house, "slot open")
    house.membership.lose(roles["host"])
    (slot, *_) = await house.rows(Slot)
    with pytest.raises(HouseError):
        await house.booking.book(wish(), slot["id"])
    assert await house.rows(Booking) == []
