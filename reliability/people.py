"""A small community that does all the bot offers: asks, presses, fills in, writes."""

import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final, NamedTuple, TypeVar

from bot.ui.items import Press
from reliability import community
from reliability.filling import BUTTON, Filler
from reliability.standin.server import StandIn
from reliability.standin.world import DIRECT, HELP_CHANNEL_ID, PRIVATE_THREAD, Interaction, Payload, leaves

ASKERS: Final = range(200_000_000_000_000_000, 200_000_000_000_000_003)
HELPERS: Final = community.HELPERS[:8]
SLASH: Final = 1
"""The type of a command that is typed."""
ACKNOWLEDGED_WITHIN, SHOWN_WITHIN = 10.0, 2.0
"""Seconds a person waits for a first sign of the bot, and then for its words; some presses have none."""
SENDS_FORM: Final = 0.85
"""How often a person who opened a form sends it."""
RECENT: Final = 0.25
"""The smaller, the more people keep to what came last."""
EPHEMERAL_KEPT: Final = 40
"""The last interactions whose private replies people still have before them."""
_LIKELY: Final[Mapping[str, float]] = {"take": 3.0, "why": 0.3, "pause": 0.1, "mute": 0.1, "delete": 0.1}
"""How likely the verbs of buttons are beside all others; a community in which everyone pauses says no more."""
_Thing = TypeVar("_Thing")
Act = tuple[Callable[[], Awaitable[object]], int]
"""Something a person does, and how likely it is beside the rest."""


class Offer(NamedTuple):
    """Something that can be pressed, and who sees it."""

    message: Payload
    component: Payload
    seen_by: Sequence[int]

    @property
    def press(self) -> Press | None:
        """What it means."""
        return Press.parse(self.component["custom_id"])


class People:
    """Everyone, drawing what to do next from one random source."""

    def __init__(self, discord: StandIn, draw: random.Random) -> None:
        """Take part in a stand-in's world."""
        self._discord = discord
        self._draw = draw
        self._filler = Filler(draw, [*ASKERS, *HELPERS])
        self.unanswered: list[str] = []
        """What a bot that was running never acknowledged."""

    async def act(self) -> None:
        """Let one person do one thing, and wait for what comes of it."""
        acts = self._acts()
        (act,) = self._draw.choices([act for act, _ in acts], [weight for _, weight in acts])
        await act()

    async def write(self) -> None:
        """Let a person write in one of the threads, where there is one."""
        if threads := self._discord.world.threads:
            thread = self._late(threads)
            await self._discord.say(self._draw.choice(self._seen_by(thread)), int(thread["id"]))

    def _acts(self) -> Sequence[Act]:
        return (self._ask, 2), (self._press, 10), (self.write, 4), (self._command, 1)

    async def _ask(self) -> None:
        await self._use("ask", self._draw.choice(ASKERS))

    async def _command(self) -> None:
        typed = [each["name"] for each in self._discord.world.commands if each["type"] == SLASH]
        if typed:
            await self._use(self._draw.choice(typed), self._draw.choice([*ASKERS, *HELPERS]))

    async def _use(self, name: str, user_id: int) -> Interaction | None:
        """Let a person use a command by its name, where the bot has said by now that there is one."""
        named = [each for each in self._discord.world.commands if each["name"] == name]
        if not named:
            return None
        return await self._go_on(await self._discord.use(user_id, named[0], HELP_CHANNEL_ID))

    async def _press(self) -> None:
        await self._press_one(list(self._offers()))

    async def _press_about(self, kinds: Container[str]) -> None:
        """Let a person press a button of these kinds, each as likely as any other, however many there are."""
        known = defaultdict[Press, list[Offer]](list)
        for offer in self._offers():
            if (press := offer.press) is not None and press.kind in kinds:
                known[replace(press, row=0)].append(offer)
        if known:
            await self._press_one(self._draw.choice(list(known.values())))

    async def _walk(self, user_id: int, command: str, *verbs: str) -> None:
        """Let a person use a command, and press one thing after the other in what they are shown."""
        interaction = await self._use(command, user_id)
        for verb in verbs:
            there = [each for each in offered(interaction) if each.press is not None and each.press.verb == verb]
            if not there:
                return
            offer = self._draw.choice(there)
            pressed = await self._discord.choose(user_id, offer.message, self._filler.press(offer.component))
            interaction = await self._go_on(pressed)

    async def _press_one(self, offers: Sequence[Offer]) -> None:
        """Let a person press one of the buttons before them, a late one rather than an old one."""
        if not offers:
            return
        message = self._late(offers).message
        beside = [each for each in offers if each.message is message]
        (offer,) = self._draw.choices(beside, [_likeliness(each.component) for each in beside])
        user_id = self._draw.choice(offer.seen_by)
        await self._go_on(await self._discord.choose(user_id, message, self._filler.press(offer.component)))

    async def _go_on(self, interaction: Interaction) -> Interaction:
        """Wait for what comes of an interaction, and return the last one; most forms that open are filled in."""
        await self._until_answered(interaction)
        if interaction.form is not None and self._draw.random() < SENDS_FORM:
            filled = self._filler.form(interaction.form)
            message = interaction.payload.get("message")
            interaction = await self._discord.send_form(interaction.user_id, filled, message)
            await self._until_answered(interaction)
        return interaction

    async def _until_answered(self, interaction: Interaction) -> None:
        try:
            await self._discord.until(lambda: interaction.acknowledged_at, ACKNOWLEDGED_WITHIN)
        except TimeoutError:
            data = interaction.payload["data"]
            self.unanswered.append(str(data.get("custom_id") or data.get("name")))
            return
        with suppress(TimeoutError):
            await self._discord.until(lambda: interaction.replied_at, SHOWN_WITHIN)

    def _offers(self) -> Iterator[Offer]:
        world = self._discord.world
        for written in world.written:
            yield from pressable(written.message, self._seen_by(world.channels[int(written.message["channel_id"])]))
        for interaction in list(world.interactions.values())[-EPHEMERAL_KEPT:]:
            for message in interaction.shown:
                yield from pressable(message, [interaction.user_id])

    def _seen_by(self, channel: Payload) -> Sequence[int]:
        if channel["type"] == DIRECT:
            return [int(each["id"]) for each in channel["recipients"]]
        members = [user for thread, user in self._discord.world.members_added if thread == int(channel["id"])]
        is_private = channel["type"] == PRIVATE_THREAD and members
        return sorted(members) if is_private else [*ASKERS, *HELPERS]

    def _late(self, things: Sequence[_Thing]) -> _Thing:
        return things[int(len(things) * self._draw.random() ** RECENT)]


def pressable(message: Payload, seen_by: Sequence[int]) -> Iterator[Offer]:
    """Yield what can be pressed in a message."""
    for component in leaves(message["components"]):
        if "custom_id" in component and not component.get("disabled"):
            yield Offer(message, component, seen_by)


def offered(interaction: Interaction | None) -> list[Offer]:
    """Return what a person can press in what they alone were shown."""
    if interaction is None:
        return []
    return [each for message in interaction.shown for each in pressable(message, [interaction.user_id])]


def _likeliness(component: Payload) -> float:
    press = Press.parse(component["custom_id"])
    return _LIKELY.get(press.verb, 1.0) if press is not None and component["type"] == BUTTON else 1.0
