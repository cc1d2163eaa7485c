"""What authors do with each point, and that their readers hear of it once."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.draft_dates import OUTCOMES_AGAIN_AFTER
from bot.domain.drafts import LONGEST_NOTE, PointOutcome
from bot.domain.lifecycle import Outcome, Visibility
from bot.errors import Conflict, Invalid, NotAllowed, NotFound
from bot.services.feedback.contents import BecameOf
from bot.services.feedback.letters import TOLD_AFTER
from bot.services.ports import MailboxClosed
from models import Feedback
from tests.factories import a_member
from tests.fakes import House, values
from tests.services.feedback.reviews import AUTHOR, POINT, THREAD_ID, VAGUE, Review, reading
from tests.services.scenes import at_once

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def review(house: House) -> Review:
    """Let one of two readers have sent two points."""
    review = await reading(house)
    await review.give(0, POINT, VAGUE)
    return review


async def pass_time(house: House, length: timedelta) -> None:
    house.clock.advance(length)
    await house.settle()


def outcomes(letter_content: object) -> list[tuple[PointOutcome | None, str | None]]:
    assert isinstance(letter_content, BecameOf)
    return [(each.outcome, each.note) for each in letter_content.feedback.points]


async def test_a_reader_hears_once_what_became_of_all_points(review: Review) -> None:
    first = await review.settle_point(0, PointOutcome.CHANGED, "Trained again.")
    assert not first.feedback.is_settled
    second = await review.settle_point(1, PointOutcome.NOT_NOW)
    assert second.feedback.is_settled
    await pass_time(review.house, TOLD_AFTER - MINUTE)
    assert not review.told(review.user(0), "became"), "its author may still change something"

    await pass_time(review.house, MINUTE)

    (letter,) = review.told(review.user(0), "became")
    assert letter.user_id == review.user(0)
    assert outcomes(letter.content) == [(PointOutcome.CHANGED, "Trained again."), (PointOutcome.NOT_NOW, None)]
    own = await review.house.reviewing.sent(await review.feedback_of(0), review.user(0))
    assert own.feedback.is_closed


async def test_a_change_of_mind_counts_until_the_reader_is_told(review: Review) -> None:
    await review.settle_point(0, PointOutcome.NOT_NOW, "Later.")
    await review.settle_point(1, PointOutcome.NOT_NOW)
    await review.settle_point(0, PointOutcome.PARTLY)
    await review.settle_point(1, PointOutcome.DIFFERENTLY, "It is the venue's style.")
    await pass_time(review.house, TOLD_AFTER)

    (letter,) = review.told(review.user(0), "became")
    assert outcomes(letter.content) == [
        (PointOutcome.PARTLY, "Later."), (PointOutcome.DIFFERENTLY, "It is the venue's style."),
    ]  # fmt: skip
    with pytest.raises(Conflict, match=r"feedback\.told_before"):
        await review.settle_point(0, PointOutcome.CHANGED)
    with pytest.raises(Conflict, match=r"feedback\.told_before"):
        await review.house.settling.point((await review.points())[0]["id"], AUTHOR)


async def test_an_author_who_does_not_wait_tells_at_once_and_once(review: Review) -> None:
    await review.settle_point(0, PointOutcome.CHANGED)
    await review.settle_point(1, PointOutcome.CHANGED)
    feedback_id = await review.feedback_of(0)

    await review.house.settling.tell(feedback_id, AUTHOR)
    await review.house.settling.tell(feedback_id, AUTHOR)
    await review.house.settle()
    assert len(review.told(review.user(0), "became")) == 1

    await pass_time(review.house, TOLD_AFTER)
    assert len(review.told(review.user(0), "became")) == 1


async def test_one_settled_point_is_enough_to_tell(review: Review) -> None:
    feedback_id = await review.feedback_of(0)
    with pytest.raises(Conflict, match=r"feedback\.nothing_settled"):
        await review.house.settling.tell(feedback_id, AUTHOR)

    await review.settle_point(1, PointOutcome.PARTLY)
    await review.house.settling.tell(feedback_id, AUTHOR)
    await review.house.settle()

    (letter,) = review.told(review.user(0), "became")
    assert outcomes(letter.content) == [(None, None), (PointOutcome.PARTLY, None)]


async def test_telling_five_times_at_once_tells_once(review: Review) -> None:
    await review.settle_point(0, PointOutcome.CHANGED)
    feedback_id = await review.feedback_of(0)

    assert await at_once(review.house.settling.tell(feedback_id, AUTHOR) for _ in range(5)) == Counter()
    await review.house.settle()

    assert len(review.told(review.user(0), "became")) == 1


async def test_what_changes_as_the_letter_leaves_is_in_it_or_refused(review: Review) -> None:
    await review.settle_point(0, PointOutcome.NOT_NOW)
    await review.settle_point(1, PointOutcome.NOT_NOW)
    review.house.clock.advance(TOLD_AFTER)

    ends = await asyncio.gather(
        review.house.settle(), review.settle_point(0, PointOutcome.CHANGED), return_exceptions=True
    )
    await review.house.settle()

    (letter,) = review.told(review.user(0), "became")
    is_refused = any(isinstance(end, Conflict) for end in ends)
    assert not any(isinstance(end, BaseException) and not isinstance(end, Conflict) for end in ends)
    said = PointOutcome.NOT_NOW if is_refused else PointOutcome.CHANGED
    assert outcomes(letter.content)[0] == (said, None)
    assert values(await review.points(), "outcome")[0] == said


async def test_only_the_author_says_what_became_of_a_point(review: Review) -> None:
    points, feedback_id = await review.points(), await review.feedback_of(0)
    settling, stranger = review.house.settling, review.user(0)
    before = await review.house.snapshot()

    for act in (
        settling.settle(points[0]["id"], stranger, PointOutcome.CHANGED),
        settling.point(points[0]["id"], stranger),
        settling.tell(feedback_id, stranger),
        settling.received(review.id, stranger),
    ):
        with pytest.raises(NotAllowed, match=r"feedback\.not_yours"):
            await act

    assert await review.house.snapshot() == before


async def test_what_is_not_sent_is_nothing_to_settle(review: Review) -> None:
    await review.write(1)
    await review.point(1)
    point_id = (await review.points())[2]["id"]
    settling = review.house.settling

    for act in (
        settling.settle(point_id, AUTHOR, PointOutcome.CHANGED),
        settling.point(point_id, AUTHOR),
        settling.tell(await review.feedback_of(1), AUTHOR),
        settling.settle(10**6, AUTHOR, PointOutcome.CHANGED),
        settling.tell(10**6, AUTHOR),
    ):
        with pytest.raises(NotFound):
            await act


async def test_a_word_has_a_length(review: Review) -> None:
    with pytest.raises(Invalid, match=r"feedback\.field_too_long"):
        await review.settle_point(0, PointOutcome.CHANGED, "x" * (LONGEST_NOTE + 1))
    assert (await review.settle_point(0, PointOutcome.CHANGED, "x" * LONGEST_NOTE)).feedback.points[0].note
    assert (await review.settle_point(0, PointOutcome.CHANGED, "")).feedback.points[0].note is None


async def test_an_author_who_says_nothing_is_reminded_once(review: Review) -> None:
    await pass_time(review.house, OUTCOMES_AGAIN_AFTER)
    await pass_time(review.house, OUTCOMES_AGAIN_AFTER)

    (letter,) = review.told(AUTHOR, "unsettled")
    assert letter.user_id == AUTHOR


async def test_one_reminder_is_enough_for_two_readers(review: Review) -> None:
    await pass_time(review.house, timedelta(hours=3))
    await review.give(1)
    await review.house.resolving.resolve(review.id, AUTHOR, Outcome.HELPED)

    await pass_time(review.house, 2 * OUTCOMES_AGAIN_AFTER)

    assert len(review.told(AUTHOR, "unsettled")) == 1


async def test_who_is_asked_once_more_whether_it_helped_hears_of_points_there(review: Review) -> None:
    await review.give(1)

    await pass_time(review.house, OUTCOMES_AGAIN_AFTER)

    assert not review.told(AUTHOR, "unsettled")
    assert [each.content.is_again for each in review.told(AUTHOR, "outcome")] == [False, True]


async def test_no_reminder_comes_after_a_mark_or_without_a_point(house: House) -> None:
    review = await reading(house)
    await review.write(0)
    await review.send(0)
    await pass_time(house, OUTCOMES_AGAIN_AFTER)
    assert not review.told(AUTHOR, "unsettled"), "there was no point"


async def test_no_reminder_comes_after_a_point_was_settled(review: Review) -> None:
    await review.settle_point(0, PointOutcome.NOT_NOW)
    await pass_time(review.house, OUTCOMES_AGAIN_AFTER)
    assert not review.told(AUTHOR, "unsettled")


async def test_no_reminder_comes_for_a_closed_draft(review: Review) -> None:
    await review.house.asking.close(review.id, AUTHOR, is_moderator=False)
    await pass_time(review.house, OUTCOMES_AGAIN_AFTER)
    assert not review.told(AUTHOR, "unsettled")


async def test_a_reader_with_a_closed_mailbox_is_led_by_a_line_that_tells_nothing(review: Review) -> None:
    review.house.messenger.trouble(MailboxClosed("50007"), user_id=review.user(0))
    await review.settle_point(0, PointOutcome.CHANGED)

    await review.house.settling.tell(await review.feedback_of(0), AUTHOR)
    await review.house.settle()

    (letter,) = review.told(review.user(0), "became")
    assert (letter.user_id, letter.channel_id) == (None, THREAD_ID)


async def test_people_kept_away_from_each_other_hear_nothing_of_points(review: Review) -> None:
    async with review.house.database.begin() as work:
        author = await a_member(work, user_id=AUTHOR)
        await work.blocks.add(review.readers[0].id, author.id, review.house.clock.now())
    await review.settle_point(0, PointOutcome.CHANGED)

    await review.house.settling.tell(await review.feedback_of(0), AUTHOR)
    await review.house.settle()

    assert not review.told(review.user(0), "became")


async def test_how_it_went_is_said_as_of_any_request_and_thanks_reach_the_reader(review: Review) -> None:
    await review.give(1)

    result = await review.house.resolving.resolve(review.id, AUTHOR, Outcome.HELPED)
    assert (result.type, result.can_thank, result.can_keep) == ("draft", True, False)
    assert await review.house.thanking.thank(review.id, AUTHOR, "Thank you both.") == 2
    await review.house.settle()

    assert len(review.told(review.user(0), "thanks")) == len(review.told(review.user(1), "thanks")) == 1


async def test_a_hidden_author_stays_unknown_in_what_readers_hear(house: House) -> None:
    review = await reading(house, 1, Visibility.MATCHED_ANONYMOUS)
    await review.give()
    await review.settle_point(0, PointOutcome.CHANGED, "Done.")
    await house.settling.tell(await review.feedback_of(0), AUTHOR)
    await house.settle()

    (letter,) = review.told(review.user(0), "became")
    assert letter.content.question.asker_user_id is None
    assert str(AUTHOR) not in repr(letter).replace(str(review.user(0)), "")


async def test_looking_notes_when_it_was_first_read(review: Review) -> None:
    async with review.house.database.begin() as work:
        feedback = await work.feedback.hold(await review.feedback_of(0))
        assert feedback is not None
        feedback.read_at = None
    first = review.house.clock.now()

    await review.house.settling.received(review.id, AUTHOR)
    review.house.clock.advance(MINUTE)
    await review.house.settling.received(review.id, AUTHOR)

    assert values(await review.house.rows(Feedback), "read_at") == [first]
