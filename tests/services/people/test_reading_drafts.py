"""*I also read drafts*: what a member says, and that they are asked for no more than that."""

import pytest

from bot.domain.draft_reading import LongestRead
from bot.domain.drafts import Area
from bot.domain.lifecycle import Urgency
from bot.services.people.profiling import ProfileForm
from bot.services.requests.seating import fill_seats
from bot.store.engine import Database
from models import Invitation, Member
from tests.factories import GUILD_ID, a_draft
from tests.fakes import EXPERTISE, QUESTION, House, values
from tests.services.errands import ask_draft
from tests.services.scenes import ASKER, elapse

pytestmark = pytest.mark.both
USER = 78


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def state_of(house: House, member: Member) -> list[object]:
    return values(await house.rows(Invitation, member_id=member.id), "state")


async def test_it_is_off_until_a_member_turns_it_on(house: House) -> None:
    card = await house.profiling.save(GUILD_ID, USER, ProfileForm(EXPERTISE, clock="UTC 0-23:59"))
    assert (card.longest_read, card.read_areas) == (None, ())
    receipt = await ask_draft(house, ASKER)
    assert receipt.invited == 0

    card = await house.profiling.read_drafts(GUILD_ID, USER, LongestRead.SHORT, ())
    assert (card.longest_read, card.read_areas) == (LongestRead.SHORT, ())
    assert await house.inviting.ask_more(receipt.request_id) == 1


async def test_what_was_chosen_is_kept_until_it_is_turned_off(house: House) -> None:
    areas = [Area.PRESENTATION, Area.DESIGN, Area.DESIGN]
    await house.profiling.read_drafts(GUILD_ID, USER, LongestRead.LONG, areas)
    card = await house.profiling.card(GUILD_ID, USER)
    assert (card.longest_read, card.read_areas) == (LongestRead.LONG, (Area.DESIGN, Area.PRESENTATION))

    await house.profiling.read_drafts(GUILD_ID, USER, None, areas)
    card = await house.profiling.card(GUILD_ID, USER)
    assert (card.longest_read, card.read_areas) == (None, ())


async def test_it_is_no_opting_in_to_anything_else(house: House) -> None:
    card = await house.profiling.read_drafts(GUILD_ID, USER, LongestRead.LONG, ())
    assert not card.is_helper
    assert (await ask_draft(house, ASKER)).invited == 0


async def test_a_profile_that_is_saved_again_leaves_it_as_it_is(house: House) -> None:
    await house.profiling.read_drafts(GUILD_ID, USER, LongestRead.MIDDLE, [Area.ANALYSIS])
    card = await house.profiling.save(GUILD_ID, USER, ProfileForm("Grant writing"))
    assert (card.longest_read, card.read_areas) == (LongestRead.MIDDLE, (Area.ANALYSIS,))


async def test_questions_reach_those_who_read_no_drafts(house: House) -> None:
    await house.helper(longest_read=None)
    assert (await house.ask(ASKER)).invited == 1


async def test_turning_it_off_ends_nothing_that_was_taken(house: House) -> None:
    reader = await house.helper()
    await ask_draft(house, ASKER)
    (invitation,) = await house.rows(Invitation)
    await house.helping.take(invitation["id"], reader.user_id)

    await house.profiling.read_drafts(GUILD_ID, reader.user_id, None, ())
    await elapse(house, hours=6)

    assert await state_of(house, reader) == ["taken"]


@pytest.mark.parametrize(
    ("longest", "areas"),
    [
        pytest.param(None, (), id="no drafts any more"),
        pytest.param(LongestRead.SHORT, (), id="only shorter ones"),
        pytest.param(LongestRead.LONG, (Area.DIRECTION,), id="only about something else"),
    ],
)
async def test_a_change_after_ranking_holds(house: House, longest: LongestRead | None, areas: tuple[Area, ...]) -> None:
    reader = await house.helper()
    async with house.database.begin() as work:
        author = await work.members.ensure(GUILD_ID, ASKER, house.clock.now())
        draft = await a_draft(work, author, about=QUESTION, words=1_500, areas=[Area.DESIGN], readers=1)
    query = await house.router.read(QUESTION)
    ranked = {draft.id: await house.inviting.rank(GUILD_ID, query, Urgency.THIS_WEEK)}
    assert [each.member_id for each in ranked[draft.id]] == [reader.id]

    await house.profiling.read_drafts(GUILD_ID, reader.user_id, longest, areas)
    async with house.database.begin() as work:
        filled = await fill_seats(work, house.inviting.numbers, ranked, house.clock.now())
    assert filled[draft.id].invited == 0

    await house.profiling.read_drafts(GUILD_ID, reader.user_id, LongestRead.MIDDLE, [Area.DIRECTION, Area.DESIGN])
    async with house.database.begin() as work:
        filled = await fill_seats(work, house.inviting.numbers, ranked, house.clock.now())
    assert filled[draft.id].invited == 1
