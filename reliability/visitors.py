"""People around office hours: they book, give back, wait, queue up, and call the next person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.ui.items import Press
from reliability.people import ASKERS, HELPERS, Act, Offer, People, pressable
from reliability.standin.world import Interaction

VISITORS: Final = [*ASKERS, *(ASKERS.stop + number for number in range(6))]
"""People who have no hours of their own, and would like some of others'."""
ABOUT_HOURS: Final = {"book", "waitlist", "meeting", "queue"}
"""The kinds of buttons that office hours have."""


class Visitors(People):
    """A community that talks about its office hours more than about anything else."""

    def _acts(self) -> Sequence[Act]:
        more: Sequence[Act] = (
            (self._press_about_hours, 24), (self._give_back, 4), (self._book, 2), (self._wait, 2), (self._queue_up, 4),
        )  # fmt: skip
        return [*super()._acts(), *more]

    async def _press_about_hours(self) -> None:
        """Let a person press a button of office hours, each kind as likely as any other, however many there are."""
        known = defaultdict[Press, list[Offer]](list)
        for offer in self._offers():
            if (press := _press(offer)) is not None and press.kind in ABOUT_HOURS:
                known[replace(press, row=0)].append(offer)
        if known:
            await self._press_one(self._draw.choice(list(known.values())))

    async def _give_back(self) -> None:
        await self._walk(self._draw.choice([*VISITORS, *HELPERS]), "mine", "time", "cancel")

    async def _book(self) -> None:
        await self._walk(self._draw.choice(VISITORS), "book", "pick")

    async def _wait(self) -> None:
        await self._walk(self._draw.choice(VISITORS), "book", self._draw.choice(["join", "host"]))

    async def _queue_up(self) -> None:
        await self._walk(self._draw.choice(VISITORS), "office-hours", "queue")

    async def _walk(self, user_id: int, command: str, *verbs: str) -> None:
        """Let a person use a command, and press one thing after the other in what they are shown."""
        interaction = await self._use(command, user_id)
        for verb in verbs:
            there = [each for each in _shown(interaction) if (press := _press(each)) is not None and press.verb == verb]
            if not there:
                return
            offer = self._draw.choice(there)
            pressed = await self._discord.choose(user_id, offer.message, self._filler.press(offer.component))
            interaction = await self._go_on(pressed)


def _shown(interaction: Interaction | None) -> list[Offer]:
    if interaction is None:
        return []
    return [each for message in interaction.shown for each in pressable(message, [interaction.user_id])]


def _press(offer: Offer) -> Press | None:
    return Press.parse(offer.component["custom_id"])
