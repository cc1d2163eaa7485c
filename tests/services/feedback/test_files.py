"""Files of drafts: how often they are looked into, and whose turn it is."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.attachments.turns import FileTurns
from bot.domain.lifecycle import Visibility
from bot.domain.limits import LIMITS, Deed
from bot.errors import Invalid, LimitReached, Unavailable
from bot.services.feedback.drafting_results import HandedIn
from bot.services.feedback.versions import NewVersion
from models import OutboxFile
from tests.fakes import House
from tests.services.feedback.reviews import reading
from tests.services.feedback.test_drafting import AUTHOR, OTHER, PDF, choose, handed_in, new, with_file

pytestmark = pytest.mark.both
Act = Callable[[House, int], Awaitable[object]]
MOST = LIMITS[Deed.HAND_IN].most


async def test_a_file_is_looked_into_once_for_all_choices(house: House) -> None:
    house.files.record = {"Author": "Amina"}
    written = await with_file(house, PDF + b"# One\n" + b"word " * 6_000)
    before = house.files.looks
    await choose(house, written, visibility=Visibility.MATCHED_ANONYMOUS)
    await choose(house, written, readers=3)
    shown = await choose(house, written, part=1)
    assert (before, house.files.looks) == (1, 1)
    assert (shown.record, shown.is_record_open, len(shown.parts)) == ({"Author": "Amina"}, False, 2)


async def test_a_file_that_takes_too_long_takes_it_once(house: House) -> None:
    house.files.refusal = Invalid("file.slow")
    written = await with_file(house, PDF)
    shown = await choose(house, written, visibility=Visibility.MATCHED_ANONYMOUS)
    assert (house.files.looks, shown.record, shown.is_record_open) == (1, None, True)


async def test_a_copy_is_looked_into_and_shown_as_it_is(house: House) -> None:
    house.files.record = {"Author": "Amina"}
    written = await with_file(house, PDF)
    await choose(house, written, visibility=Visibility.MATCHED_ANONYMOUS)
    house.files.record = {}
    shown = await house.choosing.clean_file(written.draft.request_id, AUTHOR)
    assert (shown.record, shown.is_record_open) == ({}, False)


async def write(house: House, row: int) -> object:
    return await house.drafting.write(new(changes=row, link="", file=handed_in(PDF)))


async def copy(house: House, row: int) -> object:
    return await house.choosing.clean_file(row, AUTHOR)


@pytest.mark.parametrize("act", [write, copy])
async def test_a_person_hands_in_only_so_many_in_a_day_whatever_becomes_of_them(house: House, act: Act) -> None:
    row = (await with_file(house, PDF)).draft.request_id
    house.files.refusal = Invalid("file.slow")
    fetched = house.files.looks
    for _ in range(MOST - 1):
        try:
            await act(house, row)
        except Invalid:
            assert act is copy
    with pytest.raises(LimitReached, match=r"limit\.reached"):
        await act(house, row)
    assert house.files.looks <= fetched + MOST - 1


async def test_so_it_is_with_a_new_version_that_never_begins(house: House) -> None:
    review = await reading(house)
    await review.give(0)
    await review.give(1)
    house.files.refusal = Invalid("file.slow")
    version = NewVersion("in 3 weeks AoE", "All of it.", file=handed_in(PDF))
    for _ in range(MOST):
        with pytest.raises(Invalid, match=r"file\.slow"):
            await house.rounds.next(review.id, AUTHOR, version)
    with pytest.raises(LimitReached, match=r"limit\.reached"):
        await house.rounds.next(review.id, AUTHOR, version)


async def test_a_draft_that_has_no_place_isnt_read_for_it_again_and_again(house: House) -> None:
    written = await with_file(house)
    await choose(house, written, may_read=True)
    house.files.looks, house.messenger.is_forum = 0, True
    for _ in range(3):
        with pytest.raises(Unavailable):
            await house.drafting.post(written.draft.request_id, AUTHOR)
    assert house.files.looks == 0


async def test_one_persons_files_come_one_after_another_and_hold_no_one_up(house: House) -> None:
    fetching, other_came = list[int](), asyncio.Event()

    def slow(user_id: int) -> HandedIn:
        async def fetch() -> bytes:
            assert user_id not in fetching, "their first isn't over"
            fetching.append(user_id)
            if user_id == OTHER:
                other_came.set()
            await asyncio.wait_for(other_came.wait(), 20)
            fetching.remove(user_id)
            return PDF

        return HandedIn("draft.pdf", fetch)

    house.files.turns = FileTurns(2, 30)
    people = [AUTHOR] * 4 + [OTHER]
    forms = [new(user_id=each, link="", file=slow(each)) for each in people]
    await asyncio.gather(*map(house.drafting.write, forms))
    assert len(await house.rows(OutboxFile)) == 4, "the three newest of one, and the other's"
