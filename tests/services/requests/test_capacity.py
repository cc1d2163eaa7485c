"""Requests that several people are to take: in every order of what they and the clock do, no place is given twice."""

import random
from collections.abc import Sequence

import pytest

from bot.domain.capacity import Capacity
from bot.domain.lifecycle import Outcome
from bot.errors import Conflict, HouseError
from bot.store.engine import Database
from tests.factories import a_helper, an_invitation
from tests.fakes import House
from tests.services.drafts import DraftScene, begin_draft
from tests.services.preparing import prepared
from tests.services.scenes import at_once

ACTS = ("take", "pass", "answer", "give_back", "release")
SHORT = 3
"""Acts in a short order."""


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def act(scene: DraftScene, act: str, place: int) -> None:
    """Let a helper do something, or their claim run out; what can't be done is refused and changes nothing."""
    try:
        match act:
            case "take":
                await scene.take(place)
            case "pass":
                await scene.pass_on(place)
            case "answer":
                await scene.answer(place)
            case "give_back":
                await scene.give_back(place)
            case "release":
                until = (await scene.claim(place))["expires_at"]
                scene.house.clock.moment = max(scene.house.clock.now(), until or scene.house.clock.now())
                await scene.house.claiming.sweep()
    except HouseError:
        pass


async def require_sound(scene: DraftScene, wanted: int, said: Sequence[str]) -> None:
    """Look whether every place is given once, and the state says what the places say."""
    states = await scene.states()
    rows = [await scene.claim(place) for place, state in enumerate(states) if state]
    claims = {row["member_id"] for row in rows if row["state"] == "taken" and row["expires_at"]}
    answered = await scene.has_answered()
    expected = Capacity(wanted).state(claims, dict.fromkeys(answered, scene.house.clock.now()))
    assert await scene.state() == expected, said
    assert len(claims) <= wanted, said
    if expected == "waiting":
        assert "alternate" not in states, f"{said}: a place is free, and an alternate waits for it"


async def begin(house: House, helpers: int, wanted: int) -> DraftScene:
    """Let so many people have been asked to read a draft, beyond its places."""
    scene = await begin_draft(house, 0, readers=wanted)
    async with house.database.begin() as work:
        scene.helpers = [await a_helper(work) for _ in range(helpers)]
        draft = await work.requests.get(scene.id)
        assert draft is not None
        for each in scene.helpers:
            await an_invitation(work, draft, each)
    return scene


async def follow(scene: DraftScene, said: Sequence[str] = ()) -> int:
    """Let two people take turns in every order, do once what begins alike, and return how many orders there were."""
    if len(said) == SHORT:
        return 1
    before, place, orders = await prepared(scene.house), len(said) % 2, 0
    for name in ACTS:
        await before.put_into(scene.house)
        await act(scene, name, place)
        now = [*said, f"{place} {name}"]
        await require_sound(scene, 1, now)
        orders += await follow(scene, now)
    return orders


async def test_in_all_short_orders_of_two_people_one_place_is_given_once(house: House) -> None:
    assert await follow(await begin(house, 2, 1)) == len(ACTS) ** SHORT


@pytest.mark.both
@pytest.mark.parametrize("seed", range(8))
async def test_in_long_orders_of_many_people_no_place_is_given_twice(house: House, seed: int) -> None:
    drawn = random.Random(seed)
    wanted = drawn.choice([1, 2, 3])
    scene, said = await begin(house, wanted + 2, wanted), list[str]()
    for _ in range(14):
        name, place = drawn.choice(ACTS), drawn.randrange(wanted + 2)
        await act(scene, name, place)
        said.append(f"{place} {name}")
        await require_sound(scene, wanted, said)


async def test_the_last_place_goes_to_one_of_two_who_take_it_at_once(house: House) -> None:
    scene = await begin_draft(house, 4, readers=2)
    first, second = await scene.places("asked")
    await scene.pass_on(second)
    (third,) = [each for each in await scene.places("asked") if each != first]
    await scene.take(first)
    refused = await at_once(scene.take(each) for each in (second, third))
    assert refused == {Conflict: 1}
    states = await scene.states()
    assert sorted([states[second], states[third]]) == ["alternate", "taken"]
    assert await scene.state() == "taken"


async def test_an_answer_that_did_not_help_yet_leaves_its_place_to_another_person(house: House) -> None:
    scene = await begin(house, 3, 1)
    await scene.take(0)
    await scene.answer(0)
    assert await scene.state() == "answered"

    await scene.resolve(Outcome.NOT_YET)
    await scene.house.settle()
    await scene.take(1)
    assert await scene.state() == "taken"
    await scene.answer(1)

    assert await scene.state() == "answered"
    assert (await scene.states())[:2] == ["taken", "taken"]
