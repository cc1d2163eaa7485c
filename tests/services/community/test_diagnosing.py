"""Diagnosing: every finding, each with what its sentence needs."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.routing.router import Router
from bot.services.community.diagnosing import Diagnosing
from bot.services.ports import TryLater
from bot.services.results import Finding
from bot.store.engine import Database
from bot.texts import say
from tests.factories import GUILD_ID, NOW, a_guild, a_helper, a_letter, a_member, a_question, a_statement
from tests.fakes import CHANNEL_ID, FakeMessenger, House, ManualClock, new_id
from tests.services.encoders import Encoder, Polyglot

PANEL_ID, MODERATORS_ID, FORUM_ID, PRIVATE_ID = (new_id() for _ in range(4))


@dataclass
class Panel(FakeMessenger):
    """Discord with one panel in it, or one that is gone, or hidden."""

    is_posted: bool = True
    is_hidden: bool = False
    missing_elsewhere: dict[int, list[str]] = field(default_factory=lambda: {MODERATORS_ID: []})

    async def is_there(self, channel_id: int, message_id: int) -> bool:
        if self.is_hidden:
            reason = "403/50001"
            raise TryLater(reason)
        return self.is_posted and (channel_id, message_id) == (CHANNEL_ID, PANEL_ID)


@pytest.fixture
async def open_house(database: Database) -> House:
    house = House(database)
    await house.open(panel_channel_id=CHANNEL_ID, panel_message_id=PANEL_ID, moderator_channel_id=MODERATORS_ID)
    return house


async def examine(
    database: Database,
    messenger: FakeMessenger | None = None,
    *,
    english: Encoder | None = None,
    many: Polyglot | None = None,
) -> dict[str, Finding]:
    """Return what was found, by key; every finding has all that its sentence needs."""
    router = Router(english, many, House(database).community)
    found = await Diagnosing(database.read, router, messenger or Panel(), ManualClock()).examine(GUILD_ID)
    assert all(say(each.key, **each.params) for each in found)
    return {f"{each.key}:{each.params.get('permission', '')}".rstrip(":"): each for each in found}


async def examine_whole(database: Database, messenger: FakeMessenger | None = None) -> dict[str, Finding]:
    """Look where both models are warm."""
    return await examine(database, messenger, english=Encoder(), many=Polyglot())


def wrong(found: dict[str, Finding]) -> set[str]:
    return {key for key, each in found.items() if not each.is_in_order}


async def test_a_community_nobody_has_met(database: Database) -> None:
    found = await examine_whole(database)

    assert list(found) == [
        "doctor.not_set_up", "doctor.encoder_warm", "doctor.multilingual_warm", "doctor.encoded", "doctor.letters_fine",
    ]  # fmt: skip
    assert wrong(found) == {"doctor.not_set_up"}
    assert found["doctor.encoded"].params == {"done": 0, "all": 0, "percent": 0}


async def test_a_community_without_a_channel(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)

    assert wrong(await examine_whole(database)) == {"doctor.not_set_up"}


async def test_everything_is_in_order(database: Database, open_house: House) -> None:
    found = await examine_whole(database)

    assert list(found) == [
        "doctor.channel_fine", "doctor.panel_fine", "doctor.private_threads_fine", "doctor.moderator_channel_fine",
        "doctor.events_fine", "doctor.encoder_warm", "doctor.multilingual_warm", "doctor.encoded",
        "doctor.letters_fine",
    ]  # fmt: skip
    assert not wrong(found)
    assert found["doctor.moderator_channel_fine"].params == {"channel": MODERATORS_ID}


@pytest.mark.parametrize(
    ("messenger", "expected"),
    [
        (Panel(missing=None, is_hidden=True), {"doctor.channel_hidden"}),
        (
            Panel(missing=["embed_links", "send_messages"]),
            {"doctor.permission_missing:embed_links", "doctor.permission_missing:send_messages"},
        ),
        (Panel(is_posted=False), {"doctor.panel_missing"}),
        (Panel(makes_events=False), {"doctor.no_events"}),
        (Panel(is_hidden=True), set()),
    ],
)
async def test_the_channel_and_its_panel(
    database: Database, open_house: House, messenger: Panel, expected: set[str]
) -> None:
    assert wrong(await examine_whole(database, messenger)) == expected


async def test_a_panel_that_was_never_posted(database: Database) -> None:
    await House(database).open(moderator_channel_id=MODERATORS_ID)

    assert wrong(await examine_whole(database)) == {"doctor.panel_missing"}


async def test_without_a_place_of_their_own_moderators_are_told_nothing(database: Database, open_house: House) -> None:
    await open_house.open(moderator_channel_id=None)

    assert wrong(await examine_whole(database)) == {"doctor.no_moderator_channel"}


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ({}, {"doctor.moderator_channel_hidden"}),
        ({MODERATORS_ID: ["send_messages"]}, {"doctor.permission_missing:send_messages"}),
    ],
)
async def test_what_is_missing_in_the_moderators_channel_is_told_with_its_fix(
    database: Database, open_house: House, missing: dict[int, list[str]], expected: set[str]
) -> None:
    found = await examine_whole(database, Panel(missing_elsewhere=missing))

    assert wrong(found) == expected
    assert {found[each].params["channel"] for each in expected} == {MODERATORS_ID}


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ({}, {"doctor.private_channel_hidden"}),
        ({PRIVATE_ID: ["create_private_threads"]}, {"doctor.permission_missing:create_private_threads"}),
        ({PRIVATE_ID: []}, {"doctor.no_private_threads"}),
    ],
)
async def test_what_is_missing_in_the_channel_for_private_threads_is_told_with_its_fix(
    database: Database, open_house: House, missing: dict[int, list[str]], expected: set[str]
) -> None:
    await open_house.open(private_channel_id=PRIVATE_ID)

    assert wrong(await examine_whole(database, Panel(missing_elsewhere={MODERATORS_ID: [], **missing}))) == expected


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ({}, {"doctor.room_channel_hidden"}),
        ({PRIVATE_ID: ["create_private_threads"]}, {"doctor.permission_missing:create_private_threads"}),
        ({PRIVATE_ID: []}, set[str]()),
    ],
)
async def test_what_is_missing_where_people_meet_in_threads_is_told_with_its_fix(
    database: Database, open_house: House, missing: dict[int, list[str]], expected: set[str]
) -> None:
    await open_house.open(room_channel_id=PRIVATE_ID)

    found = await examine_whole(database, Panel(missing_elsewhere={MODERATORS_ID: [], **missing}))

    assert wrong(found) == expected
    assert ("doctor.rooms_fine" in found) is (not expected)


@pytest.mark.parametrize(("private_channel_id", "is_fine"), [(None, False), (new_id(), False), (CHANNEL_ID, True)])
async def test_a_forum_needs_another_channel_for_private_threads(
    database: Database, open_house: House, private_channel_id: int | None, *, is_fine: bool
) -> None:
    await open_house.open(help_channel_id=FORUM_ID, private_channel_id=private_channel_id)

    found = await examine_whole(database)

    hidden = "doctor.no_private_threads" if private_channel_id is None else "doctor.private_channel_hidden"
    assert ("doctor.private_threads_fine" in found, hidden in wrong(found)) == (is_fine, not is_fine)


@pytest.mark.parametrize(
    ("encoder", "key", "params"),
    [
        (Encoder(), "warm", {"model": "wanted"}),
        (Encoder(is_warm=False), "warming", {}),
        (Encoder(is_warm=False, failure="Out of memory."), "down", {"failure": "Out of memory."}),
    ],
)
async def test_the_english_model(
    database: Database, open_house: House, encoder: Encoder, key: str, params: dict[str, object]
) -> None:
    found = await examine(database, english=encoder, many=Polyglot())

    finding = Finding(is_in_order=encoder.is_warm, key=f"doctor.encoder_{key}", params=params)
    assert found[finding.key] == finding
    assert wrong(found) == (set() if encoder.is_warm else {finding.key})


@pytest.mark.parametrize(
    ("encoder", "key", "params"),
    [
        (Polyglot(), "warm", {"model": "many"}),
        (Polyglot(is_warm=False), "warming", {}),
        (Polyglot(is_warm=False, failure="Out of memory."), "down", {"failure": "Out of memory."}),
    ],
)
async def test_the_multilingual_model(
    database: Database, open_house: House, encoder: Polyglot, key: str, params: dict[str, object]
) -> None:
    found = await examine(database, english=Encoder(), many=encoder)

    finding = Finding(is_in_order=encoder.is_warm, key=f"doctor.multilingual_{key}", params=params)
    assert found[finding.key] == finding
    assert wrong(found) == (set() if encoder.is_warm else {finding.key})


async def test_english_alone_is_said(database: Database, open_house: House) -> None:
    found = await examine(database, english=Encoder())

    assert wrong(found) == {"doctor.english_only"}
    assert "doctor.encoder_warm" in found
    assert not [key for key in found if "multilingual" in key]


async def test_where_no_model_was_chosen_none_is_called_down(database: Database, open_house: House) -> None:
    async with database.begin() as work:
        await a_statement(work, await a_helper(work))

    found = await examine(database)

    assert wrong(found) == {"doctor.english_only"}
    assert found["doctor.encoded"].params == {"done": 0, "all": 0, "percent": 0}


async def test_progress_is_of_every_text_and_every_model_of_this_community(
    database: Database, open_house: House
) -> None:
    async with database.begin() as work:
        helper = await a_helper(work)
        for text, models in (("One", ["wanted", "many"]), ("Two", ["wanted", "earlier"]), ("Three", ["earlier"])):
            statement = await a_statement(work, helper, text, is_muted=text == "Two")
            work.statement_vectors.add(statement.id, dict.fromkeys(models, b""))
        question = await a_question(work, await a_member(work), state="closed")
        work.question_vectors.add(question.id, {"many": b""})
        await a_statement(work, await a_helper(work, GUILD_ID + 1))

    found = await examine_whole(database)

    assert found["doctor.encoding"] == Finding(
        is_in_order=False, key="doctor.encoding", params={"done": 4, "all": 8, "percent": 50}
    )
    assert wrong(found) == {"doctor.encoding"}


async def test_once_everything_is_read_it_is_in_order(database: Database, open_house: House) -> None:
    async with database.begin() as work:
        statement = await a_statement(work, await a_helper(work))
        work.statement_vectors.add(statement.id, {"wanted": b"", "many": b""})

    found = await examine_whole(database)

    assert found["doctor.encoded"].params == {"done": 2, "all": 2, "percent": 100}
    assert not wrong(found)


async def test_letters_that_had_to_be_tried_again_are_counted(database: Database, open_house: House) -> None:
    async with database.begin() as work:
        await a_letter(work, attempts=1)
        await a_letter(work, attempts=2)
        await a_letter(work, attempts=3, due_at=NOW + timedelta(hours=1))
        await a_letter(work, attempts=9, due_at=None)

    found = await examine_whole(database)

    assert found["doctor.letters_retried"].params == {"due": 2, "retried": 2}
