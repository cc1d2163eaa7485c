"""Rules over several rows, held by the use cases while many people act at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import timedelta

import pytest

from bot.domain.lifecycle import Outcome, Urgency
from bot.domain.policy import DEFAULT
from bot.errors import Conflict, HouseError, LimitReached, NotFound
from bot.services.results import Receipt
from bot.services.routing.community import news_of
from bot.store.engine import Database, create_engine
from bot.tasks import spawn
from models import Fact, HelpInteraction, Invitation, Member, OutboxLetter, Request, Statement
from tests.fakes import QUESTION, House, new_id, values
from tests.services.scenes import decline_all

pytestmark = pytest.mark.both

Press = Callable[[int, int], Awaitable[object]]
ASKER = 77
PATIENCE = 60
"""Seconds after which people who act at once have to be called deadlocked."""


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    house = House(database)
    await house.open()
    async with asyncio.timeout(PATIENCE):
        yield house


async def at_once(acts: Iterable[Awaitable[object]]) -> list[object]:
    """Let everyone act at the same time, and return what came of it or the refusal."""
    ends = await asyncio.gather(*acts, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, HouseError):
            raise end
    return list(ends)


def refusals(ends: Iterable[object]) -> Counter[type]:
    return Counter(type(end) for end in ends if isinstance(end, HouseError))


async def first_invitation(house: House) -> int:
    first, *_ = values(await house.rows(Invitation), "id")
    return int(first)


async def test_of_twenty_questions_at_once_three_are_kept(house: House) -> None:
    await house.helpers(4, rate="more")
    ends = await at_once(house.ask(ASKER) for _ in range(20))
    assert refusals(ends) == {LimitReached: 17}
    assert values(await house.rows(Request), "state") == ["waiting"] * 3
    assert len(house.messenger.shown) == 3


async def test_two_processes_keep_three_of_twenty_questions(house: House, database_url: str) -> None:
    other = House(Database(create_engine(database_url)), house.messenger, house.clock)
    ends = await at_once(each.ask(ASKER) for _ in range(10) for each in (house, other))
    assert refusals(ends) == {LimitReached: 17}
    await other.database.close()


async def test_nobody_is_asked_beyond_their_budget_by_many_questions_at_once(house: House) -> None:
    await house.helpers(3, rate="one_a_day")
    ends = await at_once(house.ask() for _ in range(30))
    assert refusals(ends) == {}
    assert await asked_most(house) == 1
    for day in range(1, 4):
        await decline_all(house)
        house.clock.advance(timedelta(days=1))
        await at_once([house.inviting.sweep(), house.inviting.sweep()])
        assert await asked_most(house) == min(day + 1, 3)


async def asked_most(house: House) -> int:
    """Return how many invitations the person got who got most."""
    return max(Counter(values(await house.rows(Invitation), "member_id")).values())


async def test_sweeps_passes_and_questions_at_once_leave_two_considering(house: House) -> None:
    helpers = await house.helpers(12, rate="more")
    request_id = (await house.ask()).request_id
    by_member = {helper.id: helper.user_id for helper in helpers}
    for _ in range(3):
        asked = [(row["id"], row["member_id"]) for row in await house.rows(Invitation, state="asked")]
        passes = [house.helping.pass_on(id, by_member[member]) for id, member in asked]
        ends = await at_once([*passes, house.inviting.sweep(), house.inviting.ask_more(request_id), house.ask()])
        assert refusals(ends) == {}
        states = Counter(values(await house.rows(Invitation, request_id=request_id), "state"))
        assert states["asked"] == min(2, DEFAULT.most_invitations - states["passed"])


async def test_ten_presses_of_one_button_are_one(house: House) -> None:
    helper = await house.helper()
    await house.ask()
    invitation = await first_invitation(house)
    ends = await at_once(house.helping.take(invitation, helper.user_id) for _ in range(10))
    assert refusals(ends) == {}
    await house.settle()
    assert len(await house.rows(Fact, type="taken")) == 1
    assert len(await house.rows(HelpInteraction)) == 1
    assert house.messenger.texts() == ["thread.taken"]


@pytest.mark.parametrize("attempt", range(4))
async def test_take_pass_and_close_at_once_leave_consistent_rows(house: House, attempt: int) -> None:
    helper, *_ = await house.helpers(4)
    receipt = await house.ask(ASKER)
    invitation = await first_invitation(house)
    acts = [
        house.helping.take(invitation, helper.user_id),
        house.helping.pass_on(invitation, helper.user_id),
        house.asking.close(receipt.request_id, ASKER, is_moderator=False),
        house.inviting.sweep(),
    ]
    ends = await at_once(acts[attempt:] + acts[:attempt])
    assert set(refusals(ends)) <= {Conflict}
    await house.settle()
    assert values(await house.rows(Request), "state") == ["closed"]
    assert "asked" not in values(await house.rows(Invitation), "state")
    assert len(await house.rows(Fact, type="closed")) == 1
    assert len(await house.rows(Fact, type="taken")) == len(await house.rows(HelpInteraction)) <= 1
    assert house.messenger.texts().count("thread.closed_by_asker") == 1


async def test_first_answers_at_once_ask_the_asker_once(house: House) -> None:
    helpers = await house.helpers(6)
    receipt = await house.ask(ASKER)
    strangers = [5, 6, 7]
    people = [helper.user_id for helper in helpers] + strangers
    ends = await at_once(house.answer(receipt.thread_id, user_id) for user_id in people * 2)
    assert ends.count(True) == len(people)
    assert len(await house.rows(HelpInteraction)) == len(people)
    assert len(await house.rows(Fact, type="answered")) == 1
    assert len(await house.rows(OutboxLetter, kind="outcome", text=None)) == 1
    assert len(await house.rows(OutboxLetter, kind="outcome", text="outcome.again")) == 1


async def test_outcomes_at_once_leave_the_last_one(house: House) -> None:
    helper = await house.helper()
    receipt = await house.ask(ASKER)
    await house.answer(receipt.thread_id, helper.user_id)
    acts = [house.resolving.resolve(receipt.request_id, ASKER, outcome) for outcome in (*Outcome, *Outcome)]
    ends = await at_once(acts)
    assert refusals(ends) == {}
    last = values(await house.rows(Fact), "type")[-1]
    assert values(await house.rows(HelpInteraction), "outcome") == [last]
    assert values(await house.rows(Request), "state") == ["waiting" if last == "not_yet" else "resolved"]


async def test_a_thread_that_goes_while_people_press_leaves_consistent_rows(house: House) -> None:
    helper = await house.helper()
    receipt = await house.ask(ASKER)
    assert receipt.thread_id is not None
    invitation = await first_invitation(house)
    ends = await at_once(
        [
            house.helping.take(invitation, helper.user_id),
            house.answer(receipt.thread_id, helper.user_id),
            house.watching.thread_gone(receipt.thread_id),
            house.watching.thread_gone(receipt.thread_id),
        ]
    )
    assert set(refusals(ends[:2])) <= {Conflict}
    assert refusals(ends[2:]) == {}
    assert values(await house.rows(Request), "state") == ["closed"]
    assert len(await house.rows(Fact, type="closed")) == 1


async def test_people_met_for_the_first_time_at_once_are_members_once(house: House) -> None:
    ends = await at_once(house.ask(user_id) for user_id in [1, 2, 3] * 3)
    assert refusals(ends) == {}
    assert sorted(Counter(values(await house.rows(Member), "user_id")).values()) == [1, 1, 1]


async def unposted_ids(house: House, count: int) -> list[int]:
    """Let `ASKER` write questions that were answered before; return their ids."""
    receipt = await house.ask()
    await house.answer(receipt.thread_id, new_id())
    return [(await house.ask(ASKER)).request_id for _ in range(count)]


async def test_twenty_presses_post_a_question_once(house: House) -> None:
    await house.helpers(4, rate="more")
    (unposted,) = await unposted_ids(house, 1)
    before = len(house.messenger.of("post"))
    ends = await at_once(house.posting.post(unposted, ASKER) for _ in range(20))
    assert refusals(ends) == {}
    assert {end.invited for end in ends if isinstance(end, Receipt)} == {2}
    assert len(house.messenger.of("post")) == before + 1
    assert values(await house.rows(Fact, request_id=unposted), "type") == ["asked", "routed", "invited", "invited"]
    assert len(await house.rows(OutboxLetter, request_id=unposted, kind="post")) == 1


@pytest.mark.parametrize("is_posted_first", [True, False])
async def test_posting_and_dropping_at_once_is_one_of_both(house: House, *, is_posted_first: bool) -> None:
    (unposted,) = await unposted_ids(house, 1)
    post: Press = house.posting.post
    presses = [(post, house.asking.drop), (house.asking.drop, post)][is_posted_first]
    ends = await at_once(press(unposted, ASKER) for _ in range(20) for press in presses)
    if await house.rows(Request, id=unposted):
        assert refusals(ends) == {Conflict: 20}
        assert len(await house.rows(Fact, request_id=unposted, type="asked")) == 1
    else:
        assert refusals(ends) == {NotFound: 20}
    assert len(await house.rows(OutboxLetter, request_id=unposted)) == len(await house.rows(Request, id=unposted))


async def test_of_six_drafts_posted_at_once_three_are(house: House) -> None:
    ends = await at_once(house.posting.post(unposted, ASKER) for unposted in await unposted_ids(house, 6))
    assert refusals(ends) == {LimitReached: 3}
    assert Counter(values(await house.rows(Request), "state")) == {"answered": 1, "waiting": 3, "unposted": 3}


async def test_a_draft_posted_in_its_last_moment_is_not_forgotten(house: House) -> None:
    (unposted,) = await unposted_ids(house, 1)
    house.clock.advance(DEFAULT.unposted_for + timedelta(seconds=1))
    async with house.database.begin() as work:
        question = await work.requests.hold(unposted)
        assert question is not None
        forgetting = spawn("forget", house.asking.forget_unposted())
        await asyncio.sleep(0.1)
        question.state = "waiting"
    await forgetting
    assert values(await house.rows(Request, id=unposted), "state") == ["waiting"]


async def test_not_my_topic_from_everybody_at_once_leaves_two_considering(house: House) -> None:
    helpers = await house.helpers(12, rate="more")
    request_id = (await house.ask()).request_id
    by_member = {helper.id: helper.user_id for helper in helpers}
    for _ in range(3):
        asked = [(row["id"], by_member[row["member_id"]]) for row in await house.rows(Invitation, state="asked")]
        presses = [house.helping.off_topic(*each) for each in asked * 3]
        ends = await at_once([*presses, house.inviting.sweep(), house.inviting.ask_more(request_id)])
        assert refusals(ends) == {}
        states = Counter(values(await house.rows(Invitation), "state"))
        assert states["asked"] == min(2, DEFAULT.most_invitations - states["off_topic"])
    said = values(await house.rows(Invitation, state="off_topic"), "member_id")
    assert Counter(values(await house.rows(Fact, type="off_topic"), "member_id")) == Counter(said)
    weights = {each.owner_id: each.weight for each in (await house.community(helpers[0].guild_id)).statements}
    assert {member_id for member_id, weight in weights.items() if weight < 1} == set(said)


@pytest.mark.parametrize("attempt", range(4))
async def test_one_person_s_presses_at_once_leave_one_decision(house: House, attempt: int) -> None:
    helper, *_ = await house.helpers(4)
    await house.ask()
    invitation = await first_invitation(house)
    verbs = [house.helping.off_topic, house.helping.take, house.helping.pass_on, house.helping.on_topic]
    ends = await at_once(verb(invitation, helper.user_id) for verb in verbs[attempt:] + verbs[:attempt])
    assert set(refusals(ends)) <= {Conflict}
    assert values(await house.rows(Invitation, id=invitation), "state") == ["taken"]
    assert len(await house.rows(HelpInteraction)) == len(await house.rows(Fact, type="taken")) == 1


async def test_answers_and_consent_at_once_teach_one_line(house: House) -> None:
    helper = await house.helper(learns_from_help=True)
    receipt = await house.ask()
    toggles = [
        house.profiling.set_learning(helper.guild_id, helper.user_id, learns_from_help=consents)
        for consents in (True, True)
    ]
    ends = await at_once([*(house.answer(receipt.thread_id, helper.user_id) for _ in range(6)), *toggles])
    assert refusals(ends) == {}
    assert len(await house.rows(Statement, source="learned")) == 1


async def test_what_is_told_of_a_press_never_brings_back_what_was_deleted_meanwhile(house: House) -> None:
    helper = await house.helper()
    receipt = await house.ask()
    (line,) = (await house.profiling.card(helper.guild_id, helper.user_id)).statements
    async with house.database.begin() as work:
        question = await work.requests.hold(receipt.request_id)
        assert question is not None
        news = await news_of(work, question, [helper.id])
        deleting = spawn("delete", house.profiling.delete(helper.guild_id, helper.user_id, [line.statement_id]))
        await asyncio.sleep(0.1)
    news.tell(house.router)
    await deleting
    query = await house.router.read(QUESTION)
    assert await house.inviting.rank(helper.guild_id, query, Urgency.TODAY) == []


@pytest.mark.parametrize("verb", ["take", "pass_on", "off_topic"])
async def test_lines_deleted_while_they_are_pressed_about_lock_nobody_out(house: House, verb: str) -> None:
    helpers = await house.helpers(2)
    await house.ask()
    by_member = {helper.id: helper for helper in helpers}
    acts: list[Awaitable[object]] = []
    for row in await house.rows(Invitation):
        helper = by_member[row["member_id"]]
        acts.append(getattr(house.helping, verb)(row["id"], helper.user_id))
        acts.append(house.profiling.delete(helper.guild_id, helper.user_id, [row["statement_id"]]))
    assert refusals(await at_once(acts)) == {}
    assert (await house.community(helpers[0].guild_id)).statements == []
