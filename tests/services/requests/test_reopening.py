"""What was put away or closed opens again: by a reply, by the button, and never past the limit of its asker."""

from datetime import timedelta

import pytest

from bot.domain.lifecycle import Outcome, Visibility
from bot.domain.policy import DEFAULT
from bot.errors import Conflict, LimitReached, NotAllowed, NotFound
from bot.store.engine import Database
from models import Fact
from tests.factories import GUILD_ID
from tests.fakes import House, values
from tests.services.scenes import ASKER, STRANGER, Scene, ask, at_once, begin, elapse


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


@pytest.fixture
async def archived(house: House) -> Scene:
    """A question that was put away before anyone was there to help."""
    scene = await begin(house, 0)
    await scene.put_away()
    scene.helpers += await house.helpers(3)
    return scene


async def waits_anew(scene: Scene) -> None:
    """Make sure that a question waits as if it were asked now, and that its thread was told once."""
    request = await scene.request()
    assert (request["state"], request["close_reason"]) == ("waiting", None)
    assert request["waiting_since"] == scene.house.clock.now()
    await scene.house.inviting.sweep()
    assert list((await scene.invited()).values()).count("asked") == 2
    await scene.house.settle()
    (said,) = [each for each in scene.house.messenger.of("notice") if each.content.text == "thread.reopened"]
    assert (said.channel_id, said.addressee_id, said.content.params) == (scene.receipt.thread_id, None, {})
    assert (await scene.facts("reopened")) == ["reopened"]


async def test_its_asker_s_own_reply_opens_it_again(archived: Scene) -> None:
    assert not await archived.write(ASKER)
    await waits_anew(archived)


async def test_anybody_s_first_reply_is_an_answer_and_opens_it_by_that(archived: Scene) -> None:
    assert await archived.write(STRANGER)
    assert await archived.state() == "answered"
    await archived.house.settle()
    (letter,) = archived.house.messenger.of("outcome")
    assert letter.user_id == ASKER
    assert await archived.facts() == ["archived", "answered"]


async def test_an_earlier_helper_s_reply_opens_it_again(house: House) -> None:
    scene = await begin(house, 1)
    await scene.answer(0)
    await scene.resolve(Outcome.NOT_YET)
    await scene.put_away()
    scene.helpers += await house.helpers(2)
    assert not await scene.answer(0)
    await waits_anew(scene)
    assert await scene.facts("answered") == ["answered"]


async def test_a_reply_where_nothing_was_put_away_opens_nothing(house: House) -> None:
    scene = await begin(house, 2)
    await scene.answer(0)
    before = await house.snapshot()
    assert not await scene.write(ASKER)
    assert not await scene.answer(0)
    assert await house.snapshot() == before


async def test_no_reply_opens_what_its_asker_closed(house: House) -> None:
    scene = await begin(house, 2)
    await scene.close()
    before = await house.snapshot()
    for user_id in (ASKER, STRANGER, scene.helpers[0].user_id):
        assert not await scene.write(user_id)
    assert await house.snapshot() == before


async def test_whoever_takes_it_opens_it_by_that(house: House) -> None:
    scene = await begin(house, 1)
    await scene.put_away()
    await scene.take(0)
    assert await scene.state() == "taken"
    await elapse(house, hours=24, step=12)
    assert await scene.state() == "waiting"


@pytest.mark.parametrize("user_id", [ASKER, STRANGER])
async def test_anybody_s_press_opens_it_and_asks_people_at_once(archived: Scene, user_id: int) -> None:
    assert await archived.house.following_up.reopen(archived.id, user_id) == archived.receipt.thread_id
    assert len(await archived.invited()) == 2
    await waits_anew(archived)


async def test_pressing_twice_is_once_whoever_presses(archived: Scene) -> None:
    await archived.house.following_up.reopen(archived.id, STRANGER)
    before = await archived.house.snapshot()
    for user_id in (STRANGER, ASKER, archived.helpers[0].user_id):
        assert await archived.house.following_up.reopen(archived.id, user_id) == archived.receipt.thread_id
    after = await archived.house.snapshot()
    assert [name for name in after if after[name] != before[name]] in ([], ["request"])


async def test_opened_again_it_waits_another_week(archived: Scene) -> None:
    house = archived.house
    await house.following_up.reopen(archived.id, STRANGER)
    await elapse(house, days=2, step=6)
    assert len(house.messenger.of("choices")) == 2
    await elapse(house, days=4, step=12)
    assert await archived.state() == "waiting"
    await elapse(house, days=1, step=12)
    assert await archived.state() == "archived"
    assert len(house.messenger.of("archive")) == 2
    assert await archived.facts("archived", "reopened") == ["archived", "reopened", "archived"]


async def test_opened_again_more_are_asked_than_the_usual_number(house: House) -> None:
    most = DEFAULT.most_invitations
    scene = await begin(house, most + 2)
    for place in range(most):
        await scene.pass_on(place)
    await scene.put_away()
    assert len(await scene.invited()) == most
    await house.following_up.reopen(scene.id, STRANGER)
    assert list((await scene.invited()).values()) == [*["passed"] * most, "asked", "asked"]


async def test_what_its_asker_closed_only_they_open(house: House) -> None:
    scene = await begin(house, 2)
    await scene.close()
    before = await house.snapshot()
    for user_id in (STRANGER, scene.helpers[0].user_id):
        with pytest.raises(NotAllowed, match=r"request\.not_yours"):
            await house.following_up.reopen(scene.id, user_id)
    assert await house.snapshot() == before
    scene.helpers += await house.helpers(2)
    await house.following_up.reopen(scene.id, ASKER)
    await waits_anew(scene)


async def test_there_is_nothing_to_open_where_nothing_is(house: House) -> None:
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await house.following_up.reopen(10**9, ASKER)


async def test_what_is_settled_stays_settled(house: House) -> None:
    scene = await begin(house, 2)
    await scene.answer(0)
    await scene.resolve(Outcome.HELPED)
    before = await house.snapshot()
    for user_id in (ASKER, STRANGER):
        with pytest.raises(Conflict, match=r"request\.over"):
            await house.following_up.reopen(scene.id, user_id)
    assert await house.snapshot() == before


async def test_what_was_answered_meanwhile_needs_no_opening(archived: Scene) -> None:
    house = archived.house
    await archived.write(6)
    before = await house.snapshot()
    for user_id in (ASKER, STRANGER):
        assert await house.following_up.reopen(archived.id, user_id) == archived.receipt.thread_id
    assert await house.snapshot() == before


async def test_an_answer_and_presses_at_once_leave_it_answered(archived: Scene) -> None:
    presses = [archived.house.following_up.reopen(archived.id, user_id) for user_id in (ASKER, STRANGER, 6)]
    assert await at_once([*presses, archived.write(7)]) == {}
    assert await archived.state() == "answered"


@pytest.mark.parametrize("way", ["closed", "archived"])
async def test_without_its_thread_it_stays_put_away(house: House, way: str) -> None:
    scene = await begin(house, 0)
    await (scene.put_away() if way == "archived" else scene.close())
    await scene.lose_thread()
    before = await house.snapshot()
    with pytest.raises(Conflict, match=r"request\.over"):
        await house.following_up.reopen(scene.id, ASKER)
    assert await house.snapshot() == before


@pytest.mark.parametrize("way", ["closed", "archived"])
async def test_its_asker_opens_no_more_than_the_limit(house: House, way: str) -> None:
    scene = await begin(house, 0)
    await (scene.put_away() if way == "archived" else scene.close())
    waiting = [await ask(house, ASKER) for _ in range(3)]
    before = await house.snapshot()
    with pytest.raises(LimitReached, match=r"ask\.limit") as refusal:
        await house.following_up.reopen(scene.id, ASKER)
    threads = tuple(each.thread_id for each in waiting)
    assert refusal.value.params == {"limit": 3, "threads": threads, "guild_id": GUILD_ID}
    assert await house.snapshot() == before
    await house.asking.close(waiting[0].request_id, ASKER, is_moderator=False)
    await house.following_up.reopen(scene.id, ASKER)
    assert await scene.state() == "waiting"


async def test_somebody_else_s_press_never_tells_whose_questions_are_open(house: House) -> None:
    scene = await begin(house, 0, Visibility.ANONYMOUS)
    await scene.put_away()
    for _ in range(3):
        await ask(house, ASKER)
    assert await house.following_up.reopen(scene.id, STRANGER) == scene.receipt.thread_id
    assert await scene.state() == "waiting"


async def test_many_presses_and_replies_at_once_open_it_once(archived: Scene) -> None:
    house = archived.house
    presses = [house.following_up.reopen(archived.id, user_id) for user_id in (ASKER, STRANGER, 6, 7, STRANGER)]
    assert await at_once([*presses, archived.write(ASKER), archived.write(ASKER)]) == {}
    await waits_anew(archived)


async def test_opening_and_asking_at_once_stay_within_the_limit(house: House) -> None:
    scene = await begin(house, 0)
    await scene.close()
    for _ in range(2):
        await ask(house, ASKER)
    refused = await at_once(
        act for _ in range(4) for act in (house.following_up.reopen(scene.id, ASKER), ask(house, ASKER))
    )
    assert set(refused) == {LimitReached}
    async with house.database.read() as work:
        assert len(await work.requests.open_of((await scene.request())["asker_id"])) == 3


async def test_opening_and_closing_at_once_is_one_of_both(house: House) -> None:
    scene = await begin(house, 2)
    await scene.close()
    acts = [act for _ in range(4) for act in (house.following_up.reopen(scene.id, ASKER), scene.close())]
    assert await at_once(acts) == {}
    facts = values(await house.rows(Fact, request_id=scene.id), "type")
    opened, closed = facts.count("reopened"), facts.count("closed")
    assert closed - opened == (await scene.state() == "closed")


async def test_a_wish_to_talk_is_said_once_without_the_asker_s_name(house: House) -> None:
    scene = await begin(house, 2)
    for _ in range(2):
        await house.following_up.wish_to_talk(scene.id, ASKER)
    await house.settle()
    (said,) = house.messenger.of("notice")
    assert (said.content.text, said.channel_id, said.content.params) == (
        "thread.talk_wanted",
        scene.receipt.thread_id,
        {},
    )


async def test_each_helper_s_offer_to_talk_is_said_once(house: House) -> None:
    scene = await begin(house, 2)
    people = [each.user_id for each in scene.helpers]
    assert await at_once(house.following_up.wish_to_talk(scene.id, each) for each in people * 3) == {}
    await house.settle()
    said = [each for each in house.messenger.of("notice") if each.content.text == "thread.talk_offered"]
    assert sorted(int(each.content.params["helper"]) for each in said) == sorted(people)


async def test_nobody_talks_where_nothing_is_or_without_a_thread(house: House) -> None:
    scene = await begin(house, 1)
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await house.following_up.wish_to_talk(10**9, ASKER)
    for user_id in (STRANGER, (await house.person()).user_id):
        with pytest.raises(NotAllowed, match=r"invitation\.not_yours"):
            await house.following_up.wish_to_talk(scene.id, user_id)
    await scene.lose_thread()
    with pytest.raises(Conflict, match=r"request\.over"):
        await house.following_up.wish_to_talk(scene.id, scene.helpers[0].user_id)


async def test_nobody_gets_into_a_private_conversation_by_an_offer_to_talk(house: House) -> None:
    scene = await begin(house, 1, Visibility.MATCHED)
    outsider = await house.person()
    with pytest.raises(NotAllowed, match=r"invitation\.not_yours"):
        await house.following_up.wish_to_talk(scene.id, outsider.user_id)
    await house.following_up.wish_to_talk(scene.id, scene.helpers[0].user_id)
    await house.settle()
    assert {letter.guest_user_id for letter in house.messenger.of("notice")} == {scene.helpers[0].user_id}


async def test_what_was_opened_again_and_closed_again_is_told_each_time(house: House) -> None:
    scene = await begin(house, 0)
    for _ in range(2):
        await scene.close()
        house.clock.advance(timedelta(minutes=1))
        await house.following_up.reopen(scene.id, ASKER)
    await house.settle()
    assert house.messenger.texts().count("thread.reopened") == 2
