"""Before a question is posted: one hint, answers kept for others, and putting it better; nothing ever blocks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ask_well import Hint
from bot.domain.lifecycle import Outcome, Visibility
from bot.domain.policy import DEFAULT
from bot.errors import Conflict, Invalid, LimitReached, NotAllowed, NotFound, Unavailable
from bot.services.results import Receipt, SimilarQuestion
from bot.store.engine import Database
from models import Fact, Invitation, OutboxLetter, Question, Request
from tests.factories import GUILD_ID
from tests.fakes import QUESTION, House, a_new_question, new_id, values
from tests.services.scenes import ASKER, STRANGER, ask, at_once, begin, elapse

VAGUE = "Hello everybody, can I ask a question please?"
BETTER = "Why do proofs by induction over trees need a hypothesis for every subtree?"
ANSWER = "Give the blank an index of its own."


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def hinted(house: House, text: str = VAGUE) -> Receipt:
    receipt = await house.ask(ASKER, text)
    assert receipt.hint is not None
    return receipt


async def rephrase(house: House, replaces: int, text: str = BETTER, user_id: int = ASKER) -> Receipt:
    return await house.asking.ask(replace(a_new_question(user_id, text), replaces=replaces))


async def request(house: House, request_id: int) -> dict[str, object]:
    (row,) = await house.rows(Request, id=request_id)
    return row


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (VAGUE, Hint.ASKS_TO_ASK),
        ("Any tips for machine learning?", Hint.NO_OBJECT),
        ("I am a student from Kenya working on graph neural networks.", Hint.NO_QUESTION),
        (QUESTION, None),
        (BETTER, None),
        ("كيف أكتب مقدمة جيدة لبحثي الأول؟", None),
    ],
)
async def test_one_hint_at_most_and_a_question_that_stands_well_is_posted(
    house: House, text: str, hint: Hint | None
) -> None:
    receipt = await house.ask(ASKER, text)
    assert (receipt.hint, receipt.is_posted, receipt.thread_id is None) == (hint, hint is None, hint is not None)


async def test_with_a_hint_it_is_only_kept(house: House) -> None:
    await house.helpers(2)
    before = await house.snapshot()
    receipt = await hinted(house)
    assert receipt == Receipt(receipt.request_id, 0, None, is_fallback=False, hint=Hint.ASKS_TO_ASK)
    assert (await request(house, receipt.request_id))["state"] == "unposted"
    after = await house.snapshot()
    assert {name for name in after if after[name] != before[name]} == {
        "done",
        "member",
        "question",
        "question_vector",
        "request",
    }
    assert house.messenger.shown == []


async def test_what_was_tried_is_read_as_part_of_it(house: House) -> None:
    tried = "I compared CTC with RNN-T on TIMIT: why does the loss become infinite when the blank is index 28?"
    assert (await house.asking.ask(a_new_question(ASKER, "Any tips for machine learning?", tried))).is_posted


async def test_sent_as_it_is_it_is_posted_and_never_held_up_again(house: House) -> None:
    receipt = await hinted(house)
    posted = await house.posting.post(receipt.request_id, ASKER)
    assert (posted.request_id, posted.is_posted, posted.hint) == (receipt.request_id, True, None)
    assert posted.thread_id is not None
    assert (await request(house, receipt.request_id))["state"] == "waiting"


async def test_the_same_submission_twice_is_hinted_at_twice_and_kept_once(house: House) -> None:
    new = a_new_question(ASKER, VAGUE)
    first = await house.asking.ask(new)
    before = await house.snapshot()
    assert await house.asking.ask(new) == first
    assert await at_once(house.asking.ask(new) for _ in range(5)) == {}
    assert await house.snapshot() == before


async def test_a_hint_and_answers_come_together(house: House) -> None:
    receipt = await ask(house, STRANGER, text=VAGUE)
    await house.answer(receipt.thread_id, new_id())
    found = await house.ask(ASKER, VAGUE)
    assert (found.hint, len(found.similar)) == (Hint.ASKS_TO_ASK, 1)


async def test_its_asker_finds_it_again_to_write_it_anew(house: House) -> None:
    receipt = await hinted(house)
    found = await house.asking.written(receipt.request_id, ASKER)
    assert (found.text, found.tried, found.state, found.thread_id) == (VAGUE, None, "unposted", None)
    with pytest.raises(NotAllowed, match=r"similar\.not_yours"):
        await house.asking.written(receipt.request_id, STRANGER)
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await house.asking.written(10**9, ASKER)


async def test_a_draft_put_better_is_posted_and_the_first_words_are_gone(house: House) -> None:
    old = await hinted(house)
    new = await rephrase(house, old.request_id)
    assert new.thread_id is not None
    assert values(await house.rows(Question), "text") == [BETTER]
    assert values(await house.rows(Request), "state") == ["waiting"]
    assert VAGUE not in repr(await house.snapshot())
    await house.settle()
    assert house.messenger.texts() == []


async def test_whoever_has_looked_once_is_not_held_up_again(house: House) -> None:
    solved = await ask(house, STRANGER)
    await house.answer(solved.thread_id, new_id())
    for text in (VAGUE, QUESTION):
        old = await house.ask(ASKER, QUESTION)
        assert not old.is_posted
        assert (await rephrase(house, old.request_id, text)).is_posted


@pytest.mark.parametrize("has_left", [True, False])
async def test_only_those_who_were_pinged_for_the_first_words_have_spent_their_day(
    house: House, *, has_left: bool
) -> None:
    scene = await begin(house, 2, rate="one_a_day")
    if has_left:
        await house.settle()
    new = await rephrase(house, scene.id, f"{QUESTION} It is a small one.")
    await house.settle()
    assert new.invited == (0 if has_left else 2)
    assert list((await scene.invited()).values()) == ["withdrawn" if has_left else "undelivered"] * 2
    assert len(house.messenger.of("invitation")) == 2, "one message each, whichever words it was about"


async def test_what_is_on_its_way_this_moment_counts_as_having_left(house: House) -> None:
    scene = await begin(house, 1)
    async with house.database.begin() as work:
        assert len(await work.outbox.claim(house.clock.now(), timedelta(minutes=2), 10)) == 1
    assert (await rephrase(house, scene.id, f"{QUESTION} It is a small one.")).invited == 0
    assert list((await scene.invited()).values()) == ["withdrawn"]


async def test_a_question_put_better_closes_the_first_one_and_says_so_there(house: House) -> None:
    scene = await begin(house, 2)
    await house.helpers(2, BETTER)
    new = await rephrase(house, scene.id)
    old = await scene.request()
    assert (old["state"], old["close_reason"]) == ("closed", "rephrased")
    assert list((await scene.invited()).values()) == ["undelivered", "undelivered"]
    assert await scene.facts() == ["closed"]
    assert (new.request_id, new.invited, new.thread_id is not None) == (scene.id + 1, 2, True)
    await house.settle()
    (said,) = house.messenger.of("notice")
    assert (said.content.text, said.channel_id, said.content.params) == (
        "thread.rephrased",
        scene.receipt.thread_id,
        {},
    )


@pytest.mark.parametrize("way", ["taken", "archived"])
async def test_also_what_was_taken_or_put_away_is_put_better(house: House, way: str) -> None:
    scene = await begin(house, 2)
    await (scene.take(0) if way == "taken" else scene.put_away())
    await rephrase(house, scene.id)
    assert (await scene.request())["close_reason"] == "rephrased"


@pytest.mark.parametrize("way", ["answered", "settled", "closed"])
async def test_what_was_answered_or_is_over_stays_as_it_is(house: House, way: str) -> None:
    scene = await begin(house, 2)
    await (scene.answer(0) if way == "answered" else scene.end(way))
    before = await scene.request()
    assert (await rephrase(house, scene.id)).thread_id is not None
    assert await scene.request() == before
    await house.settle()
    assert "thread.rephrased" not in house.messenger.texts()


async def test_nobody_puts_somebody_else_s_question_better(house: House) -> None:
    scene = await begin(house, 1)
    before = await house.snapshot()
    with pytest.raises(NotAllowed, match=r"similar\.not_yours"):
        await rephrase(house, scene.id, user_id=STRANGER)
    assert await house.snapshot() == before


async def test_what_is_no_longer_there_is_simply_asked(house: House) -> None:
    old = await hinted(house)
    house.clock.advance(DEFAULT.unposted_for + timedelta(seconds=1))
    assert await house.asking.forget_unposted() == 1
    assert (await rephrase(house, old.request_id)).thread_id is not None


async def test_putting_better_needs_no_room_of_its_own(house: House) -> None:
    waiting = [await ask(house, ASKER) for _ in range(3)]
    with pytest.raises(LimitReached, match=r"ask\.limit"):
        await house.ask(ASKER, BETTER)
    assert (await rephrase(house, waiting[0].request_id)).thread_id is not None
    assert values(await house.rows(Request), "state") == ["closed", "waiting", "waiting", "waiting"]


async def test_a_draft_that_finds_no_room_stays(house: House) -> None:
    old = await hinted(house)
    for _ in range(3):
        await ask(house, ASKER)
    before = await house.snapshot()
    with pytest.raises(LimitReached, match=r"ask\.limit"):
        await rephrase(house, old.request_id)
    assert await house.snapshot() == before


@pytest.mark.parametrize("is_unposted", [True, False])
async def test_what_cannot_be_posted_leaves_the_first_one_alone(house: House, *, is_unposted: bool) -> None:
    old = await hinted(house) if is_unposted else await ask(house, ASKER)
    house.messenger.missing = None
    before = await house.snapshot()
    with pytest.raises(Unavailable, match=r"ask\.channel_hidden"):
        await rephrase(house, old.request_id)
    with pytest.raises(Invalid, match=r"ask\.too_short"):
        await rephrase(house, old.request_id, "Why?")
    assert await house.snapshot() == before


async def test_putting_better_twice_is_once(house: House) -> None:
    scene = await begin(house, 2)
    new = replace(a_new_question(ASKER, BETTER), replaces=scene.id)
    first = await house.asking.ask(new)
    before = await house.snapshot()
    again = await house.asking.ask(new)
    assert (again.request_id, again.thread_id) == (first.request_id, first.thread_id)
    assert await house.snapshot() == before


async def test_submissions_at_once_put_it_better_once(house: House) -> None:
    scene = await begin(house, 2)
    new = replace(a_new_question(ASKER, BETTER), replaces=scene.id)
    assert await at_once(house.asking.ask(new) for _ in range(6)) == {}
    await house.settle()
    assert values(await house.rows(Request), "state") == ["closed", "waiting"]
    assert len(house.messenger.of("post")) == 2
    assert house.messenger.texts() == ["thread.rephrased"]


async def test_a_draft_posted_and_put_better_at_once_leaves_one_question(house: House) -> None:
    old = await hinted(house)
    new = replace(a_new_question(ASKER, BETTER), replaces=old.request_id)
    acts = [act for _ in range(3) for act in (house.posting.post(old.request_id, ASKER), house.asking.ask(new))]
    assert set(await at_once(acts)) <= {NotFound, Conflict}
    states = values(await house.rows(Request), "state")
    assert sorted(states) in (["waiting"], ["closed", "waiting"])
    assert values(await house.rows(Fact), "type").count("asked") == len(states)


async def kept(house: House, visibility: Visibility = Visibility.PUBLIC) -> Receipt:
    """Let a question be asked, answered and kept for others."""
    receipt = await ask(house, STRANGER, visibility)
    helper = new_id()
    await house.answer(receipt.thread_id, helper)
    await house.resolving.resolve(receipt.request_id, STRANGER, Outcome.HELPED)
    await house.thanking.keep(receipt.request_id, STRANGER, "Why is my CTC loss infinite?", ANSWER)
    assert await house.agree(helper)
    return receipt


async def similar(house: House) -> list[SimilarQuestion]:
    return list((await house.ask(ASKER)).similar)


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.ANONYMOUS])
@pytest.mark.parametrize("is_read_anew", [True, False])
async def test_what_was_kept_is_shown_with_its_answer_and_without_names(
    house: House, visibility: Visibility, *, is_read_anew: bool
) -> None:
    receipt = await kept(house, visibility)
    if is_read_anew:
        house.router.forget(GUILD_ID)
    assert await similar(house) == [
        SimilarQuestion(receipt.thread_id or 0, "Why is my CTC loss infinite?", ANSWER),
    ]


async def test_what_only_one_agreed_to_is_shown_without_its_answer(house: House) -> None:
    scene = await begin(house, 1)
    await scene.answer(0)
    await scene.resolve(Outcome.HELPED)
    await house.thanking.keep(scene.id, ASKER, "Why is my CTC loss infinite?", ANSWER)
    found = (await house.ask(STRANGER)).similar
    assert found == (SimilarQuestion(scene.receipt.thread_id or 0, QUESTION, None),)


@pytest.mark.parametrize("way", ["declined", "changed"])
async def test_what_is_no_longer_agreed_to_is_no_longer_shown(house: House, way: str) -> None:
    receipt = await kept(house)
    if way == "declined":
        await house.thanking.decline(receipt.request_id, STRANGER)
    else:
        await house.thanking.keep(receipt.request_id, STRANGER, "Why is my CTC loss infinite?", "Something else.")
    assert await similar(house) == [SimilarQuestion(receipt.thread_id or 0, QUESTION, None)]


async def test_what_only_those_saw_who_were_asked_is_never_shown(house: House) -> None:
    await kept(house, Visibility.MATCHED)
    assert await similar(house) == []


async def test_a_kept_answer_whose_question_opens_again_is_not_shown_meanwhile(house: House) -> None:
    receipt = await kept(house)
    await house.resolving.resolve(receipt.request_id, STRANGER, Outcome.NOT_YET)
    assert await similar(house) == []


async def test_nothing_of_a_draft_is_ever_told_to_anybody(house: House) -> None:
    await house.helpers(2)
    await hinted(house)
    await elapse(house, hours=20, step=2)
    assert await house.rows(OutboxLetter) == await house.rows(Invitation) == []
    assert (await house.asking.forget_unposted(), house.messenger.shown) == (0, [])
