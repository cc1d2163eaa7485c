"""Ideas: what is typed of one is all there is to read."""

from dataclasses import replace

import pytest

from bot.domain.draft_reading import DraftSize
from bot.domain.drafts import Stage
from bot.services.feedback.drafting_results import DraftChoices, NewDraft
from tests.factories import GUILD_ID
from tests.fakes import House, new_id
from tests.services.scenes import ASKER

ABOUT = "Could weak labels from two hospitals be enough to calibrate a triage model at a third one?"
NEW = NewDraft(GUILD_ID, ASKER, 1, about=ABOUT, questions="Is it worth a try?", needed_by="24 Dec 2026 AoE", link="")


async def idea(house: House) -> int:
    """Write an idea down, and return it; it isn't sent yet."""
    written = await house.drafting.write(replace(NEW, interaction_id=new_id()))
    row = written.draft.request_id
    await house.choosing.choose(row, ASKER, DraftChoices(stage=Stage.IDEA))
    return row


@pytest.mark.parametrize("about", [f"{ABOUT} {'And there is more to it. ' * 90}", ABOUT[:60]])
async def test_its_words_are_counted_again_when_they_change(house: House, about: str) -> None:
    row = await idea(house)

    again = await house.drafting.write(replace(NEW, interaction_id=new_id(), changes=row, about=about))

    assert (again.draft.words, again.whole_words) == (len(about.split()),) * 2


async def test_a_length_that_its_author_chose_stays(house: House) -> None:
    row = await idea(house)
    await house.choosing.choose(row, ASKER, DraftChoices(size=DraftSize.UNDER_1500))

    again = await house.drafting.write(replace(NEW, interaction_id=new_id(), changes=row, about=f"{ABOUT} Why not?"))

    assert again.draft.words == DraftSize.UNDER_1500.words
