"""Keeping a profile: read, replaced, refused without a trace, and found by the next question."""

import asyncio
from dataclasses import replace
from datetime import time

import pytest

from bot.domain.attention import Rate
from bot.domain.lifecycle import Urgency
from bot.errors import Invalid, LimitReached, NotAllowed, NotFound
from bot.services.people.profiling import LONGEST_LEARNING, ProfileForm, read_clock, write_clock
from bot.services.ports import MailboxClosed
from bot.services.results import ProfileCard, StatementLine
from bot.store.engine import Database
from bot.ui.profile_card import profile_card
from models import Member, OutboxLetter, Statement, StatementVector
from tests.factories import GUILD_ID
from tests.fakes import EXPERTISE, QUESTION, ColdEncoder, House, new_id, values
from tests.hashing import DIMENSION

USER = 77
FORM = ProfileForm(
    statements=f"{EXPERTISE}\nGrant writing", learning="Diffusion", languages="fr, Swahili",
    clock="Europe/Paris 9-17:30", rate=Rate.MORE,
)  # fmt: skip


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def save(house: House, form: ProfileForm = FORM, user_id: int = USER, **changed: object) -> ProfileCard:
    return await house.profiling.save(GUILD_ID, user_id, replace(form, **changed))  # type: ignore[arg-type]


async def found(house: House) -> list[int]:
    """Return the people that the next question finds, by member id."""
    query = await house.router.read(QUESTION)
    return [match.member_id for match in await house.inviting.rank(GUILD_ID, query, Urgency.THIS_WEEK)]


async def member_id(house: House, user_id: int = USER) -> int:
    async with house.database.read() as work:
        member = await work.members.find(GUILD_ID, user_id)
    assert member is not None
    return member.id


async def test_somebody_new_has_an_empty_card_and_no_row(house: House) -> None:
    card = await house.profiling.card(GUILD_ID, USER)

    assert card == ProfileCard(user_id=USER, is_helper=False, rate=Rate.ONE_A_DAY, statements=())
    assert not await house.rows(Member)


async def test_a_form_is_kept_and_the_card_says_so(house: House) -> None:
    card = await save(house)

    first, second = card.statements
    assert (first.text, second.text) == (EXPERTISE, "Grant writing")
    assert (first.is_muted, first.is_learned) == (False, False)
    assert (card.is_helper, card.rate, card.learning) == (True, Rate.MORE, "Diffusion")
    assert (card.languages, card.zone) == (("fr", "sw"), "Europe/Paris")
    assert (card.begins, card.ends) == (time(9), time(17, 30))
    assert await house.profiling.card(GUILD_ID, USER) == card
    assert house.nudges == 1


async def test_every_line_has_a_vector_of_its_own(house: House) -> None:
    card = await save(house)

    rows = await house.rows(StatementVector)

    assert values(rows, "statement_id") == [line.statement_id for line in card.statements]
    assert values(rows, "model_id") == ["hashing-v1"] * 2
    assert len(set(values(rows, "vector"))) == 2
    assert {len(bytes(row["vector"])) for row in rows} == {4 * DIMENSION}


async def test_a_cold_model_leaves_the_lines_for_a_later_sweep(database: Database) -> None:
    house = House(database, encoder=ColdEncoder())
    await house.open()

    card = await save(house)

    assert not await house.rows(StatementVector)
    async with database.read() as work:
        missing = await work.statement_vectors.missing("cold", 10)
    assert [text_id for text_id, _ in missing] == [line.statement_id for line in card.statements]
    assert await found(house) == [await member_id(house)]


@pytest.mark.parametrize(
    "changed",
    [
        {"statements": "\n".join(map(str, range(31)))},
        {"statements": "x" * 201},
        {"learning": "x" * (LONGEST_LEARNING + 1)},
        {"languages": "Klingonese"},
        {"clock": "Mars/Olympus"},
        {"clock": "9-25"},
    ],
)
async def test_a_refused_form_changes_nothing(house: House, changed: dict[str, str]) -> None:
    await save(house)
    before = await house.snapshot()

    with pytest.raises((Invalid, LimitReached)):
        await save(house, **changed)  # type: ignore[arg-type]

    assert await house.snapshot() == before
    assert await found(house) == [await member_id(house)]


@pytest.mark.parametrize("changed", [{"statements": " \n\u200b"}, {"rate": Rate.NEVER}])
async def test_nothing_to_offer_and_never_are_opting_out(house: House, changed: dict[str, str]) -> None:
    await save(house)

    card = await save(house, **changed)  # type: ignore[arg-type]

    assert not card.is_helper
    assert not await found(house)


async def test_lines_that_stay_keep_what_they_have(house: House) -> None:
    first = (await save(house)).statements[0]
    await house.profiling.mute(GUILD_ID, USER, [first.statement_id])
    before, vector = (await house.rows(Statement))[0], (await house.rows(StatementVector))[0]

    card = await save(house, statements=f"Peer review\n{EXPERTISE.upper()}")

    assert card.statements[0] == StatementLine(first.statement_id, EXPERTISE, is_muted=True, is_learned=False)
    assert (await house.rows(Statement))[0] == before
    assert (await house.rows(StatementVector))[0] == vector


async def test_what_was_learned_stays_when_the_form_doesnt_list_it(house: House) -> None:
    await save(house)
    async with house.database.begin() as work:
        (first, _) = await work.statements.of(await member_id(house))
        first.source = "learned"

    card = await save(house, statements="Peer review")

    assert [(line.text, line.is_learned) for line in card.statements] == [(EXPERTISE, True), ("Peer review", False)]


async def test_the_next_question_finds_what_was_saved_and_not_what_was_deleted(house: House) -> None:
    assert not await found(house)
    card = await save(house, statements=EXPERTISE)
    assert await found(house) == [await member_id(house)]

    mine = [line.statement_id for line in card.statements]
    await house.profiling.mute(GUILD_ID, USER, mine)
    assert not await found(house)

    await house.profiling.mute(GUILD_ID, USER, [])
    assert await found(house) == [await member_id(house)]

    await house.profiling.delete(GUILD_ID, USER, mine)
    assert not await found(house)


async def test_deleting_some_keeps_the_rest_and_deleting_all_opts_out(house: House) -> None:
    first, second = (await save(house)).statements

    some = await house.profiling.delete(GUILD_ID, USER, [first.statement_id])
    again = await house.profiling.delete(GUILD_ID, USER, [first.statement_id])
    nothing = await house.profiling.delete(GUILD_ID, USER, [second.statement_id])

    assert some == again
    assert (some.is_helper, [line.text for line in some.statements]) == (True, ["Grant writing"])
    assert (nothing.is_helper, nothing.statements) == (False, ())


async def test_other_peoples_lines_are_left_alone(house: House) -> None:
    theirs = await save(house, user_id=new_id())
    await save(house, statements="Peer review")
    ids = [line.statement_id for line in theirs.statements]

    await house.profiling.mute(GUILD_ID, USER, ids)
    await house.profiling.delete(GUILD_ID, USER, ids)

    assert await house.profiling.card(GUILD_ID, theirs.user_id) == theirs


async def test_deleting_without_a_profile_is_nothing(house: House) -> None:
    assert not (await house.profiling.delete(GUILD_ID, USER, [1])).is_helper


async def test_a_zone_by_itself(house: House) -> None:
    await save(house)

    card = await house.profiling.set_zone(GUILD_ID, USER, " africa/nairobi ")

    assert (card.zone, card.begins, len(card.statements)) == ("Africa/Nairobi", time(9), 2)
    with pytest.raises(Invalid) as refusal:
        await house.profiling.set_zone(GUILD_ID, USER, "Mars/Olympus")
    assert refusal.value.key == "profile.unknown_zone"


async def test_the_first_profile_sends_a_test_message_and_later_ones_dont(house: House) -> None:
    await save(house, rate=Rate.NEVER)
    assert not await house.rows(OutboxLetter)

    await save(house)
    await save(house, statements="Peer review")
    await house.settle()

    (test,) = house.messenger.of("direct_message_check")
    assert test.user_id == USER


async def test_checks_asked_for_at_once_send_one_message(house: House) -> None:
    await asyncio.gather(*(house.profiling.check_messages(GUILD_ID, USER) for _ in range(5)))
    await house.settle()
    assert len(house.messenger.of("direct_message_check")) == 1

    await house.profiling.check_messages(GUILD_ID, USER)
    await house.settle()
    assert len(house.messenger.of("direct_message_check")) == 2


async def test_a_test_message_proves_its_arrival_or_its_failure(house: House) -> None:
    house.messenger.trouble(MailboxClosed("403/50007"), user_id=USER)
    await save(house)
    await house.settle()
    assert (await house.profiling.card(GUILD_ID, USER)).direct_messages == "closed"

    house.messenger.recover()
    await house.profiling.check_messages(GUILD_ID, USER)
    await house.settle()
    assert (await house.profiling.card(GUILD_ID, USER)).direct_messages == "unknown"

    mine = await member_id(house)
    await asyncio.gather(*(house.profiling.confirm_messages(mine, USER) for _ in range(3)))
    assert (await house.profiling.card(GUILD_ID, USER)).direct_messages == "open"


async def test_only_the_addressee_can_say_that_it_arrived(house: House) -> None:
    await save(house)

    with pytest.raises(NotAllowed):
        await house.profiling.confirm_messages(await member_id(house), USER + 1)
    with pytest.raises(NotFound):
        await house.profiling.confirm_messages(999, USER)

    assert (await house.profiling.card(GUILD_ID, USER)).direct_messages == "unknown"


async def test_forms_saved_at_once_leave_one_of_them_whole(house: House) -> None:
    forms = [replace(FORM, statements=f"{EXPERTISE}\nIdea {n}", learning=f"Learning {n}") for n in range(8)]

    saved = await asyncio.gather(*(save(house, form) for form in forms))

    card = await house.profiling.card(GUILD_ID, USER)
    assert card in saved
    assert card.learning is not None
    assert [line.text for line in card.statements] == [EXPERTISE, f"Idea {card.learning[-1]}"]
    assert len(await house.rows(Member)) == 1
    assert await found(house) == [await member_id(house)]


async def test_saving_and_deleting_at_once_break_nothing(house: House) -> None:
    card = await save(house)
    mine = [line.statement_id for line in card.statements]

    await asyncio.gather(save(house), house.profiling.delete(GUILD_ID, USER, mine), save(house), save(house))

    after = await house.profiling.card(GUILD_ID, USER)
    assert after.is_helper == bool(after.statements)
    assert await found(house) == ([await member_id(house)] if after.statements else [])


@pytest.mark.parametrize("written", ["09-05", "09:00-05:00", "Paris 08-07", "12:00-11:00"])
def test_nearly_a_day_in_hours_that_have_two_halves_is_asked_about(written: str) -> None:
    with pytest.raises(Invalid, match=r"time\.which_half"):
        read_clock(written)


async def test_a_helper_of_nine_to_five_isnt_kept_as_awake_at_night(house: House) -> None:
    with pytest.raises(Invalid, match=r"time\.which_half"):
        await save(house, clock="America/New_York 9-5")
    card = await save(house, clock="America/New_York 9am-5pm")
    assert (card.begins, card.ends) == (time(9), time(17))


async def test_the_card_shows_the_hour_it_is_there_now(house: House) -> None:
    card = await save(house, clock="Asia/Calcutta 9-17")
    assert card.zone == "Asia/Kolkata"
    assert card.local == house.clock.now()
    assert card.local is not None
    assert f"where it's {card.local:%H:%M} now" in profile_card(card, "en").content


@pytest.mark.parametrize(
    "written", ["Europe/Paris 09:00-17:30", "Africa/Nairobi", "20:00-02:00", "UTC 09:00-24:00", ""]
)
async def test_what_is_written_into_the_form_is_read_back(house: House, written: str) -> None:
    card = await save(house, clock=written)

    assert write_clock(card, "de") == written


async def test_a_newcomers_zone_is_guessed_from_their_language(house: House) -> None:
    card = await house.profiling.card(GUILD_ID, USER)

    assert write_clock(card, "de") == "Europe/Berlin"
    assert write_clock(card, "en-US") == ""
