"""Readers who have sent their feedback agree on a time, and say one thing together."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Conflict, Invalid, NotAllowed, NotFound
from bot.services.feedback.comparing import LONGEST
from bot.services.feedback.contents import NotesCompared, NoteTogether
from models import JointNote, Member, OutboxLetter
from tests.fakes import House
from tests.services.feedback.reviews import AUTHOR, THREAD_ID, Review, reading
from tests.services.scenes import at_once

WHEN, AT = "Fri 17:00", datetime(2026, 11, 6, 17, tzinfo=UTC)
WORDS = "We both stumbled over section 4."
SETTLED = timedelta(minutes=5)


@pytest.fixture
async def review(house: House) -> Review:
    """Let two of three readers have sent their feedback."""
    review = await reading(house, 3)
    async with house.database.begin() as work:
        for each in review.readers:
            member = await work.members.get(each.id)
            assert isinstance(member, Member)
            member.zone = "UTC"
    await review.give(0)
    await review.give(1)
    return review


def lines(review: Review) -> list[tuple[str, int | None]]:
    """Return what the thread read of comparing notes, and where."""
    shown = review.house.messenger.of("compare")
    assert all(isinstance(each.content, NotesCompared) for each in shown)
    return [(each.content.text.rpartition(".")[2], each.channel_id) for each in shown]


async def propose(review: Review, place: int = 0, when: str = WHEN) -> datetime:
    at = await review.house.comparing.propose(review.id, review.user(place), when)
    await review.house.settle()
    return at


async def agree(review: Review, place: int = 1, line: int = -1) -> datetime:
    """Let a reader agree to the time of one of the lines that proposed any, the newest by default."""
    proposed = await review.house.rows(OutboxLetter, text="feedback.compare.proposed")
    message_id = proposed[line]["message_id"]
    at = await review.house.comparing.agree(review.id, review.user(place), message_id)
    await review.house.settle()
    return at


async def test_one_proposes_another_agrees_and_both_are_told_when_it_is_time(review: Review) -> None:
    assert await propose(review) == AT
    assert lines(review) == [("proposed", THREAD_ID)]
    assert await agree(review) == AT
    assert lines(review)[1:] == [("agreed", THREAD_ID)]
    (first, second) = review.house.messenger.of("compare")
    assert first.content.readers == second.content.readers == (review.user(0), review.user(1))

    review.house.clock.moment = AT
    await review.house.settle()
    assert lines(review)[2:] == [("begins", THREAD_ID)]


async def test_another_time_takes_the_place_of_the_first(review: Review) -> None:
    await propose(review)
    await agree(review)
    later = await propose(review, 1, "Fri 18:00")
    assert later == AT + timedelta(hours=1)
    assert not (await review.house.comparing.together(review.id, review.user(0))).is_agreed

    review.house.clock.moment = AT
    await review.house.settle()
    assert "begins" not in dict(lines(review)), "no one meets at the first time"

    await agree(review, 0)
    review.house.clock.moment = later
    await review.house.settle()
    assert lines(review)[-1] == ("begins", THREAD_ID)


async def test_proposing_and_agreeing_twice_is_once(review: Review) -> None:
    await propose(review)
    await propose(review)
    await agree(review)
    await agree(review)
    assert [text for text, _ in lines(review)] == ["proposed", "agreed"]


async def test_an_earlier_line_agrees_to_no_other_time(review: Review) -> None:
    await propose(review)
    await propose(review, 1, "Fri 18:00")
    await propose(review, 0, "Fri 19:00")

    for line in (0, 1):
        with pytest.raises(Conflict, match=r"feedback\.time_changed"):
            await agree(review, 1, line)
    assert not (await review.house.comparing.together(review.id, review.user(1))).is_agreed

    assert await agree(review, 1) == AT + timedelta(hours=2)


async def test_a_time_that_is_proposed_once_more_is_said_once_more(review: Review) -> None:
    await propose(review)
    await agree(review)
    await propose(review, 1, "Fri 18:00")
    review.house.clock.advance(timedelta(minutes=1))
    await propose(review)
    await agree(review)
    assert [text for text, _ in lines(review)] == ["proposed", "agreed", "proposed", "proposed", "agreed"]

    review.house.clock.moment = AT
    await review.house.settle()
    assert [text for text, _ in lines(review)][5:] == ["begins"]


async def test_both_who_propose_at_once_end_with_one_time(review: Review) -> None:
    comparing = review.house.comparing
    refused = await at_once(
        [comparing.propose(review.id, review.user(0), WHEN), comparing.propose(review.id, review.user(1), "Fri 18:00")]
    )
    await review.house.settle()

    assert refused == Counter()
    (note,) = await review.house.rows(JointNote)
    last = await comparing.together(review.id, review.user(0))
    assert note["meets_at"] is not None
    assert last.meets_at in {AT, AT + timedelta(hours=1)}


async def test_no_one_agrees_with_themselves_or_to_what_is_over(review: Review) -> None:
    comparing = review.house.comparing
    with pytest.raises(NotFound, match=r"feedback\.no_time"):
        await comparing.agree(review.id, review.user(1), 0)
    await propose(review)
    with pytest.raises(NotAllowed, match=r"feedback\.own_time"):
        await comparing.agree(review.id, review.user(0), 0)
    review.house.clock.moment = AT
    with pytest.raises(Conflict, match=r"feedback\.time_over"):
        await comparing.agree(review.id, review.user(1), 0)


@pytest.mark.parametrize("when", ["", "soon", "last Friday 17:00", "2020-01-01 17:00"])
async def test_a_time_that_is_none_is_not_proposed(review: Review, when: str) -> None:
    with pytest.raises(Invalid):
        await propose(review, 0, when)
    assert await review.house.rows(JointNote) == []


async def test_who_has_not_sent_theirs_compares_nothing(review: Review) -> None:
    comparing = review.house.comparing
    refusals = {review.user(2): "feedback.own_first", AUTHOR: "feedback.own_draft", 999: "feedback.no_place"}
    for user_id, refusal in refusals.items():
        for act in (
            comparing.together(review.id, user_id),
            comparing.propose(review.id, user_id, WHEN),
            comparing.agree(review.id, user_id, 0),
            comparing.write(review.id, user_id, WORDS),
        ):
            with pytest.raises(NotAllowed, match=re.escape(refusal)):
                await act


async def test_alone_there_is_nothing_to_compare(house: House) -> None:
    review = await reading(house)
    await review.give(0)
    with pytest.raises(Conflict, match=r"feedback\.no_others"):
        await house.comparing.together(review.id, review.user(0))


async def test_a_closed_draft_takes_no_note(review: Review) -> None:
    await review.house.asking.close(review.id, AUTHOR, is_moderator=False)
    with pytest.raises(Conflict, match=r"feedback\.over"):
        await review.house.comparing.write(review.id, review.user(0), WORDS)


async def test_a_joint_note_reaches_the_author_and_the_other_readers(review: Review) -> None:
    await review.house.comparing.write(review.id, review.user(0), WORDS)
    review.house.clock.advance(SETTLED)
    await review.house.settle()

    to_author, to_reader = review.told(AUTHOR, "joint"), review.told(review.user(1), "joint")
    assert [each.content.words for each in (*to_author, *to_reader)] == [WORDS, WORDS]
    assert all(isinstance(each.content, NoteTogether) for each in (*to_author, *to_reader))
    assert not review.told(review.user(0), "joint")
    assert not review.told(review.user(2), "joint"), "they haven't sent theirs"
    assert await review.house.settling.together(review.id, AUTHOR) == WORDS
    assert (await review.house.comparing.together(review.id, review.user(1))).words == WORDS


async def test_the_last_words_count_and_the_other_is_told(review: Review) -> None:
    comparing = review.house.comparing
    await comparing.write(review.id, review.user(0), WORDS)
    review.house.clock.advance(timedelta(minutes=1))
    seen = (await comparing.together(review.id, review.user(1))).version
    await comparing.write(review.id, review.user(1), "Section 4 lost us both.", seen)
    await comparing.write(review.id, review.user(1), "Section 4 lost us both.", seen)
    review.house.clock.advance(2 * SETTLED)
    await review.house.settle()

    assert [each.content.words for each in review.told(AUTHOR, "joint")] == ["Section 4 lost us both."]
    assert [each.content.words for each in review.told(review.user(0), "joint")] == ["Section 4 lost us both."]
    assert not review.told(review.user(1), "joint")
    assert len(await review.house.rows(JointNote)) == 1


async def test_words_that_came_meanwhile_are_not_written_over(review: Review) -> None:
    comparing = review.house.comparing
    forms = [(await comparing.together(review.id, review.user(place))).version for place in range(2)]
    await comparing.write(review.id, review.user(0), WORDS, forms[0])
    with pytest.raises(Conflict, match=r"feedback\.note_changed"):
        await comparing.write(review.id, review.user(1), "Section 4 lost us both.", forms[1])
    assert (await comparing.together(review.id, review.user(1))).words == WORDS


@pytest.mark.parametrize("written", ["", " \n", "x" * (LONGEST + 1)])
async def test_a_note_says_something_and_not_too_much(review: Review, written: str) -> None:
    with pytest.raises(Invalid):
        await review.house.comparing.write(review.id, review.user(0), written)


async def test_another_round_has_another_note(review: Review) -> None:
    await review.house.comparing.write(review.id, review.user(0), WORDS)
    async with review.house.database.begin() as work:
        draft = await work.drafts.get(review.id)
        assert draft is not None
        draft.round = 2
    with pytest.raises(NotAllowed, match=r"feedback\.own_first"):
        await review.house.comparing.together(review.id, review.user(0))
    assert await review.house.settling.together(review.id, AUTHOR) == ""
