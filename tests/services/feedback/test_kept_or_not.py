"""What stays of a draft while it is written again, and what of a review never does."""

import pytest

from bot.domain.lifecycle import Outcome
from bot.errors import NotFound
from models import Draft, KeptAnswer, OutboxFile, Request, Statement
from tests.fakes import House, values
from tests.services.drafts import begin_draft
from tests.services.feedback.test_drafting import AUTHOR, new, sized, with_file
from tests.services.scenes import ASKER

REVIEW = "The paper compares two losses and leaves out the third, which is the one that people use."


async def test_a_length_picked_by_hand_stays_while_its_link_does(house: House) -> None:
    row = await sized(house)

    same = await house.drafting.write(new(changes=row, about="The same draft, called by a better name than before."))
    other = await house.drafting.write(new(changes=row, link="https://example.org/other"))

    assert same.whole_words == same.draft.words > 0
    assert other.whole_words == 0
    assert (await house.drafting.written(row, AUTHOR)).link == "https://example.org/other"


async def test_of_drafts_that_arent_sent_the_three_newest_are_kept_with_their_files(house: House) -> None:
    await house.drafting.post(await sized(house), AUTHOR)
    written = [(await with_file(house)).draft.request_id for _ in range(5)]

    assert sorted(values(await house.rows(Request, state="unposted"), "id")) == written[2:]
    assert sorted(values(await house.rows(OutboxFile), "request_id")) == written[2:]
    assert len(await house.rows(Draft)) == 4


async def test_nothing_of_a_review_is_kept_or_learned_from(house: House) -> None:
    people: dict[str, object] = {"learns_from_help": True}
    scene = await begin_draft(house, 2, people=people, stage="review", review_text=REVIEW, may_show=True, readers=1)
    before = values(await house.rows(Statement), "text")
    await scene.take(0)
    await scene.answer(0)

    resolved = await house.resolving.resolve(scene.id, ASKER, Outcome.HELPED)

    assert not resolved.can_keep
    for act in (
        house.thanking.keep(scene.id, ASKER, "What do you think of my review?", REVIEW),
        house.thanking.keep(scene.id, scene.helpers[0].user_id, "What do you think of my review?", REVIEW),
        house.thanking.exchange(scene.id, ASKER),
    ):
        with pytest.raises(NotFound):
            await act
    await house.settle()
    assert await house.rows(KeptAnswer) == []
    assert values(await house.rows(Statement), "text") == before
    assert house.messenger.of("keep") == []
