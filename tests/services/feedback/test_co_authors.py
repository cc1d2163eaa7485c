"""What a co-author writes in a draft's thread is no reader's answer, whichever way the bot hears of it."""

from datetime import timedelta

import pytest

from bot.domain.lifecycle import Visibility
from bot.services.results import Answer
from models import HelpInteraction
from tests.factories import a_member
from tests.fakes import House, values
from tests.services.feedback.reviews import THREAD_ID, Review, reading

CO_AUTHOR = 78
pytestmark = pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.MATCHED])


async def written_by_two(house: House, visibility: Visibility, **chosen: object) -> Review:
    """Let one person have taken a draft that `CO_AUTHOR` wrote too."""
    review = await reading(house, 1, visibility, **chosen)
    async with house.database.begin() as work:
        await a_member(work, user_id=CO_AUTHOR)
        await work.drafts.name_co_authors(review.id, [CO_AUTHOR])
    return review


def said(house: House, *user_ids: int) -> list[Answer]:
    """Let these people write in the thread, a minute after each other, while the bot doesn't listen."""
    now = house.clock.now()
    written = [Answer(THREAD_ID, each, now + timedelta(minutes=place)) for place, each in enumerate(user_ids)]
    house.messenger.answers[THREAD_ID] = written
    return written


async def answered(house: House) -> list[int]:
    """Return the members who count as readers that have written."""
    return [row["helper_id"] for row in await house.rows(HelpInteraction) if row["answered_at"]]


async def test_it_leaves_the_place_to_readers(house: House, visibility: Visibility) -> None:
    review = await written_by_two(house, visibility)

    assert not await house.answer(THREAD_ID, CO_AUTHOR)
    assert await answered(house) == []
    assert await review.state() == "taken"

    await review.give(0)
    assert await answered(house) == [review.readers[0].id]
    assert await review.state() == "answered"


async def test_what_was_missed_is_looked_for_behind_it(house: House, visibility: Visibility) -> None:
    review = await written_by_two(house, visibility)
    said(house, CO_AUTHOR, CO_AUTHOR, review.user(0))

    await house.catching_up.after_gap()

    assert await answered(house) == [review.readers[0].id]
    assert await review.state() == "answered"


async def test_it_stands_in_for_no_answer_that_was_deleted(house: House, visibility: Visibility) -> None:
    review = await written_by_two(house, visibility)
    first, *_ = said(house, review.user(0), CO_AUTHOR)
    assert await house.watching.notice(first)
    said(house, CO_AUTHOR)

    await house.noticing.said_is_gone(THREAD_ID, [first.at])

    assert await answered(house) == []
    assert await review.state() == "taken"


async def test_it_opens_a_draft_that_was_put_away(house: House, visibility: Visibility) -> None:
    review = await written_by_two(house, visibility, state="archived")

    assert not await house.answer(THREAD_ID, CO_AUTHOR)

    assert await review.state() == "waiting"
    assert values(await house.rows(HelpInteraction), "answered_at") == [None]
