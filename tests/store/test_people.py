"""Communities and the people in them."""

from datetime import time
from typing import Any

import pytest

from bot.errors import Conflict
from bot.store.engine import Database
from tests.factories import GUILD_ID, NOW, a_guild, a_helper, a_member


async def test_a_community_starts_with_the_defaults(database: Database) -> None:
    async with database.begin() as work:
        await work.guilds.ensure(GUILD_ID, NOW)

    async with database.read() as work:
        settings = await work.guilds.settings(GUILD_ID)
        assert settings is not None
        assert (settings.open_limit, settings.help_channel_id, settings.panel_message_id) == (3, None, None)


async def test_a_community_keeps_what_it_chose(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work, open_limit=5, help_channel_id=GUILD_ID + 1)

    async with database.begin() as work:
        settings = await work.guilds.ensure(GUILD_ID, NOW)
        assert (settings.open_limit, settings.help_channel_id) == (5, GUILD_ID + 1)


async def test_nobody_is_known_before_they_use_morsel(database: Database) -> None:
    async with database.read() as work:
        assert await work.guilds.settings(GUILD_ID) is None
        assert await work.members.find(GUILD_ID, 1) is None
        assert await work.members.get(1) is None


async def test_a_new_member_has_opted_in_to_nothing(database: Database) -> None:
    async with database.begin() as work:
        met = await work.members.ensure(GUILD_ID, 1, NOW)

    async with database.read() as work:
        member = await work.members.get(met.id)
        assert member is not None
        assert (member.is_helper, member.learns_from_help, member.direct_messages) == (False, False, "unknown")
        assert (member.rate, member.languages, member.zone) == ("one_a_day", [], None)
        assert member.joined_at == NOW


async def test_a_member_is_met_once(database: Database) -> None:
    async with database.begin() as work:
        first = await a_helper(work, user_id=1)

    async with database.begin() as work:
        again = await work.members.ensure(GUILD_ID, 1, NOW)
        assert (again.id, again.is_helper) == (first.id, True)


async def test_one_person_in_two_communities_is_two_members(database: Database) -> None:
    async with database.begin() as work:
        here = await a_member(work, user_id=1)
        there = await a_member(work, GUILD_ID + 1, user_id=1)

    assert here.id != there.id
    async with database.read() as work:
        found = await work.members.find(GUILD_ID + 1, 1)
        assert found is not None
        assert found.id == there.id


async def test_nobody_new_is_paused_or_was_silent(database: Database) -> None:
    async with database.begin() as work:
        member = await a_member(work)
        assert (member.paused_at, member.paused_until, member.silences) == (None, None, 0)


async def test_several_are_held_as_they_are_now(database: Database) -> None:
    async with database.begin() as work:
        people = [await a_member(work) for _ in range(3)]
    async with database.begin() as work:
        await work.members.note_silences({people[0].id: 2})
        seen = await work.members.get(people[0].id)
        await work.members.note_silences({people[0].id: 1})

        held = await work.members.hold_all([people[2].id, people[0].id, 999])

        assert list(held) == [people[0].id, people[2].id]
        assert held[people[0].id] is seen
        assert held[people[0].id].silences == 3
        assert await work.members.hold_all([]) == {}


async def test_silences_are_added_to_each_and_to_nobody_else(database: Database) -> None:
    async with database.begin() as work:
        people = [await a_member(work, silences=number) for number in range(4)]
        before = [each.version for each in people]
        await work.members.note_silences({people[0].id: 1, people[1].id: 2, people[2].id: 1})
        await work.members.note_silences({})
    async with database.read() as work:
        kept = [await work.members.get(each.id) for each in people]
    assert [each.silences for each in kept if each] == [1, 3, 3, 3]
    assert [each.version - version for each, version in zip(kept, before, strict=True) if each] == [1, 1, 1, 0]


async def test_a_profile_saved_while_a_silence_is_noted_conflicts_instead_of_losing_it(database: Database) -> None:
    async with database.begin() as work:
        member = await a_member(work)
    async with database.begin() as work:
        await work.members.note_silences({member.id: 1})

    member.rate = "more"
    with pytest.raises(Conflict):
        async with database.begin() as work:
            work.members._session.add(member)


async def test_languages_are_those_of_each(database: Database) -> None:
    async with database.begin() as work:
        one, two = await a_member(work, languages=["fr", "en"]), await a_member(work)
        assert await work.members.languages([one.id, two.id, 999]) == {
            one.id: frozenset({"fr", "en"}),
            two.id: frozenset(),
        }
        assert await work.members.languages([]) == {}


async def test_hours_and_languages_come_back_as_they_were(database: Database) -> None:
    chosen: dict[str, Any] = {
        "languages": ["pt-BR", "en"],
        "begins": time(20),
        "ends": time(2, 30),
        "zone": "Africa/Nairobi",
    }
    async with database.begin() as work:
        member = await a_member(work, **chosen)

    async with database.read() as work:
        kept = await work.members.get(member.id)
        assert {name: getattr(kept, name) for name in chosen} == chosen


async def test_a_member_is_held_as_they_are_now(database: Database) -> None:
    async with database.begin() as work:
        member = await a_member(work)
        held = await work.members.hold(member.id)
        assert held is member
        assert await work.members.hold(member.id + 1) is None
