"""Walk the story of a draft: two people read it, compare notes, hear what became of it, and are asked once more."""

from datetime import datetime, timedelta
from typing import Final

import discord
from simcord import ChannelHandle, InteractionResult
from simcord.results import ResponseMessage

from bot.services.feedback.letters import TOLD_AFTER
from bot.texts import say
from playground.community import SampleFeedback
from playground.round_script import RoundScript
from playground.scene import DIRECT, TAKE, Scene, require, shown, with_button
from playground.world import Person

ASK, BEGIN, ADD = say("feedback.confirm.button"), say("feedback.begin.button"), say("feedback.add_point.button")
SEND, OTHERS, WORD = say("feedback.send.button"), say("feedback.others.button"), say("feedback.word.button", number=1)
COMPARE, AGREE, NOTE = say("feedback.compare.button"), say("feedback.agree.button"), say("feedback.note.button")
HELPED: Final = say("outcome.yes.button")
TOLD: Final = "what became of your points"
THERE: Final = "in the thread"


class DraftScript:
    """The story of one draft, step by step; each step looks whether what it did can be seen."""

    def __init__(self, scene: Scene) -> None:
        """Go on in `scene`."""
        self._scene = scene
        self._draft = scene.town.community.draft
        self._author = scene.town.people[self._draft.author]

    async def play(self) -> None:
        """Play the whole story.

        Raises:
            PlaygroundError: something that should have happened can't be seen; the sentence says what.
        """
        self._scene.pass_over()
        thread = await self._ask()
        readers = self._scene.invited()
        for each in readers:
            await self._take(each, thread)
        for reader, feedback in zip(readers, self._draft.feedback, strict=True):
            await self._read(reader, thread, feedback)
        await self._read_others(readers[1], thread)
        await self._compare(*readers, thread)
        for reader, feedback in zip(readers, self._draft.feedback, strict=True):
            await self._settle(reader, feedback)
        await self._tell(*readers)
        await self._thank()
        await RoundScript(self._scene, thread, readers).play()

    async def _ask(self) -> ChannelHandle:
        """Hand in a file: what was understood is shown, and no one is asked before its author says yes."""
        scene, author, draft = self._scene, self._author, self._draft
        typed = [draft.about, f"{draft.file}, {len(draft.text.split())} words", draft.questions, draft.needed_by]
        with scene.transcript.step(f"{author.label} asks for feedback on a draft"):
            lines = [line for each in typed for line in each.splitlines()]
            scene.transcript.said(author.label, "in #general", ["/feedback", *(f"| {line}" for line in lines)])
            form = await author.actor.slash(scene.town.general, "feedback")
            require(form.modal is not None, "/feedback opened no form.")
            filled = {
                "about": draft.about, "questions": draft.questions, "needed_by": draft.needed_by,
                "file": (draft.file, draft.text.encode()),
            }  # fmt: skip
            preview = await author.actor.submit_modal(form, filled)
            scene.show_answer(author, "in #general", preview)
            scene.transcript.said(author.label, "in #general", f"presses [{ASK}]")
            scene.show_answer(author, "in #general", await author.actor.click(shown(preview), label=ASK))
        thread = scene.town.help_channel.threads[-1]
        news = scene.show_news(THERE, thread)
        require(any(each.attachments for each in news), "The draft isn't in its thread.")
        return thread

    async def _take(self, reader: Person, thread: ChannelHandle) -> None:
        with self._scene.transcript.step(f"{reader.label} takes it"):
            await self._scene.press(reader, TAKE)
        news = self._scene.show_news(THERE, thread)
        require(bool(news), "The thread doesn't say that it is being read.")
        is_named = any(reader.actor.mention in each.content or reader.label in each.content for each in news)
        require(not is_named, "The thread names a reader who hasn't written yet.")

    async def _read(self, reader: Person, thread: ChannelHandle, feedback: SampleFeedback) -> None:
        """Say what the draft says, make one point, and send both."""
        with self._scene.transcript.step(f"{reader.label} sends feedback"):
            form = await self._press(reader, with_button(thread, BEGIN), BEGIN)
            said = {"summary": feedback.summary, "strengths": feedback.strengths, "answers": feedback.answers}
            page = await reader.actor.submit_modal(form, {**said, "model": ["no"]})
            self._scene.show_answer(reader, THERE, page)
            form = await self._press(reader, shown(page), ADD)
            point = {"location": feedback.where, "remark": feedback.remark, "suggestion": feedback.suggestion}
            await reader.actor.submit_modal(form, {**point, "area": [feedback.area], "sure": ["sure"]})
            await self._press(reader, shown(page), SEND)
        self._scene.show_mail(self._author)
        self._scene.show_news(THERE, thread)

    async def _read_others(self, reader: Person, thread: ChannelHandle) -> None:
        """Read the other reader's points, which are there once one's own are sent."""
        with self._scene.transcript.step(f"{reader.label} reads the other's points"):
            others = await self._press(reader, with_button(thread, OTHERS), OTHERS)
            words = self._scene.show_answer(reader, THERE, others)
        require(words, "The other reader's points aren't there.")

    async def _compare(self, first: Person, second: Person, thread: ChannelHandle) -> None:
        """Agree on fifteen minutes, and say something together afterwards."""
        scene, draft = self._scene, self._draft
        with scene.transcript.step(f"{second.label} and {first.label} agree on a time to compare notes"):
            again = await self._press(second, with_button(thread, BEGIN), BEGIN)
            await self._fill_in(second, shown(again), COMPARE, {"when": draft.compare_at})
            scene.show_news(THERE, thread)
            scene.show_answer(first, THERE, await self._press(first, with_button(thread, AGREE), AGREE))
            scene.show_news(THERE, thread)
        await scene.wait_until("It's time", await self._agreed(thread))
        require(scene.show_news(THERE, thread), "The thread doesn't say that it's time to compare notes.")
        with scene.transcript.step(f"{first.label} writes for both"):
            await self._fill_in(first, with_button(thread, NOTE), NOTE, {"words": draft.together})
        await self._wait_a_while()
        told = [each for each in scene.show_mail(self._author, second) if _says(each, draft.together)]
        require(len(told) == 2, "The author and the other reader should have the joint note.")  # noqa: PLR2004

    async def _agreed(self, thread: ChannelHandle) -> datetime:
        """Return when the readers compare their notes."""
        async with self._scene.town.app.database.read() as work:
            draft = await work.requests.find_in_thread(thread.id)
            note = await work.feedback.joint_note(draft.id, 1) if draft is not None else None
        meets_at = note.meets_at if note is not None and note.is_agreed else None
        require(meets_at, "The readers agreed on no time to compare their notes.")
        assert meets_at is not None, "it is required"  # noqa: S101
        return meets_at

    async def _settle(self, reader: Person, feedback: SampleFeedback) -> None:
        """Say what became of the point, with a word."""
        author = self._author
        with self._scene.transcript.step(f"{author.label} says what became of {reader.label}'s point"):
            message = next(
                each
                for each in author.actor.user.dm_channel.history()
                if reader.actor.mention in each.content and each.components
            )
            self._scene.transcript.said(author.label, DIRECT, f"presses [{WORD}] | {feedback.becomes}: {feedback.note}")
            form = await author.actor.user.click(message, label=WORD)
            await author.actor.user.submit_modal(form, {"outcome": [feedback.becomes], "words": feedback.note})

    async def _tell(self, *readers: Person) -> None:
        await self._wait_a_while()
        told = [each for each in self._scene.show_mail(*readers) if TOLD in each.content]
        require(len(told) == len(readers), "A reader doesn't know what became of their points.")

    async def _thank(self) -> None:
        author = self._author
        require(self._scene.offers(author, HELPED), "The author isn't asked whether it helped.")
        with self._scene.transcript.step(f"{author.label} says that it helped"):
            await self._scene.press(author, HELPED)

    async def _wait_a_while(self) -> None:
        moment = self._scene.town.env.now() + TOLD_AFTER + timedelta(minutes=1)
        await self._scene.wait_until("A while later", moment)

    async def _fill_in(
        self, person: Person, message: discord.Message | ResponseMessage, label: str, filled: dict[str, str]
    ) -> None:
        """Press a button that opens a form, and fill it in."""
        form = await self._press(person, message, label)
        self._scene.transcript.said(person.label, THERE, [f"| {each}" for each in filled.values()])
        self._scene.show_answer(person, THERE, await person.actor.submit_modal(form, filled))

    async def _press(self, person: Person, message: discord.Message | ResponseMessage, label: str) -> InteractionResult:
        self._scene.transcript.said(person.label, THERE, f"presses [{label}]")
        return await person.actor.click(message, label=label)


def _says(message: discord.Message, words: str) -> bool:
    return any(words in str(embed.description) for embed in message.embeds)
