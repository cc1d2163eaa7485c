"""What a profile says and does about what was learned of its owner."""

from datetime import timedelta

import pytest

from bot.domain.attention import Rate
from bot.domain.learning import Labels, declared_weight, learned_weight
from bot.domain.lifecycle import Outcome, Urgency
from bot.services.people.profiling import ProfileForm
from bot.services.results import ProfileCard, StatementLine
from bot.store.engine import Database
from bot.store.statements import LEARNED
from models import Member, Statement
from tests.factories import GUILD_ID, NOW, a_member, a_part, a_question, a_statement, an_invitation
from tests.fakes import EXPERTISE, House

USER = 77
LESSON = "How do I keep a CTC loss from exploding when the transcripts are long?"
EVERYTHING = [EXPERTISE, "Grant writing", LESSON]
FORM = ProfileForm(statements=f"{EXPERTISE}\nGrant writing", rate=Rate.MORE)
OFF_TOPIC = declared_weight(Labels(off_topic=1), learns_from_help=True)


@pytest.fixture
async def house(database: Database) -> House:
    """Let `USER` declare two lines, agree to be learned from, and help with one question."""
    house = House(database)
    await house.open()
    await house.profiling.save(GUILD_ID, USER, FORM)
    await house.profiling.set_learning(GUILD_ID, USER, learns_from_help=True)
    async with database.begin() as work:
        helper = await a_member(work, user_id=USER)
        question = await a_question(work, await a_member(work), text=LESSON, state="resolved")
        await a_part(work, question, helper, answered_at=NOW, outcome="helped")
        await a_statement(work, helper, LESSON, source=LEARNED, request_id=question.id)
    await house.reindexing.sweep()
    return house


async def card_of(house: House) -> ProfileCard:
    return await house.profiling.card(GUILD_ID, USER)


async def press(house: House, state: str, line: StatementLine) -> None:
    """Let someone be asked for a line, and say what became of it."""
    async with house.database.begin() as work:
        helper = await a_member(work, user_id=USER)
        question = await a_question(work, await a_member(work))
        await an_invitation(
            work, question, helper, statement_id=line.statement_id, state=state, decided_at=house.clock.now()
        )


async def reasons(house: House) -> list[str]:
    """Return the lines that a question in the very same words finds, after all that was told to routing."""
    lines = {line.statement_id: line.text for line in (await card_of(house)).statements}
    found = []
    for text in EVERYTHING:
        matches = await house.inviting.rank(GUILD_ID, await house.router.read(text), Urgency.THIS_WEEK)
        found += [text for match in matches if lines.get(match.statement_id) == text]
    return found


async def test_the_card_tells_what_was_learned_from_what_was_declared(house: House) -> None:
    card = await card_of(house)

    assert card.learns_from_help
    assert [(line.text, line.is_learned, line.weight) for line in card.statements] == [
        (EXPERTISE, False, 1),
        ("Grant writing", False, 1),
        (LESSON, True, learned_weight(Labels(), Outcome.HELPED)),
    ]


async def test_a_weight_that_moved_is_seen_by_its_owner(house: House) -> None:
    first, second, _ = (await card_of(house)).statements
    await press(house, "off_topic", first)
    await press(house, "taken", second)

    assert [line.weight for line in (await card_of(house)).statements] == [
        OFF_TOPIC,
        declared_weight(Labels(taken=1), learns_from_help=True),
        1,
    ]


async def test_without_consent_only_off_topic_moves_a_weight(house: House) -> None:
    first, second, _ = (await card_of(house)).statements
    await press(house, "off_topic", first)
    for state in ("taken", "passed"):
        await press(house, state, second)

    card = await house.profiling.set_learning(GUILD_ID, USER, learns_from_help=False)

    assert [line.weight for line in card.statements][:2] == [OFF_TOPIC, 1]


async def test_turning_learning_off_sets_what_was_learned_aside_and_on_brings_it_back(house: House) -> None:
    assert await reasons(house) == EVERYTHING

    card = await house.profiling.set_learning(GUILD_ID, USER, learns_from_help=False)
    assert not card.learns_from_help
    assert [line.text for line in card.statements] == EVERYTHING
    assert await reasons(house) == EVERYTHING[:2]

    card = await house.profiling.set_learning(GUILD_ID, USER, learns_from_help=True)
    assert card.learns_from_help
    assert await reasons(house) == EVERYTHING


async def test_somebody_new_can_choose_before_they_have_a_profile(house: House) -> None:
    card = await house.profiling.set_learning(GUILD_ID, USER + 1, learns_from_help=True)

    assert (card.learns_from_help, card.is_helper, card.statements) == (True, False, ())
    assert await house.profiling.set_learning(GUILD_ID, USER + 1, learns_from_help=True) == card


async def test_a_form_leaves_the_choice_as_it_was(house: House) -> None:
    card = await house.profiling.save(GUILD_ID, USER, FORM)

    assert card.learns_from_help
    assert [line.text for line in card.statements] == [EXPERTISE, "Grant writing", LESSON]


async def test_forgetting_deletes_what_was_learned_and_weighs_the_rest_as_written(house: House) -> None:
    first, second, _ = (await card_of(house)).statements
    await press(house, "off_topic", first)
    await press(house, "taken", second)
    await reasons(house)
    house.clock.advance(timedelta(minutes=1))

    card = await house.profiling.unlearn(GUILD_ID, USER)

    assert [(line.text, line.weight) for line in card.statements] == [(EXPERTISE, 1), ("Grant writing", 1)]
    assert (card.is_helper, card.learns_from_help) == (True, True)
    assert await reasons(house) == [EXPERTISE, "Grant writing"]
    assert await house.profiling.unlearn(GUILD_ID, USER) == card


async def test_what_happens_after_forgetting_counts_again(house: House) -> None:
    first, *_ = (await house.profiling.unlearn(GUILD_ID, USER)).statements
    house.clock.advance(timedelta(minutes=1))
    await press(house, "off_topic", first)

    assert [line.weight for line in (await card_of(house)).statements] == [OFF_TOPIC, 1]


async def test_somebody_else_is_not_forgotten_along(house: House) -> None:
    before = await card_of(house)

    await house.profiling.unlearn(GUILD_ID, USER + 1)

    assert await card_of(house) == before


async def test_a_learned_line_is_deleted_like_any_other(house: House) -> None:
    *declared, learned = (await card_of(house)).statements

    card = await house.profiling.delete(GUILD_ID, USER, [learned.statement_id])

    assert card.statements == tuple(declared)
    assert card.is_helper
    assert await reasons(house) == [EXPERTISE, "Grant writing"]


async def test_deleting_the_last_declared_line_opts_out_though_something_was_learned(house: House) -> None:
    first, second, learned = (await card_of(house)).statements

    card = await house.profiling.delete(GUILD_ID, USER, [first.statement_id])
    assert card.is_helper
    card = await house.profiling.delete(GUILD_ID, USER, [second.statement_id])

    assert (card.is_helper, card.statements) == (False, (learned,))
    assert await reasons(house) == []
    (member,) = await house.rows(Member, user_id=USER)
    assert not member["is_helper"]


async def test_deleting_a_learned_line_opts_nobody_in(house: House) -> None:
    await house.profiling.save(GUILD_ID, USER, ProfileForm(statements=FORM.statements, rate=Rate.NEVER))
    learned = (await card_of(house)).statements[2]

    card = await house.profiling.delete(GUILD_ID, USER, [learned.statement_id])

    assert (card.is_helper, len(card.statements)) == (False, 2)


async def test_muting_leaves_what_was_learned_alone(house: House) -> None:
    ids = [line.statement_id for line in (await card_of(house)).statements]

    card = await house.profiling.mute(GUILD_ID, USER, ids)

    assert [line.is_muted for line in card.statements] == [True, True, False]
    assert await reasons(house) == [LESSON]
    assert [row["is_muted"] for row in await house.rows(Statement)] == [True, True, False]
