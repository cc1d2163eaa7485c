"""Who was asked, what came of it, and who helped."""

from datetime import datetime, timedelta

import pytest

from bot.domain.lifecycle import InvitationState
from bot.errors import Conflict
from bot.store.engine import Database
from bot.store.invitations import Asked
from bot.store.transactions import Writes
from tests.factories import GUILD_ID, NOW, a_helper, a_member, a_part, a_question, an_invitation

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def test_an_invitation_remembers_the_decision(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        chosen = {
            "expertise": 0.123456789012345,
            "availability": 1.0,
            "freshness": 1 / 3,
            "policy_version": "2",
            "dense": -1.5,
            "profile": 0.25,
            "bm25": 2 / 3,
            "tfidf": 0.0,
            "is_exploratory": True,
        }
        asked = await an_invitation(work, question, await a_helper(work), **chosen)

    async with database.read() as work:
        invitation = await work.invitations.get(asked.id)
        assert invitation is not None
        assert {name: getattr(invitation, name) for name in chosen} == chosen
        assert (invitation.state, invitation.wave, invitation.decided_at) == ("asked", 1, None)
        assert await work.invitations.get(asked.id + 1) is None
        assert await work.invitations.request_of(asked.id) == question.id
        assert await work.invitations.request_of(asked.id + 1) is None


async def test_invitations_of_a_request_come_oldest_first(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        question = await a_question(work, asker)
        asked = [(await an_invitation(work, question, await a_helper(work))).id for _ in range(3)]
        await an_invitation(work, await a_question(work, asker), await a_helper(work))

    async with database.read() as work:
        assert [each.id for each in await work.invitations.of(question.id)] == asked


async def test_a_member_s_latest_invitations_come_newest_first(database: Database) -> None:
    async with database.begin() as work:
        asker, helper = await a_member(work), await a_helper(work)
        asked = [(await an_invitation(work, await a_question(work, asker), helper)).id for _ in range(4)]
        await an_invitation(work, await a_question(work, asker), await a_helper(work))

    async with database.read() as work:
        assert [each.id for each in await work.invitations.latest_of(helper.id, 3)] == asked[:0:-1]
        assert len(await work.invitations.latest_of(helper.id, 9)) == 4
        assert await work.invitations.latest_of(asker.id, 3) == []


async def test_nobody_is_asked_twice_about_one_request(database: Database) -> None:
    async with database.begin() as work:
        question, helper = await a_question(work, await a_member(work)), await a_helper(work)
        await an_invitation(work, question, helper)

    with pytest.raises(Conflict):
        async with database.begin() as work:
            await an_invitation(work, question, helper)


async def test_withdrawing_takes_back_only_what_nobody_answered(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        question = await a_question(work, asker)
        asked = await an_invitation(work, question, await a_helper(work))
        passed = await an_invitation(work, question, await a_helper(work), state="passed")
        elsewhere = await an_invitation(work, await a_question(work, asker), await a_helper(work))

    async with database.begin() as work:
        await work.invitations.withdraw(question.id, NOW + HOUR)

    async with database.read() as work:
        found = [await work.invitations.get(each.id) for each in (asked, passed, elsewhere)]
    assert [(each.state, each.decided_at) for each in found if each] == [
        ("withdrawn", NOW + HOUR),
        ("passed", None),
        ("asked", None),
    ]


async def test_a_press_that_meets_a_withdrawal_conflicts(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        pressed = await an_invitation(work, question, await a_helper(work))
    async with database.begin() as work:
        await work.invitations.withdraw(question.id, NOW)

    pressed.state = "taken"
    with pytest.raises(Conflict):
        async with database.begin() as work:
            work.invitations.add(pressed)


async def test_withdrawing_shows_in_the_transaction_that_withdraws(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        invitation = await an_invitation(work, question, await a_helper(work))
        await work.invitations.withdraw(question.id, NOW)

        assert invitation.state == "withdrawn"


async def test_withdrawing_expects_nothing_more_of_those_who_took_it(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        taken = await an_invitation(work, question, await a_helper(work), state="taken", expires_at=NOW + DAY)
    async with database.begin() as work:
        await work.invitations.withdraw(question.id, NOW)

    async with database.read() as work:
        kept = await work.invitations.get(taken.id)
        assert kept is not None
        assert (kept.state, kept.expires_at, kept.decided_at) == ("taken", None, None)


async def test_who_was_asked_for_several_requests(database: Database) -> None:
    async with database.begin() as work:
        asker, one, two = await a_member(work), await a_helper(work), await a_helper(work)
        first, second, third = [await a_question(work, asker) for _ in range(3)]
        await an_invitation(work, first, two, wave=2, state="expired")
        await an_invitation(work, first, one, referrer_id=two.id)
        await an_invitation(work, second, one, state="passed")
        await an_invitation(work, await a_question(work, asker), one)

        assert await work.invitations.asked([first.id, second.id, third.id]) == {
            first.id: [
                Asked(two.id, 2, InvitationState.EXPIRED, is_referred=False),
                Asked(one.id, 1, InvitationState.ASKED, is_referred=True),
            ],
            second.id: [Asked(one.id, 1, InvitationState.PASSED, is_referred=False)],
            third.id: [],
        }
        assert await work.invitations.asked([]) == {}


async def test_what_has_run_out_comes_by_community_the_longest_over_first(database: Database) -> None:
    async with database.begin() as work:
        there = await a_question(work, await a_member(work, GUILD_ID + 1))
        here, other = [await a_question(work, await a_member(work)) for _ in range(2)]
        helper = await a_helper(work)
        at_once = await an_invitation(work, there, helper, expires_at=NOW)
        later = await an_invitation(work, here, helper, expires_at=NOW)
        earlier = await an_invitation(work, other, helper, expires_at=NOW - HOUR)
        await an_invitation(work, here, await a_helper(work), expires_at=NOW + timedelta(microseconds=1))
        await an_invitation(work, here, await a_helper(work), expires_at=None)
        taken = await an_invitation(work, here, await a_helper(work), expires_at=NOW, state="taken")
        await an_invitation(work, here, await a_helper(work), expires_at=NOW, state="passed")

    async with database.read() as work:
        over = await work.invitations.run_out(InvitationState.ASKED, NOW, 10)
        assert over == [
            (GUILD_ID, other.id, earlier.id), (GUILD_ID, here.id, later.id), (GUILD_ID + 1, there.id, at_once.id),
        ]  # fmt: skip
        assert await work.invitations.run_out(InvitationState.ASKED, NOW, 1) == over[:1]
        assert await work.invitations.run_out(InvitationState.TAKEN, NOW, 10) == [(GUILD_ID, here.id, taken.id)]
        assert await work.invitations.run_out(InvitationState.ASKED, NOW - 2 * HOUR, 10) == []


async def test_these_invitations_are_read_as_they_are_now(database: Database) -> None:
    async with database.begin() as work:
        asker, helper = await a_member(work), await a_helper(work)
        asked = [(await an_invitation(work, await a_question(work, asker), helper)).id for _ in range(3)]
    async with database.read() as work:
        (seen,) = await work.invitations.those(asked[1:2])
        async with database.begin() as other:
            await other.invitations.end(asked[:2], InvitationState.EXPIRED, NOW + HOUR)
        assert isinstance(work.members._session, Writes)
        await work.members._session.rollback()

        first, second = await work.invitations.those([asked[1], asked[0]])
        assert (first.id, second.id) == (asked[0], asked[1])
        assert second is seen
        assert (seen.state, seen.decided_at) == ("expired", NOW + HOUR)
        assert await work.invitations.those([]) == []


async def test_ending_ends_these_and_no_other_and_a_press_that_meets_it_conflicts(database: Database) -> None:
    async with database.begin() as work:
        asker, helper = await a_member(work), await a_helper(work)
        pressed, other = [await an_invitation(work, await a_question(work, asker), helper) for _ in range(2)]
    async with database.begin() as work:
        await work.invitations.end([pressed.id], InvitationState.UNDELIVERED, NOW)
        await work.invitations.end([], InvitationState.UNDELIVERED, NOW)

    async with database.read() as work:
        assert [each.state for each in await work.invitations.those([pressed.id, other.id])] == ["undelivered", "asked"]
    pressed.state = "taken"
    with pytest.raises(Conflict):
        async with database.begin() as work:
            work.invitations.add(pressed)


async def test_a_member_s_invitations_in_some_states_come_oldest_first(database: Database) -> None:
    async with database.begin() as work:
        asker, helper = await a_member(work), await a_helper(work)
        by_state = {
            state: (await an_invitation(work, await a_question(work, asker), helper, state=state)).id
            for state in ("taken", "passed", "asked")
        }
        await an_invitation(work, await a_question(work, asker), asker)

    async with database.read() as work:
        wanted = (InvitationState.ASKED, InvitationState.TAKEN)
        found = [each.id for each in await work.invitations.of_member(helper.id, wanted)]
    assert found == [by_state["taken"], by_state["asked"]]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("asked", ("taken", NOW)),
        ("taken", ("taken", None)),
        ("passed", ("passed", None)),
        ("expired", ("expired", None)),
    ],
)
async def test_an_answer_takes_what_was_considered_and_ends_every_wait(
    database: Database, state: str, expected: tuple[str, datetime | None]
) -> None:
    async with database.begin() as work:
        question, helper = await a_question(work, await a_member(work)), await a_helper(work)
        asked = await an_invitation(work, question, helper, state=state, expires_at=NOW + DAY)
    async with database.begin() as work:
        assert await work.invitations.take_by_answering(question.id, helper.id, NOW)
        assert not await work.invitations.take_by_answering(question.id, question.asker_id, NOW)
        assert not await work.invitations.take_by_answering(question.id + 1, helper.id, NOW)

    async with database.read() as work:
        (kept,) = await work.invitations.those([asked.id])
        assert (kept.state, kept.decided_at, kept.expires_at) == (*expected, None)


async def test_one_part_for_each_helper_of_a_question(database: Database) -> None:
    async with database.begin() as work:
        asker, helper, second = await a_member(work), await a_helper(work), await a_helper(work)
        question = await a_question(work, asker)
        await a_part(work, question, helper, taken_at=NOW)
        await a_part(work, question, second, answered_at=NOW)
        await a_part(work, await a_question(work, asker), helper)

    async with database.begin() as work:
        again = await work.requests.get(question.id)
        assert again is not None
        part = await work.help_interactions.ensure(again, helper.id)
        assert part.taken_at == NOW
        part.outcome, part.outcome_at = "helped", NOW + HOUR

    async with database.read() as work:
        parts = await work.help_interactions.of(question.id)
        assert [(each.helper_id, each.asker_id, each.outcome) for each in parts] == [
            (helper.id, asker.id, "helped"),
            (second.id, asker.id, None),
        ]
        assert [(each.answered_at, each.outcome_at) for each in parts] == [(None, NOW + HOUR), (NOW, None)]


async def test_who_has_a_part_in_several_requests(database: Database) -> None:
    async with database.begin() as work:
        asker, helper, second = await a_member(work), await a_helper(work), await a_helper(work)
        first, other, third = [await a_question(work, asker) for _ in range(3)]
        for question, member in ((first, helper), (first, second), (third, helper)):
            await a_part(work, question, member)

        found = await work.help_interactions.helpers([first.id, other.id])

    assert found == {first.id: {helper.id, second.id}, other.id: set()}


async def test_answers_of_a_community_are_who_and_when(database: Database) -> None:
    async with database.begin() as work:
        asker, helper = await a_member(work), await a_helper(work)
        first, second = await a_question(work, asker), await a_question(work, asker)
        await a_part(work, first, helper, answered_at=NOW - HOUR)
        await a_part(work, second, helper, answered_at=NOW, outcome="not_yet")
        await a_part(work, first, asker, taken_at=NOW)
        stranger = await a_member(work, GUILD_ID + 1)
        await a_part(work, await a_question(work, stranger), stranger, answered_at=NOW)

    async with database.read() as work:
        answers = await work.help_interactions.answers(GUILD_ID)
        assert sorted(answers) == [(helper.id, NOW - HOUR), (helper.id, NOW)]
        assert await work.help_interactions.answers(GUILD_ID + 2) == []


async def test_whoever_was_invited_or_has_a_part_is_concerned_once(database: Database) -> None:
    async with database.begin() as work:
        asker, invited, helper, both, other = [await a_member(work) for _ in range(5)]
        question = await a_question(work, asker)
        for member in (invited, both):
            await an_invitation(work, question, member)
        for member in (helper, both):
            await a_part(work, question, member)
        await an_invitation(work, await a_question(work, asker), other)

    async with database.read() as work:
        concerned = await work.help_interactions.concerned(question.id)
        assert sorted(concerned) == sorted([invited.id, helper.id, both.id])
        assert await work.help_interactions.concerned(question.id + 100) == []
