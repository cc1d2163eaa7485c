"""How long a draft is follows what there is to read, however often its author changes their mind."""

import pytest

from bot.domain.draft_reading import DraftSize
from bot.domain.draft_sections import count_words
from bot.domain.drafts import Stage
from bot.services.feedback.drafting_results import DraftPreview
from tests.fakes import House
from tests.services.feedback.test_drafting import ABOUT, AUTHOR, WORDS, choose, handed_in, new

pytestmark = pytest.mark.both
SHORT, LONG = ABOUT, f"{ABOUT}\n{'What we would try next is a mask. ' * 80}"


async def changed(house: House, written: DraftPreview, **typed: object) -> DraftPreview:
    return await house.drafting.write(new(changes=written.draft.request_id, **{"link": "", **typed}))


async def an_idea(house: House, about: str = SHORT) -> DraftPreview:
    return await choose(house, await house.drafting.write(new(link="", about=about)), stage=Stage.IDEA)


@pytest.mark.parametrize(("before", "after"), [(SHORT, LONG), (LONG, SHORT)])
async def test_an_idea_is_as_long_as_what_its_author_types_last(house: House, before: str, after: str) -> None:
    again = await changed(house, await an_idea(house, before), about=after)
    assert again.draft.words == again.whole_words == count_words(after)


async def test_an_idea_that_gets_a_link_needs_a_length_and_without_it_has_one_again(house: House) -> None:
    idea = await an_idea(house)
    linked = await changed(house, idea, link="https://example.org/idea")
    assert (linked.draft.words, linked.whole_words) == (0, 0)
    await choose(house, linked, size=DraftSize.PAPER)
    await choose(house, linked, part=1)

    again = await changed(house, linked)

    assert (again.draft.words, again.whole_words) == (count_words(SHORT), count_words(SHORT))
    assert (again.draft.link, again.draft.part, again.parts) == (None, None, ())


async def test_a_link_that_is_taken_out_makes_room_for_a_review(house: House) -> None:
    written = await house.drafting.write(new())
    await choose(house, await changed(house, written), stage=Stage.REVIEW)
    shown = await house.choosing.show_review(written.draft.request_id, AUTHOR, "It is clear.", is_allowed=True)
    assert shown.draft.words == 3


async def test_a_review_keeps_the_length_of_its_words_while_the_rest_is_typed_again(house: House) -> None:
    written = await house.drafting.write(new(link=""))
    await house.choosing.show_review(written.draft.request_id, AUTHOR, "It is clear.", is_allowed=True)
    assert (await changed(house, written, about=LONG)).draft.words == 3
    assert (await choose(house, written, stage=Stage.TALK)).draft.words == 0
    assert (await choose(house, written, stage=Stage.IDEA)).draft.words == count_words(LONG)


async def test_a_file_keeps_its_length_whatever_its_stage(house: House) -> None:
    written = await house.drafting.write(new(link="", file=handed_in()))
    for stage in (Stage.IDEA, Stage.TALK):
        assert (await choose(house, written, stage=stage)).draft.words == count_words(WORDS.decode())
    assert (await changed(house, written, about=LONG)).draft.words == count_words(WORDS.decode())
