"""Diagnosing: every finding, each with what its sentence needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.routing.hashing import HashingEmbedder
from bot.routing.ports import Vectors
from bot.routing.router import Router
from bot.services.diagnosing import Diagnosing
from bot.services.ports import TryLater
from bot.services.results import Finding
from bot.store.engine import Database
from bot.texts import say
from tests.factories import GUILD_ID, NOW, a_guild, a_helper, a_letter, a_statement
from tests.fakes import CHANNEL_ID, FakeMessenger, House, ManualClock, new_id

PANEL_ID = new_id()


@dataclass
class Encoder:
    """A model that is warm, warming, or down for a reason."""

    is_warm: bool = True
    failure: str | None = None
    model_id: str = "wanted"
    dimension: int = 2

    async def embed(self, texts: Sequence[str]) -> Vectors:
        raise NotImplementedError


@dataclass
class Panel(FakeMessenger):
    """Discord with one panel in it, or one that is gone, or hidden."""

    is_posted: bool = True
    is_hidden: bool = False

    async def is_there(self, channel_id: int, message_id: int) -> bool:
        if self.is_hidden:
            reason = "403/50001"
            raise TryLater(reason)
        return self.is_posted and (channel_id, message_id) == (CHANNEL_ID, PANEL_ID)


@pytest.fixture
async def open_house(database: Database) -> House:
    house = House(database)
    await house.open(panel_channel_id=CHANNEL_ID, panel_message_id=PANEL_ID)
    return house


async def examine(
    database: Database, messenger: FakeMessenger | None = None, encoder: Encoder | None = None
) -> dict[str, Finding]:
    """Return what was found, by key; every finding has all that its sentence needs."""
    router = Router(encoder, HashingEmbedder(), House(database)._statements)
    diagnosing = Diagnosing(
        database.read, router, messenger or Panel(), ManualClock(), lambda: encoder.failure if encoder else None
    )
    found = await diagnosing.examine(GUILD_ID)
    assert all(say(each.key, **each.params) for each in found)
    return {f"{each.key}:{each.params.get('permission', '')}".rstrip(":"): each for each in found}


def wrong(found: dict[str, Finding]) -> set[str]:
    return {key for key, each in found.items() if not each.is_in_order}


async def test_a_community_nobody_has_met(database: Database) -> None:
    found = await examine(database)

    assert list(found) == ["doctor.not_set_up", "doctor.encoder_warm", "doctor.encoded", "doctor.letters_fine"]
    assert wrong(found) == {"doctor.not_set_up"}


async def test_a_community_without_a_channel(database: Database) -> None:
    async with database.begin() as work:
        await a_guild(work)

    assert wrong(await examine(database)) == {"doctor.not_set_up"}


async def test_everything_is_in_order(database: Database, open_house: House) -> None:
    found = await examine(database)

    assert list(found) == [
        "doctor.channel_fine", "doctor.panel_fine", "doctor.encoder_warm", "doctor.encoded", "doctor.letters_fine",
    ]  # fmt: skip
    assert not wrong(found)


@pytest.mark.parametrize(
    ("messenger", "expected"),
    [
        (Panel(missing=None, is_hidden=True), {"doctor.channel_hidden"}),
        (
            Panel(missing=["embed_links", "send_messages"]),
            {"doctor.permission_missing:embed_links", "doctor.permission_missing:send_messages"},
        ),
        (Panel(is_posted=False), {"doctor.panel_missing"}),
        (Panel(is_hidden=True), set()),
    ],
)
async def test_the_channel_and_its_panel(
    database: Database, open_house: House, messenger: Panel, expected: set[str]
) -> None:
    assert wrong(await examine(database, messenger)) == expected


async def test_a_panel_that_was_never_posted(database: Database) -> None:
    await House(database).open()

    assert wrong(await examine(database)) == {"doctor.panel_missing"}


@pytest.mark.parametrize(
    ("encoder", "key", "params"),
    [
        (Encoder(), "doctor.encoder_warm", {"model": "wanted"}),
        (Encoder(is_warm=False), "doctor.encoder_warming", {}),
        (Encoder(is_warm=False, failure="Out of memory."), "doctor.encoder_down", {"failure": "Out of memory."}),
    ],
)
async def test_the_encoder(
    database: Database, open_house: House, encoder: Encoder, key: str, params: dict[str, object]
) -> None:
    found = await examine(database, encoder=encoder)

    assert found[key] == Finding(is_in_order=encoder.is_warm, key=key, params=params)


async def test_lines_another_model_read_are_counted_with_progress(database: Database, open_house: House) -> None:
    async with database.begin() as work:
        helper = await a_helper(work)
        for text, model_id in (("One", "wanted"), ("Two", "earlier"), ("Three", None)):
            await a_statement(work, helper, text, model_id=model_id)

    found = await examine(database, encoder=Encoder())

    assert found["doctor.encoding"] == Finding(is_in_order=False, key="doctor.encoding", params={"done": 1, "all": 3})


async def test_letters_that_had_to_be_tried_again_are_counted(database: Database, open_house: House) -> None:
    async with database.begin() as work:
        await a_letter(work, attempts=1)
        await a_letter(work, attempts=2)
        await a_letter(work, attempts=3, due_at=NOW + timedelta(hours=1))
        await a_letter(work, attempts=9, due_at=None)

    found = await examine(database)

    assert found["doctor.letters_retried"].params == {"due": 2, "retried": 2}
