"""What each part of the guided path is made of: people press and read, and the script looks whether it can be seen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import discord
from simcord import ChannelHandle, InteractionResult
from simcord.results import ResponseMessage

from bot.texts import say
from playground.setting import PlaygroundError
from playground.town import BOT_NAME, Town
from playground.transcript import Names, Transcript, Write, buttons
from playground.world import Person

TAKE: Final = say("invitation.take.button")
DIRECT: Final = "in direct messages"


class Scene:
    """A town, what was seen of it so far, and the conversation that is written down."""

    def __init__(self, town: Town, write: Write) -> None:
        """Watch `town`, and write the conversation down with `write`."""
        self.town = town
        self.transcript = Transcript(write, self._names)
        self._seen: set[int] = set()
        self.pass_over()

    def pass_over(self) -> None:
        """Take all that was written so far as seen, without showing it."""
        people = self.town.people.values()
        for channel in (self.town.help_channel, *(person.actor.user.dm_channel for person in people)):
            self._seen.update(message.id for message in channel.history())

    async def press(self, person: Person, label: str) -> str:
        """Press the newest button with this label in a person's direct messages, and return what they read then."""
        message = next(each for each in reversed(_inbox(person)) if label in buttons(each))
        self.transcript.said(person.label, DIRECT, f"presses [{label}]")
        result = await person.actor.user.click(message, label=label)
        return self.show_answer(person, DIRECT, result)

    def invited(self) -> tuple[Person, Person]:
        """Return the two people who were asked just now, each told why in their own words."""
        invited = [person for person in self.town.people.values() if self.new_invitation(person)]
        require(len(invited) == 2, f"Two people should be asked, but {len(invited)} were.")  # noqa: PLR2004
        for person in invited:
            self.show_invitation(person)
        return invited[0], invited[1]

    def show_invitation(self, person: Person) -> None:
        """Show how a person was asked, and look whether it is in their own words."""
        message = self.new_invitation(person)
        require(message is not None, f"{person.label} wasn't asked.")
        own = self.town.community.member(person.actor.name).statements
        words = message.content if message else ""
        require(any(statement in words for statement in own), f"{person.label} isn't told why in their own words.")
        self.show_news(DIRECT, person.actor.user.dm_channel, f"{BOT_NAME} to {person.label}")

    def new_invitation(self, person: Person) -> discord.Message | None:
        """Return how a person was asked since their messages were shown last, or None."""
        news = [message for message in _inbox(person) if message.id not in self._seen]
        return next((message for message in news if TAKE in buttons(message)), None)

    def offers(self, person: Person, label: str) -> bool:
        """Tell whether a person has a button with this label in their direct messages."""
        return any(label in buttons(message) for message in _inbox(person))

    def show_mail(self, *people: Person) -> list[discord.Message]:
        """Show what is new in people's direct messages."""
        return [
            message
            for each in people
            for message in self.show_news(DIRECT, each.actor.user.dm_channel, f"{BOT_NAME} to {each.label}")
        ]

    def show_news(self, where: str, channel: ChannelHandle, speaker: str | None = None) -> list[discord.Message]:
        """Show what is new in a channel, and return it."""
        news = [message for message in channel.history() if message.id not in self._seen and _is_readable(message)]
        for message in news:
            name = self._names().get(message.author.id, BOT_NAME)
            self.transcript.message(speaker or name, where, message)
        self._seen.update(message.id for message in news)
        return news

    def show_answer(self, person: Person, where: str, result: InteractionResult) -> str:
        """Show what the bot answered to one person, and return the words of the last answer."""
        answers = result.followups or ([result.response] if result.response else [])
        require(answers, f"{BOT_NAME} didn't answer {person.label}.")
        self._seen.update(answer.id for answer in answers)
        for answer in answers:
            self.transcript.message(f"{BOT_NAME}, only to {person.label}", where, answer.message)
        return answers[-1].content

    async def wait_until(self, title: str, moment: datetime) -> None:
        """Move the simulated clock on, and let the bot look what is due by that."""
        env = self.town.env
        with self.transcript.step(title):
            await env.advance_time((moment - env.now()).total_seconds())
            for sweep in self.town.app.sweeps:
                await sweep.run()
            await env.settle()

    def _names(self) -> Names:
        channels = self.town.env.backend.channels.values()
        people = {person.actor.id: person.label for person in self.town.people.values()}
        return people | {channel.id: channel.name for channel in channels if channel.name}


def require(found: object, sentence: str) -> None:
    """End the path with `sentence` unless something was found.

    Raises:
        PlaygroundError: it wasn't.
    """
    if not found:
        raise PlaygroundError(sentence)


def shown(result: InteractionResult) -> ResponseMessage:
    """Return the last message that the bot answered with."""
    last = result.followups[-1] if result.followups else result.response
    assert last is not None, "something was shown"  # noqa: S101
    return last


def first_option(message: ResponseMessage) -> tuple[str, Mapping[str, Any]]:
    """Return a message's first select and what it offers first."""
    items = [item for row in message.components for item in row["components"]]
    menu = next(each for each in items if each.get("options"))
    return menu["custom_id"], menu["options"][0]


def with_button(channel: ChannelHandle, label: str) -> discord.Message:
    """Return a channel's newest message with this button."""
    return next(message for message in reversed(channel.history()) if label in buttons(message))


def _inbox(person: Person) -> list[discord.Message]:
    return person.actor.user.dm_channel.history()


def _is_readable(message: discord.Message) -> bool:
    return bool(message.content or message.embeds) and not message.is_system()
