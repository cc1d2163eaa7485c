"""Thanks are private; an exchange is kept for others only where two people agree to the same words."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.lifecycle import Outcome, Visibility
from bot.domain.limits import LIMITS, Deed
from bot.errors import Conflict, Invalid, LimitReached, NotAllowed, NotFound
from bot.services.ports import MailboxClosed, Undeliverable
from bot.services.requests.thanking import LONGEST_ANSWER, LONGEST_NOTE
from bot.services.results import Exchange, Letter
from bot.store.engine import Database
from models import KeptAnswer, OutboxLetter
from tests.fakes import QUESTION, House, values
from tests.services.scenes import ASKER, STRANGER, Scene, at_once, begin, elapse, helped, said_to

THANKS = "The blank token was it. Thank you!"
ASKED = "When does a CTC loss become infinite?"
ANSWER = "Give the blank an index of its own."


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


@pytest.fixture
async def scene(house: House) -> Scene:
    """A question that the first helper has answered, with success."""
    return await helped(house)


async def thank(scene: Scene, user_id: int = ASKER, words: str = THANKS) -> int:
    return await scene.house.thanking.thank(scene.id, user_id, words)


async def keep(scene: Scene, user_id: int = ASKER, question: str = ASKED, answer: str = ANSWER) -> bool:
    return await scene.house.thanking.keep(scene.id, user_id, question, answer)


async def agree(scene: Scene, user_id: int) -> bool:
    return await scene.house.agree(user_id)


def shown(letter: Letter[Any]) -> Exchange:
    """Return what someone is asked to agree to, under any row's name."""
    exchange: Exchange = letter.content.exchange
    return replace(exchange, kept_id=0)


async def asked_to_keep(scene: Scene) -> list[Letter[Any]]:
    """Return who was asked so far to agree, and to what."""
    await scene.house.settle()
    return scene.house.messenger.of("keep")


async def test_thanks_go_to_whoever_helped_in_private(scene: Scene) -> None:
    assert await thank(scene) == 1
    await scene.house.settle()
    (letter,) = scene.house.messenger.of("thanks")
    assert (letter.user_id, letter.channel_id) == (scene.helpers[0].user_id, None)
    assert letter.content.words == THANKS
    assert letter.content.question is not None
    assert letter.content.question.asker_user_id == ASKER


async def test_everybody_whose_answer_helped_is_thanked_once(house: House) -> None:
    scene = await helped(house, 0, 1)
    assert [await thank(scene), await thank(scene), await thank(scene, words="And again!")] == [2, 0, 0]
    await house.settle()
    assert {letter.user_id for letter in house.messenger.of("thanks")} == {each.user_id for each in scene.helpers[:2]}
    assert [letter.content.words for letter in house.messenger.of("thanks")] == [THANKS] * 2


async def test_whoever_helps_later_is_thanked_later(scene: Scene) -> None:
    await thank(scene)
    await scene.answer(1)
    await scene.resolve(Outcome.PARTLY)
    await scene.resolve(Outcome.HELPED)
    assert await thank(scene) == 1
    await scene.house.settle()
    thanked = [letter.user_id for letter in scene.house.messenger.of("thanks")]
    assert thanked == [each.user_id for each in scene.helpers[:2]]


async def test_only_those_are_thanked_whose_answer_helped(house: House) -> None:
    scene = await begin(house, 3)
    await scene.take(1)
    await scene.answer(0)
    await scene.resolve(Outcome.NOT_YET)
    await scene.write(STRANGER)
    await scene.resolve(Outcome.HELPED)
    assert await thank(scene) == 1
    await house.settle()
    assert [letter.user_id for letter in house.messenger.of("thanks")] == [STRANGER]


@pytest.mark.parametrize("way", ["known", "found out", "gone"])
async def test_thanks_are_never_public_and_their_words_are_kept_nowhere(scene: Scene, way: str) -> None:
    helper = scene.helpers[0]
    async with scene.house.database.begin() as work:
        member = await work.members.hold(helper.id)
        assert member is not None
        member.direct_messages = "closed" if way == "known" else "open"
    error = Undeliverable("404") if way == "gone" else MailboxClosed("50007")
    scene.house.messenger.trouble(error, user_id=helper.user_id)
    await thank(scene)
    await elapse(scene.house, hours=3)
    attempts = [letter for letter in scene.house.messenger.attempts if letter.kind == "thanks"]
    assert {(letter.user_id, letter.channel_id) for letter in attempts} == {(helper.user_id, None), (ASKER, None)}
    (returned,) = scene.house.messenger.of("thanks")
    assert (returned.kind, returned.user_id) == ("thanks", ASKER)
    assert (returned.content.words, returned.content.helper_user_id) == (THANKS, helper.user_id)
    assert THANKS not in repr(await scene.house.snapshot())


async def test_thanks_that_arrived_are_kept_nowhere(scene: Scene) -> None:
    await thank(scene)
    assert values(await scene.house.rows(OutboxLetter, kind="thanks"), "params") == [{"words": THANKS}]
    await scene.house.settle()
    assert THANKS not in repr(await scene.house.snapshot())


async def test_whoever_is_not_to_be_known_thanks_without_a_name(house: House) -> None:
    scene = await helped(house, visibility=Visibility.ANONYMOUS)
    await thank(scene)
    await house.settle()
    (letter,) = house.messenger.of("thanks")
    assert letter.content.question is not None
    assert letter.content.question.asker_user_id is None


@pytest.mark.parametrize(
    ("words", "key"),
    [("", "thanks.empty"), (" \u200b ", "thanks.empty"), ("x" * (LONGEST_NOTE + 1), "thanks.too_long")],
)
async def test_a_note_has_a_length(scene: Scene, words: str, key: str) -> None:
    before = await scene.house.snapshot()
    with pytest.raises(Invalid, match=key):
        await thank(scene, words=words)
    assert await scene.house.snapshot() == before
    assert await thank(scene, words="x" * LONGEST_NOTE) == 1


async def test_thanks_are_the_asker_s_to_give(scene: Scene) -> None:
    before = await scene.house.snapshot()
    for user_id in (STRANGER, scene.helpers[0].user_id):
        with pytest.raises(NotAllowed, match=r"request\.not_yours"):
            await thank(scene, user_id)
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await scene.house.thanking.thank(10**9, ASKER, THANKS)
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize("outcome", [None, Outcome.PARTLY, Outcome.NOT_YET])
async def test_where_nobody_helped_nobody_is_thanked_and_nothing_kept(house: House, outcome: Outcome | None) -> None:
    scene = await begin(house, 3)
    await scene.answer(0)
    if outcome:
        await scene.resolve(outcome)
    before = await house.snapshot()
    with pytest.raises(Conflict, match=r"thanks\.nobody"):
        await thank(scene)
    with pytest.raises(Conflict, match=r"thanks\.nobody"):
        await keep(scene)
    assert await house.snapshot() == before


async def test_ten_presses_at_once_thank_once(house: House) -> None:
    scene = await helped(house, 0, 1)
    assert await at_once(thank(scene) for _ in range(10)) == {}
    await house.settle()
    assert len(house.messenger.of("thanks")) == 2


async def test_the_asker_s_words_are_shown_to_the_helper_who_may_agree(scene: Scene) -> None:
    helper = scene.helpers[0]
    assert not await keep(scene)
    (letter,) = await asked_to_keep(scene)
    assert (letter.user_id, letter.channel_id) == (helper.user_id, None)
    assert shown(letter) == Exchange(scene.id, ASKED, ANSWER, scene.receipt.thread_id)
    assert await agree(scene, helper.user_id)
    (row,) = await scene.house.rows(KeptAnswer)
    assert (row["question"], row["answer"], row["helper_id"]) == (ASKED, ANSWER, helper.id)
    assert row["asker_agreed_at"] == row["helper_agreed_at"] == scene.house.clock.now()
    assert await scene.facts("kept") == ["kept"]


async def test_agreeing_twice_is_once(scene: Scene) -> None:
    helper = scene.helpers[0].user_id
    for user_id in (ASKER, ASKER):
        assert not await keep(scene, user_id)
        assert not await agree(scene, user_id)
    assert len(await asked_to_keep(scene)) == 1
    assert await agree(scene, helper)
    before = await scene.house.snapshot()
    for user_id in (ASKER, helper):
        assert await agree(scene, user_id)
        assert await keep(scene, user_id)
    assert await scene.house.snapshot() == before


async def test_a_changed_word_needs_the_other_s_yes_anew(scene: Scene) -> None:
    helper, changed = scene.helpers[0].user_id, "Give the blank an index that nothing else has."
    await keep(scene)
    await asked_to_keep(scene)
    assert not await keep(scene, helper, answer=changed)
    assert [letter.user_id for letter in await asked_to_keep(scene)] == [helper, ASKER]
    _, letter = scene.house.messenger.of("keep")
    assert shown(letter) == Exchange(scene.id, ASKED, changed, scene.receipt.thread_id)
    assert await scene.facts("kept") == []
    assert await agree(scene, ASKER)
    assert values(await scene.house.rows(KeptAnswer), "answer") == [changed]


async def test_what_both_agreed_to_may_be_changed_and_counts_again_only_with_both(scene: Scene) -> None:
    helper = scene.helpers[0].user_id
    await keep(scene)
    await agree(scene, helper)
    assert not await keep(scene, ASKER, answer="Use another index for the blank.")
    (row,) = await scene.house.rows(KeptAnswer)
    assert (row["asker_agreed_at"] is None, row["helper_agreed_at"] is None) == (False, True)
    assert [letter.user_id for letter in await asked_to_keep(scene)] == [helper]
    assert await agree(scene, helper)
    assert await scene.facts("kept") == ["kept", "kept"]


async def test_however_often_words_change_each_of_both_is_asked_once(scene: Scene) -> None:
    helper = scene.helpers[0].user_id
    for number in range(LIMITS[Deed.KEEP].most // 2):
        for user_id in (ASKER, helper):
            await keep(scene, user_id, answer=f"Try {number} of {user_id}.")
            await asked_to_keep(scene)
    assert [letter.user_id for letter in scene.house.messenger.of("keep")] == [helper, ASKER]


async def test_one_person_asks_so_often_a_day_and_no_more(scene: Scene) -> None:
    for number in range(LIMITS[Deed.KEEP].most):
        await keep(scene, answer=f"Try {number}.")
    with pytest.raises(LimitReached, match=r"limit\.reached"):
        await keep(scene, answer="One more.")
    assert await keep(scene, answer=f"Try {LIMITS[Deed.KEEP].most - 1}.") is False


async def test_words_changed_before_they_were_shown_are_shown_once(scene: Scene) -> None:
    await keep(scene, answer="A first try.")
    await keep(scene)
    letters = await asked_to_keep(scene)
    assert [each.content.exchange.answer for each in letters] == [ANSWER]


@pytest.mark.parametrize("who", ["asker", "helper"])
@pytest.mark.parametrize("is_kept", [True, False])
async def test_whoever_would_rather_not_ends_it_and_the_words_are_gone(
    scene: Scene, who: str, *, is_kept: bool
) -> None:
    people = {"asker": ASKER, "helper": scene.helpers[0].user_id}
    await keep(scene)
    if is_kept:
        await agree(scene, people["helper"])
    await scene.house.thanking.decline(scene.id, people[who])
    before = await scene.house.snapshot()
    assert ANSWER not in repr(before)
    await scene.house.thanking.decline(scene.id, people[who])
    for user_id in people.values():
        with pytest.raises(Conflict, match=r"keep\.declined"):
            await agree(scene, user_id)
        with pytest.raises(Conflict, match=r"keep\.declined"):
            await keep(scene, user_id)
    assert await scene.house.snapshot() == before
    assert await asked_to_keep(scene) == []


async def test_a_question_to_keep_what_was_settled_meanwhile_is_moot(scene: Scene) -> None:
    await keep(scene)
    await agree(scene, scene.helpers[0].user_id)
    assert await asked_to_keep(scene) == []


async def test_before_anything_is_written_only_the_asker_begins(scene: Scene) -> None:
    thread_id = scene.receipt.thread_id
    assert await scene.house.thanking.exchange(scene.id, ASKER) == Exchange(scene.id, QUESTION, "", thread_id)
    for user_id in (STRANGER, scene.helpers[0].user_id):
        with pytest.raises(NotAllowed, match=r"keep\.not_yours"):
            await scene.house.thanking.exchange(scene.id, user_id)
        with pytest.raises(NotAllowed, match=r"keep\.not_yours"):
            await keep(scene, user_id)
        with pytest.raises(NotFound, match=r"keep\.unknown"):
            await scene.house.thanking.decline(scene.id, user_id)
    with pytest.raises(NotFound, match=r"keep\.unknown"):
        await agree(scene, ASKER)


async def test_a_yes_to_words_that_were_changed_since_is_no_yes_to_the_new_ones(scene: Scene) -> None:
    await keep(scene)
    (letter,) = await asked_to_keep(scene)
    await keep(scene, answer="Give the blank an index that nothing else has.")
    with pytest.raises(NotFound, match=r"keep\.unknown"):
        await scene.house.thanking.agree(letter.content.exchange.kept_id, scene.helpers[0].user_id)
    assert await scene.facts("kept") == []


async def test_only_the_two_people_of_an_exchange_see_it_and_decide(house: House) -> None:
    scene = await helped(house, 0, 1)
    await keep(scene)
    seen = Exchange(scene.id, ASKED, ANSWER, scene.receipt.thread_id)
    for user_id in (ASKER, scene.helpers[0].user_id):
        assert await house.thanking.exchange(scene.id, user_id) == seen
    before = await house.snapshot()
    for user_id in (STRANGER, scene.helpers[1].user_id, scene.helpers[2].user_id):
        for act in (
            house.thanking.exchange(scene.id, user_id),
            house.thanking.decline(scene.id, user_id),
            agree(scene, user_id),
            keep(scene, user_id),
        ):
            with pytest.raises(NotAllowed, match=r"keep\.not_yours"):
                await act
    assert await house.snapshot() == before


async def test_nothing_is_kept_of_what_is_not_there(scene: Scene) -> None:
    missing = replace(scene, receipt=replace(scene.receipt, request_id=10**9))
    for act in (keep(missing), scene.house.thanking.exchange(10**9, ASKER)):
        with pytest.raises(NotFound, match=r"request\.unknown"):
            await act
    with pytest.raises(NotFound, match=r"keep\.unknown"):
        await scene.house.thanking.agree(10**9, ASKER)
    with pytest.raises(NotFound, match=r"keep\.unknown"):
        await scene.house.thanking.decline(10**9, ASKER)


@pytest.mark.parametrize(
    ("question", "answer", "key"),
    [
        ("Too short.", ANSWER, "ask.too_short"),
        ("x" * 1_501, ANSWER, "ask.too_long"),
        (ASKED, "", "keep.answer_empty"),
        (ASKED, "x" * (LONGEST_ANSWER + 1), "keep.answer_too_long"),
    ],
)
async def test_what_is_kept_has_a_length(scene: Scene, question: str, answer: str, key: str) -> None:
    before = await scene.house.snapshot()
    with pytest.raises(Invalid, match=key):
        await keep(scene, question=question, answer=answer)
    assert await scene.house.snapshot() == before
    await keep(scene, question="x" * 1_500, answer="x" * LONGEST_ANSWER)


async def test_nobody_is_asked_in_public_to_keep_something(scene: Scene) -> None:
    helper = scene.helpers[0]
    async with scene.house.database.begin() as work:
        member = await work.members.hold(helper.id)
        assert member is not None
        member.direct_messages = "closed"
    scene.house.messenger.trouble(MailboxClosed("50007"), user_id=helper.user_id)
    await keep(scene)
    await elapse(scene.house, hours=2)
    assert scene.house.messenger.of("keep") == []
    assert [letter for letter in scene.house.messenger.attempts if letter.kind == "keep" and letter.channel_id] == []


async def test_two_people_who_write_at_once_never_agree_to_different_words(scene: Scene) -> None:
    helper = scene.helpers[0].user_id
    await keep(scene)
    acts = [act for _ in range(4) for act in (keep(scene, answer="Theirs."), keep(scene, helper, answer="Mine."))]
    assert await at_once(acts) == {}
    (row,) = await scene.house.rows(KeptAnswer)
    agreed = (row["asker_agreed_at"] is not None, row["helper_agreed_at"] is not None)
    assert agreed == {"Theirs.": (True, False), "Mine.": (False, True)}[row["answer"]]
    assert await scene.facts("kept") == []


async def test_ten_yeses_at_once_are_one(scene: Scene) -> None:
    await keep(scene)
    helper = scene.helpers[0].user_id
    assert await at_once(agree(scene, user_id) for user_id in (helper, ASKER) * 5) == {}
    assert await scene.facts("kept") == ["kept"]


async def test_a_yes_and_a_no_at_once_are_a_no(scene: Scene) -> None:
    await keep(scene)
    helper = scene.helpers[0].user_id
    acts = [act for _ in range(4) for act in (agree(scene, helper), scene.house.thanking.decline(scene.id, ASKER))]
    assert set(await at_once(acts)) <= {Conflict}
    (row,) = await scene.house.rows(KeptAnswer)
    assert (row["question"], row["answer"], row["helper_agreed_at"]) == ("", "", None)


async def test_said_to_nobody_else(scene: Scene) -> None:
    before = len(said_to(scene.house, scene.helpers[1].user_id))
    await thank(scene)
    await keep(scene)
    await scene.house.settle()
    assert len(said_to(scene.house, scene.helpers[1].user_id)) == before
