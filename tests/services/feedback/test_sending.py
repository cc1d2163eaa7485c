"""What readers say about a draft: written bit by bit, sent once, and read by its author alone."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.lifecycle import Visibility
from bot.errors import Conflict, NotAllowed
from bot.services.feedback.contents import FeedbackCame
from bot.services.ports import MailboxClosed
from models import HelpInteraction, Invitation, OutboxLetter
from tests.factories import a_member
from tests.fakes import House, values
from tests.services.feedback.reviews import AUTHOR, POINT, SUMMARY, THREAD_ID, VAGUE, reading, thread_lines
from tests.services.scenes import at_once

_HOUR = timedelta(hours=1)
HIDDEN = Visibility.MATCHED_ANONYMOUS


async def test_what_is_sent_reaches_its_author_in_private_and_the_thread_without_a_word_of_it(house: House) -> None:
    review = await reading(house)

    await review.give()

    (letter,) = review.told(AUTHOR, "feedback")
    assert (letter.user_id, letter.channel_id) == (AUTHOR, None)
    assert isinstance(letter.content, FeedbackCame)
    assert (letter.content.feedback.summary, letter.content.feedback.reader_user_id) == (SUMMARY, review.user(0))
    assert [each.said for each in letter.content.feedback.points] == [POINT]
    assert thread_lines(house) == ["thread.feedback_sent"]
    (row,) = await review.feedback()
    assert row["read_at"] is not None, "its words are in the author's direct messages"
    kept = await house.rows(OutboxLetter, kind="feedback")
    assert [each["params"] for each in kept] == [{}]


async def test_what_is_sent_counts_as_an_answer_as_words_in_the_thread_do(house: House) -> None:
    review = await reading(house)

    await review.give(0)
    claims = await house.rows(Invitation, request_id=review.id)
    parts = await house.rows(HelpInteraction, request_id=review.id)
    assert [each["expires_at"] is None for each in claims] == [True, False]
    assert [each["answered_at"] for each in parts] == [house.clock.now(), None]
    assert (await review.state(), await review.facts("answered"), await review.facts("feedback")) == ("taken", 1, 1)
    assert not review.told(AUTHOR, "outcome"), "another reader is still at it"

    await review.give(1)
    assert await review.state() == "answered"
    assert len(review.told(AUTHOR, "outcome")) == 1


async def test_a_reader_who_wrote_in_the_thread_before_has_answered_once(house: House) -> None:
    review = await reading(house, 1)
    await house.answer(THREAD_ID, review.user(0))
    await house.settle()

    await review.give()

    assert (await review.facts("answered"), await review.facts("feedback")) == (1, 1)
    assert len(review.told(AUTHOR, "outcome")) == 1


async def test_a_reader_who_is_sent_twice_sends_once(house: House) -> None:
    review = await reading(house)
    await review.give()

    again = await review.send()
    await house.settle()

    assert again.feedback.sent_at is not None
    assert len(review.told(AUTHOR, "feedback")) == 1
    assert await review.facts("feedback") == 1


async def test_two_presses_of_send_send_once(house: House) -> None:
    review = await reading(house)
    await review.write()
    await review.point()

    assert await at_once(review.send() for _ in range(5)) == Counter()
    await house.settle()

    assert len(review.told(AUTHOR, "feedback")) == 1
    assert (await review.facts("feedback"), await review.facts("answered")) == (1, 1)


async def test_both_readers_who_send_at_once_count(house: House) -> None:
    review = await reading(house)
    await review.write(0)
    await review.write(1)

    assert await at_once([review.send(0), review.send(1)]) == Counter()
    await house.settle()

    assert await review.state() == "answered"
    assert len(review.told(AUTHOR, "outcome")) == 1
    assert len(review.told(AUTHOR, "feedback")) == 2


async def test_an_author_who_looks_while_a_reader_still_writes_sees_all_or_nothing(house: House) -> None:
    review = await reading(house, 1)
    await review.write()
    await review.point()

    looks, *_ = await asyncio.gather(
        house.settling.received(review.id, AUTHOR),
        review.send(),
        house.settling.received(review.id, AUTHOR),
    )

    assert [[each.said for each in found.feedback.points] for found in looks] in ([], [[POINT]])
    assert len(await house.settling.received(review.id, AUTHOR)) == 1


async def test_changing_and_sending_at_once_never_changes_what_was_sent(house: House) -> None:
    review = await reading(house, 1)
    await review.write()
    (point,) = (await review.point()).feedback.points

    refused = await at_once([review.send(), house.reviewing.change_point(point.point_id, review.user(0), VAGUE)])
    await house.settle()

    (letter,) = review.told(AUTHOR, "feedback")
    (kept,) = (await house.settling.received(review.id, AUTHOR))[0].feedback.points
    assert letter.content.feedback.points == (kept,)
    assert kept.said == (POINT if refused[Conflict] else VAGUE)


async def test_readers_see_each_others_points_once_they_sent_their_own(house: House) -> None:
    review = await reading(house)
    await review.give(0)
    with pytest.raises(NotAllowed, match=r"feedback\.own_first"):
        await house.reviewing.others(review.id, review.user(1))
    await review.write(1)
    with pytest.raises(NotAllowed, match=r"feedback\.own_first"):
        await house.reviewing.others(review.id, review.user(1))

    own = await review.send(1)

    assert own.others == 1
    (seen,) = await house.reviewing.others(review.id, review.user(1))
    assert (seen.feedback.reader_user_id, [each.said for each in seen.feedback.points]) == (review.user(0), [POINT])
    with pytest.raises(NotAllowed, match=r"feedback\.own_draft"):
        await house.reviewing.others(review.id, AUTHOR)


async def test_people_kept_away_from_each_other_read_the_same_as_ever_and_nothing_of_each_other(house: House) -> None:
    review = await reading(house)
    await review.give(0)
    async with house.database.begin() as work:
        author = await a_member(work, user_id=AUTHOR)
        await work.blocks.add(review.readers[1].id, author.id, house.clock.now())
        await work.blocks.add(review.readers[0].id, review.readers[1].id, house.clock.now())

    await review.give(1)

    assert await house.reviewing.others(review.id, review.user(1)) == []
    assert len(review.told(AUTHOR, "feedback")) == 1
    assert [each.feedback.reader_user_id for each in await house.settling.received(review.id, AUTHOR)] == [
        review.user(0)
    ]


async def test_a_closed_mailbox_leads_through_the_thread_to_a_private_look(house: House) -> None:
    review = await reading(house)
    house.messenger.trouble(MailboxClosed("50007"), user_id=AUTHOR)

    await review.give()

    (letter,) = review.told(AUTHOR, "feedback")
    assert (letter.user_id, letter.channel_id) == (None, THREAD_ID)
    (row,) = await review.feedback()
    assert row["read_at"] is None, "the thread has not a word of it"
    await house.settling.received(review.id, AUTHOR)
    assert (await review.feedback())[0]["read_at"] == house.clock.now()


async def test_of_a_hidden_author_no_letter_goes_to_the_thread(house: House) -> None:
    review = await reading(house, 1, HIDDEN)
    house.messenger.trouble(MailboxClosed("50007"), user_id=AUTHOR)

    await review.give()

    assert thread_lines(house) == ["thread.feedback_sent"]
    assert not [each for each in house.messenger.shown if each.addressee_id == AUTHOR and each.user_id is None]
    assert len(await house.settling.received(review.id, AUTHOR)) == 1, "they read it where they see their own things"


async def test_what_was_begun_in_an_earlier_round_goes_into_this_one(house: House) -> None:
    review = await reading(house)
    await review.write(0)
    await review.give(1)
    async with house.database.begin() as work:
        draft = await work.drafts.get(review.id)
        assert draft is not None
        draft.round, draft.round_at = 2, house.clock.now()

    await review.send(0)

    assert values(await review.feedback(), "round") == [2, 1]
    assert await house.reviewing.own(review.id, review.user(1)) is None, "a new round is a new beginning"


async def test_an_answer_of_an_earlier_round_is_none_in_this_one(house: House) -> None:
    review = await reading(house, 1)
    await review.give()
    house.clock.advance(_HOUR)
    async with house.database.begin() as work:
        draft = await work.drafts.get(review.id)
        assert draft is not None
        draft.round, draft.round_at, draft.state = 2, house.clock.now(), "waiting"
    house.clock.advance(_HOUR)

    await review.give()

    assert await review.state() == "answered"
    assert await review.facts("answered") == 2
