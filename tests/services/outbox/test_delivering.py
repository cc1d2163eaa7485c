"""Delivering: every letter reaches people once, for any failure, and whenever the bot is stopped."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.services.outbox.leasing import FIRST_PAUSE, GIVE_UP, LEASE, LONGEST_PAUSE
from bot.services.ports import LEFT, MailboxClosed, TryLater, Undeliverable
from bot.services.requests import letters
from bot.services.results import Letter, Sent
from bot.store.engine import Database, create_engine
from bot.store.unit_of_work import UnitOfWork
from bot.tasks import spawn
from models import Fact, Invitation, Member, OutboxLetter, Request
from tests.factories import GUILD_ID, a_letter
from tests.fakes import FakeMessenger, House, values

pytestmark = pytest.mark.both

ASKER = 77
SECOND = timedelta(seconds=1)


@dataclass
class Doorkeeper(FakeMessenger):
    """Holds every letter at the door until it opens."""

    someone_waits: asyncio.Event = field(default_factory=asyncio.Event)
    door: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, letter: Letter[Any]) -> Sent:
        self.someone_waits.set()
        await self.door.wait()
        return await super().send(letter)


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database, Doorkeeper())
    house.messenger.door.set()  # type: ignore[attr-defined]
    await house.open()
    return house


@pytest.fixture
def door(house: House) -> Doorkeeper:
    assert isinstance(house.messenger, Doorkeeper)
    return house.messenger


async def write(house: House, count: int = 1) -> list[int]:
    """Write so many letters to as many people, and return the people's user ids."""
    members = await house.helpers(count)
    async with house.database.begin() as work:
        for member in members:
            await a_letter(work, kind="direct_message_check", member_id=member.id)
    return [member.user_id for member in members]


def another_process(house: House, url: str) -> House:
    """Open the same database and the same Discord a second time."""
    return House(Database(create_engine(url)), house.messenger, house.clock)


def receivers(house: House) -> list[int]:
    return sorted(letter.user_id or 0 for letter in house.messenger.shown)


async def outbox(house: House) -> dict[str, Any]:
    (row,) = await house.rows(OutboxLetter)
    return row


async def test_a_letter_that_was_sent_is_marked_and_never_sent_again(house: House) -> None:
    (user_id,) = await write(house)
    assert await house.settle() == 1
    row = await outbox(house)
    assert (row["sent_at"], row["due_at"], row["failure"]) == (house.clock.now(), None, None)
    assert (row["channel_id"], row["attempts"]) == (user_id, 1)
    house.clock.advance(GIVE_UP)
    assert await house.settle() == 0
    assert receivers(house) == [user_id]


async def test_many_letters_leave_in_one_go(house: House) -> None:
    people = await write(house, 25)
    assert await house.settle() == 25
    assert receivers(house) == sorted(people)


async def test_a_letter_that_is_not_due_yet_stays(house: House) -> None:
    async with house.database.begin() as work:
        await a_letter(work, due_at=house.clock.now() + SECOND)
    assert await house.settle() == 0


async def test_one_occasion_is_sent_by_its_key_once(house: House) -> None:
    people = await write(house, 2)
    key = str((await house.rows(OutboxLetter))[1]["key"])
    await house.delivering.deliver(key)
    await house.delivering.deliver(key)
    await house.delivering.deliver("never written")
    assert receivers(house) == [people[1]]


async def test_a_letter_on_its_way_is_left_alone_until_its_lease_ends(house: House, door: Doorkeeper) -> None:
    (user_id,) = await write(house)
    door.door.clear()
    first = spawn("first", house.settle())
    await door.someone_waits.wait()
    assert await house.settle() == 0
    house.clock.advance(LEASE)
    second = spawn("second", house.settle())
    door.door.set()
    await asyncio.gather(first, second)
    assert receivers(house) == [user_id]


async def test_two_processes_send_each_letter_once(house: House, database_url: str) -> None:
    other = another_process(house, database_url)
    people = await write(house, 30)
    handled = await asyncio.gather(house.settle(), other.settle(), house.settle(), other.settle())
    assert sum(handled) == len(house.messenger.attempts) == 30
    assert receivers(house) == sorted(people)
    await other.database.close()


async def test_pauses_grow_from_seconds_to_an_hour(house: House) -> None:
    await write(house)
    house.messenger.trouble(TryLater("503"))
    pauses = []
    for _ in range(13):
        await house.settle()
        row = await outbox(house)
        assert row["leased_until"] is None
        pauses.append(row["due_at"] - house.clock.now())
        house.clock.moment = row["due_at"]
    assert pauses == [min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE) for attempt in range(13)]


async def test_a_trouble_that_passes_is_forgotten(house: House) -> None:
    (user_id,) = await write(house)
    house.messenger.trouble(TryLater("503"), times=1)
    house.messenger.trouble(TimeoutError(), times=1)
    for _ in range(3):
        await house.settle()
        house.clock.advance(timedelta(minutes=1))
    row = await outbox(house)
    assert (row["attempts"], row["failure"]) == (3, None)
    assert receivers(house) == [user_id]


async def until_nothing_is_due(house: House, kind: str) -> timedelta:
    """Turn the clock from attempt to attempt until no letter of a kind will be tried again."""
    begin = house.clock.now()
    while due := [row["due_at"] for row in await house.rows(OutboxLetter, kind=kind) if row["due_at"]]:
        house.clock.moment = max(house.clock.now(), *due)
        await house.settle()
    return house.clock.now() - begin


async def test_a_question_that_cannot_be_posted_for_a_day_is_closed_and_its_asker_told(house: House) -> None:
    await house.helpers(2)
    house.messenger.trouble(TryLater("no_channel"), kind="post")
    await house.ask(ASKER)
    assert GIVE_UP < await until_nothing_is_due(house, "post") <= GIVE_UP + LONGEST_PAUSE
    (request,) = await house.rows(Request)
    assert (request["state"], request["close_reason"]) == ("closed", "not_posted")
    assert values(await house.rows(Invitation), "state") == ["undelivered", "undelivered"]
    (told,) = house.messenger.shown
    assert (told.content.text, told.user_id) == ("thread.not_posted", ASKER)


async def test_what_waits_for_a_letter_that_never_leaves_is_dropped_with_it(house: House) -> None:
    await house.helpers(2)
    house.messenger.trouble(Undeliverable("403"), kind="post")
    await house.ask(ASKER)
    await house.settle()
    async with house.database.read() as work:
        assert await work.outbox.waiting(house.clock.now() + GIVE_UP, GUILD_ID) == (0, 0)
    assert house.messenger.of("invitation") == []


async def test_invitations_follow_their_question_s_thread(house: House) -> None:
    await house.helpers(2)
    house.messenger.trouble(TryLater("503"), kind="post", times=2)
    await house.ask()
    await house.settle()
    assert house.messenger.shown == []
    await until_nothing_is_due(house, "post")
    post, *invitations = house.messenger.shown
    assert [letter.kind for letter in (post, *invitations)] == ["post", "invitation", "invitation"]
    assert {letter.content.question.thread_id is not None for letter in invitations} == {True}


async def test_an_invitation_to_somebody_who_takes_no_messages_goes_to_the_thread(house: House) -> None:
    helper = await house.helper(rate="more")
    house.messenger.trouble(MailboxClosed("50007"), user_id=helper.user_id)
    receipts = [await house.ask(), await house.ask()]
    await house.settle()
    first, second = house.messenger.of("invitation")
    assert {first.channel_id, second.channel_id} == {receipt.thread_id for receipt in receipts}
    assert {letter.user_id for letter in (first, second)} == {None}
    assert {letter.addressee_id for letter in (first, second)} == {helper.user_id}
    assert sorted([first.tells_closed, second.tells_closed]) == [False, True]
    assert values(await house.rows(Member, id=helper.id), "direct_messages") == ["closed"]
    assert values(await house.rows(OutboxLetter, kind="invitation", sent_at=None), "id") == []


async def test_closed_messages_are_not_tried_again_and_mentioned_once_in_thirty_days(house: House) -> None:
    helper = await house.helper(rate="more", direct_messages="closed")
    for _ in range(3):
        await house.ask()
        await house.settle()
        house.clock.advance(timedelta(days=15))
    assert helper.user_id not in {letter.user_id for letter in house.messenger.attempts}
    assert [letter.tells_closed for letter in house.messenger.of("invitation")] == [True, False, True]


async def test_a_test_message_that_meets_closed_messages_has_done_its_work(house: House) -> None:
    (user_id,) = await write(house)
    house.messenger.trouble(MailboxClosed("50007"), user_id=user_id)
    await house.settle()
    row = await outbox(house)
    assert (row["due_at"], row["failure"]) == (None, "closed")
    assert values(await house.rows(Member), "direct_messages") == ["closed"]


async def test_several_letters_that_meet_closed_messages_at_once_lose_nothing(house: House) -> None:
    helper = await house.helper()
    async with house.database.begin() as work:
        for _ in range(6):
            await a_letter(work, kind="direct_message_check", member_id=helper.id)
    house.messenger.trouble(MailboxClosed("50007"), user_id=helper.user_id)
    assert await house.settle() == 6
    assert set(values(await house.rows(OutboxLetter), "failure")) == {"closed"}


@pytest.mark.parametrize("reason", ["403", LEFT])
async def test_an_invitation_that_reaches_nobody_asks_the_next_person(house: House, reason: str) -> None:
    gone, *others = await house.helpers(3)
    house.messenger.trouble(Undeliverable(reason), user_id=gone.user_id)
    await house.ask()
    await house.settle()
    assert values(await house.rows(Invitation), "state") == ["undelivered", "asked", "asked"]
    assert {letter.user_id for letter in house.messenger.of("invitation")} == {other.user_id for other in others}
    assert values(await house.rows(Fact, type="undelivered"), "member_id") == [gone.id]
    (member,) = await house.rows(Member, id=gone.id)
    assert (member["is_helper"], member["left_at"]) == (True, None)


async def test_one_broken_letter_stops_no_other_and_says_nothing_in_the_log(house: House) -> None:
    broken, *others = await write(house, 5)
    house.messenger.trouble(RuntimeError("what somebody wrote"), user_id=broken, times=1)
    with capture_logs() as logs:
        assert await house.settle() == 5
    assert receivers(house) == sorted(others)
    assert "what somebody wrote" not in str(logs)
    assert str(broken) not in str(logs)
    assert {entry["event"] for entry in logs} == {"delivery_broke", "letter_not_delivered"}
    house.clock.advance(FIRST_PAUSE)
    assert await house.settle() == 1
    assert receivers(house) == sorted([broken, *others])


def deliveries() -> list[asyncio.Task[object]]:
    return [task for task in asyncio.all_tasks() if task.get_name() == "deliver"]


async def test_many_nudges_make_one_run_and_miss_nothing(house: House, door: Doorkeeper) -> None:
    first = await write(house)
    door.door.clear()
    for _ in range(10):
        house.delivering.nudge()
    assert len(deliveries()) == 1
    await door.someone_waits.wait()
    late = await write(house)
    house.delivering.nudge()
    (run,) = deliveries()
    door.door.set()
    await run
    assert receivers(house) == sorted(first + late)
    assert deliveries() == []


async def test_a_run_that_failed_hinders_no_later_one(house: House) -> None:
    await house.database.close()
    await write(house)
    leasing = house.delivering.leasing
    house.delivering.leasing = replace(leasing, begin=out_of_order)
    with capture_logs() as logs:
        house.delivering.nudge()
        await asyncio.gather(*deliveries(), return_exceptions=True)
    assert [entry["event"] for entry in logs] == ["task_failed"]
    house.delivering.leasing = leasing
    house.delivering.nudge()
    await asyncio.gather(*deliveries())
    assert len(house.messenger.shown) == 1


def out_of_order() -> AbstractAsyncContextManager[UnitOfWork]:
    raise ConnectionError


@dataclass
class Stopper(FakeMessenger):
    """Stops the bot at one of the places that it comes by, in transactions and around sending."""

    place: int = 0
    passed: int = 0

    def come_by(self) -> None:
        self.passed += 1
        if self.passed == self.place:
            raise asyncio.CancelledError

    async def send(self, letter: Letter[Any]) -> Sent:
        self.come_by()
        sent = await super().send(letter)
        self.come_by()
        return sent


async def test_a_stop_at_any_place_neither_loses_nor_doubles_a_message(database: Database) -> None:
    stopper = Stopper()

    @asynccontextmanager
    async def begin() -> AsyncIterator[UnitOfWork]:
        stopper.come_by()
        async with database.begin() as work:
            yield work
            stopper.come_by()
        stopper.come_by()

    house = House(database, stopper, begin=begin)
    await house.open()
    people: list[int] = []
    is_stopped = True
    while is_stopped:
        people += await write(house)
        stopper.place, stopper.passed = stopper.place + 1, 0
        try:
            await house.settle()
        except asyncio.CancelledError:
            stopper.passed = 100
            house.clock.advance(LEASE)
            await house.settle()
        else:
            is_stopped = False
        assert receivers(house) == sorted(people)
    assert stopper.place > 10


# A task stopped while connecting to PostgreSQL leaves a connection behind, which is let go of here.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("seed", range(4))
async def test_a_stop_at_a_random_moment_neither_loses_nor_doubles_a_message(house: House, seed: int) -> None:
    random = Random(seed)
    people = await write(house, 12)
    ends: list[object] = []  # a traceback that is kept holds on to cursors, and they to a lock
    for _ in range(4):
        run = spawn("run", house.settle())
        for _ in range(random.randrange(120)):
            await asyncio.sleep(0)
        run.cancel()
        ends += await asyncio.gather(run, return_exceptions=True)
    gc.collect()
    house.clock.advance(LEASE)
    await house.settle()
    assert receivers(house) == sorted(people)
    assert None not in values(await house.rows(OutboxLetter), "sent_at")


async def test_a_question_closed_before_it_was_posted_is_never_posted(house: House) -> None:
    await house.helpers(2)
    house.messenger.trouble(TryLater("503"), kind="post", times=1)
    receipt = await house.ask(ASKER)
    await house.asking.close(receipt.request_id, ASKER, is_moderator=False)
    await until_nothing_is_due(house, "post")
    await house.settle()
    assert house.messenger.shown == []
    assert values(await house.rows(OutboxLetter, key=letters.post_key(receipt.request_id)), "failure") == ["moot"]
    async with house.database.read() as work:
        assert await work.outbox.waiting(house.clock.now() + GIVE_UP, GUILD_ID) == (0, 0)
