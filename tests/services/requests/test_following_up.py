"""Questions that no one has taken: listed without a ping, their askers offered choices, put away with a reason."""

from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.lifecycle import FOR_QUESTIONS, Outcome, Visibility
from bot.domain.policy import DEFAULT
from bot.errors import Conflict, LimitReached, NotAllowed, NotFound
from bot.services.requests.letters import LISTED
from bot.store.engine import Database
from models import Fact
from tests.fakes import CHANNEL_ID, QUESTION, House, part, values
from tests.services.scenes import ASKER, MODERATORS_ID, STRANGER, Scene, ask, at_once, begin, elapse, sweep

MOST = DEFAULT.most_invitations

EVERYTHING = list(FOR_QUESTIONS)


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open(moderator_channel_id=MODERATORS_ID)
    return house


@pytest.fixture
async def scene(house: House) -> Scene:
    """A question for which no one is there."""
    return await begin(house, 0)


def listed(house: House, kind: str = "digest") -> list[list[int]]:
    """Return the threads of each list that people can see."""
    return [[each.thread_id for each in letter.content.waiting] for letter in house.messenger.of(kind)]


async def test_what_waits_for_a_day_is_listed_without_a_ping_or_a_name(scene: Scene) -> None:
    await elapse(scene.house, hours=23)
    assert listed(scene.house) == []
    await elapse(scene.house, hours=1)
    (letter,) = scene.house.messenger.of("digest")
    assert (letter.channel_id, letter.user_id, letter.addressee_id, letter.guest_user_id) == (
        CHANNEL_ID,
        None,
        None,
        None,
    )
    assert (part(letter, "question"), part(letter, "params"), letter.content.more) == (None, None, 0)
    (waiting,) = letter.content.waiting
    assert (waiting.thread_id, waiting.text) == (scene.receipt.thread_id, QUESTION)
    assert scene.house.clock.now() - waiting.since == timedelta(hours=24)


async def test_a_list_is_posted_once_a_day_and_every_day(scene: Scene) -> None:
    await elapse(scene.house, hours=36)
    assert len(listed(scene.house)) == 1
    await elapse(scene.house, hours=12)
    assert len(listed(scene.house)) == 2
    await elapse(scene.house, days=1, step=3)
    assert len(listed(scene.house)) == 3


async def test_the_day_s_list_waits_for_noon(house: House) -> None:
    house.clock.advance(timedelta(hours=-6))
    await begin(house, 0)
    await elapse(house, hours=29)
    assert listed(house) == []
    await elapse(house, hours=1)
    assert len(listed(house)) == 1


async def test_in_a_forum_the_list_goes_where_the_panel_is(house: House) -> None:
    await house.open(panel_channel_id=4_000)
    await begin(house, 0)
    await elapse(house, days=1, step=12)
    assert [letter.channel_id for letter in house.messenger.of("digest")] == [4_000]


async def test_five_are_listed_and_the_one_that_waits_longest_comes_first(house: House) -> None:
    threads = []
    for number in range(7):
        threads.append((await ask(house, ASKER + number)).thread_id)
        house.clock.advance(timedelta(minutes=1))
    await elapse(house, days=1, step=24)
    (letter,) = house.messenger.of("digest")
    assert [each.thread_id for each in letter.content.waiting] == threads[:LISTED]
    assert (len(letter.content.waiting), letter.content.more) == (5, 2)


async def test_everybody_reads_of_what_everybody_may_read_and_moderators_of_the_rest(house: House) -> None:
    threads = [(await ask(house, ASKER, visibility)).thread_id for visibility in EVERYTHING]
    await elapse(house, days=2, step=12)
    public, _, anonymous = threads
    assert [*map(sorted, listed(house))] == [[public, anonymous]] * 2
    assert [*map(sorted, listed(house, "moderator_digest"))] == [threads]


@pytest.mark.parametrize("kind", ["digest", "moderator_digest"])
async def test_where_only_private_questions_wait_no_empty_list_is_posted(house: House, kind: str) -> None:
    await begin(house, 0, Visibility.MATCHED)
    await elapse(house, days=3, step=12)
    assert len(listed(house, kind)) == (0 if kind == "digest" else 2)


@pytest.mark.parametrize("way", ["taken", "answered", "resolved", "closed", "thread gone"])
async def test_what_does_not_wait_is_not_listed(house: House, way: str) -> None:
    scene = await begin(house, 2)
    match way:
        case "taken":
            await scene.take(0)
        case "answered":
            await scene.answer(0)
        case "thread gone":
            await scene.lose_thread()
        case _:
            await scene.end("closed" if way == "closed" else "settled")
    house.clock.advance(timedelta(hours=50))
    await house.following_up.sweep()
    await house.settle()
    assert listed(house) == listed(house, "moderator_digest") == []
    assert house.messenger.of("choices") == []


async def test_what_is_taken_before_the_list_leaves_is_left_out(house: House) -> None:
    scene = await begin(house, 2)
    other = await ask(house, ASKER)
    house.clock.advance(timedelta(hours=24))
    await house.following_up.sweep()
    await scene.take(0)
    await house.settle()
    assert listed(house) == [[other.thread_id]]


async def test_a_list_of_which_nothing_is_left_is_not_posted(house: House) -> None:
    scene = await begin(house, 2)
    house.clock.advance(timedelta(hours=24))
    await house.following_up.sweep()
    await scene.take(0)
    await house.settle()
    assert listed(house) == []


async def test_moderators_read_after_two_days_and_only_where_they_have_a_channel(scene: Scene) -> None:
    await elapse(scene.house, hours=47)
    assert listed(scene.house, "moderator_digest") == []
    await elapse(scene.house, hours=1)
    (letter,) = scene.house.messenger.of("moderator_digest")
    assert (letter.channel_id, letter.user_id, letter.addressee_id) == (MODERATORS_ID, None, None)
    await scene.house.open(moderator_channel_id=None)
    await elapse(scene.house, days=2, step=6)
    assert len(listed(scene.house, "moderator_digest")) == 1


async def test_after_two_days_the_asker_is_offered_choices_once(scene: Scene) -> None:
    await elapse(scene.house, hours=47, step=47)
    assert scene.house.messenger.of("choices") == []
    await elapse(scene.house, hours=96, step=4)
    (letter,) = scene.house.messenger.of("choices")
    assert (letter.user_id, letter.channel_id, letter.addressee_id) == (ASKER, None, ASKER)
    assert letter.content.question is not None
    assert letter.content.question.request_id == scene.id


async def test_each_time_a_question_waits_its_asker_is_offered_choices_once(scene: Scene) -> None:
    await elapse(scene.house, hours=50, step=10)
    await scene.house.following_up.ask_more(scene.id, ASKER)
    await elapse(scene.house, hours=40, step=10)
    assert len(scene.house.messenger.of("choices")) == 1
    await elapse(scene.house, hours=40, step=10)
    assert len(scene.house.messenger.of("choices")) == 2


async def test_choices_that_come_too_late_are_not_offered(house: House) -> None:
    scene = await begin(house, 2)
    house.clock.advance(timedelta(hours=48))
    await house.following_up.sweep()
    await scene.take(0)
    await house.settle()
    assert house.messenger.of("choices") == []


async def test_after_a_week_it_is_put_away_with_the_reason_said(house: House) -> None:
    scene = await begin(house, 2)
    await elapse(house, hours=167, step=16)
    assert await scene.state() == "waiting"
    assert house.messenger.of("archive") == []
    await elapse(house, hours=1)
    request = await scene.request()
    assert (request["state"], request["next_look_at"], request["close_reason"]) == ("archived", None, None)
    (letter,) = house.messenger.of("archive")
    assert (letter.channel_id, letter.user_id, letter.addressee_id) == (scene.receipt.thread_id, None, None)
    assert await scene.facts("archived", "closed") == ["archived"]
    await elapse(house, days=8, step=24)
    assert len(house.messenger.of("archive")) == 1


async def test_whoever_was_asked_for_it_is_not_any_more(house: House) -> None:
    scene = await begin(house, 2)
    house.clock.advance(timedelta(days=7))
    await house.following_up.sweep()
    assert list((await scene.invited()).values()) == ["undelivered", "undelivered"]
    assert await house.inviting.sweep() == await house.inviting.ask_more(scene.id) == 0
    assert values(await house.rows(Fact), "type").count("expired") == 0


async def test_what_is_put_away_is_neither_routed_nor_listed_nor_counted_against_the_limit(house: House) -> None:
    scene = await begin(house, 0)
    await scene.put_away()
    await house.helpers(3)
    before = len(house.messenger.shown)
    await elapse(house, days=3, step=6)
    assert await scene.invited() == {}
    assert len(house.messenger.shown) == before
    for _ in range(3):
        await ask(house, ASKER)


async def test_what_is_opened_again_before_it_is_told_is_not_put_away(scene: Scene) -> None:
    scene.house.clock.advance(timedelta(days=7))
    await scene.house.following_up.sweep()
    await scene.house.following_up.reopen(scene.id, ASKER)
    await scene.house.settle()
    assert scene.house.messenger.of("archive") == []
    assert await scene.state() == "waiting"


async def test_many_looks_at_once_say_everything_once(house: House) -> None:
    scene = await begin(house, 0)
    later = await ask(house, ASKER)
    for hours in (24, 24, 120):
        house.clock.advance(timedelta(hours=hours))
        assert await at_once(each for _ in range(6) for each in (house.following_up.sweep(), sweep(house))) == {}
    await house.settle()
    assert (len(listed(house)), len(listed(house, "moderator_digest"))) == (2, 1)
    assert len(house.messenger.of("choices")) == len(house.messenger.of("archive")) == 2
    assert await scene.facts() == ["archived"]
    assert values(await house.rows(Fact, request_id=later.request_id), "type") == ["asked", "archived"]


async def test_an_answer_and_the_look_that_would_put_it_away_leave_it_answered(house: House) -> None:
    scene = await begin(house, 2)
    house.clock.advance(timedelta(days=7))
    acts = [house.following_up.sweep(), scene.answer(0), house.following_up.sweep(), scene.write(STRANGER)]
    assert await at_once(acts) == {}
    await house.settle()
    assert await scene.state() == "answered"
    assert house.messenger.of("archive") == []


async def pass_all(scene: Scene) -> None:
    """Let everyone pass who is asked, until no one else is."""
    while places := [place for place, state in enumerate((await scene.invited()).values()) if state == "asked"]:
        await scene.pass_on(places[0])


async def test_beyond_the_usual_number_more_are_asked_only_when_the_asker_wants_it(house: House) -> None:
    scene = await begin(house, MOST + 7)
    await pass_all(scene)
    assert len(await scene.invited()) == MOST
    assert await house.following_up.ask_more(scene.id, ASKER) == 2
    assert (await scene.request())["extra_invitations"] == 3
    await pass_all(scene)
    assert len(await scene.invited()) == MOST + 3
    assert await house.inviting.sweep() == await house.inviting.ask_more(scene.id) == 0
    assert await house.following_up.ask_more(scene.id, ASKER) == 2
    assert (await scene.request())["extra_invitations"] == 6


async def test_while_there_are_people_left_to_ask_wanting_more_grants_no_more(house: House) -> None:
    scene = await begin(house, MOST + 7)
    for _ in range(3):
        assert await house.following_up.ask_more(scene.id, ASKER) == 0
    assert (await scene.request())["extra_invitations"] == 0


async def test_wanting_more_waits_anew(house: House) -> None:
    scene = await begin(house, 0)
    await elapse(house, days=6, step=24)
    await house.following_up.ask_more(scene.id, ASKER)
    assert (await scene.request())["waiting_since"] == house.clock.now()
    await elapse(house, days=6, step=24)
    assert await scene.state() == "waiting"
    await elapse(house, days=1, step=24)
    assert await scene.state() == "archived"


async def test_while_somebody_has_it_more_may_be_asked(house: House) -> None:
    scene = await begin(house, 4)
    await scene.take(0)
    assert await house.following_up.ask_more(scene.id, ASKER) == 1
    assert list((await scene.invited()).values()) == ["taken", "asked", "asked"]


async def test_wanting_more_opens_what_was_put_away(house: House) -> None:
    scene = await begin(house, 0)
    await scene.put_away()
    await house.helpers(2)
    assert await house.following_up.ask_more(scene.id, ASKER) == 2
    await house.settle()
    assert await scene.facts() == ["archived", "reopened"]
    assert house.messenger.texts() == ["thread.reopened"]


async def test_wanting_more_opens_nothing_past_the_limit(house: House) -> None:
    scene = await begin(house, 0)
    await scene.put_away()
    for _ in range(3):
        await ask(house, ASKER)
    before = await house.snapshot()
    with pytest.raises(LimitReached, match=r"ask\.limit"):
        await house.following_up.ask_more(scene.id, ASKER)
    assert await house.snapshot() == before


async def test_wanting_more_is_the_asker_s_alone(scene: Scene) -> None:
    before = await scene.house.snapshot()
    with pytest.raises(NotAllowed, match=r"request\.not_yours"):
        await scene.house.following_up.ask_more(scene.id, STRANGER)
    with pytest.raises(NotFound, match=r"request\.unknown"):
        await scene.house.following_up.ask_more(10**9, ASKER)
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize("way", ["closed", "settled"])
async def test_of_what_is_over_nobody_is_asked_more(house: House, way: str) -> None:
    scene = await begin(house, 2)
    await scene.answer(0)
    await scene.end(way)
    before = await house.snapshot()
    with pytest.raises(Conflict, match=r"request\.over"):
        await house.following_up.ask_more(scene.id, ASKER)
    assert await house.snapshot() == before


async def test_ten_wishes_for_more_at_once_are_one(house: House) -> None:
    scene = await begin(house, MOST + 7)
    await pass_all(scene)
    assert await at_once(house.following_up.ask_more(scene.id, ASKER) for _ in range(10)) == {}
    assert (await scene.request())["extra_invitations"] == 3
    assert Counter((await scene.invited()).values()) == {"passed": MOST, "asked": 2}


async def test_not_yet_asks_others_and_leaves_earlier_helpers_out(house: House) -> None:
    scene = await begin(house, MOST + 5)
    await scene.take(0)
    await scene.answer(0)
    assert await scene.resolve(Outcome.NOT_YET) == 1
    await pass_all(scene)
    assert len(await scene.invited()) == MOST
    await scene.write(STRANGER)
    assert await scene.resolve(Outcome.NOT_YET) == 2
    assert (await scene.request())["extra_invitations"] == 3
    await pass_all(scene)
    assert list((await scene.invited()).values()) == ["taken", *["passed"] * (MOST + 2)]


async def test_the_outcome_is_asked_for_once_more_after_a_day_and_never_again(house: House) -> None:
    scene = await begin(house, 2)
    await scene.answer(0)
    await elapse(house, hours=23)
    assert outcome_letters(house) == [False]
    await elapse(house, hours=1)
    assert outcome_letters(house) == [False, True]
    await scene.answer(1)
    await elapse(house, days=4, step=12)
    assert outcome_letters(house) == [False, True]


@pytest.mark.parametrize("outcome", Outcome)
async def test_whoever_said_how_it_went_is_not_asked_once_more(house: House, outcome: Outcome) -> None:
    scene = await begin(house, 2)
    await scene.answer(0)
    await scene.resolve(outcome)
    await elapse(house, days=3, step=8)
    assert True not in outcome_letters(house)


async def test_over_all_answers_the_outcome_is_asked_for_once_more_only_once(house: House) -> None:
    scene = await begin(house, 2)
    await scene.answer(0)
    await elapse(house, hours=30, step=6)
    await scene.resolve(Outcome.NOT_YET)
    await scene.answer(1)
    await elapse(house, days=4, step=6)
    assert outcome_letters(house) == [False, True, False]


def outcome_letters(house: House) -> list[bool]:
    """Return of each question how it went whether it is asked once more."""
    return [letter.content.is_again for letter in house.messenger.of("outcome")]
