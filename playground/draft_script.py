"""Walk the story of a draft: its author asks, two people read it, and it helps."""

from typing import Final

from simcord import ChannelHandle

from bot.texts import say
from playground.community import SampleFeedback
from playground.scene import TAKE, Scene, require, shown
from playground.world import Person

ASK, HELPED = say("feedback.confirm.button"), say("outcome.yes.button")
FIRST: Final = "in the thread"


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
        await self._settle()

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
        news = scene.show_news(FIRST, thread)
        require(any(each.attachments for each in news), "The draft isn't in its thread.")
        return thread

    async def _take(self, reader: Person, thread: ChannelHandle) -> None:
        with self._scene.transcript.step(f"{reader.label} takes it"):
            await self._scene.press(reader, TAKE)
        news = self._scene.show_news(FIRST, thread)
        require(any(reader.actor.mention in each.content for each in news), "The thread doesn't say who reads it.")

    async def _read(self, reader: Person, thread: ChannelHandle, feedback: SampleFeedback) -> None:
        """Write in the thread what one makes of the draft."""
        said = f"{feedback.summary} {feedback.strengths} {feedback.answers}"
        with self._scene.transcript.step(f"{reader.label} reads it, and writes"):
            self._scene.transcript.said(reader.label, FIRST, said)
            await reader.actor.send(thread, f"{said}\n{feedback.where}: {feedback.remark} {feedback.suggestion}")
        self._scene.show_mail(self._author)

    async def _settle(self) -> None:
        author = self._author
        require(self._scene.offers(author, HELPED), "The author isn't asked whether it helped.")
        with self._scene.transcript.step(f"{author.label} says that it helped"):
            await self._scene.press(author, HELPED)
