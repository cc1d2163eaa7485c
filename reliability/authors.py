"""People around drafts: they ask for feedback, read, wait for a place, choose at the deadline, and take drafts back."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from reliability import community
from reliability.filling import Filler
from reliability.people import ASKERS, HELPERS, Act, People, offered
from reliability.standin.server import StandIn
from reliability.standin.world import Interaction, Payload

ABOUT_DRAFTS: Final = {"drafting", "round", "reading", "feedback", "point"}
"""The kinds of buttons that drafts have of their own."""
FEW_DAYS: Final = (1, 4)
"""In so many days a draft is needed, Anywhere on Earth: its claims and choices are hours apart."""
_HAS_FILE, _HAS_LINK, _IS_UNREADABLE = 0.7, 0.25, 0.1
_BEFORE_POSTING: Final = ("size", "visibility", "readers")
"""What an author chooses, where it is offered, before they send a draft on its way."""
_LONGEST_FILE: Final = 2_000
"""Words."""


class Authors(People):
    """A community that talks about drafts more than about anything else."""

    def __init__(self, discord: StandIn, draw: random.Random) -> None:
        """Take part in a stand-in's world."""
        super().__init__(discord, draw)
        known = {"about": self._about, "link": self._link, "needed_by": self._needed_by}
        self._filler = Filler(draw, [*ASKERS, *HELPERS], known)
        self._filler.attach = self._file

    def _acts(self) -> Sequence[Act]:
        return [*super()._acts(), (self._write_draft, 8), (self._press_about_drafts, 12), (self._read_drafts, 12)]

    async def _write_draft(self) -> None:
        """Let an author fill in the form, choose, and mostly send the draft on its way."""
        shown = await self._use("feedback", self._draw.choice(ASKERS))
        for verb in (*self._draw.sample(_BEFORE_POSTING, 2), "size", "post"):
            await self._press_shown(shown, verb)

    async def _press_about_drafts(self) -> None:
        await self._press_about(ABOUT_DRAFTS)

    async def _read_drafts(self) -> None:
        await self._press_about({"invitation"})

    async def _press_shown(self, shown: Interaction | None, verb: str) -> None:
        """Press one thing in what a person was shown, where it is there; it changes in its place."""
        for offer in offered(shown):
            if offer.press is not None and offer.press.verb == verb:
                pressed = await self._discord.choose(
                    offer.seen_by[0], offer.message, self._filler.press(offer.component)
                )
                await self._go_on(pressed)
                return

    def _about(self) -> str:
        """Return what some helpers know, so that there are readers whom it fits."""
        lines = [line for each in self._draw.sample(range(len(HELPERS)), 3) for line in community.lines(each)]
        return f"Notes on {'; '.join(lines)}"

    def _link(self) -> str:
        return "https://example.org/draft" if self._draw.random() < _HAS_LINK else ""

    def _needed_by(self) -> str:
        day = self._discord.world.now() + timedelta(days=self._draw.randint(*FEW_DAYS))
        return f"{day.day} {day:%b %Y} AoE"

    def _file(self) -> Payload | None:
        if self._draw.random() > _HAS_FILE:
            return None
        if self._draw.random() < _IS_UNREADABLE:
            return self._discord.attach("draft.pdf", b"\x00\x01")
        words = " ".join(["word"] * self._draw.randint(10, _LONGEST_FILE))
        return self._discord.attach("draft.md", f"# Notes\n\n{words}\n".encode())
