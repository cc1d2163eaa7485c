"""A draft and the people around it, for tests of what becomes of both until its deadline and after."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.routing.ports import to_bytes
from bot.services.requests.posting import require_room
from models import Draft, HelpInteraction, Invitation
from tests.factories import GUILD_ID, WEEK, having
from tests.fakes import QUESTION, House, new_id
from tests.hashing import HashingEmbedder
from tests.services.scenes import ASKER, Scene


@dataclass
class DraftScene(Scene):
    """One draft of `ASKER`'s, for which the first readers were asked."""

    async def draft(self) -> dict[str, Any]:
        """Return what only drafts have."""
        (draft,) = await self.house.rows(Draft, id=self.id)
        return draft

    async def states(self) -> list[str]:
        """Return where each helper's invitation stands, in the helpers' order, "" where they weren't asked."""
        invited = await self.invited()
        return [invited.get(each.id, "") for each in self.helpers]

    async def claim(self, place: int) -> dict[str, Any]:
        """Return the invitation of a helper, counted from 0."""
        (row,) = await self.house.rows(Invitation, id=await self.invitation_of(place))
        return row

    async def places(self, *states: str) -> list[int]:
        """Return the places of the helpers whose invitations stand so."""
        return [place for place, state in enumerate(await self.states()) if state in states]

    async def has_answered(self) -> set[int]:
        """Return the members who have answered."""
        rows = await self.house.rows(HelpInteraction, request_id=self.id)
        return {row["helper_id"] for row in rows if row["answered_at"]}


async def keep_draft(house: House, user_id: int = ASKER, left: timedelta = WEEK, **chosen: object) -> int:
    """Let a person write a draft down that is needed after so long, and return it; it isn't posted yet."""
    async with house.database.begin() as work:
        now = house.clock.now()
        author = await work.members.ensure(GUILD_ID, user_id, now)
        author.zone = "UTC"
        await require_room(work, GUILD_ID, author.id)
        draft = Draft(
            guild_id=GUILD_ID, asker_id=author.id, interaction_id=new_id(), created_at=now, state="unposted",
            about=QUESTION, words=500, needed_by=now + left,
        )  # fmt: skip
        work.requests.add(having(draft, chosen))
        await work.flush()
        encoder = HashingEmbedder()
        work.draft_vectors.add(draft.id, {encoder.model_id: to_bytes(encoder.encode([QUESTION])[0])})
    return draft.id


async def begin_draft(
    house: House, helpers: int = 4, left: timedelta = WEEK, people: dict[str, object] | None = None, **chosen: object
) -> DraftScene:
    """Let `ASKER` ask for feedback where so many helpers are, who are as `people` says; the draft is as `chosen`."""
    members = await house.helpers(helpers, **(people or {}))
    request_id = await keep_draft(house, ASKER, left, **chosen)
    return DraftScene(house, members, await house.posting.post(request_id, ASKER))
