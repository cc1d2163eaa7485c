"""Claims: a day, one kind reminder while awake, then given to others without a word of blame."""

from datetime import time, timedelta

import pytest

from bot.domain.lifecycle import Outcome
from bot.domain.policy import DEFAULT
from bot.errors import Conflict, NotAllowed, NotFound
from bot.store.engine import Database
from models import Fact, HelpInteraction, Invitation, Member
from tests.factories import GUILD_ID, a_guild, a_member, a_question, an_invitation
from tests.fakes import House, values
from tests.services.scenes import ASKER, STRANGER, Scene, at_once, begin, elapse, said_to, sweep

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


@pytest.fixture
async def scene(house: House) -> Scene:
    return await begin(house)


async def claim(scene: Scene, place: int = 0) -> dict[str, object]:
    (row,) = await scene.house.rows(Invitation, id=await scene.invitation_of(place))
    return row


async def test_a_claim_ends_after_a_day(scene: Scene) -> None:
    await scene.take(0)
    assert (await claim(scene))["expires_at"] == scene.house.clock.now() + timedelta(hours=24)


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [(time(0), time(0), 12), (None, None, 20), (time(11), time(13), 23), (time(12), time(13), None)],
)
async def test_a_reminder_comes_after_half_a_day_or_on_waking_but_never_when_it_is_too_late(
    house: House, begins: time | None, ends: time | None, hours: int | None
) -> None:
    scene = await begin(house, begins=begins, ends=ends)
    await scene.take(0)
    reminded = [passed for passed in range(1, 31) if await is_reminded(house, scene.helpers[0])]
    assert reminded == ([] if hours is None else [hours])


async def is_reminded(house: House, helper: Member) -> bool:
    """Let an hour go by, and tell whether someone was reminded in it."""
    before = len(house.messenger.of("nudge"))
    await elapse(house, hours=1)
    new = house.messenger.of("nudge")[before:]
    assert {letter.user_id for letter in new} <= {helper.user_id}
    return bool(new)


async def test_a_reminder_leads_to_the_thread_and_back_out_of_the_claim(scene: Scene) -> None:
    await scene.take(0)
    await elapse(scene.house, hours=20)
    (letter,) = scene.house.messenger.of("nudge")
    assert (letter.channel_id, letter.content.invitation_id) == (None, await scene.invitation_of(0))
    assert letter.content.question is not None
    assert letter.content.question.thread_id == scene.receipt.thread_id


async def test_whoever_answered_is_neither_reminded_nor_released(scene: Scene) -> None:
    await scene.take(0)
    await elapse(scene.house, hours=2)
    await scene.answer(0)
    await elapse(scene.house, hours=40, step=4)
    assert scene.house.messenger.of("nudge") == []
    assert (await claim(scene))["state"] == "taken"
    assert await scene.facts() == ["taken", "answered"]


@pytest.mark.parametrize("way", ["closed", "settled", "answered", "given back", "thread gone"])
async def test_nobody_is_reminded_of_what_needs_no_answer_any_more(scene: Scene, way: str) -> None:
    await scene.take(0)
    match way:
        case "answered":
            await scene.answer(1)
        case "given back":
            await scene.give_back(0)
        case "thread gone":
            await scene.lose_thread()
        case _:
            await scene.end(way)
    await elapse(scene.house, hours=23, step=1)
    assert scene.house.messenger.of("nudge") == []


async def test_a_claim_is_released_after_a_day_and_not_before(scene: Scene) -> None:
    await scene.take(0)
    scene.house.clock.advance(DEFAULT.claimed_for - MINUTE)
    assert await scene.house.claiming.sweep() == 0
    scene.house.clock.advance(MINUTE)
    assert await scene.house.claiming.sweep() == 1
    row = await claim(scene)
    assert (row["state"], row["expires_at"], row["decided_at"]) == ("released", None, scene.house.clock.now())
    assert await scene.state() == "waiting"
    assert await scene.facts("taken", "released") == ["taken", "released"]
    assert await scene.house.claiming.sweep() == 0


async def test_the_asker_reads_once_that_others_are_asked_and_the_helper_nothing(scene: Scene) -> None:
    await scene.take(0)
    await elapse(scene.house, hours=23)
    before = len(said_to(scene.house, scene.helpers[0].user_id))
    await elapse(scene.house, hours=6)
    told = [letter for letter in said_to(scene.house, ASKER) if letter.kind == "notice"]
    assert [(letter.content.text, letter.user_id) for letter in told] == [("asker.asking_others", ASKER)]
    assert len(said_to(scene.house, scene.helpers[0].user_id)) == before
    assert values(await scene.house.rows(Member, id=scene.helpers[0].id), "silences") == [0]


async def test_the_next_people_are_asked_after_a_release_and_never_the_same_again(scene: Scene) -> None:
    first, second, *others = scene.helpers
    await scene.take(0)
    await scene.pass_on(1)
    await elapse(scene.house, hours=24)
    invited = await scene.invited()
    assert invited == {
        first.id: "released",
        second.id: "passed",
        **dict.fromkeys([each.id for each in others], "asked"),
    }


async def test_after_a_release_they_may_take_it_again_or_simply_answer(scene: Scene) -> None:
    await scene.take(0)
    await elapse(scene.house, hours=24, step=24)
    await scene.take(0)
    assert ((await claim(scene))["state"], await scene.state()) == ("taken", "taken")
    await elapse(scene.house, hours=24, step=24)
    assert ((await claim(scene))["state"], await scene.state()) == ("released", "waiting")
    assert await scene.answer(0)
    assert await scene.state() == "answered"
    assert len(await scene.house.rows(HelpInteraction)) == 1


async def test_every_time_a_claim_ends_the_asker_is_told(scene: Scene) -> None:
    for _ in range(2):
        await scene.take(0)
        await elapse(scene.house, hours=24, step=12)
    assert scene.house.messenger.texts().count("asker.asking_others") == 2


async def test_while_somebody_else_has_it_too_it_stays_taken_and_nobody_is_told(scene: Scene) -> None:
    await scene.take(0)
    scene.house.clock.advance(timedelta(hours=3))
    await scene.take(1)
    await elapse(scene.house, hours=22)
    assert list((await scene.invited()).values()) == ["released", "taken"]
    assert await scene.state() == "taken"
    assert "asker.asking_others" not in scene.house.messenger.texts()
    await elapse(scene.house, hours=4)
    assert list((await scene.invited()).values())[:2] == ["released", "released"]
    assert scene.house.messenger.texts().count("asker.asking_others") == 1
    assert await scene.state() == "waiting"


async def test_two_claims_that_end_together_tell_the_asker_once(scene: Scene) -> None:
    await scene.take(0)
    await scene.take(1)
    scene.house.clock.advance(DEFAULT.claimed_for)
    assert await scene.house.claiming.sweep() == 2
    await scene.house.settle()
    assert scene.house.messenger.texts().count("asker.asking_others") == 1
    assert await scene.facts("released") == ["released", "released"]


@pytest.mark.parametrize("way", ["closed", "settled", "answered"])
async def test_a_claim_that_ends_after_the_question_did_is_nobody_s_news(scene: Scene, way: str) -> None:
    await scene.take(0)
    await (scene.answer(1) if way == "answered" else scene.end(way))
    state = await scene.state()
    await elapse(scene.house, hours=30, step=6)
    assert await scene.state() == state
    assert "asker.asking_others" not in scene.house.messenger.texts()


async def test_an_asker_nobody_is_to_know_is_not_told_in_public(house: House) -> None:
    scene = await begin(house)
    async with house.database.begin() as work:
        question = await work.requests.hold(scene.id)
        asker = await work.members.find(GUILD_ID, ASKER)
        assert question is not None
        assert asker is not None
        question.visibility, asker.direct_messages = "anonymous", "closed"
    await scene.take(0)
    await elapse(house, hours=24, step=12)
    assert [(letter.user_id, letter.channel_id) for letter in said_to(house, ASKER)] == [(ASKER, None)]


async def test_what_is_given_back_goes_to_others_at_once(scene: Scene) -> None:
    await scene.take(0)
    await scene.pass_on(1)
    nudges = scene.house.nudges
    await scene.give_back(0)
    assert list((await scene.invited()).values()) == ["passed", "passed", "asked", "asked"]
    assert (await claim(scene))["expires_at"] is None
    assert (await scene.state(), scene.house.nudges > nudges) == ("waiting", True)
    assert await scene.facts() == ["taken", "passed", "passed"]
    await scene.house.settle()
    assert scene.house.messenger.texts().count("asker.asking_others") == 1


async def test_giving_back_twice_is_once(scene: Scene) -> None:
    await scene.take(0)
    await scene.give_back(0)
    before = await scene.house.snapshot()
    await scene.give_back(0)
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize("way", ["asked", "passed", "answered", "released"])
async def test_giving_back_what_one_does_not_have_changes_nothing(scene: Scene, way: str) -> None:
    if way == "passed":
        await scene.pass_on(0)
    if way in {"answered", "released"}:
        await scene.take(0)
    if way == "answered":
        await scene.answer(0)
    if way == "released":
        await elapse(scene.house, hours=24, step=24)
    before = await scene.house.snapshot()
    await scene.give_back(0)
    after = await scene.house.snapshot()
    assert [name for name in after if after[name] != before[name]] in ([], ["request"])
    assert await scene.state() in {"waiting", "answered"}


async def test_a_claim_is_its_holder_s_alone(scene: Scene) -> None:
    await scene.take(0)
    invitation = await scene.invitation_of(0)
    before = await scene.house.snapshot()
    for user_id in (STRANGER, ASKER, scene.helpers[1].user_id):
        with pytest.raises(NotAllowed, match=r"invitation\.not_yours"):
            await scene.house.claiming.give_back(invitation, user_id)
    with pytest.raises(NotFound, match=r"invitation\.unknown"):
        await scene.house.claiming.give_back(10**9, scene.helpers[0].user_id)
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize("way", ["closed", "settled"])
async def test_what_is_over_may_still_be_given_back_and_stays_over(scene: Scene, way: str) -> None:
    await scene.take(0)
    await scene.end(way)
    state = await scene.state()
    await scene.give_back(0)
    await scene.house.settle()
    assert await scene.state() == state
    assert "asker.asking_others" not in scene.house.messenger.texts()


async def test_while_somebody_else_has_it_giving_back_asks_nobody(scene: Scene) -> None:
    await scene.take(0)
    await scene.take(1)
    await scene.give_back(0)
    await scene.house.settle()
    assert list((await scene.invited()).values()) == ["passed", "taken"]
    assert "asker.asking_others" not in scene.house.messenger.texts()


async def test_one_may_change_one_s_mind_more_than_once_in_an_evening(scene: Scene) -> None:
    scene.house.clock.advance(timedelta(hours=4))
    for _ in range(3):
        await scene.take(0)
        scene.house.clock.advance(MINUTE)
        await scene.give_back(0)
        scene.house.clock.advance(MINUTE)
    await scene.take(0)
    await elapse(scene.house, hours=20)
    assert [letter.addressee_id for letter in scene.house.messenger.of("nudge")] == [scene.helpers[0].user_id]


async def test_a_claim_that_begins_anew_is_reminded_of_once_after_half_a_day_of_its_own(house: House) -> None:
    scene = await begin(house, begins=time(0), ends=time(0))
    await scene.take(0)
    await elapse(house, hours=2)
    await scene.give_back(0)
    await scene.take(0)
    reminded = [hour for hour in range(3, 30) if await is_reminded(house, scene.helpers[0])]
    assert reminded == [14]


async def test_after_not_yet_a_claim_that_ends_tells_nobody(scene: Scene) -> None:
    await scene.take(0)
    await scene.resolve(Outcome.NOT_YET)
    assert await scene.state() == "waiting"
    await elapse(scene.house, hours=24, step=6)
    assert (await claim(scene))["state"] == "released"
    assert "asker.asking_others" not in scene.house.messenger.texts()


async def test_ten_presses_and_sweeps_at_once_end_a_claim_once(scene: Scene) -> None:
    await scene.take(0)
    scene.house.clock.advance(DEFAULT.claimed_for)
    acts = [act for _ in range(5) for act in (scene.give_back(0), scene.house.claiming.sweep(), sweep(scene.house))]
    assert await at_once(acts) == {}
    assert len(await scene.facts("passed", "released")) == 1
    await scene.house.settle()
    assert scene.house.messenger.texts().count("asker.asking_others") == 1
    assert list((await scene.invited()).values()).count("asked") <= 3


async def test_an_answer_in_the_last_moment_and_the_sweep_leave_an_answered_question(scene: Scene) -> None:
    await scene.take(0)
    scene.house.clock.advance(DEFAULT.claimed_for)
    acts = [scene.house.claiming.sweep(), scene.answer(0), scene.house.claiming.sweep(), scene.give_back(0)]
    assert await at_once(acts) == {}
    assert await scene.state() == "answered"
    assert len(await scene.house.rows(Fact, type="answered")) == 1
    assert (await claim(scene))["expires_at"] is None


async def test_taking_and_giving_back_at_once_is_one_of_both(scene: Scene) -> None:
    await scene.take(0)
    refused = await at_once(act for _ in range(4) for act in (scene.give_back(0), scene.take(0), scene.pass_on(1)))
    assert set(refused) <= {Conflict}
    row = await claim(scene)
    assert (row["state"], row["expires_at"] is None) in {("taken", False), ("passed", True)}
    assert await scene.state() == ("taken" if row["state"] == "taken" else "waiting")


async def test_claims_of_several_communities_end_in_one_look(house: House) -> None:
    scene = await begin(house)
    async with house.database.begin() as work:
        await a_guild(work, GUILD_ID + 1)
        other = await a_member(work, GUILD_ID + 1)
        question = await a_question(work, await a_member(work, GUILD_ID + 1), state="taken", thread_id=900)
        await an_invitation(work, question, other, state="taken", expires_at=house.clock.now() + DEFAULT.claimed_for)
    await scene.take(0)
    house.clock.advance(DEFAULT.claimed_for)
    assert await house.claiming.sweep() == 2
    assert set(values(await house.rows(Invitation), "state")) == {"released", "asked"}
