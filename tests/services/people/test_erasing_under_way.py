"""A person is erased while others wait for them: it goes on with others, or its end is told in a kind line."""

import pytest

from bot.domain.policy import DEFAULT
from bot.services.people.erasing import Erasing
from bot.store.engine import Database
from models import OutboxLetter, Request
from tests.factories import GUILD_ID
from tests.fakes import House
from tests.services.drafts import begin_draft
from tests.services.scenes import ASKER, Scene, begin, said_to, sweep

pytestmark = pytest.mark.both
KINDS = ["question", "draft"]


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def asked(house: House, kind: str) -> tuple[Scene, int]:
    """Let people be asked, and return the scene and the place of the first of them."""
    scene = await (begin_draft(house, 4, readers=1) if kind == "draft" else begin(house, 4))
    await house.settle()
    invited = await scene.invited()
    return scene, next(place for place, each in enumerate(scene.helpers) if invited.get(each.id) == "asked")


async def erase(house: House, user_id: int) -> None:
    await Erasing(house.database.begin, house.database.read, house.clock).erase(user_id, DEFAULT)
    await house.settle()


def lines(house: House, user_id: int) -> list[str]:
    """Return the texts of the lines that a person read."""
    return [each.content.text for each in said_to(house, user_id) if each.kind == "notice"]


@pytest.mark.parametrize("is_taken", [False, True])
@pytest.mark.parametrize("kind", KINDS)
async def test_what_an_erased_person_was_asked_goes_on_to_others(house: House, kind: str, *, is_taken: bool) -> None:
    scene, place = await asked(house, kind)
    if is_taken:
        await scene.take(place)
    helper = scene.helpers[place]

    await erase(house, helper.user_id)
    before = await scene.invited()
    await sweep(house)

    (request,) = await house.rows(Request, id=scene.id)
    assert request["state"] == "waiting"
    assert set(await scene.invited()) > set(before)
    assert lines(house, ASKER) == ["asker.asking_others"] * is_taken


@pytest.mark.parametrize("kind", KINDS)
async def test_who_took_what_an_erased_person_asked_reads_one_line_without_a_name(house: House, kind: str) -> None:
    scene, place = await asked(house, kind)
    await scene.take(place)
    reader = scene.helpers[place]

    await erase(house, ASKER)

    assert lines(house, reader.user_id) == ["feedback.withdrawn.reader" if kind == "draft" else "claim.over"]
    assert await house.rows(Request) == []
    assert str(ASKER) not in repr(await house.rows(OutboxLetter, guild_id=GUILD_ID))


@pytest.mark.parametrize("kind", KINDS)
async def test_once_more_says_nothing_again(house: House, kind: str) -> None:
    scene, place = await asked(house, kind)
    await scene.take(place)
    for _ in range(2):
        await erase(house, ASKER)
    assert len(lines(house, scene.helpers[place].user_id)) == 1
