"""Who was asked, who may be, and who helped."""

from datetime import timedelta

import pytest

from bot.errors import Conflict
from bot.store.engine import Database
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


class TestAskable:
    """Who may be asked, before budgets and hours are looked at."""

    async def test_only_those_who_opted_in_and_are_not_the_asker(self, database: Database) -> None:
        async with database.begin() as work:
            asker, helper, shy = await a_helper(work), await a_helper(work), await a_member(work)
            await a_helper(work)
            question = await a_question(work, asker)

            found = await work.invitations.askable(question.id, asker.id, [asker.id, helper.id, shy.id], NOW)

        assert [(member.id, *counts) for member, *counts in found] == [(helper.id, 0, 0, 0)]

    async def test_nobody_when_nobody_matched(self, database: Database) -> None:
        async with database.begin() as work:
            asker = await a_member(work)
            question = await a_question(work, asker)
            assert await work.invitations.askable(question.id, asker.id, [], NOW) == []

    @pytest.mark.parametrize("state", ["asked", "passed", "withdrawn", "undelivered"])
    async def test_nobody_who_was_asked_already(self, database: Database, state: str) -> None:
        async with database.begin() as work:
            asker, helper = await a_member(work), await a_helper(work)
            question = await a_question(work, asker)
            await an_invitation(work, question, helper, state=state)
            assert await work.invitations.askable(question.id, asker.id, [helper.id], NOW) == []

    async def test_nobody_who_helps_already(self, database: Database) -> None:
        async with database.begin() as work:
            asker, helper = await a_member(work), await a_helper(work)
            question = await a_question(work, asker)
            await a_part(work, question, helper)
            assert await work.invitations.askable(question.id, asker.id, [helper.id], NOW) == []

    async def test_their_invitations_of_the_last_day_week_and_month_are_counted(self, database: Database) -> None:
        async with database.begin() as work:
            asker, busy, idle = await a_member(work), await a_helper(work), await a_helper(work)
            for ago in (HOUR, DAY - HOUR, DAY, 6 * DAY, 7 * DAY, 30 * DAY):
                await an_invitation(work, await a_question(work, asker), busy, created_at=NOW - ago)
            question = await a_question(work, asker)

            found = await work.invitations.askable(question.id, asker.id, [busy.id, idle.id], NOW)

        assert {member.id: counts for member, *counts in found} == {busy.id: [2, 4, 5], idle.id: [0, 0, 0]}


async def test_one_part_for_each_helper_of_a_question(database: Database) -> None:
    async with database.begin() as work:
        asker, helper, second = await a_member(work), await a_helper(work), await a_helper(work)
        question = await a_question(work, asker)
        await a_part(work, question, helper, taken_at=NOW)
        await a_part(work, question, second, answered_at=NOW)
        await a_part(work, await a_question(work, asker), helper)

    async with database.begin() as work:
        again = await work.questions.get(question.id)
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
