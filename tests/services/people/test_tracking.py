"""One's own things: questions, duties, attention, pauses; no one sees anyone else's."""

from datetime import timedelta

import pytest

from bot.domain.attention import Rate
from bot.domain.lifecycle import FOR_QUESTIONS, InvitationState, Outcome, RequestState, Visibility
from bot.errors import NotAllowed, NotFound
from bot.services.people.tracking import LATEST
from bot.services.people.tracking_results import Mine, OwnQuestion
from bot.services.requests.revealing import Moderator
from bot.services.results import Duty, Pause
from bot.store.engine import Database
from tests.factories import GUILD_ID, NOW, a_guild
from tests.fakes import CHANNEL_ID, QUESTION, House
from tests.services.scenes import ASKER, STRANGER, Scene, ask, begin, elapse

DAY = timedelta(days=1)


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


@pytest.fixture
async def scene(house: House) -> Scene:
    return await begin(house, 2)


async def mine(house: House, user_id: int) -> Mine:
    return await house.tracking.mine(GUILD_ID, user_id)


async def duties(scene: Scene, place: int = 0) -> list[Duty]:
    return list((await mine(scene.house, scene.helpers[place].user_id)).duties)


async def test_a_stranger_has_nothing_and_is_not_met_by_looking(house: House) -> None:
    before = await house.snapshot()
    assert await mine(house, STRANGER) == Mine(
        questions=(),
        duties=(),
        rate=Rate.ONE_A_DAY,
        is_helper=False,
        asked_last_day=0,
        asked_last_week=0,
        is_halved=False,
        pause=Pause(0, is_paused=False),
    )
    assert await house.snapshot() == before


async def test_one_s_questions_are_there_newest_first(house: House) -> None:
    receipts = [await ask(house, ASKER, visibility) for visibility in FOR_QUESTIONS]
    found = (await mine(house, ASKER)).questions
    assert [each.request_id for each in found] == [each.request_id for each in reversed(receipts)]
    assert [each.visibility for each in found] == list(reversed(FOR_QUESTIONS))
    assert found[-1] == OwnQuestion(
        receipts[0].request_id, GUILD_ID, QUESTION, RequestState.WAITING, Visibility.PUBLIC, receipts[0].thread_id, NOW
    )


async def test_the_last_ten_questions_are_shown_also_those_that_are_over_or_not_posted(house: House) -> None:
    for _ in range(LATEST + 2):
        receipt = await ask(house, ASKER)
        await house.asking.close(receipt.request_id, ASKER, is_moderator=False)
    vague = "Can I ask somebody a question about something please?"
    assert not (await house.ask(ASKER, vague)).is_posted
    found = (await mine(house, ASKER)).questions
    assert len(found) == LATEST == 10
    assert [each.state for each in found] == ["unposted", *["closed"] * 9]


async def test_one_question_is_its_asker_s_alone(scene: Scene) -> None:
    tracking = scene.house.tracking
    found = await tracking.request(scene.id, ASKER)
    assert [found] == list((await mine(scene.house, ASKER)).questions)
    for user_id in (STRANGER, scene.helpers[0].user_id):
        with pytest.raises(NotAllowed, match=r"request\.not_yours"):
            await tracking.request(scene.id, user_id)
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await tracking.request(10**9, ASKER)


async def test_since_when_one_waits_begins_anew_with_the_waiting(scene: Scene) -> None:
    await scene.answer(0)
    await elapse(scene.house, hours=3)
    await scene.resolve(Outcome.NOT_YET)
    assert (await scene.house.tracking.request(scene.id, ASKER)).asked_at == NOW + timedelta(hours=3)


async def test_an_asker_finds_the_reason_why_two_moderators_know_them(house: House) -> None:
    scene = await begin(house, 0, Visibility.ANONYMOUS)
    reason = "Somebody is threatened in this question."
    first, second = (Moderator(GUILD_ID, user_id, is_moderator=True) for user_id in (31, 32))
    wish = await house.revealing.want(first, scene.receipt.thread_id or 0, reason)
    assert (await house.tracking.request(scene.id, ASKER)).revealed_because == ()
    await house.revealing.agree(second, wish.reveal_id)
    assert (await house.tracking.request(scene.id, ASKER)).revealed_because == (reason,)


async def test_what_one_was_asked_is_there_until_it_runs_out(scene: Scene) -> None:
    invitation = await scene.invitation_of(0)
    until = NOW + timedelta(hours=4)
    (duty,) = await duties(scene)
    assert (duty.invitation_id, duty.state, duty.until) == (invitation, InvitationState.ASKED, until)
    assert (duty.request.thread_id, duty.request.text) == (scene.receipt.thread_id, QUESTION)
    await scene.house.settle()
    await elapse(scene.house, hours=4)
    assert await duties(scene) == []


async def test_what_one_took_is_there_until_it_is_answered(scene: Scene) -> None:
    await scene.take(0)
    (duty,) = await duties(scene)
    assert (duty.state, duty.until) == (InvitationState.TAKEN, NOW + DAY)
    await scene.answer(0)
    assert await duties(scene) == []


@pytest.mark.parametrize("way", ["passed", "given back", "released", "off topic", "closed", "settled", "thread gone"])
async def test_what_is_over_is_no_duty(scene: Scene, way: str) -> None:
    if way in {"given back", "released", "closed", "settled", "thread gone"}:
        await scene.take(0)
    match way:
        case "passed":
            await scene.pass_on(0)
        case "given back":
            await scene.give_back(0)
        case "released":
            await elapse(scene.house, hours=24, step=24)
        case "off topic":
            await scene.house.helping.off_topic(await scene.invitation_of(0), scene.helpers[0].user_id)
        case "thread gone":
            await scene.lose_thread()
        case _:
            await scene.end(way)
    assert await duties(scene) == []


async def test_one_duty_is_its_holder_s_alone(scene: Scene) -> None:
    invitation, tracking = await scene.invitation_of(0), scene.house.tracking
    found = await tracking.duty(invitation, GUILD_ID, scene.helpers[0].user_id)
    assert [found] == await duties(scene)
    for user_id in (STRANGER, ASKER, scene.helpers[1].user_id):
        with pytest.raises(NotFound, match=r"invitation\.unknown"):
            await tracking.duty(invitation, GUILD_ID, user_id)
    await scene.pass_on(0)
    with pytest.raises(NotFound, match=r"invitation\.unknown"):
        await tracking.duty(invitation, GUILD_ID, scene.helpers[0].user_id)


async def test_how_often_one_was_asked_is_counted_by_day_and_week(house: House) -> None:
    helper = await house.helper(rate="more")
    for _ in range(2):
        await ask(house, STRANGER)
    await house.settle()
    house.clock.advance(DAY)
    await ask(house, STRANGER)
    await house.settle()
    found = await mine(house, helper.user_id)
    assert (found.rate, found.is_helper) == (Rate.MORE, True)
    assert (found.asked_last_day, found.asked_last_week) == (1, 3)
    await house.settle()
    house.clock.advance(7 * DAY)
    found = await mine(house, helper.user_id)
    assert (found.asked_last_day, found.asked_last_week) == (0, 0)


@pytest.mark.parametrize(("silences", "is_halved"), [(0, False), (2, False), (3, True), (4, True)])
async def test_silences_halve_what_one_is_asked_and_only_they_see_it(
    house: House, silences: int, *, is_halved: bool
) -> None:
    helper = await house.helper(silences=silences)
    assert (await mine(house, helper.user_id)).is_halved == is_halved
    assert not (await mine(house, STRANGER)).is_halved


async def test_a_pause_is_shown(house: House) -> None:
    helper = await house.helper()
    paused = await house.pausing.pause_for(GUILD_ID, helper.user_id, DAY)
    assert (await mine(house, helper.user_id)).pause == paused
    house.clock.advance(DAY)
    assert not (await mine(house, helper.user_id)).pause.is_paused


async def test_another_community_s_things_stay_there(scene: Scene) -> None:
    async with scene.house.database.begin() as work:
        await a_guild(work, GUILD_ID + 1, help_channel_id=CHANNEL_ID)
    for user_id in (ASKER, scene.helpers[0].user_id):
        found = await scene.house.tracking.mine(GUILD_ID + 1, user_id)
        assert (found.questions, found.duties, found.asked_last_week) == ((), (), 0)


async def test_a_helper_finds_no_word_of_who_asked(house: House) -> None:
    scene = await begin(house, 1, Visibility.ANONYMOUS)
    await scene.take(0)
    assert str(ASKER) not in {str(each) for each in vars_of(await duties(scene))}


def vars_of(duties: list[Duty]) -> list[object]:
    """Return every value that a duty carries."""
    return [getattr(duty, name) for duty in duties for name in Duty.__slots__]
