"""Walk the next round of a draft: its author begins it, and who read the first version is asked before anyone else."""

from typing import Final

import discord
from simcord import ChannelHandle
from simcord.results import ResponseMessage

from bot.texts import say
from playground.scene import TAKE, Scene, first_option, require, shown, with_button
from playground.world import Person

NEW, OPEN = say("draft.choices.new.button"), say("feedback.carried.button")
AGAIN: Final = say("draft.again")
GENERAL, THERE = "in #general", "in the thread"


class RoundScript:
    """The next round of the draft that was read, step by step; each step looks whether what it did can be seen."""

    def __init__(self, scene: Scene, thread: ChannelHandle, readers: tuple[Person, Person]) -> None:
        """Go on in `scene`, in a draft's thread, after these two have read it."""
        self._scene, self._thread, self._readers = scene, thread, readers
        self._draft = scene.town.community.draft
        self._author = scene.town.people[self._draft.author]

    async def play(self) -> None:
        """Play it.

        Raises:
            PlaygroundError: something that should have happened can't be seen; the sentence says what.
        """
        await self._begin()
        again = [each for each in self._scene.show_mail(*self._readers) if AGAIN in each.content]
        require(len(again) == len(self._readers), "A reader of the first version isn't asked about the new one.")
        second = self._readers[1]
        with self._scene.transcript.step(f"{second.label} reads the new version, too"):
            await self._scene.press(second, TAKE)
        self._scene.show_news(THERE, self._thread)
        with self._scene.transcript.step(f"{second.label} looks which points are still open"):
            self._scene.transcript.said(second.label, THERE, f"presses [{OPEN}]")
            opened = await second.actor.click(with_button(self._thread, OPEN), label=OPEN)
            words = self._scene.show_answer(second, THERE, opened)
        require(self._draft.feedback[1].remark in words, "The point that isn't done isn't carried over.")

    async def _begin(self) -> None:
        scene, author, draft = self._scene, self._author, self._draft
        with scene.transcript.step(f"{author.label} has a new version"):
            own = await self._own()
            scene.transcript.said(author.label, GENERAL, f"presses [{NEW}]")
            form = await author.actor.click(own, label=NEW)
            typed = (draft.changes, f"{draft.round_file}, {len(draft.round_text.split())} words", draft.round_by)
            scene.transcript.said(author.label, GENERAL, [f"| {each}" for each in typed])
            filled = {
                "changes": draft.changes, "file": (draft.round_file, draft.round_text.encode()), "size": ["same"],
                "needed_by": draft.round_by,
            }  # fmt: skip
            scene.show_answer(author, GENERAL, await author.actor.submit_modal(form, filled))
        news = scene.show_news(THERE, self._thread)
        require(_file_in(news) == draft.round_file, "The new version isn't in the thread.")

    async def _own(self) -> ResponseMessage:
        """Return what `/mine` shows of the draft."""
        scene, author = self._scene, self._author
        scene.transcript.said(author.label, GENERAL, "/mine")
        mine = await author.actor.slash(scene.town.general, "mine")
        scene.show_answer(author, GENERAL, mine)
        custom_id, option = first_option(shown(mine))
        scene.transcript.said(author.label, GENERAL, f"picks {option['label']}")
        own = await author.actor.select(shown(mine), [option["value"]], custom_id=custom_id)
        scene.show_answer(author, GENERAL, own)
        return shown(own)


def _file_in(messages: list[discord.Message]) -> str | None:
    return next((file.filename for each in messages for file in each.attachments), None)
