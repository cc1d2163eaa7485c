"""Asking: kept once, refused without a trace, acknowledged with a receipt."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.lifecycle import RequestState
from bot.errors import Conflict, Invalid, LimitReached, NotAllowed, NotFound, Unavailable
from bot.services.ports import TryLater
from bot.services.requests import posting
from bot.services.requests.asking import LONGEST, LONGEST_TRIED, SHORTEST, NewQuestion
from bot.services.results import Sent
from bot.store.engine import Database
from bot.tasks import spawn
from models import Fact, Invitation, OutboxLetter, Question, QuestionVector, Request
from tests.factories import GUILD_ID
from tests.fakes import CHANNEL_ID, QUESTION, ColdEncoder, House, a_new_question, new_id, values
from tests.hashing import Polyglot

ASKER = 77


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def test_a_question_is_kept_posted_and_acknowledged(house: House) -> None:
    helpers = await house.helpers(3)

    receipt = await house.asking.ask(a_new_question(ASKER, f"  {QUESTION}\r\n", tried="\n"))

    (question,) = await house.rows(Question)
    assert (question["text"], question["tried"], question["is_english"]) == (QUESTION, None, None)
    (vector,) = await house.rows(QuestionVector)
    assert (vector["question_id"], vector["model_id"]) == (question["id"], "hashing-v1")
    (post,) = house.messenger.shown
    (sent,) = await house.rows(OutboxLetter, kind="post")
    assert (post.kind, post.channel_id) == ("post", CHANNEL_ID)
    assert (receipt.request_id, receipt.invited, receipt.is_fallback) == (question["id"], 2, False)
    assert receipt.similar == ()
    assert receipt.thread_id == sent["channel_id"] is not None
    assert values(await house.rows(Invitation), "member_id") == [helper.id for helper in helpers[:2]]
    assert values(await house.rows(Fact), "type") == ["asked", "routed", "invited", "invited"]


@pytest.mark.parametrize(
    ("text", "is_english"), [(QUESTION, True), ("Pourquoi ma perte CTC devient-elle infinie ? Où ?", False)]
)
async def test_with_two_models_a_question_is_kept_as_both_read_it(
    database: Database, text: str, *, is_english: bool
) -> None:
    house = House(database, multilingual=Polyglot())
    await house.open()
    await house.ask(text=text)
    assert values(await house.rows(Question), "is_english") == [is_english]
    assert set(values(await house.rows(QuestionVector), "model_id")) == {"hashing-v1", "polyglot"}


async def test_invitations_leave_after_the_receipt(house: House) -> None:
    await house.helpers(2)
    await house.ask()
    assert house.messenger.of("invitation") == []
    assert house.nudges == 1
    await house.settle()
    assert len(house.messenger.of("invitation")) == 2


async def test_the_first_question_of_a_stranger_makes_them_a_member_who_is_not_asked(house: House) -> None:
    receipt = await house.ask(ASKER)
    async with house.database.read() as work:
        member = await work.members.find(GUILD_ID, ASKER)
    assert member is not None
    assert not member.is_helper
    assert receipt.invited == 0


async def test_the_same_submission_twice_is_one_question_and_one_receipt(house: House) -> None:
    await house.helpers(2)
    new = a_new_question(ASKER)
    first = await house.asking.ask(new)
    before = await house.snapshot()
    assert await house.asking.ask(new) == first
    assert await house.snapshot() == before


async def test_the_same_submission_twice_at_once_is_one_question_and_one_receipt(house: House) -> None:
    await house.helpers(2)
    new = a_new_question(ASKER)
    receipts = await asyncio.gather(*(house.asking.ask(new) for _ in range(4)))
    assert len({receipt.request_id for receipt in receipts}) == 1
    assert {receipt.invited for receipt in receipts} == {2}
    assert len(await house.rows(Request)) == len(house.messenger.shown) == 1


async def test_a_submission_seen_before_is_never_over_the_limit(house: House) -> None:
    several = [a_new_question(ASKER) for _ in range(3)]
    receipts = [await house.asking.ask(new) for new in several]
    assert [await house.asking.ask(new) for new in several] == receipts


async def test_when_discord_is_slow_the_thread_follows(house: House) -> None:
    house.messenger.trouble(TryLater("503"), kind="post", times=1)
    receipt = await house.ask()
    assert receipt.thread_id is None
    assert await house.rows(OutboxLetter, kind="post", sent_at=None)


async def test_a_fourth_open_question_is_refused_with_the_three_threads(house: House) -> None:
    receipts = [await house.ask(ASKER) for _ in range(3)]
    with pytest.raises(LimitReached, match=r"ask\.limit") as refusal:
        await house.ask(ASKER)
    threads = tuple(receipt.thread_id for receipt in receipts)
    assert refusal.value.params == {"limit": 3, "threads": threads, "guild_id": GUILD_ID}
    await house.ask(ASKER + 1)


@pytest.mark.parametrize("end", ["answered", "closed", "resolved"])
async def test_a_question_that_waits_no_more_makes_room(house: House, end: str) -> None:
    first, *_ = [await house.ask(ASKER) for _ in range(3)]
    async with house.database.begin() as work:
        question = await work.requests.get(first.request_id)
        assert question is not None
        question.state = end
    await house.ask(ASKER)


async def test_a_community_chooses_its_own_limit(house: House) -> None:
    await house.open(open_limit=1)
    await house.ask(ASKER)
    with pytest.raises(LimitReached):
        await house.ask(ASKER)


async def test_a_cold_model_is_said_in_the_receipt_and_helpers_are_still_found(database: Database) -> None:
    house = House(database, encoder=ColdEncoder())
    await house.open()
    await house.helper()
    receipt = await house.ask()
    assert (receipt.is_fallback, receipt.invited) == (True, 1)
    assert not await house.rows(QuestionVector)


NEW = NewQuestion(GUILD_ID, ASKER, interaction_id=1, text=QUESTION)


@pytest.mark.parametrize(
    ("new", "key"),
    [
        (replace(NEW, text=""), "ask.too_short"),
        (replace(NEW, text=" \n\u200b" * 30), "ask.too_short"),
        (replace(NEW, text="x" * (SHORTEST - 1)), "ask.too_short"),
        (replace(NEW, text="x" * (LONGEST + 1)), "ask.too_long"),
        (replace(NEW, tried="x" * (LONGEST_TRIED + 1)), "ask.tried_too_long"),
    ],
)
async def test_a_text_out_of_measure_is_refused_and_changes_nothing(house: House, new: NewQuestion, key: str) -> None:
    await house.helper()
    before = await house.snapshot()
    with pytest.raises(Invalid, match=key):
        await house.asking.ask(new)
    assert await house.snapshot() == before
    assert (house.messenger.attempts, house.nudges) == ([], 0)


@pytest.mark.parametrize("text", ["x" * SHORTEST, "x" * LONGEST, "@everyone **how** <@1>?" + "\u202eهل" * 9, "🎓" * 20])
async def test_any_text_within_measure_is_kept_as_it_is(house: House, text: str) -> None:
    await house.ask(text=text)
    assert values(await house.rows(Question), "text") == [text]


@pytest.mark.parametrize(
    ("channel_id", "missing", "key"),
    [
        (None, [], "ask.not_set_up"),
        (CHANNEL_ID, None, "ask.channel_hidden"),
        (CHANNEL_ID, ["send_messages"], "ask.channel_forbids"),
    ],
)
async def test_without_a_usable_channel_nothing_is_kept(
    house: House, channel_id: int | None, missing: list[str] | None, key: str
) -> None:
    await house.open(help_channel_id=channel_id)
    await house.helper()
    house.messenger.missing = missing
    before = await house.snapshot()
    with pytest.raises(Unavailable, match=key):
        await house.ask(ASKER)
    assert await house.snapshot() == before


async def test_in_a_community_nobody_has_set_up_nothing_is_kept(database: Database) -> None:
    house = House(database)
    before = await house.snapshot()
    with pytest.raises(Unavailable, match=r"ask\.not_set_up"):
        await house.ask()
    assert await house.snapshot() == before


async def test_a_refused_fourth_question_leaves_no_trace(house: House) -> None:
    await house.helper()
    for _ in range(3):
        await house.ask(ASKER)
    before = await house.snapshot()
    with pytest.raises(LimitReached):
        await house.ask(ASKER)
    assert await house.snapshot() == before


@pytest.mark.parametrize(("user_id", "reason"), [(ASKER, "asker"), (5, "moderator")])
async def test_closing_says_so_in_the_thread_once(house: House, user_id: int, reason: str) -> None:
    await house.helpers(2)
    request_id = (await house.ask(ASKER)).request_id
    for _ in range(2):
        await house.asking.close(request_id, user_id, is_moderator=reason == "moderator")
    await house.settle()
    (request,) = await house.rows(Request)
    assert (request["state"], request["close_reason"]) == ("closed", reason)
    told = [f"thread.closed_by_{reason}", *(["asker.closed"] if reason == "moderator" else [])]
    assert house.messenger.texts() == told
    assert values(await house.rows(Invitation), "state") == ["undelivered", "undelivered"]
    assert len(await house.rows(Fact, type="closed")) == 1
    assert house.messenger.of("invitation") == []


async def test_nobody_else_closes_a_question(house: House) -> None:
    request_id = (await house.ask(ASKER)).request_id
    before = await house.snapshot()
    with pytest.raises(NotAllowed, match=r"close\.not_yours"):
        await house.asking.close(request_id, new_id(), is_moderator=False)
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await house.asking.close(request_id + 1, ASKER, is_moderator=True)
    assert await house.snapshot() == before


async def test_a_settled_question_is_not_closed(house: House) -> None:
    request_id = (await house.ask(ASKER)).request_id
    async with house.database.begin() as work:
        question = await work.requests.get(request_id)
        assert question is not None
        question.state = RequestState.RESOLVED
    with pytest.raises(Conflict, match=r"request\.over"):
        await house.asking.close(request_id, ASKER, is_moderator=False)


async def test_a_receipt_waits_for_a_thread_that_is_being_opened(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "LOOK", 0.01)
    deliver = house.delivering.deliver

    async def overtaken(key: str) -> Sent | None:
        house.clock.advance(timedelta(seconds=1))
        run = spawn("run", house.settle())
        await asyncio.sleep(0.05)
        sent = await deliver(key)
        await run
        return sent

    object.__setattr__(house.posting, "deliver", overtaken)
    assert (await house.ask(ASKER)).thread_id is not None
