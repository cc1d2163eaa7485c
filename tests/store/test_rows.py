"""What holds for every table."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from sqlalchemy import Connection, Enum, String, Table, inspect, select, text
from sqlalchemy.exc import StatementError

from bot.domain.attention import Rate
from bot.domain.lifecycle import CloseReason, InvitationState, Outcome, QuestionKind, RequestState, Urgency, Visibility
from bot.domain.policy import DEFAULT
from bot.errors import Conflict
from bot.services.letters import all_letters
from bot.services.requests import letters
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from models import (
    Base,
    Booking,
    Fact,
    Impression,
    Invitation,
    KeptAnswer,
    Member,
    OutboxLetter,
    Question,
    QueuePlace,
    Reveal,
    Statement,
    WaitlistPlace,
)
from tests.factories import (
    NOW,
    a_draft_with_feedback,
    a_guild,
    a_helper,
    a_kept_answer,
    a_letter,
    a_member,
    a_part,
    a_question,
    a_referral,
    a_reveal,
    a_series,
    a_slot,
    a_statement,
    an_invitation,
    an_occurrence,
    an_unwritten_invitation,
)
from tests.listening import listening

TABLES = Base.metadata.tables
CHOICES = {
    f"{table.name}.{column.name}": column.type.enums
    for table in TABLES.values()
    for column in table.columns
    if isinstance(column.type, Enum)
}


class TestMoments:
    """A moment goes in with an offset and comes out in UTC."""

    async def test_a_naive_moment_is_refused(self, database: Database) -> None:
        naive = datetime(2026, 11, 2, 12, 0)  # noqa: DTZ001
        with pytest.raises(StatementError, match="a moment needs an offset"):
            async with database.begin() as work:
                await work.guilds.ensure(1, naive)

    async def test_another_offset_is_the_same_moment(self, database: Database) -> None:
        nairobi = NOW.astimezone(timezone(timedelta(hours=3)))
        async with database.begin() as work:
            member = await work.members.ensure(1, 1, nairobi)

        async with database.read() as work:
            kept = await work.members.get(member.id)
            assert kept is not None
            assert (kept.joined_at, kept.joined_at.tzinfo, kept.joined_at.hour) == (NOW, UTC, 12)

    async def test_no_moment_stays_none_and_microseconds_stay(self, database: Database) -> None:
        exact = NOW.replace(microsecond=123_456)
        async with database.begin() as work:
            member = await work.members.ensure(1, 1, exact)

        async with database.read() as work:
            kept = await work.members.get(member.id)
            assert kept is not None
            assert (kept.joined_at, kept.told_closed_at) == (exact, None)

    async def test_moments_are_compared_as_moments(self, database: Database) -> None:
        async with database.begin() as work:
            await a_question(work, await a_member(work), created_at=NOW.astimezone(timezone(timedelta(hours=-9))))
            found = await work.members._session.execute(
                text("SELECT count(*) FROM request WHERE created_at <= :now").bindparams(now=NOW)
                if database.engine.dialect.name == "postgresql"
                else text("SELECT count(*) FROM request WHERE created_at <= '2026-11-02 12:00:00.000000'")
            )
            assert found.scalar_one() == 1


async def new_request(work: UnitOfWork) -> Question:
    return await a_question(work, await a_member(work))


async def new_statement(work: UnitOfWork) -> Statement:
    return await a_statement(work, await a_helper(work))


async def new_invitation(work: UnitOfWork) -> Invitation:
    return await an_invitation(work, await a_question(work, await a_member(work)), await a_helper(work))


async def new_kept_answer(work: UnitOfWork) -> KeptAnswer:
    return await a_kept_answer(work, await new_request(work), await a_helper(work))


async def new_reveal(work: UnitOfWork) -> Reveal:
    return await a_reveal(work, await new_request(work), await a_member(work))


Row = Question | Statement | Invitation | KeptAnswer | Reveal


@pytest.mark.parametrize("new", [new_request, new_statement, new_invitation, new_kept_answer, new_reveal])
async def test_a_deleted_row_s_number_is_never_another_s(
    database: Database, new: Callable[[UnitOfWork], Awaitable[Row]]
) -> None:
    async with database.begin() as work:
        last = await new(work)
        await work.members._session.delete(last)
    async with database.begin() as work:
        assert (await new(work)).id > last.id


def test_nothing_is_loaded_behind_anybody_s_back() -> None:
    assert not [mapper.class_.__name__ for mapper in Base.registry.mappers if mapper.relationships]


@pytest.mark.parametrize("table", TABLES.values(), ids=str)
def test_every_constraint_has_a_name(table: Table) -> None:
    assert all(constraint.name for constraint in table.constraints)
    assert all(index.name for index in table.indexes)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("request.state", RequestState),
        ("request.urgency", Urgency),
        ("request.visibility", Visibility),
        ("request.close_reason", CloseReason),
        ("question.kind", QuestionKind),
        ("invitation.state", InvitationState),
        ("help_interaction.outcome", Outcome),
        ("member.rate", Rate),
    ],
)
def test_the_tables_know_the_same_words_as_the_rules(column: str, values: type[StrEnum]) -> None:
    assert set(CHOICES[column]) == {value.value for value in values}


def test_every_kind_of_letter_fits_into_its_column() -> None:
    column = OutboxLetter.__table__.c.kind
    assert isinstance(column.type, String)
    assert max(map(len, all_letters(DEFAULT))) <= (column.type.length or 0)


def test_every_fact_fits_into_its_column() -> None:
    column = Fact.__table__.c.type
    assert isinstance(column.type, String)
    assert max(map(len, {*Outcome, *InvitationState})) <= (column.type.length or 0)


async def test_the_database_holds_exactly_these_words(database: Database) -> None:
    async with database.engine.connect() as connection:
        held = await connection.run_sync(words_held)

    assert held == {place: sorted(words) for place, words in CHOICES.items()}


def words_held(connection: Connection) -> dict[str, list[str]]:
    """Return the words between quotation marks in each check, by table and column."""
    return {
        check["name"].replace(f"ck_{table}_", f"{table}."): sorted(re.findall(r"'(\w+)'", check["sqltext"]))
        for table in TABLES
        for check in inspect(connection).get_check_constraints(table)
        if check["name"]
    }


@pytest.mark.parametrize("statement", ["UPDATE request SET state = 'lost'", "UPDATE member SET rate = 'always'"])
async def test_the_database_refuses_a_word_nobody_knows(database: Database, statement: str) -> None:
    async with database.begin() as work:
        await a_question(work, await a_member(work))

    with pytest.raises(Conflict):
        async with database.begin() as work:
            await work.members._session.execute(text(statement))


async def test_the_rules_values_are_stored_as_words(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work), state=RequestState.TAKEN, urgency=Urgency.TODAY)

    async with database.read() as work:
        kept = await work.requests.get(question.id)
        assert kept is not None
        assert (kept.state, type(kept.state), kept.urgency) == ("taken", str, "today")


async def everything_about(work: UnitOfWork, invitation: Invitation) -> None:
    """Write all else that may hang on a question and the people around it."""
    question = await work.questions.get(invitation.request_id)
    helper, friend = await work.members.get(invitation.member_id), await a_member(work)
    assert question is not None
    assert helper is not None
    invitation.referrer_id = friend.id
    await a_part(work, question, helper)
    await a_referral(work, question, friend, helper)
    await a_kept_answer(work, question, helper)
    await a_reveal(work, question, friend)
    await work.blocks.add(helper.id, friend.id, NOW)
    post = await a_letter(work, request_id=question.id)
    await a_letter(work, invitation_id=invitation.id, after_id=post.id)
    work.facts.add("taken", question, NOW, helper.id)
    await office_hours_of(work, helper, friend)
    await a_draft_with_feedback(work, friend, helper)


async def office_hours_of(work: UnitOfWork, host: Member, asker: Member) -> None:
    """Write all that may hang on someone's offered time."""
    occurrence = await an_occurrence(work, await a_series(work, host))
    slot = await a_slot(work, occurrence)
    booking = Booking(
        slot_id=slot.id, guild_id=slot.guild_id, host_id=host.id, asker_id=asker.id, interaction_id=None,
        question="Why?", booked_at=NOW, starts_at=slot.starts_at, ends_at=slot.ends_at,
    )  # fmt: skip
    work.bookings.add(booking)
    await work.flush()
    await work.bookings.speak_for(booking)
    place = QueuePlace(occurrence_id=occurrence.id, member_id=asker.id, question="Why?", since=NOW)
    waiting = WaitlistPlace(
        guild_id=slot.guild_id, member_id=asker.id, interaction_id=None, question="Why?", since=NOW, slot_id=slot.id
    )
    work.deeds.add(asker.id, "write", NOW)
    impression = Impression(booking_id=booking.id, member_id=asker.id, at=NOW)
    work.members._session.add_all([place, waiting, impression])
    await work.flush()
    await a_letter(work, occurrence_id=occurrence.id, booking_id=booking.id, waiting_id=waiting.id)


async def filled(database: Database) -> set[str]:
    """Return the names of the tables that have a row."""
    async with database.engine.connect() as connection:
        return {name for name, table in TABLES.items() if (await connection.execute(select(table))).first()}


async def test_everything_of_a_community_goes_with_it(database: Database) -> None:
    async with database.begin() as work:
        invitation = await new_invitation(work)
        statement = await new_statement(work)
        work.statement_vectors.add(statement.id, {"model": b"\0\0\0\0"})
        work.question_vectors.add(invitation.request_id, {"model": b"\0\0\0\0"})
        await everything_about(work, invitation)
        await a_guild(work, 2)
    assert await filled(database) == set(TABLES)

    async with database.begin() as work:
        await work.members._session.execute(text("DELETE FROM guild"))

    assert await filled(database) == set()


async def test_rows_that_are_added_together_are_one_statement(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        helpers = [await a_helper(work) for _ in range(3)]
        invitations = [an_unwritten_invitation(question, each) for each in helpers]
        with listening(database) as heard:
            for each in invitations:
                work.invitations.add(each)
            await work.flush()
            await letters.invite(work, [(question, each) for each in invitations], NOW)
            await work.flush()

    written = [statement.split("(")[0].strip() for statement, _ in heard]
    assert [each for each in written if each.startswith("INSERT")] == ["INSERT INTO invitation", "INSERT INTO outbox"]
    async with database.read() as work:
        letter = await work.outbox.find_all(letters.invitation_key(each.id) for each in invitations)
        asked = [letter[letters.invitation_key(each.id)].member_id for each in invitations]
        assert asked == [each.id for each in helpers] == [each.member_id for each in invitations]
