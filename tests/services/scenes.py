"""A question and the people around it, for tests of what becomes of both over days."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.domain.lifecycle import Outcome, Visibility
from bot.errors import HouseError
from bot.services.office_hours.calendaring import calendar_of
from bot.services.results import Letter, Receipt
from models import Fact, Invitation, Member, Request
from tests.counted import Counted, count
from tests.fakes import QUESTION, House, a_new_question, values
from tests.services.idling import look

ASKER = 77
STRANGER = 5
MODERATORS_ID = 1_100_000_000_000_000_002
"""The moderators' channel, where a community has one."""


@dataclass
class Scene:
    """One question of `ASKER`'s, for which the first helpers were asked."""

    house: House
    helpers: list[Member]
    receipt: Receipt

    @property
    def id(self) -> int:
        return self.receipt.request_id

    async def request(self) -> dict[str, Any]:
        (request,) = await self.house.rows(Request, id=self.id)
        return request

    async def state(self) -> object:
        return (await self.request())["state"]

    async def invited(self) -> dict[int, str]:
        """Return the states of this question's invitations, by member and oldest first."""
        rows = await self.house.rows(Invitation, request_id=self.id)
        return {row["member_id"]: row["state"] for row in rows}

    async def invitation_of(self, place: int) -> int:
        """Return the id of the invitation of a helper, counted from 0."""
        (row,) = await self.house.rows(Invitation, request_id=self.id, member_id=self.helpers[place].id)
        return int(row["id"])

    async def facts(self, *kinds: str) -> list[object]:
        """Return the types of facts about this question, in their order; without `kinds`, all but those of asking."""
        types = values(await self.house.rows(Fact, request_id=self.id), "type")
        return [each for each in types if (each in kinds if kinds else each not in {"asked", "routed", "invited"})]

    async def take(self, place: int) -> None:
        await self.house.helping.take(await self.invitation_of(place), self.helpers[place].user_id)

    async def pass_on(self, place: int) -> None:
        await self.house.helping.pass_on(await self.invitation_of(place), self.helpers[place].user_id)

    async def give_back(self, place: int) -> None:
        await self.house.claiming.give_back(await self.invitation_of(place), self.helpers[place].user_id)

    async def answer(self, place: int) -> bool:
        return await self.write(self.helpers[place].user_id)

    async def write(self, user_id: int) -> bool:
        """Let anyone write into the thread."""
        return await self.house.answer(self.receipt.thread_id, user_id)

    async def resolve(self, outcome: Outcome) -> int:
        """Let the asker say how it went, and return how many are asked now."""
        return (await self.house.resolving.resolve(self.id, ASKER, outcome)).invited

    async def close(self) -> None:
        await self.house.asking.close(self.id, ASKER, is_moderator=False)

    async def end(self, way: str) -> None:
        """Close it, or settle it."""
        await (self.close() if way == "closed" else self.resolve(Outcome.HELPED))

    async def lose_thread(self) -> None:
        """Let someone delete the thread."""
        await self.house.watching.thread_gone(self.receipt.thread_id or 0)

    async def put_away(self) -> None:
        """Let a week go by in which no one answers."""
        await elapse(self.house, days=7, step=84)
        assert await self.state() == "archived"


async def begin(house: House, helpers: int = 4, visibility: Visibility = Visibility.PUBLIC, **chosen: object) -> Scene:
    """Let `ASKER` ask where so many helpers are, who are as `chosen`."""
    people = await house.helpers(helpers, **chosen)
    return Scene(house, people, await ask(house, ASKER, visibility))


async def helped(house: House, *places: int, visibility: Visibility = Visibility.PUBLIC) -> Scene:
    """Let the answers of helpers, counted from 0 (none: of the first), help."""
    scene = await begin(house, 3, visibility)
    for place in places or (0,):
        await scene.answer(place)
    await scene.resolve(Outcome.HELPED)
    await house.settle()
    return scene


async def ask(house: House, user_id: int, visibility: Visibility = Visibility.PUBLIC, text: str = QUESTION) -> Receipt:
    """Let someone ask, past anything worth a look before."""
    receipt = await house.asking.ask(replace(a_new_question(user_id, text), visibility=visibility))
    return receipt if receipt.is_posted else await house.posting.post(receipt.request_id, user_id)


async def elapse(house: House, *, days: float = 0, hours: float = 0, step: float = 1) -> None:
    """Let time go by, looking every `step` hours at everything that is due, and at the end."""
    end = house.clock.now() + timedelta(days=days, hours=hours)
    while house.clock.now() < end:
        house.clock.moment = min(house.clock.now() + timedelta(hours=step), end)
        await sweep(house)


async def sweep(house: House) -> None:
    """Look once at everything that is due, as the jobs do."""
    await look(house, "inviting", "claiming", "following_up", "timekeeping", "inviting", "delivering")


async def decline_all(house: House) -> None:
    """Let every invitation arrive, and everyone who has one pass it on."""
    await house.settle()
    users = {row["id"]: row["user_id"] for row in await house.rows(Member)}
    for row in await house.rows(Invitation, state="asked"):
        await house.helping.pass_on(row["id"], users[row["member_id"]])


def said_to(house: House, user_id: int) -> list[Letter[Any]]:
    """Return the messages meant for someone, in every channel."""
    return [letter for letter in house.messenger.shown if letter.addressee_id == user_id]


async def at_once(acts: Iterable[Awaitable[object]]) -> Counter[type]:
    """Let everyone act at the same time, and return how often who was refused."""
    ends = await asyncio.gather(*acts, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException) and not isinstance(end, HouseError):
            raise end
    return Counter(type(end) for end in ends if isinstance(end, HouseError))


def file_of(letter: Letter[Any]) -> str:
    """Return the file that goes with a letter, its long lines put together again."""
    return calendar_of(letter.content.booking, letter.first_attempt_at).content.decode().replace("\r\n ", "")


async def counted(house: House, kind: str) -> Counted:
    """Return what became of everything of one kind in the last year."""
    now = house.clock.now()
    return await count(house.database, kind, now - timedelta(weeks=52), now + timedelta(seconds=1))
