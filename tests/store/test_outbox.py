"""Messages to be sent: written once, leased to one sender, never lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.errors import Conflict
from bot.store.engine import Database
from bot.store.outbox import ENOUGH_ATTEMPTS, MOST_ATTEMPTS
from models.outbox import new_nonce
from tests.factories import GUILD_ID, NOW, a_guild, a_letter, a_member, a_question

LEASE = timedelta(minutes=2)
SECOND = timedelta(seconds=1)


async def claim(database: Database, now: datetime = NOW, limit: int = 10) -> list[int]:
    async with database.begin() as work:
        return await work.outbox.claim(now, LEASE, limit)


@pytest.fixture
async def letters(database: Database) -> list[int]:
    """Keep three letters that are due."""
    async with database.begin() as work:
        await a_guild(work)
        return [(await a_letter(work)).id for _ in range(3)]


async def test_a_letter_comes_back_whole(database: Database) -> None:
    params: dict[str, str | int] = {"who": "Ōtomo", "count": 3}
    async with database.begin() as work:
        member = await a_member(work)
        written = await a_letter(work, member_id=member.id, key="once", text="notice.taken", params=params)

    async with database.read() as work:
        letter = await work.outbox.get(written.id)
        assert letter is not None
        assert letter is await work.outbox.find("once")
        assert (letter.kind, letter.text, letter.params, letter.member_id) == (
            *("notice", "notice.taken", params),
            member.id,
        )
        assert (letter.attempts, letter.is_public, letter.sent_at, letter.failure) == (0, False, None, None)
        assert letter.due_at == NOW
        assert await work.outbox.find("never") is None
        assert await work.outbox.get(written.id + 1) is None


@pytest.mark.parametrize("same", [{"key": "asked"}, {"nonce": "0123456789"}])
async def test_one_occasion_is_written_once(database: Database, same: dict[str, Any]) -> None:
    async with database.begin() as work:
        await a_guild(work)
        await a_letter(work, **same)

    with pytest.raises(Conflict):
        async with database.begin() as work:
            await a_letter(work, **same)


async def test_a_claim_leases_what_is_due_oldest_first(database: Database, letters: list[int]) -> None:
    assert await claim(database, limit=2) == letters[:2]

    async with database.read() as work:
        leased = await work.outbox.get(letters[0])
        assert leased is not None
        assert (leased.leased_until, leased.attempts, leased.first_attempt_at) == (NOW + LEASE, 1, NOW)


async def test_letters_are_read_as_a_claim_left_them(database: Database, letters: list[int]) -> None:
    async with database.begin() as work:
        claimed = await work.outbox.those(await work.outbox.claim(NOW, LEASE, 10))
    assert [(each.id, each.attempts, each.leased_until) for each in claimed] == [
        (each, 1, NOW + LEASE) for each in letters
    ]


async def test_a_claim_by_occasion_takes_that_letter_only_and_only_when_it_may_leave(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)
        await a_letter(work)
        wanted = await a_letter(work, key="wanted")
        await a_letter(work, key="later", due_at=NOW + SECOND)

        assert await work.outbox.claim(NOW, LEASE, 10, "wanted") == [wanted.id]
        assert await work.outbox.claim(NOW, LEASE, 10, "wanted") == []
        assert await work.outbox.claim(NOW, LEASE, 10, "later") == []
        assert await work.outbox.claim(NOW, LEASE, 10, "never") == []


async def test_a_leased_letter_is_nobody_else_s_until_the_lease_ends(database: Database, letters: list[int]) -> None:
    await claim(database)

    assert await claim(database, NOW + LEASE - SECOND) == []
    assert await claim(database, NOW + LEASE) == letters


async def test_a_second_attempt_remembers_the_first(database: Database, letters: list[int]) -> None:
    await claim(database)
    async with database.begin() as work:
        again, *_ = await work.outbox.those(await work.outbox.claim(NOW + LEASE, LEASE, 10))

    assert again.id == letters[0]
    assert (again.attempts, again.first_attempt_at, again.leased_until) == (2, NOW, NOW + 2 * LEASE)


@pytest.mark.parametrize(("due_at", "is_claimed"), [(NOW, True), (NOW + SECOND, False), (None, False)])
async def test_a_letter_leaves_when_it_is_due(database: Database, due_at: datetime | None, *, is_claimed: bool) -> None:
    async with database.begin() as work:
        await a_guild(work)
        await a_letter(work, due_at=due_at)

    assert bool(await claim(database)) is is_claimed


async def test_a_letter_waits_for_the_one_before_it(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)
        post = await a_letter(work, kind="post")
        after = await a_letter(work, after_id=post.id)

    assert await claim(database) == [post.id]
    async with database.begin() as work:
        sent = await work.outbox.get(post.id)
        assert sent is not None
        sent.sent_at, sent.due_at = NOW, None

    assert await claim(database) == [after.id]


async def test_a_letter_behind_one_that_was_given_up_stays(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)
        post = await a_letter(work, due_at=None, failure="forbidden")
        await a_letter(work, after_id=post.id)

    assert await claim(database) == []


async def test_waiting_counts_what_is_due_and_what_was_tried_again(database: Database, letters: list[int]) -> None:
    async with database.begin() as work:
        await a_letter(work, due_at=NOW + LEASE)
        await a_letter(work, due_at=None, sent_at=NOW, attempts=5)
        tried = await work.outbox.get(letters[0])
        assert tried is not None
        tried.attempts = 2

    async with database.read() as work:
        assert await work.outbox.waiting(NOW, GUILD_ID) == (3, 1)
        assert await work.outbox.waiting(NOW - SECOND, GUILD_ID) == (0, 1)


async def test_several_occasions_are_looked_for_at_once(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)
        arrived = await a_letter(work, key="arrived", sent_at=NOW, due_at=None)
        waiting = await a_letter(work, key="waiting")
        given_up = await a_letter(work, key="given up", due_at=None, failure="403")
        await a_letter(work, key="another")
        keys = ["arrived", "waiting", "given up", "never written"]

        found = await work.outbox.find_all(keys)
        assert found == {"arrived": arrived, "waiting": waiting, "given up": given_up}
        assert await work.outbox.written(keys) == set(found)
        assert await work.outbox.sent(keys) == {"arrived"}
        assert await work.outbox.underway(keys) == {"waiting"}
        assert await work.outbox.find_all([]) == {}
        for look in (work.outbox.written, work.outbox.sent, work.outbox.underway):
            assert await look([]) == set()


async def test_what_was_to_follow_is_given_up_and_says_nothing_any_more(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)
        post, other = await a_letter(work, kind="post"), await a_letter(work, kind="post")
        said = await a_letter(work, after_id=post.id, due_at=None, sent_at=NOW)
        after = await a_letter(work, after_id=post.id, params={"words": "Thank you!"}, leased_until=NOW)
        elsewhere = await a_letter(work, after_id=other.id, params={"words": "Thank you!"})
        ids = [said.id, after.id, elsewhere.id]
    async with database.begin() as work:
        await work.outbox.give_up_after(post.id, "403")

    async with database.read() as work:
        rows = [await work.outbox.get(each) for each in ids]
    assert [(row.due_at, row.leased_until, row.failure, row.params) for row in rows if row] == [
        (None, None, None, {}),
        (None, None, "403", {}),
        (NOW, None, None, {"words": "Thank you!"}),
    ]


async def test_nothing_waits_in_an_empty_outbox(database: Database) -> None:
    async with database.read() as work:
        assert await work.outbox.waiting(NOW, GUILD_ID) == (0, 0)
    assert await claim(database) == []


async def test_a_letter_goes_with_its_request(database: Database) -> None:
    async with database.begin() as work:
        question = await a_question(work, await a_member(work))
        post = await a_letter(work, request_id=question.id)
        after = await a_letter(work, after_id=post.id)
        await work.flush()
        await work.requests._session.delete(question)

    async with database.read() as work:
        assert [await work.outbox.get(each.id) for each in (post, after)] == [None, None]


def test_nonces_fit_discord_and_never_repeat() -> None:
    nonces = {new_nonce() for _ in range(1000)}
    assert len(nonces) == 1000
    assert {len(nonce) for nonce in nonces} == {22}


async def test_ending_leases_frees_what_was_on_its_way(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)
        letter = await a_letter(work)
        assert await work.outbox.claim(NOW, LEASE, 5)
        assert not await work.outbox.claim(NOW, LEASE, 5)
        await work.outbox.end_leases(NOW)
        assert await work.outbox.claim(NOW, LEASE, 5) == [letter.id]


async def test_messages_since_a_moment_are_those_of_one_community_that_arrived(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)
        await a_guild(work, GUILD_ID + 1)
        for message_id, ago in ((11, SECOND), (12, timedelta(0)), (13, -SECOND)):
            await a_letter(work, message_id=message_id, sent_at=NOW - ago, due_at=None)
        await a_letter(work, sent_at=NOW, due_at=None)
        await a_letter(work, message_id=14)
        await a_letter(work, GUILD_ID + 1, message_id=15, sent_at=NOW, due_at=None)

        assert await work.outbox.messages_since(GUILD_ID, NOW) == {12, 13}
        assert await work.outbox.messages_since(GUILD_ID, NOW + 2 * SECOND) == frozenset()


async def test_only_a_letter_that_still_waits_is_found(database: Database) -> None:
    async with database.begin() as work:
        member = await a_member(work)
        await a_letter(work, kind="digest", sent_at=NOW, due_at=None)
        await a_letter(work, kind="digest", due_at=None, failure="403")
        assert await work.outbox.find_waiting(GUILD_ID, "digest") is None
        theirs = await a_letter(work, kind="digest", member_id=member.id)
        waiting = await a_letter(work, kind="digest")
        assert await work.outbox.find_waiting(GUILD_ID, "digest") is waiting
        assert await work.outbox.find_waiting(GUILD_ID, "digest", member.id) is theirs
        assert await work.outbox.find_waiting(GUILD_ID + 1, "digest") is None


async def test_no_number_of_attempts_stops_the_counting_of_others(database: Database, letters: list[int]) -> None:
    async with database.begin() as work:
        await work.outbox.note(letters[0], attempts=2**31 - 1)
    async with database.begin() as work:
        claimed = await work.outbox.those(await work.outbox.claim(NOW, LEASE, 10))
    assert [each.attempts for each in claimed] == [MOST_ATTEMPTS, 1, 1]


async def test_a_letter_was_tried_often_enough_after_a_day_or_where_nothing_says_since_when_after_forty_times(
    database: Database, letters: list[int]
) -> None:
    fresh, old, often = letters
    async with database.begin() as work:
        await work.outbox.note(fresh, attempts=3, first_attempt_at=NOW)
        await work.outbox.note(old, attempts=3, first_attempt_at=NOW - SECOND)
        await work.outbox.note(often, attempts=ENOUGH_ATTEMPTS + 1)
        assert [await work.outbox.attempts(each, NOW) for each in letters] == [3, None, None]
