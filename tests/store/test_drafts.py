"""Who may be asked to read a draft: no one for more than they said."""

import pytest

from bot.domain.draft_reading import LongestRead, accepts, minutes
from bot.domain.drafts import Area
from bot.store.engine import Database
from tests.factories import GUILD_ID, a_draft, a_guild, a_member


async def asked(database: Database, words: int, areas: list[Area], *people: tuple[int | None, list[Area]]) -> list[int]:
    """Return the places of those who may be asked."""
    async with database.begin() as work:
        await a_guild(work)
        author = await a_member(work, user_id=1)
        members = [await a_member(work, longest_read=longest, read_areas=chosen) for longest, chosen in people]
        draft = await a_draft(work, author, words=words, areas=areas)
        found = await work.drafts.readers(draft, minutes(words))
    return [place for place, member in enumerate(members) if member.id in found]


@pytest.mark.parametrize(
    ("words", "expected"),
    [(500, [1, 2, 3]), (875, [1, 2, 3]), (876, [2, 3]), (3_500, [2, 3]), (3_501, [3]), (6_125, [3]), (6_126, [])],
)
async def test_minutes_go_up_to_what_each_said(database: Database, words: int, expected: list[int]) -> None:
    lengths = [None, *LongestRead]
    assert await asked(database, words, [], *((each, []) for each in lengths)) == expected
    assert [lengths.index(each) for each in LongestRead if accepts(each, words)] == expected


async def test_no_area_is_any_area(database: Database) -> None:
    people: list[tuple[int | None, list[Area]]] = [(45, []), (45, [Area.DESIGN]), (45, [Area.DESIGN, Area.ANALYSIS])]
    assert await asked(database, 500, [], *people) == [0, 1, 2]
    assert await asked(database, 500, [Area.ANALYSIS], *people) == [0, 2]
    assert await asked(database, 500, [Area.PRESENTATION], *people) == [0]


async def test_those_who_wrote_it_and_other_communities_are_left_out(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)
        await a_guild(work, GUILD_ID + 1)
        author = await a_member(work, user_id=1, longest_read=45)
        written_too, reader = [await a_member(work, user_id=each, longest_read=45) for each in (2, 3)]
        await a_member(work, GUILD_ID + 1, user_id=3, longest_read=45)
        draft = await a_draft(work, author, words=500)
        await work.drafts.name_co_authors(draft.id, [written_too.user_id])
        assert await work.drafts.readers(draft, minutes(500)) == {author.id, reader.id}
