"""What comes after fifteen minutes: how it was, what it settles, notes, and what moderators may let pass."""

import pytest

from bot.domain.lifecycle import Outcome, Visibility
from bot.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from bot.services.office_hours.looking_back import Helped
from bot.services.requests.revealing import Moderator
from bot.store.engine import Database
from models import Fact, HelpInteraction, Impression, Request
from tests.factories import GUILD_ID, a_question
from tests.fakes import House, values
from tests.services.meetings import ASKER, HOST, MODERATORS_ID, Scene, agreed, held, opened, third
from tests.services.scenes import at_once

MODERATOR = Moderator(GUILD_ID, 5, is_moderator=True)


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await agreed(await opened(House(database)))


async def asked(scene: Scene, **chosen: object) -> int:
    """Let the fifteen minutes have come from a question of the asker's, and be over; return the question."""
    async with scene.house.database.begin() as work:
        question = await a_question(work, scene.asker, **chosen)
        booking = await work.bookings.hold(scene.id)
        assert booking is not None
        booking.request_id = question.id
    await held(scene)
    return question.id


async def state(scene: Scene) -> object:
    return values(await scene.house.rows(Request), "state")[0]


async def say(scene: Scene, user_id: int = ASKER, helped: Helped = "helped") -> bool:
    return await scene.house.looking_back.impression(scene.id, user_id, helped)


async def test_what_helped_its_asker_settles_their_question_and_the_host_has_a_part_in_it(scene: Scene) -> None:
    await asked(scene)
    assert [letter.content.settles for letter in scene.house.messenger.of("check")] == [False, True]
    assert await say(scene)
    assert await state(scene) == "resolved"
    (part,) = await scene.house.rows(HelpInteraction)
    assert (part["helper_id"], part["outcome"]) == (scene.host.id, "helped")
    assert not await say(scene)
    assert len(await scene.house.rows(Fact, type="helped")) == 1


@pytest.mark.parametrize(("user_id", "helped"), [(HOST, "helped"), (ASKER, "partly"), (ASKER, "not_yet")])
async def test_nothing_else_settles_it(scene: Scene, user_id: int, helped: Helped) -> None:
    await asked(scene)
    assert not await say(scene, user_id, helped)
    assert await state(scene) == "waiting"


async def test_a_question_without_a_name_is_tied_to_nothing(scene: Scene) -> None:
    await asked(scene, visibility=Visibility.ANONYMOUS)
    assert [letter.content.settles for letter in scene.house.messenger.of("check")] == [False, False]
    assert not await say(scene)
    assert (await state(scene), await scene.house.rows(HelpInteraction)) == ("waiting", [])


@pytest.mark.parametrize("over", ["closed", "resolved"])
async def test_what_is_over_stays_as_it_is(scene: Scene, over: str) -> None:
    await asked(scene, state=over)
    assert not await say(scene)
    assert (await state(scene), await scene.house.rows(HelpInteraction)) == (over, [])


async def test_both_buttons_at_once_settle_it_once(scene: Scene) -> None:
    request_id = await asked(scene)
    resolve = scene.house.resolving.resolve
    presses = [each for _ in range(4) for each in (say(scene), resolve(request_id, ASKER, Outcome.HELPED))]
    assert not await at_once(presses)
    assert await state(scene) == "resolved"
    assert len(await scene.house.rows(Fact, type="helped")) == 1


async def test_what_both_thought_of_it_is_kept_once_each_and_may_be_changed(scene: Scene) -> None:
    await held(scene)
    looking_back = scene.house.looking_back
    await looking_back.impression(scene.id, HOST, "partly")
    await looking_back.impression(scene.id, HOST, "helped")
    await looking_back.keep_note(scene.id, HOST, " Look at the labels. ")
    await looking_back.keep_note(scene.id, ASKER, "Ask about the loss")
    assert await looking_back.own_note(scene.id, HOST) == "Look at the labels."
    assert await looking_back.own_note(scene.id, ASKER) == "Ask about the loss"
    await looking_back.keep_note(scene.id, ASKER, "")
    assert await looking_back.own_note(scene.id, ASKER) is None
    assert values(await scene.house.rows(Impression), "helped") == ["helped", None]
    with pytest.raises(Invalid, match=r"meeting\.note_too_long"):
        await looking_back.keep_note(scene.id, ASKER, "x" * 1_001)


async def test_before_the_end_nobody_is_asked_how_it_was(scene: Scene) -> None:
    with pytest.raises(Conflict, match=r"meeting\.over"):
        await scene.house.looking_back.impression(scene.id, HOST, "helped")


async def test_moderators_may_let_it_pass(scene: Scene) -> None:
    await third(scene)
    for _ in range(2):
        await scene.house.looking_back.appeal(scene.id, ASKER)
    assert await scene.settle() == [("appeal", None)]
    assert scene.house.messenger.shown[-1].channel_id == MODERATORS_ID
    for _ in range(2):
        await scene.house.looking_back.excuse(MODERATOR, scene.id)
    assert await scene.settle() == [("excused", ASKER)]
    assert (await scene.row())["is_excused"]
    with pytest.raises(Conflict, match=r"meeting\.over"):
        await scene.house.looking_back.appeal(scene.id, ASKER)


async def test_moderators_may_leave_it(scene: Scene) -> None:
    await third(scene)
    await scene.house.looking_back.appeal(scene.id, ASKER)
    await scene.settle()
    await scene.house.looking_back.leave(MODERATOR, scene.id)
    assert await scene.settle() == [("kept", ASKER)]
    assert not (await scene.row())["is_excused"]


async def test_only_moderators_of_the_same_community_decide(scene: Scene) -> None:
    await third(scene)
    with pytest.raises(NotAllowed):
        await scene.house.looking_back.excuse(Moderator(GUILD_ID, 5, is_moderator=False), scene.id)
    with pytest.raises(NotFound):
        await scene.house.looking_back.excuse(Moderator(GUILD_ID + 1, 5, is_moderator=True), scene.id)


async def test_hosts_have_nothing_to_appeal(scene: Scene) -> None:
    await third(scene)
    with pytest.raises(NotAllowed, match=r"meeting\.not_yours"):
        await scene.house.looking_back.appeal(scene.id, HOST)


async def test_without_a_channel_for_moderators_there_is_a_sentence(scene: Scene) -> None:
    await scene.house.open(moderator_channel_id=None)
    await third(scene)
    with pytest.raises(Unavailable, match=r"meeting\.no_moderators"):
        await scene.house.looking_back.appeal(scene.id, ASKER)
