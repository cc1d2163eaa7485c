"""Replying as an asker without a name: said once, without a name, and kept nowhere."""

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.lifecycle import Outcome, Visibility
from bot.domain.limits import LIMITS, Deed
from bot.errors import Conflict, Invalid, LimitReached, NotAllowed, NotFound
from bot.services.ports import TryLater, Undeliverable
from bot.services.requests.replying import LONGEST
from bot.store.engine import Database
from models import OutboxLetter
from tests.fakes import House, new_id, values
from tests.services.scenes import ASKER, STRANGER, Scene, ask, at_once, begin, elapse

WORDS = "It starts at step 300, with a learning rate of 1e-3."


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


@pytest.fixture
async def scene(house: House) -> Scene:
    scene = await begin(house, 2, Visibility.ANONYMOUS)
    await house.settle()
    return scene


async def reply(scene: Scene, words: str = WORDS, user_id: int = ASKER, submission: int | None = None) -> int:
    return await scene.house.replying.reply(scene.id, user_id, submission or new_id(), words)


async def test_a_reply_is_said_in_the_thread_and_names_nobody(scene: Scene) -> None:
    nudges = scene.house.nudges
    assert await reply(scene) == scene.receipt.thread_id
    assert scene.house.nudges > nudges
    await scene.house.settle()
    (letter,) = scene.house.messenger.of("reply")
    assert (letter.channel_id, letter.user_id, letter.addressee_id) == (scene.receipt.thread_id, None, None)
    assert (letter.addressee_id, letter.guest_user_id, letter.content.words) == (None, None, WORDS)
    assert letter.content.question is not None
    assert letter.content.question.asker_user_id is None


async def test_a_submission_counts_once_and_another_is_another(scene: Scene) -> None:
    first = new_id()
    for submission in (first, first, new_id()):
        await reply(scene, submission=submission)
    await scene.house.settle()
    await reply(scene, submission=first)
    await scene.house.settle()
    assert len(scene.house.messenger.of("reply")) == 2


async def test_one_submission_at_once_is_said_once(scene: Scene) -> None:
    submission = new_id()
    assert await at_once(reply(scene, submission=submission) for _ in range(8)) == {}
    await scene.house.settle()
    assert len(scene.house.messenger.of("reply")) == 1


@pytest.mark.parametrize("way", ["sent", "given up", "moot"])
async def test_the_words_are_kept_nowhere_once_they_have_left_or_never_will(scene: Scene, way: str) -> None:
    await reply(scene)
    assert values(await scene.house.rows(OutboxLetter, kind="reply"), "params") == [{"words": WORDS}]
    if way == "given up":
        scene.house.messenger.trouble(Undeliverable("403"), kind="reply")
    if way == "moot":
        await scene.lose_thread()
    await scene.house.settle()
    assert len(scene.house.messenger.of("reply")) == (way == "sent")
    assert WORDS not in repr(await scene.house.snapshot())


async def test_while_discord_is_out_of_order_the_words_wait(scene: Scene) -> None:
    scene.house.messenger.trouble(TryLater("503"), kind="reply", times=2)
    await reply(scene)
    await elapse(scene.house, hours=1, step=0.1)
    assert [letter.content.words for letter in scene.house.messenger.of("reply")] == [WORDS]


@pytest.mark.parametrize("written", ["", "  \n ", "\u200b\u2060"])
async def test_nothing_said_is_no_reply(scene: Scene, written: str) -> None:
    before = await scene.house.snapshot()
    with pytest.raises(Invalid, match=r"reply\.empty"):
        await reply(scene, written)
    assert await scene.house.snapshot() == before


async def test_a_reply_has_a_longest_length(scene: Scene) -> None:
    await reply(scene, "x" * LONGEST)
    before = await scene.house.snapshot()
    with pytest.raises(Invalid, match=r"reply\.too_long") as refusal:
        await reply(scene, "x" * (LONGEST + 1))
    assert refusal.value.params["longest"] == LONGEST == 1_500
    assert await scene.house.snapshot() == before


async def test_what_is_said_is_cleaned(scene: Scene) -> None:
    await reply(scene, " two\r\nlines\x00 ")
    await scene.house.settle()
    (letter,) = scene.house.messenger.of("reply")
    assert letter.content.words == "two\nlines"


async def test_only_the_asker_replies_so(scene: Scene) -> None:
    await scene.take(0)
    before = await scene.house.snapshot()
    for user_id in (STRANGER, scene.helpers[0].user_id):
        with pytest.raises(NotAllowed, match=r"reply\.not_yours"):
            await reply(scene, user_id=user_id)
        with pytest.raises(NotAllowed, match=r"reply\.not_yours"):
            await scene.house.replying.require_asker(scene.id, user_id)
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await scene.house.replying.reply(10**9, ASKER, new_id(), WORDS)
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await scene.house.replying.require_asker(10**9, ASKER)
    assert await scene.house.snapshot() == before
    await scene.house.replying.require_asker(scene.id, ASKER)


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.MATCHED])
async def test_whoever_is_known_simply_writes(house: House, visibility: Visibility) -> None:
    scene = await begin(house, 1, visibility)
    before = await house.snapshot()
    with pytest.raises(Conflict, match=r"reply\.open"):
        await reply(scene)
    with pytest.raises(Conflict, match=r"reply\.open"):
        await house.replying.require_asker(scene.id, ASKER)
    assert await house.snapshot() == before


async def test_without_a_thread_there_is_nowhere_to_reply(scene: Scene) -> None:
    await scene.lose_thread()
    before = await scene.house.snapshot()
    with pytest.raises(Conflict, match=r"request\.over"):
        await reply(scene)
    assert await scene.house.snapshot() == before


async def test_a_reply_is_no_answer_and_changes_nothing_else(scene: Scene) -> None:
    await scene.take(0)
    await reply(scene)
    assert (await scene.state(), await scene.facts()) == ("taken", ["taken"])


@pytest.mark.parametrize("way", ["closed", "settled"])
async def test_a_last_word_may_be_said_in_what_is_over(scene: Scene, way: str) -> None:
    await scene.answer(0)
    await scene.end(way)
    state = await scene.state()
    await reply(scene)
    await scene.house.settle()
    assert (await scene.state(), len(scene.house.messenger.of("reply"))) == (state, 1)


async def test_a_reply_opens_what_was_put_away(scene: Scene) -> None:
    await scene.put_away()
    await reply(scene)
    await scene.house.settle()
    request = await scene.request()
    assert (request["state"], request["waiting_since"]) == ("waiting", scene.house.clock.now())
    assert scene.house.messenger.texts() == ["thread.reopened"]
    assert await scene.facts("archived", "reopened") == ["archived", "reopened"]


async def test_a_reply_opens_it_however_many_questions_its_asker_has(scene: Scene) -> None:
    await scene.put_away()
    for _ in range(3):
        await ask(scene.house, ASKER)
    await reply(scene)
    assert await scene.state() == "waiting"


async def test_many_replies_at_once_open_it_once(scene: Scene) -> None:
    await scene.put_away()
    assert await at_once([*(reply(scene) for _ in range(5)), scene.write(ASKER)]) == {}
    await scene.house.settle()
    assert (len(scene.house.messenger.of("reply")), await scene.facts("reopened")) == (5, ["reopened"])


async def test_a_reply_after_an_outcome_that_asks_others_is_said_too(scene: Scene) -> None:
    await scene.answer(0)
    await scene.resolve(Outcome.NOT_YET)
    await reply(scene)
    await scene.house.settle()
    assert len(scene.house.messenger.of("reply")) == 1


def said_anew(scene: Scene) -> list[Callable[[], Awaitable[object]]]:
    house = scene.house
    return [
        lambda: house.replying.require_asker(scene.id, ASKER),
        lambda: reply(scene, "Once more."),
        lambda: house.following_up.wish_to_talk(scene.id, ASKER),
        lambda: house.following_up.reopen(scene.id, ASKER),
    ]


async def test_after_a_moderator_closed_it_nothing_more_is_said_or_begun(scene: Scene) -> None:
    await scene.house.asking.close(scene.id, 99, is_moderator=True)
    before = await scene.house.snapshot()

    for say in said_anew(scene):
        with pytest.raises(Conflict, match=r"close\.by_moderator"):
            await say()

    assert await scene.house.snapshot() == before


async def test_what_waited_for_discord_while_a_moderator_closed_it_is_not_said_either(scene: Scene) -> None:
    await reply(scene)
    await scene.house.asking.close(scene.id, 99, is_moderator=True)
    await scene.house.settle()
    assert scene.house.messenger.of("reply") == []


async def test_whoever_closed_their_own_question_may_go_on_talking(scene: Scene) -> None:
    await scene.house.asking.close(scene.id, ASKER, is_moderator=False)
    for say in said_anew(scene):
        await say()
    await scene.house.settle()
    assert len(scene.house.messenger.of("reply")) == 1


async def test_one_person_replies_so_often_a_day_and_no_more(scene: Scene) -> None:
    for _ in range(LIMITS[Deed.REPLY].most):
        await reply(scene)
    with pytest.raises(LimitReached, match=r"limit\.reached"):
        await reply(scene)
