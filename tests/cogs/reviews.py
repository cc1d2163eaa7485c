"""A draft in a thread with its guide, an author and the people who took it."""

from dataclasses import dataclass

import discord
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.lifecycle import Visibility
from bot.services.feedback.letters import guide_readers
from bot.services.requests.letters import post_question, tell_taken
from bot.texts import say
from models import Feedback
from tests.cogs.conftest import World, shown
from tests.cogs.scenes import with_press
from tests.factories import WEEK, a_draft, a_member, a_part, an_invitation

SUMMARY = "It aligns speech in two languages with one loss."
FILLED = {"summary": SUMMARY, "strengths": "The figures.", "answers": "Yes, it is fair.", "model": ["no"]}
REMARK = "The baseline is older than the data."
POINT = {
    "area": ["analysis"], "location": "Section 4", "remark": REMARK, "suggestion": "Train it again.", "sure": ["sure"],
}  # fmt: skip
"""The forms of feedback and of a point, filled in."""
BEGIN, ADD, SEND = say("feedback.begin.button"), say("feedback.add_point.button"), say("feedback.send.button")
READ, TELL = say("feedback.read.button"), say("feedback.tell.button")


@dataclass(frozen=True)
class Reading:
    """One draft of the asker's, and its readers."""

    world: World
    id: int
    readers: list[MemberActor]

    @property
    def author(self) -> MemberActor:
        return self.world.asker

    @property
    def guide(self) -> discord.Message:
        """The message with the guide for readers."""
        return with_press(self.world.thread, "reading1:write")

    async def begin(self, reader: MemberActor, **filled: object) -> ResponseMessage:
        """Let a reader fill in the form of the guide's button; return the page they see."""
        form = await reader.click(self.guide, label=BEGIN)
        return shown(await reader.submit_modal(form, {**FILLED, **filled}))

    async def point(self, reader: MemberActor, page: ResponseMessage, **filled: object) -> ResponseMessage:
        """Let a reader add a point on their page; return what it shows then."""
        form = await reader.click(page, label=ADD)
        return shown(await reader.submit_modal(form, {**POINT, **filled}))

    async def give(self, reader: MemberActor) -> InteractionResult:
        """Let a reader write feedback with one point, and send it."""
        page = await self.point(reader, await self.begin(reader))
        return await reader.click(page, label=SEND)

    async def feedback(self) -> list[Feedback]:
        async with self.world.app.database.read() as work:
            return list(await work.feedback.sent(self.id))


async def reading(world: World, *names: str, visibility: Visibility = Visibility.MATCHED, **chosen: object) -> Reading:
    """Let the asker have a draft that people with these names have taken."""
    readers, now = [world.join(each) for each in names or ("joaquim",)], world.env.now()
    async with world.app.database.begin() as work:
        author = await a_member(work, world.guild.id, world.asker.id, zone="UTC")
        facts = {"created_at": now, "waiting_since": now, "needed_by": now + WEEK, "readers": len(readers)}
        draft = await a_draft(work, author, **{**facts, "visibility": visibility, "state": "taken", **chosen})
        post_question(work, draft, now)
        await work.flush()
        await guide_readers(work, draft, now)
        for each in readers:
            member = await a_member(work, world.guild.id, each.id)
            claim = await an_invitation(work, draft, member, state="taken", decided_at=now, expires_at=now + WEEK)
            await a_part(work, draft, member, taken_at=now)
            await tell_taken(work, draft, claim, each.id, now)
    await world.pass_time(seconds=1)
    return Reading(world, draft.id, readers)
