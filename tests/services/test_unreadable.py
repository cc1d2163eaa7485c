"""What no one can read stops no one: any single value of any row is spoiled, and everyone else is served as ever."""

import itertools
import random
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot import faults
from bot.domain.hours import clock_of
from bot.services.results import Letter, Sent
from bot.store.engine import Database
from models import Base, Invitation
from tests.factories import GUILD_ID, NOW, a_guild, a_helper, a_letter, a_member, a_question, a_statement, an_invitation
from tests.fakes import CHANNEL_ID, EXPERTISE, FakeMessenger, House
from tests.services.lives import THERE, Town, a_town, undone
from tests.writing import spoil, write

pytestmark = pytest.mark.both

SPOILED = {
    "sqlite": ("'garbage'", "CAST(x'fffe' AS TEXT)", "x'00ff01'", "-1", "4611686018427387904", "3.5", "''", "NULL"),
    "postgresql": (
        "'garbage'", "''", "-1", "0", "2147483647", "9223372036854775807", "'infinity'", "'-infinity'",
        "'4000-01-01 BC'", "'0001-01-01'", "'24:00'", "'5'", "'[1]'", "'{}'", "NULL",
        "'\\x00'", "'\\x0000c07f'", "true",
    ),
}  # fmt: skip
"""As SQL writes them; what a column refuses is no danger."""
TRIED = 8
"""Spoiled values that one run tries, others each time."""
SHARED = {"guild", "guild_settings"}
"""What belongs to a whole community."""


@dataclass(frozen=True)
class Spoiling:
    """One value in one column of one row."""

    table: str
    column: str
    row_id: object
    value: str


def spoilings(town: Town, dialect: str) -> Iterator[Spoiling]:
    """Yield every way to spoil a value of the first people of the first community, in every column."""
    for table in Base.metadata.sorted_tables:
        key, *_ = table.primary_key
        rows = town.rows[table.name]
        for row, column, value in itertools.product(rows[: max(len(rows) // 3, 1)], table.columns, SPOILED[dialect]):
            yield Spoiling(table.name, column.name, row[key.name], value)


async def test_one_spoiled_value_leaves_all_other_communities_and_people_served(
    database: Database, dialect: str
) -> None:
    town = await a_town(database)
    house = await town.a_day()
    elsewhere, bystander = await town.outcome(house, town.elsewhere), await town.outcome(house, town.bystander)
    seed = random.randrange(1_000_000)
    for spoiling in random.Random(seed).sample(list(spoilings(town, dialect)), TRIED):
        await town.restore()
        faults.forget_all()
        if await spoil(database, spoiling.table, spoiling.column, spoiling.row_id, spoiling.value):
            house = await town.a_day()
            assert await town.outcome(house, town.elsewhere) == elsewhere, spoiling
            if spoiling.table not in SHARED:
                assert not undone(bystander, await town.outcome(house, town.bystander)), spoiling


@pytest.fixture
def other_machine() -> Iterator[None]:
    """Know the zones of the package only, as on a machine that has no others."""
    zoneinfo.reset_tzpath(to=())
    forget_zones()
    yield
    zoneinfo.reset_tzpath()
    forget_zones()


def forget_zones() -> None:
    zoneinfo.ZoneInfo.clear_cache()
    clock_of.cache_clear()


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    async with database.begin() as work:
        await a_guild(work, THERE, help_channel_id=CHANNEL_ID)
    return house


@pytest.mark.usefixtures("other_machine")
@pytest.mark.parametrize("zone", ["Asia/Hanoi", "localtime", "Europe", "../zones", "x" * 64])
async def test_a_zone_that_this_machine_does_not_know_is_read_as_none(house: House, zone: str) -> None:
    unknown, known = await house.helper(zone=zone), await house.helper(zone="UTC")
    async with house.database.begin() as work:
        elsewhere = await a_helper(work, THERE)
        await a_statement(work, elsewhere, EXPERTISE)
        question = await a_question(work, await a_member(work, THERE), waiting_since=NOW, next_look_at=NOW)
        for member in (unknown, known):
            await a_letter(work, kind="nudge", member_id=member.id, text="profile.welcome")
    assert (await house.ask()).invited == 2
    await house.inviting.sweep()
    assert [row["member_id"] for row in await house.rows(Invitation, request_id=question.id)] == [elsewhere.id]
    await house.settle()
    assert {each.addressee_id for each in house.messenger.of("invitation")} >= {unknown.user_id, known.user_id}
    assert [each.row_id for each in faults.known()] == [unknown.id]


@pytest.mark.parametrize(("hour", "is_asked"), [(7, False), (8, True), (21, True), (22, False)])
async def test_without_a_known_zone_quiet_hours_are_those_of_utc(house: House, hour: int, *, is_asked: bool) -> None:
    await house.helper(zone="Asia/Hanoi")
    house.clock.moment = NOW.replace(hour=hour)
    assert (await house.ask()).invited == is_asked


async def test_a_request_that_lost_its_question_stops_neither_waves_nor_claims(house: House) -> None:
    helper, over = await house.helper(), {"expires_at": NOW}
    async with house.database.begin() as work:
        asker, there = await a_member(work), await a_member(work, THERE)
        questions = [await a_question(work, each, waiting_since=NOW) for each in (asker, asker, there)]
        taken = [await a_question(work, each, state="taken") for each in (asker, asker, there)]
        for question in questions:
            await an_invitation(work, question, helper, **over)
        for question in taken:
            await an_invitation(work, question, helper, state="taken", **over)
    for lost in (questions[0], taken[0]):
        await write(house.database, f"DELETE FROM question WHERE id = {lost.id}")  # noqa: S608 - a number
    for _ in range(2):
        await house.inviting.sweep()
        await house.claiming.sweep()
    states = {row["request_id"]: row["state"] for row in await house.rows(Invitation)}
    assert [states[each.id] for each in questions] == ["asked", "undelivered", "undelivered"]
    assert [states[each.id] for each in taken] == ["taken", "released", "released"]
    assert {each.table for each in faults.known()} == {"invitation"}


async def test_a_letter_that_can_not_be_read_is_given_up_after_a_day_like_any_other(house: House) -> None:
    async with house.database.begin() as work:
        member = await a_member(work)
        broken = await a_letter(work, member_id=member.id, text="profile.welcome")
        follower = await a_letter(work, member_id=member.id, text="profile.welcome", after_id=broken.id)
        await a_letter(work, member_id=member.id, text="thread.rephrased")
    await spoil(house.database, "outbox", "params", broken.id, "'[]'")
    await house.settle()
    assert house.messenger.texts() == ["thread.rephrased"]
    for _ in range(40):
        house.clock.advance(timedelta(hours=1))
        await house.settle()
    async with house.database.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT id, due_at, failure FROM outbox WHERE sent_at IS NULL ORDER BY id")
        )
        assert [tuple(row) for row in rows] == [(each, None, "unreadable") for each in (broken.id, follower.id)]


@dataclass
class Spoiler(FakeMessenger):
    """Spoils a question once its post has arrived."""

    database: Database | None = None

    async def send(self, letter: Letter[Any]) -> Sent:
        sent = await super().send(letter)
        if letter.kind == "post" and self.database:
            await spoil(self.database, "request", "created_at", letter.content.question.request_id, "'4000-01-01 BC'")
        return sent


async def test_a_letter_whose_arrival_can_not_be_noted_whole_leaves_once(database: Database) -> None:
    house = House(database, Spoiler(database=database))
    await house.open()
    await house.ask()
    for _ in range(3):
        house.clock.advance(timedelta(hours=1))
        await house.settle()
    assert [each.kind for each in house.messenger.attempts].count("post") == 1


async def test_doctor_shows_what_can_not_be_read_and_how_it_is_mended_to_its_own_community_only(house: House) -> None:
    lost, traveller = await house.helper(), await house.helper(zone="Asia/Hanoi")
    await spoil(house.database, "member", "languages", lost.id, "'5'")
    await house.ask()
    rows, zone = faults.known()
    found = {each.key: each.params for each in await house.diagnosing.examine(GUILD_ID)}
    assert found["doctor.unreadable"] == {"count": 1, "rows": f"`member` {lost.id} (`{rows.reference}`)"}
    assert found["doctor.unknown_zones"] == {"count": 1, "rows": f"`member` {traveller.id} (`{zone.reference}`)"}
    elsewhere = {each.key for each in await house.diagnosing.examine(THERE)}
    assert elsewhere.isdisjoint({"doctor.unreadable", "doctor.unknown_zones"})


async def test_doctor_says_so_where_it_can_not_read_what_a_community_chose(house: House) -> None:
    if not await spoil(house.database, "guild_settings", "help_channel_id", GUILD_ID, "'garbage'"):
        return
    found = {each.key: each.params for each in await house.diagnosing.examine(GUILD_ID)}
    (fault,) = faults.known()
    assert found["doctor.unreadable"] == {"count": 1, "rows": f"`guild_settings` {GUILD_ID} (`{fault.reference}`)"}
    assert "doctor.not_set_up" not in found
