"""The stage over HTTP, with a bot that does nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import discord
import pytest
import simcord
from aiohttp import ClientSession
from simcord import ChannelHandle
from yarl import URL

from playground.relay import FRAME_PATH
from playground.stage import Stage
from playground.world import Person


@dataclass(frozen=True)
class Theatre:
    """A stage that is open, someone who asks it over HTTP, and two people to be."""

    stage: Stage
    http: ClientSession
    ann: Person
    ben: Person
    lobby: ChannelHandle
    backstage: ChannelHandle

    async def open(self, person: object, surface: object = None, **headers: str) -> tuple[int, str]:
        """Ask to be someone somewhere, as the page does it."""
        body = {"person": person, "surface": surface}
        headers = {"Origin": self.stage.url.rstrip("/")} | headers
        async with self.http.post("/stage/open", json=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def get(self, path: str, **headers: str) -> int:
        """Ask for an address and return the answer's status."""
        async with self.http.get(path, headers=headers) as answer:
            return answer.status


@pytest.fixture
async def env() -> AsyncIterator[simcord.Env]:
    """A simulated Discord whose bot only listens."""
    env = simcord.Env(discord.Client(intents=discord.Intents.default()))
    await env.start()
    yield env
    await env.shutdown()
    env.raise_errors()


@pytest.fixture
async def theatre(env: simcord.Env) -> AsyncIterator[Theatre]:
    guild = env.create_guild("Theatre")
    lobby = guild.create_text_channel("lobby")
    unseen = discord.PermissionOverwrite(view_channel=False)
    backstage = guild.create_text_channel("backstage", overwrites={guild.default_role: unseen})
    staff = guild.create_role("Staff", permissions=discord.Permissions(administrator=True))
    ann = Person(guild.add_member(env.create_user("ann"), roles=[staff]), "Ann", "", "Africa/Nairobi", "en-US")
    ben = Person(guild.add_member(env.create_user("ben")), "Ben", "", "Asia/Tokyo", "en-US")
    async with Stage(env, guild, [ann, ben], ["Try this"]) as stage, ClientSession(URL(stage.url)) as http:
        yield Theatre(stage, http, ann, ben, lobby, backstage)


async def test_the_page_and_the_people_are_served(theatre: Theatre) -> None:
    assert await theatre.get("/") == 200
    async with theatre.http.get("/stage/world") as answer:
        world = await answer.json()
    assert [person["label"] for person in world["people"]] == ["Ann", "Ben"]
    assert world["steps"] == ["Try this"]
    assert world["showing"] is None


async def test_nothing_is_relayed_before_somebody_is_chosen(theatre: Theatre) -> None:
    assert await theatre.get(FRAME_PATH) == 410


async def test_a_person_is_taken_to_a_channel(theatre: Theatre) -> None:
    status, text = await theatre.open(str(theatre.ben.actor.id), str(theatre.lobby.id))
    assert status == 200
    assert '"time": "09:00, Tokyo"' in text
    async with theatre.http.get(FRAME_PATH) as frame:
        assert frame.status == 200
        assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"


async def test_a_hidden_channel_stays_hidden(theatre: Theatre) -> None:
    assert (await theatre.open(str(theatre.ann.actor.id), str(theatre.backstage.id)))[0] == 200
    status, text = await theatre.open(str(theatre.ben.actor.id), str(theatre.backstage.id))
    assert status == 404
    assert "cannot see that place" in text


@pytest.mark.parametrize("person", ["1", 1, None, ["x"]])
async def test_nobody_else_can_be_chosen(theatre: Theatre, person: object) -> None:
    assert (await theatre.open(person))[0] == 400


async def test_other_names_for_this_address_are_refused(theatre: Theatre) -> None:
    assert await theatre.get("/", Host="evil.example") == 403
    assert await theatre.get("/stage/world", Host="127.0.0.1") == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1"])
async def test_other_sites_pages_are_refused(theatre: Theatre, origin: str) -> None:
    assert await theatre.get("/stage/world", Origin=origin) == 403
    assert (await theatre.open(str(theatre.ann.actor.id), Origin=origin))[0] == 403


async def test_a_change_needs_an_origin(theatre: Theatre) -> None:
    async with theatre.http.post("/stage/open", json={"person": str(theatre.ann.actor.id)}) as answer:
        assert answer.status == 403
