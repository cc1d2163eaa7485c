"""A draft that people read, for tests of what they say about it and what becomes of that."""

from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.drafts import Area, Confidence, Point, PointOutcome
from bot.domain.lifecycle import Visibility
from bot.services.feedback.reviewing import Written
from bot.services.feedback.reviewing_results import OwnFeedback, Received
from bot.services.results import Letter
from models import Draft, Fact, Feedback, FeedbackPoint, Member, Request
from tests.factories import WEEK, a_draft, a_member, a_part, an_invitation
from tests.fakes import House
from tests.services.scenes import said_to

AUTHOR, THREAD_ID = 77, 1_100_000_000_000_000_700
SUMMARY = "It aligns speech in two languages with one loss."
WRITTEN = Written(SUMMARY, "The figures.", "Yes, it is fair.", uses_model=True)
POINT = Point(Area.ANALYSIS, "The baseline is older than the data.", Confidence.SURE, "Section 4", "Train it again.")
VAGUE = Point(Area.DIRECTION, "I got lost.", Confidence.A_GUESS)


@dataclass
class Review:
    """One draft of `AUTHOR`'s that people have taken."""

    house: House
    id: int
    readers: list[Member]

    def user(self, place: int) -> int:
        """Return the user id of a reader, counted from 0."""
        return self.readers[place].user_id

    def write(self, place: int = 0, written: Written = WRITTEN) -> Awaitable[OwnFeedback]:
        return self.house.reviewing.keep(self.id, self.user(place), written)

    async def point(self, place: int = 0, said: Point = POINT) -> OwnFeedback:
        """Let a reader make a point, after they began."""
        return await self.house.reviewing.add_point(await self.feedback_of(place), self.user(place), said)

    async def send(self, place: int = 0) -> OwnFeedback:
        return await self.house.reviewing.send(await self.feedback_of(place), self.user(place))

    async def give(self, place: int = 0, *points: Point) -> int:
        """Let a reader write all of it and send it, with one point where none is given; return its row."""
        await self.write(place)
        for each in points or (POINT,):
            await self.point(place, each)
        await self.send(place)
        await self.house.settle()
        return await self.feedback_of(place)

    async def settle_point(self, number: int, outcome: PointOutcome, words: str | None = None) -> Received:
        """Let the author say what became of a point, counted from 0 over all of the draft."""
        points = await self.points()
        return await self.house.settling.settle(points[number]["id"], AUTHOR, outcome, words)

    async def feedback_of(self, place: int) -> int:
        rows = await self.house.rows(Feedback, draft_id=self.id, reader_id=self.readers[place].id)
        return int(rows[-1]["id"])

    async def feedback(self) -> list[dict[str, Any]]:
        return await self.house.rows(Feedback, draft_id=self.id)

    async def points(self) -> list[dict[str, Any]]:
        return await self.house.rows(FeedbackPoint)

    async def draft(self) -> dict[str, Any]:
        (row,) = await self.house.rows(Draft, id=self.id)
        return row

    async def state(self) -> str:
        (row,) = await self.house.rows(Request, id=self.id)
        return str(row["state"])

    async def facts(self, kind: str) -> int:
        """Return how often something of this kind was noted about the draft."""
        return len(await self.house.rows(Fact, request_id=self.id, type=kind))

    def told(self, user_id: int, kind: str) -> list[Letter[Any]]:
        """Return the letters of a kind that were shown to a person."""
        return [each for each in said_to(self.house, user_id) if each.kind == kind]


async def reading(
    house: House, readers: int = 2, visibility: Visibility = Visibility.MATCHED, **chosen: object
) -> Review:
    """Let so many people have taken a draft of `AUTHOR`'s, which is as `chosen`."""
    now = house.clock.now()
    async with house.database.begin() as work:
        author = await a_member(work, user_id=AUTHOR)
        facts = {"state": "taken", "visibility": visibility, "thread_id": THREAD_ID, "readers": max(readers, 1)}
        draft = await a_draft(work, author, **{**facts, "created_at": now, "needed_by": now + WEEK, **chosen})
        people = [await a_member(work) for _ in range(readers)]
        for each in people:
            await an_invitation(work, draft, each, state="taken", decided_at=now, expires_at=now + WEEK)
            await a_part(work, draft, each, taken_at=now)
    return Review(house, draft.id, people)


def numbered(number: int) -> Point:
    """Return one of several points that differ."""
    return replace(POINT, remark=f"Remark {number}")


def thread_lines(house: House) -> list[str]:
    """Return what the draft's thread reads."""
    return [
        each.content.text for each in house.messenger.shown if each.channel_id == THREAD_ID and each.kind == "notice"
    ]
