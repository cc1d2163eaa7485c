"""Questions like an answered one: kept unposted, then posted or dropped; neither way blocks."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.lifecycle import Outcome
from bot.domain.policy import DEFAULT
from bot.errors import Conflict, LimitReached, NotAllowed, NotFound, Unavailable
from bot.services.requests.asking import MOST_SIMILAR, NewQuestion
from bot.services.results import Receipt, SimilarQuestion
from bot.store.engine import Database
from models import Fact, Invitation, OutboxLetter, Question, QuestionVector, Request
from tests.factories import GUILD_ID, a_guild
from tests.fakes import CHANNEL_ID, QUESTION, ColdEncoder, House, a_new_question, new_id, values
from tests.hashing import HashingEmbedder
from tests.services.scenes import counted

ASKER = 77
EARLIER = 66
"""Who asked the same before."""
OTHER = "Which optimiser do people use for small transformers, and why that one?"


class WarmingEncoder(HashingEmbedder):
    """A model that takes its time."""

    is_warm = False


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def solved(house: House, text: str = QUESTION, asker: int = EARLIER) -> Receipt:
    """Let a question be asked and answered, after which others may learn from it."""
    receipt = await house.ask(asker, text)
    assert await house.answer(receipt.thread_id, new_id())
    return receipt


async def drafted(house: House, new: NewQuestion | None = None) -> Receipt:
    """Let someone ask what was answered before."""
    receipt = await house.asking.ask(new or a_new_question(ASKER))
    assert receipt.similar
    return receipt


async def state(house: House, receipt: Receipt) -> object:
    (request,) = await house.rows(Request, id=receipt.request_id)
    return request["state"]


async def set_column(house: House, receipt: Receipt, **chosen: object) -> None:
    """Change a question behind the services' back, and let the router read it again."""
    async with house.database.begin() as work:
        question = await work.requests.get(receipt.request_id)
        assert question is not None
        for name, value in chosen.items():
            setattr(question, name, value)
    house.router.forget(GUILD_ID)


async def test_a_question_like_an_answered_one_is_only_kept(house: House) -> None:
    await house.helpers(2)
    earlier = await solved(house)
    before = await house.snapshot()
    shown, nudges = len(house.messenger.shown), house.nudges

    receipt = await drafted(house)

    assert earlier.thread_id is not None
    assert receipt.similar == (SimilarQuestion(earlier.thread_id, QUESTION),)
    assert (receipt.invited, receipt.thread_id, receipt.is_fallback) == (0, None, False)
    assert await state(house, receipt) == "unposted"
    after = await house.snapshot()
    assert {name for name in after if after[name] != before[name]} == {
        "done",
        "request",
        "question",
        "question_vector",
        "member",
    }
    assert (len(house.messenger.shown), house.nudges) == (shown, nudges)


async def test_at_most_three_are_shown_most_alike_first(house: House) -> None:
    alike = [await house.ask(EARLIER + number, f"{QUESTION}{' Really?' * number}") for number in range(4)]
    for each in alike:
        await house.answer(each.thread_id, new_id())
    await solved(house, OTHER)

    receipt = await drafted(house)

    assert len(receipt.similar) == MOST_SIMILAR == 3
    assert receipt.similar[0] == SimilarQuestion(alike[0].thread_id or 0, QUESTION)
    assert OTHER not in [each.text for each in receipt.similar]


async def test_nothing_alike_is_posted_at_once(house: House) -> None:
    await solved(house)
    receipt = await house.ask(ASKER, OTHER)
    assert (receipt.similar, await state(house, receipt)) == ((), "waiting")
    assert receipt.thread_id is not None


@pytest.mark.parametrize("end", ["waiting", "taken", "closed", "unposted"])
async def test_what_nobody_answered_is_no_answer(house: House, end: str) -> None:
    earlier = await solved(house)
    await set_column(house, earlier, state=end)
    assert (await house.ask(ASKER)).similar == ()


@pytest.mark.parametrize(("visibility", "is_shown"), [("public", True), ("anonymous", True), ("matched", False)])
async def test_what_not_everybody_may_read_is_shown_to_nobody(house: House, visibility: str, *, is_shown: bool) -> None:
    earlier = await solved(house)
    await set_column(house, earlier, visibility=visibility)
    assert bool((await house.ask(ASKER)).similar) is is_shown


async def test_another_community_s_answers_stay_there(house: House) -> None:
    await solved(house)
    async with house.database.begin() as work:
        await a_guild(work, GUILD_ID + 1, help_channel_id=CHANNEL_ID)
    elsewhere = NewQuestion(GUILD_ID + 1, ASKER, interaction_id=new_id(), text=QUESTION)
    assert (await house.asking.ask(elsewhere)).similar == ()


async def test_an_answer_is_found_from_the_next_question_on_and_lost_with_its_outcome(house: House) -> None:
    first = await house.ask(EARLIER)
    second = await house.ask(EARLIER)
    assert (first.similar, second.similar) == ((), ())
    await house.answer(first.thread_id, new_id())
    assert [each.thread_id for each in (await drafted(house)).similar] == [first.thread_id]

    await house.resolving.resolve(first.request_id, EARLIER, Outcome.NOT_YET)
    assert (await house.ask(ASKER)).similar == ()

    await house.resolving.resolve(first.request_id, EARLIER, Outcome.HELPED)
    await drafted(house)
    await house.answer(second.thread_id, new_id())
    assert len((await drafted(house)).similar) == 2
    await house.asking.close(second.request_id, EARLIER, is_moderator=False)
    assert len((await drafted(house)).similar) == 1


@pytest.mark.parametrize("outcome", [None, Outcome.HELPED])
@pytest.mark.parametrize("is_read_anew", [True, False])
async def test_nobody_is_led_to_a_thread_that_was_deleted(
    house: House, outcome: Outcome | None, *, is_read_anew: bool
) -> None:
    earlier = await solved(house)
    if outcome:
        await house.resolving.resolve(earlier.request_id, EARLIER, outcome)
    await drafted(house)

    assert earlier.thread_id is not None
    await house.watching.thread_gone(earlier.thread_id)

    if is_read_anew:
        house.router.forget(GUILD_ID)
    assert (await house.ask(ASKER)).similar == ()
    with pytest.raises(Conflict, match=r"request\.over"):
        await house.resolving.resolve(earlier.request_id, EARLIER, Outcome.NOT_YET)


async def test_without_a_model_nothing_is_called_alike(database: Database) -> None:
    house = House(database, encoder=ColdEncoder())
    await house.open()
    await solved(house)
    receipt = await house.ask(ASKER)
    assert (receipt.similar, receipt.is_fallback) == ((), True)
    assert receipt.thread_id is not None


async def test_what_was_answered_before_the_model_was_there_is_found_once_it_is_read(database: Database) -> None:
    encoder = WarmingEncoder()
    house = House(database, encoder=encoder)
    await house.open()
    earlier = await solved(house)
    assert (await house.ask(ASKER)).similar == ()

    encoder.is_warm = True
    await house.reindexing.sweep()

    assert [each.thread_id for each in (await drafted(house)).similar] == [earlier.thread_id]


async def test_the_same_submission_twice_is_one_draft_and_one_receipt(house: House) -> None:
    await solved(house)
    new = a_new_question(ASKER)
    first = await drafted(house, new)
    before = await house.snapshot()
    assert await drafted(house, new) == first
    receipts = await asyncio.gather(*(drafted(house, new) for _ in range(4)))
    assert set(receipts) == {first}
    assert await house.snapshot() == before


async def test_a_submission_seen_again_when_nothing_is_alike_any_more_is_posted(house: House) -> None:
    earlier = await solved(house)
    new = a_new_question(ASKER)
    first = await drafted(house, new)
    await house.asking.close(earlier.request_id, EARLIER, is_moderator=False)

    again = await house.asking.ask(new)

    assert (again.request_id, again.similar) == (first.request_id, ())
    assert again.thread_id is not None


async def test_posting_sends_it_on_its_way_as_if_it_were_asked_now(house: House) -> None:
    helpers = await house.helpers(2, rate="more")
    await solved(house)
    receipt = await drafted(house)
    house.clock.advance(timedelta(hours=20))

    posted = await house.posting.post(receipt.request_id, ASKER)

    (request,) = await house.rows(Request, id=receipt.request_id)
    assert (request["state"], request["created_at"]) == ("waiting", house.clock.now())
    assert request["thread_id"] is not None
    assert posted == Receipt(receipt.request_id, 2, request["thread_id"], is_fallback=False)
    facts = await house.rows(Fact, request_id=receipt.request_id)
    assert values(facts, "type") == ["asked", "routed", "invited", "invited"]
    assert set(values(facts, "at")) == {house.clock.now()}
    asked = values(await house.rows(Invitation, request_id=receipt.request_id), "member_id")
    assert set(asked) == {helper.id for helper in helpers}


async def test_posting_twice_is_posting_once(house: House) -> None:
    await house.helpers(3)
    await solved(house)
    receipt = await drafted(house)
    posted = await house.posting.post(receipt.request_id, ASKER)
    before = await house.snapshot()
    assert await house.posting.post(receipt.request_id, ASKER) == posted
    assert await house.snapshot() == before


async def test_a_draft_is_its_asker_s_alone(house: House) -> None:
    helper = await house.helper()
    await solved(house)
    receipt = await drafted(house)
    before = await house.snapshot()
    for user_id in (EARLIER, helper.user_id, new_id()):
        with pytest.raises(NotAllowed, match=r"similar\.not_yours"):
            await house.posting.post(receipt.request_id, user_id)
        with pytest.raises(NotAllowed, match=r"similar\.not_yours"):
            await house.asking.drop(receipt.request_id, user_id)
    assert await house.snapshot() == before


async def test_what_is_no_longer_there_cannot_be_posted_and_is_dropped_already(house: House) -> None:
    before = await house.snapshot()
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await house.posting.post(10**9, ASKER)
    await house.asking.drop(10**9, ASKER)
    assert await house.snapshot() == before


async def test_dropping_leaves_nothing_of_it_and_twice_is_once(house: House) -> None:
    await solved(house)
    await house.asking.drop((await drafted(house)).request_id, ASKER)
    before = await house.snapshot()

    receipt = await drafted(house)
    for _ in range(2):
        await house.asking.drop(receipt.request_id, ASKER)

    after = await house.snapshot()
    assert [name for name in after if after[name] != before[name]] == ["done"], "that something was written counts"
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await house.posting.post(receipt.request_id, ASKER)


async def test_what_was_posted_is_not_dropped(house: House) -> None:
    await solved(house)
    receipt = await drafted(house)
    await house.posting.post(receipt.request_id, ASKER)
    before = await house.snapshot()
    with pytest.raises(Conflict, match=r"similar\.posted"):
        await house.asking.drop(receipt.request_id, ASKER)
    assert await house.snapshot() == before


async def test_the_limit_holds_when_it_is_written_and_when_it_is_posted(house: House) -> None:
    await solved(house)
    receipt = await drafted(house)
    waiting = [await house.ask(ASKER, OTHER) for _ in range(3)]
    before = await house.snapshot()

    with pytest.raises(LimitReached, match=r"ask\.limit") as refusal:
        await house.posting.post(receipt.request_id, ASKER)
    threads = tuple(each.thread_id for each in waiting)
    assert refusal.value.params == {"limit": 3, "threads": threads, "guild_id": GUILD_ID}
    with pytest.raises(LimitReached, match=r"ask\.limit"):
        await house.ask(ASKER)
    assert await house.snapshot() == before

    await house.asking.close(waiting[0].request_id, ASKER, is_moderator=False)
    assert (await house.posting.post(receipt.request_id, ASKER)).thread_id is not None


async def test_what_is_posted_already_is_never_over_the_limit(house: House) -> None:
    await solved(house)
    receipt = await drafted(house)
    posted = await house.posting.post(receipt.request_id, ASKER)
    for _ in range(2):
        await house.ask(ASKER, OTHER)
    assert await house.posting.post(receipt.request_id, ASKER) == posted


@pytest.mark.parametrize(
    ("channel_id", "missing", "key"),
    [
        (None, [], "ask.not_set_up"),
        (CHANNEL_ID, None, "ask.channel_hidden"),
        (CHANNEL_ID, ["send_messages"], "ask.channel_forbids"),
    ],
)
async def test_a_draft_outlives_a_channel_out_of_reach(
    house: House, channel_id: int | None, missing: list[str] | None, key: str
) -> None:
    await solved(house)
    receipt = await drafted(house)
    await house.open(help_channel_id=channel_id)
    house.messenger.missing = missing
    before = await house.snapshot()
    with pytest.raises(Unavailable, match=key):
        await house.posting.post(receipt.request_id, ASKER)
    assert await house.snapshot() == before

    await house.open()
    house.messenger.missing = []
    assert (await house.posting.post(receipt.request_id, ASKER)).thread_id is not None


async def test_another_process_finds_what_was_answered_and_posts_what_was_kept(house: House) -> None:
    await solved(house)
    receipt = await drafted(house)

    again = House(house.database, house.messenger, house.clock)

    assert (await drafted(again)).similar == receipt.similar
    assert (await again.posting.post(receipt.request_id, ASKER)).thread_id is not None


async def test_a_draft_counts_nowhere(house: House) -> None:
    await house.helpers(2)
    await solved(house)
    table = await counted(house, "question")
    letters, spread = await house.rows(OutboxLetter), (await house.community(GUILD_ID)).asked

    unposted = [await drafted(house) for _ in range(5)]

    assert await house.inviting.sweep() == await house.catching_up.after_gap() == 0
    assert [await house.inviting.ask_more(each.request_id) for each in unposted] == [0] * 5
    assert await counted(house, "question") == table
    assert await house.rows(OutboxLetter) == letters
    assert len((await house.community(GUILD_ID)).asked) == len(spread)
    assert len((await drafted(house)).similar) == 1


@pytest.mark.parametrize("outcome", Outcome)
async def test_a_draft_is_neither_closed_nor_settled(house: House, outcome: Outcome) -> None:
    await solved(house)
    receipt = await drafted(house)
    before = await house.snapshot()
    with pytest.raises(Conflict, match=r"request\.over"):
        await house.asking.close(receipt.request_id, ASKER, is_moderator=False)
    with pytest.raises(Conflict, match=r"request\.over"):
        await house.resolving.resolve(receipt.request_id, ASKER, outcome)
    assert await house.snapshot() == before


async def test_a_draft_nobody_posted_is_forgotten_after_a_day(house: House) -> None:
    await solved(house)
    posted = await drafted(house)
    await house.posting.post(posted.request_id, ASKER)
    forgotten = await drafted(house)
    house.clock.advance(DEFAULT.unposted_for)
    assert await house.asking.forget_unposted() == 0
    younger = await drafted(house)
    house.clock.advance(timedelta(seconds=1))

    assert [await house.asking.forget_unposted() for _ in range(2)] == [1, 0]

    assert {await state(house, posted), await state(house, younger)} == {"waiting", "unposted"}
    assert not await house.rows(Question, id=forgotten.request_id)
    assert not await house.rows(QuestionVector, question_id=forgotten.request_id)
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await house.posting.post(forgotten.request_id, ASKER)
