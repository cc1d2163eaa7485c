"""A reader answers an author who stays unknown, and who reads nothing in the thread."""

import pytest

from bot.domain.lifecycle import Visibility
from bot.domain.policy import DEFAULT
from bot.errors import Conflict, HouseError, Invalid
from bot.services.feedback.contents import ReaderAnswered
from bot.services.feedback.responding import LONGEST
from bot.services.people.erasing import Erasing
from models import OutboxLetter
from tests.factories import GUILD_ID
from tests.fakes import House, values
from tests.services.feedback.reviews import AUTHOR, Review, reading

HIDDEN = Visibility.MATCHED_ANONYMOUS
WORDS = "The figures are from the first run."


@pytest.fixture
async def review(house: House) -> Review:
    """Let a reader have sent their feedback, and another be reading."""
    review = await reading(house, 2, HIDDEN)
    await review.give(0)
    return review


async def respond(review: Review, place: int = 0, words: str = WORDS, submission: int = 1) -> None:
    await review.house.responding.respond(review.id, review.user(place), submission, words)
    await review.house.settle()


def answers(review: Review) -> list[tuple[str, int, int | None]]:
    contents = [(each.content, each.channel_id) for each in review.told(AUTHOR, "answer")]
    assert all(isinstance(each, ReaderAnswered) and each.is_to_hidden for each, _ in contents)
    return [(each.words, each.reader_user_id, channel_id) for each, channel_id in contents]


async def test_who_has_sent_theirs_answers_in_private_and_once_a_submission(review: Review) -> None:
    await review.house.responding.require_reader(review.id, review.user(0))
    await respond(review)
    await respond(review)
    await respond(review, submission=2, words="The second ones, too.")
    assert [each[:2] for each in answers(review)] == [
        (WORDS, review.user(0)), ("The second ones, too.", review.user(0))
    ]  # fmt: skip
    assert {row["params"].get("words") for row in await review.house.rows(OutboxLetter)} == {None}
    assert WORDS not in repr(await review.house.snapshot())


@pytest.mark.parametrize("words", ["", " \n", "x" * (LONGEST + 1)])
async def test_an_answer_says_something_and_not_too_much(review: Review, words: str) -> None:
    with pytest.raises(Invalid):
        await respond(review, words=words)


async def test_only_readers_of_a_hidden_author_answer_so(house: House) -> None:
    review = await reading(house, 2, HIDDEN)
    await review.give(0)
    refusals = {AUTHOR: "own_draft", 999: "no_place", review.user(1): r"respond\.first"}
    for user_id, refusal in refusals.items():
        for act in (
            house.responding.require_reader(review.id, user_id),
            house.responding.respond(review.id, user_id, 1, WORDS),
        ):
            with pytest.raises(HouseError, match=rf"feedback\.{refusal}"):
                await act
    assert not await house.rows(OutboxLetter, kind="answer")


@pytest.mark.parametrize("visibility", [Visibility.MATCHED, Visibility.PUBLIC])
async def test_who_is_known_reads_the_thread(house: House, visibility: Visibility) -> None:
    review = await reading(house, 1, visibility)
    await review.give(0)
    with pytest.raises(Conflict, match=r"feedback\.respond\.open"):
        await respond(review)


async def test_a_closed_draft_takes_no_answer(review: Review) -> None:
    await review.house.asking.close(review.id, AUTHOR, is_moderator=False)
    with pytest.raises(Conflict, match=r"feedback\.over"):
        await respond(review)


async def test_an_author_who_keeps_a_reader_away_gets_none_and_the_reader_reads_the_same(review: Review) -> None:
    await review.house.blocking.block(GUILD_ID, AUTHOR, review.user(0))
    await respond(review)
    assert answers(review) == []
    assert WORDS not in repr(await review.house.snapshot())


async def test_an_answer_goes_with_its_reader(review: Review) -> None:
    await respond(review)
    (sent,) = values(await review.house.rows(OutboxLetter, kind="answer"), "message_id")
    await review.house.responding.respond(review.id, review.user(0), 2, WORDS)
    house = review.house
    await Erasing(house.database.begin, house.database.read, house.clock).erase(review.user(0), DEFAULT)
    assert WORDS not in repr(await review.house.snapshot())
    await review.house.settle()
    assert sent in review.house.messenger.removed
    assert len(review.told(AUTHOR, "answer")) == 1


async def test_an_answer_goes_with_its_draft(review: Review) -> None:
    await respond(review)
    (sent,) = values(await review.house.rows(OutboxLetter, kind="answer"), "message_id")
    await review.house.withdrawing.withdraw(review.id, AUTHOR)
    await review.house.settle()
    assert sent in review.house.messenger.removed
