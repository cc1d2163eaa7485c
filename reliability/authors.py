"""People around drafts: they ask for feedback, read, wait for a place, choose at the deadline, and take drafts back."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from bot.domain.drafts import Stage
from reliability import community
from reliability.filling import Filler
from reliability.papers import pdf
from reliability.people import ASKERS, HELPERS, Act, Offer, People, offered
from reliability.standin.server import StandIn
from reliability.standin.world import Interaction, Payload

ABOUT_DRAFTS: Final = {"drafting", "round", "reading", "feedback", "point"}
"""The kinds of buttons that drafts have of their own."""
FEW_DAYS: Final = (1, 4)
"""In so many days a draft is needed, Anywhere on Earth: its claims and choices are hours apart."""
_HAS_FILE, _HAS_LINK, _IS_UNREADABLE, _IS_PDF = 0.7, 0.25, 0.1, 0.5
_ONE_READER, _MAKES_POINT = 0.6, 0.7
"""How often one reader is enough, so that all of them have soon sent theirs, and how often a reader makes a point."""
_BEFORE_POSTING: Final = ("visibility", "areas")
"""What an author chooses beside the rest before they send a draft on its way."""
_LONGEST_FILE: Final = 2_000
"""Words."""
_ALLOWED: Final = "yes"
"""What an author says of a review's venue."""


class Authors(People):
    """A community that talks about drafts more than about anything else."""

    def __init__(self, discord: StandIn, draw: random.Random) -> None:
        """Take part in a stand-in's world."""
        super().__init__(discord, draw)
        known = {"about": self._about, "link": self._link, "needed_by": self._needed_by, "allowed": lambda: _ALLOWED}
        self._filler = Filler(draw, [*ASKERS, *HELPERS], known)
        self._filler.attach = self._file
        self._is_review = False

    def _acts(self) -> Sequence[Act]:
        return [
            *super()._acts(),
            (self._write_draft, 6),
            (self._write_review, 2),
            (self._press_about_drafts, 8),
            (self._read_drafts, 6),
            (self._read_to_the_end, 14),
            (self._begin_round, 10),
        ]

    async def _write_draft(self) -> None:
        """Let an author fill in the form, choose, and mostly send the draft on its way."""
        shown = await self._use("feedback", self._draw.choice(ASKERS))
        await self._press_shown(shown, "size")
        await self._press_shown(shown, "readers", 0 if self._draw.random() < _ONE_READER else None)
        for verb in (self._draw.choice(_BEFORE_POSTING), "post"):
            await self._press_shown(shown, verb)

    async def _write_review(self) -> None:
        """Let an author ask for feedback on a review, of which they paste the words."""
        self._is_review = True
        try:
            shown = await self._use("feedback", self._draw.choice(ASKERS))
        finally:
            self._is_review = False
        await self._press_shown(shown, "stage", list(Stage).index(Stage.REVIEW))
        await self._press_shown(shown, "readers", 0)
        for verb in ("review", "post"):
            await self._press_shown(shown, verb)

    async def _read_to_the_end(self) -> None:
        """Let a person take what they are asked, or what is before them, and say in a form what they think."""
        taken = await self._press_late(lambda each: _is(each, "invitation", "take"))
        user_id = taken.user_id if taken is not None else self._draw.choice(HELPERS)
        page = await self._press_late(lambda each: _is(each, "reading", "write") and user_id in each.seen_by, user_id)
        if page is None:
            await self._write_draft()
        if self._draw.random() < _MAKES_POINT:
            await self._press_shown(page, "point")
        await self._press_shown(page, "send")

    async def _begin_round(self) -> None:
        """Let an author begin a next round where they are offered one, or else a first one."""
        if await self._press_late(lambda each: _is(each, "round", "new")) is None:
            await self._write_draft()

    async def _press_late(self, is_wanted: Callable[[Offer], bool], user_id: int | None = None) -> Interaction | None:
        """Let a person press a late one of these buttons, and return what came of it."""
        if not (offers := [each for each in self._offers() if is_wanted(each)]):
            return None
        offer = self._late(offers)
        pressed = await self._discord.choose(
            user_id or self._draw.choice(offer.seen_by), offer.message, self._filler.press(offer.component)
        )
        return await self._go_on(pressed)

    async def _press_about_drafts(self) -> None:
        await self._press_about(ABOUT_DRAFTS)

    async def _read_drafts(self) -> None:
        await self._press_about({"invitation"})

    async def _press_shown(self, shown: Interaction | None, verb: str, place: int | None = None) -> None:
        """Press one thing in what a person was shown, where it is there; it changes in its place."""
        for offer in offered(shown):
            if offer.press is not None and offer.press.verb == verb:
                used = self._filler.press(offer.component)
                chosen = used if place is None else {**used, "values": [str(place)]}
                await self._go_on(await self._discord.choose(offer.seen_by[0], offer.message, chosen))
                return

    def _about(self) -> str:
        """Return what some helpers know, so that there are readers whom it fits."""
        lines = [line for each in self._draw.sample(range(len(HELPERS)), 3) for line in community.lines(each)]
        return f"Notes on {'; '.join(lines)}"

    def _link(self) -> str:
        return "https://example.org/draft" if self._draw.random() < _HAS_LINK and not self._is_review else ""

    def _needed_by(self) -> str:
        day = self._discord.world.now() + timedelta(days=self._draw.randint(*FEW_DAYS))
        return f"{day.day} {day:%b %Y} AoE"

    def _file(self) -> Payload | None:
        if self._draw.random() > _HAS_FILE or self._is_review:
            return None
        if self._draw.random() < _IS_UNREADABLE:
            return self._discord.attach("draft.pdf", b"\x00\x01")
        words = " ".join(["word"] * self._draw.randint(10, _LONGEST_FILE))
        if self._draw.random() < _IS_PDF:
            return self._discord.attach("draft.pdf", pdf(words))
        return self._discord.attach("draft.md", f"# Notes\n\n{words}\n".encode())


def _is(offer: Offer, kind: str, verb: str) -> bool:
    return offer.press is not None and (offer.press.kind, offer.press.verb) == (kind, verb)
