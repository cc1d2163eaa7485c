"""Walk the whole path without a browser: a question asked, passed, taken, answered, counted, and talked about."""

import re
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import discord
from simcord import ChannelHandle, InteractionResult
from simcord.results import ResponseMessage

from bot.texts import say
from playground.setting import PlaygroundError
from playground.town import BOT_NAME, Town
from playground.transcript import Names, Transcript, Write, buttons
from playground.world import Person

TAKE, PASS, WHY = say("invitation.take.button"), say("invitation.pass.button"), say("why.button")
EDIT, REPLY = say("advice.edit.button"), say("reply.button")
VAGUE: Final = "Can I ask something about machine learning?"
FOUND: Final = say("similar.drop.button")
HELPED: Final = say("outcome.yes.button")
DIRECT: Final = "in direct messages"
OFFER, HERE = say("offer_time.confirm.button"), say("meeting.here.button")
TALK: Final = "15 minutes with"
WHEN: Final = "Fri 18:00-19:00"
COUNTED: Final = ("asked", "taken", "answered", "helped")


class Script:
    """The guided path, step by step; each step looks whether what it did can be seen."""

    def __init__(self, town: Town, write: Write) -> None:
        """Play in `town`, and write the conversation down with `write`."""
        self._town = town
        self._transcript = Transcript(write, self._names)
        self._seen: set[int] = set()
        for channel in (town.help_channel, *(person.actor.user.dm_channel for person in town.people.values())):
            self._seen.update(message.id for message in channel.history())

    async def play(self) -> None:
        """Play the whole path.

        Raises:
            PlaygroundError: something that should have happened can't be seen; the sentence says what.
        """
        began = time.perf_counter()
        before = await self._count("The moderator looks at the statistics")
        thread = await self._ask()
        first, second = self._invited()
        await self._ask_why(first)
        await self._pass(first)
        await self._take(second, thread)
        await self._answer(second, thread)
        await self._settle()
        after = await self._count("The moderator looks again")
        self._require_counted(before, after)
        if all(encoder.is_warm for encoder in self._town.app.use_cases.inviting.router.encoders):
            await self._ask_again()
            await self._ask_abroad()
        await self._ask_vaguely()
        await self._ask_unseen()
        await self._offer(second)
        await self._meet(second, await self._book(second))
        _require(not self._town.env.errors, "The bot broke on the way; its log says where.")
        took = time.perf_counter() - began
        self._transcript.end(
            f"Asked, taken, answered, counted, booked and met in {took:.1f} s, the model's loading apart."
        )

    async def _ask(self) -> ChannelHandle:
        asker, example = self._town.asker, self._town.community.example
        with self._transcript.step(f"{asker.label} asks"):
            await self._submit(asker, example.text, example.tried)
        channel = self._town.help_channel
        self._show_news(f"in #{channel.name}", channel)
        _require(channel.threads, "The question has no thread.")
        await self._say_encoder(channel.threads[-1])
        return channel.threads[-1]

    async def _ask_why(self, helper: Person) -> None:
        with self._transcript.step(f"{helper.label} wonders why"):
            told = await self._press(helper, WHY)
        own = self._town.community.member(helper.actor.name).statements
        _require(any(statement in told for statement in own), f"{helper.label} isn't told why in their own words.")

    async def _ask_again(self) -> None:
        """Ask what was answered before: its thread is shown, and no one is asked."""
        again = self._town.community.again
        asker = self._town.people[again.asker]
        with self._transcript.step(f"{asker.label} asks something that was answered before"):
            shown, result = await self._submit(asker, again.text)
            _require("here before" in shown, "No earlier question was shown.")
            self._transcript.said(asker.label, "in #general", f"presses [{FOUND}]")
            assert result.response is not None, "something was shown"  # noqa: S101
            self._show_answer(asker, "in #general", await asker.actor.click(result.response, label=FOUND))

    async def _ask_abroad(self) -> None:
        """Ask in another language: people are asked for what they wrote in English."""
        abroad = self._town.community.abroad
        asker = self._town.people[abroad.asker]
        with self._transcript.step(f"{asker.label} asks in another language"):
            await self._submit(asker, abroad.text)
        self._show_news(f"in #{self._town.help_channel.name}", self._town.help_channel)
        self._invited()

    async def _ask_vaguely(self) -> None:
        """Ask nothing in particular: there is a kind hint, and it can be sent as it is."""
        asker = self._town.asker
        with self._transcript.step(f"{asker.label} asks nothing in particular"):
            shown, result = await self._submit(asker, VAGUE)
            _require("For example" in shown, "There was no hint.")
            assert result.response is not None, "something was shown"  # noqa: S101
            await asker.actor.click(result.response, label=EDIT)
        self._transcript.said(asker.label, "in #general", f"presses [{EDIT}], and thinks about it")

    async def _ask_unseen(self) -> None:
        """Ask without a name: nothing that others see gives it away, and the asker answers through a form."""
        unseen = self._town.community.unseen
        asker = self._town.people[unseen.asker]
        with self._transcript.step(f"{asker.label} asks without a name"):
            await self._submit(asker, unseen.text, visibility="anonymous")
        thread = self._town.help_channel.threads[-1]
        news = self._show_news(f"in #{self._town.help_channel.name}", self._town.help_channel)
        self._invited()
        with self._transcript.step(f"{asker.label} adds something, still without a name"):
            self._transcript.said(asker.label, "in the thread", f"presses [{REPLY}] | {unseen.answer}")
            form = await asker.actor.click(_with_button(self._town.help_channel, REPLY), label=REPLY)
            self._show_answer(asker, "in the thread", await asker.actor.submit_modal(form, {"words": unseen.answer}))
        news += self._show_news("in the thread", thread)
        gives_away = any(asker.actor.mention in each.content or asker.label in each.content for each in news)
        _require(not gives_away, "Something gives away who asked.")

    async def _offer(self, host: Person) -> None:
        """Offer an hour: what was understood is shown, and nothing is there before its host says yes."""
        with self._transcript.step(f"{host.label} offers an hour"):
            self._transcript.said(host.label, "in #general", f"/offer-time when: {WHEN}")
            preview = await host.actor.slash(self._town.general, "offer-time", when=WHEN)
            self._show_answer(host, "in #general", preview)
            self._transcript.said(host.label, "in #general", f"presses [{OFFER}]")
            self._show_answer(host, "in #general", await host.actor.click(_shown(preview), label=OFFER))

    async def _book(self, host: Person) -> datetime:
        """Book fifteen minutes for the question, and return when they begin."""
        asker, question = self._town.asker, self._town.community.example.text
        with self._transcript.step(f"{asker.label} books fifteen minutes of it"):
            self._transcript.said(asker.label, "in #general", f"/book question: {question}")
            choices = await asker.actor.slash(self._town.general, "book", question=question)
            self._show_answer(asker, "in #general", choices)
            custom_id, option = _first_option(_shown(choices))
            self._transcript.said(asker.label, "in #general", f"picks {option['label']}")
            await asker.actor.select(_shown(choices), [option["value"]], custom_id=custom_id)
            await self._town.env.settle()
        self._show_mail(host, asker)
        async with self._town.app.database.read() as work:
            member = await work.members.find(self._town.guild.id, asker.actor.id)
            booked = await work.bookings.going_on(member.id) if member else []
        _require(booked, "Nothing was booked.")
        return booked[0].starts_at

    async def _meet(self, host: Person, starts_at: datetime) -> None:
        """Let time move on: both are reminded, say that they are there, and how it was."""
        asker = self._town.asker
        for title, before in (("A day before", timedelta(hours=24)), ("Ten minutes before", timedelta(minutes=10))):
            await self._wait_until(title, starts_at - before)
            news = self._show_mail(host, asker)
            reminded = [each for each in news if TALK in each.content]
            _require(len(reminded) == 2, "Both should be reminded.")  # noqa: PLR2004
        await self._wait_until("It's time", starts_at)
        self._show_mail(host, asker)
        for person in (host, asker):
            await self._press(person, HERE)
        await self._wait_until("Fifteen minutes later", starts_at + timedelta(minutes=15))
        self._show_mail(host, asker)
        await self._press(asker, HELPED)

    async def _wait_until(self, title: str, moment: datetime) -> None:
        """Move the simulated clock on, and let the bot look what is due by that."""
        env = self._town.env
        with self._transcript.step(title):
            await env.advance_time((moment - env.now()).total_seconds())
            for sweep in self._town.app.sweeps:
                await sweep.run()
            await env.settle()

    def _show_mail(self, *people: Person) -> list[discord.Message]:
        """Show what is new in people's direct messages."""
        return [
            message
            for each in people
            for message in self._show_news(DIRECT, each.actor.user.dm_channel, f"{BOT_NAME} to {each.label}")
        ]

    async def _submit(
        self, asker: Person, question: str, tried: str = "", visibility: str = "public"
    ) -> tuple[str, InteractionResult]:
        """Fill in the form of `/ask`, and return what the asker reads."""
        typed = ["/ask", *(f"| {words}" for words in (question, tried) if words)]
        self._transcript.said(asker.label, "in #general", typed)
        form = await asker.actor.slash(self._town.general, "ask")
        _require(form.modal is not None, "/ask opened no form.")
        filled = {
            "question": question, "tried": tried, "kind": ["stuck"], "urgency": ["today"], "visibility": [visibility],
        }  # fmt: skip
        result = await asker.actor.submit_modal(form, filled)
        return self._show_answer(asker, "in #general", result), result

    def _invited(self) -> tuple[Person, Person]:
        invited = [person for person in self._town.people.values() if self._new_invitation(person)]
        _require(len(invited) == 2, f"Two people should be asked, but {len(invited)} were.")  # noqa: PLR2004
        for person in invited:
            self._show_invitation(person)
        return invited[0], invited[1]

    async def _pass(self, helper: Person) -> None:
        with self._transcript.step(f"{helper.label} passes, and the next person is asked"):
            await self._press(helper, PASS)
        following = [person for person in self._town.people.values() if self._new_invitation(person)]
        _require(len(following) == 1, f"One more person should be asked, but {len(following)} were.")
        self._show_invitation(following[0])

    async def _take(self, helper: Person, thread: ChannelHandle) -> None:
        with self._transcript.step(f"{helper.label} takes it"):
            await self._press(helper, TAKE)
        news = self._show_news("in the thread", thread)
        _require(any(helper.actor.mention in each.content for each in news), "The thread doesn't say who took it.")

    async def _answer(self, helper: Person, thread: ChannelHandle) -> None:
        with self._transcript.step(f"{helper.label} answers"):
            await helper.actor.send(thread, self._town.community.example.answer)
            self._show_news("in the thread", thread)

    async def _settle(self) -> None:
        asker = self._town.asker
        _require(self._offers(asker, HELPED), "The asker isn't asked whether it helped.")
        self._show_news(DIRECT, asker.actor.user.dm_channel, f"{BOT_NAME} to {asker.label}")
        with self._transcript.step(f"{asker.label} says that it helped"):
            await self._press(asker, HELPED)

    async def _count(self, title: str) -> dict[str, int]:
        moderator = self._town.moderator
        with self._transcript.step(title):
            self._transcript.said(moderator.label, "in #general", "/stats")
            table = await moderator.actor.slash(self._town.general, "stats")
            words = self._show_answer(moderator, "in #general", table)
        found = {name: re.search(rf"^{say(f'stats.{name}')}\s+(\d+)", words, re.MULTILINE) for name in COUNTED}
        return {name: int(match[1]) for name, match in found.items() if match}

    async def _press(self, person: Person, label: str) -> str:
        message = next(each for each in reversed(_inbox(person)) if label in buttons(each))
        self._transcript.said(person.label, DIRECT, f"presses [{label}]")
        result = await person.actor.user.click(message, label=label)
        return self._show_answer(person, DIRECT, result)

    async def _say_encoder(self, thread: ChannelHandle) -> None:
        async with self._town.app.database.read() as work:
            question = await work.requests.find_in_thread(thread.id)
            read = await work.question_vectors.of([question.id] if question else [])
        _require(question is not None, "The question wasn't kept.")
        models = sorted(model_id for vectors in read.values() for model_id in vectors)
        wanted = sorted(each.model_id for each in self._town.app.use_cases.inviting.router.encoders)
        ending = "." if models == wanted else f"; {' and '.join(wanted)} ought to be there."
        self._transcript.note(
            f"People were matched by their words and by {' and '.join(models) or 'no encoder'}{ending}"
        )

    def _new_invitation(self, person: Person) -> discord.Message | None:
        news = [message for message in _inbox(person) if message.id not in self._seen]
        return next((message for message in news if TAKE in buttons(message)), None)

    def _offers(self, person: Person, label: str) -> bool:
        return any(label in buttons(message) for message in _inbox(person))

    def _show_invitation(self, person: Person) -> None:
        message = self._new_invitation(person)
        _require(message is not None, f"{person.label} wasn't asked.")
        own = self._town.community.member(person.actor.name).statements
        words = message.content if message else ""
        _require(any(statement in words for statement in own), f"{person.label} isn't told why in their own words.")
        self._show_news(DIRECT, person.actor.user.dm_channel, f"{BOT_NAME} to {person.label}")

    def _show_news(self, where: str, channel: ChannelHandle, speaker: str | None = None) -> list[discord.Message]:
        news = [message for message in channel.history() if message.id not in self._seen and _is_readable(message)]
        for message in news:
            name = self._names().get(message.author.id, BOT_NAME)
            self._transcript.message(speaker or name, where, message)
        self._seen.update(message.id for message in news)
        return news

    def _show_answer(self, person: Person, where: str, result: InteractionResult) -> str:
        answers = result.followups or ([result.response] if result.response else [])
        _require(answers, f"{BOT_NAME} didn't answer {person.label}.")
        self._seen.update(answer.id for answer in answers)
        for answer in answers:
            self._transcript.message(f"{BOT_NAME}, only to {person.label}", where, answer.message)
        return answers[-1].content

    def _require_counted(self, before: dict[str, int], after: dict[str, int]) -> None:
        for name in COUNTED:
            counted = after.get(name, 0) - before.get(name, 0)
            _require(counted == 1, f"/stats should count one more as {name}, but counts {counted}.")

    def _names(self) -> Names:
        channels = self._town.env.backend.channels.values()
        people = {person.actor.id: person.label for person in self._town.people.values()}
        return people | {channel.id: channel.name for channel in channels if channel.name}


def _require(found: object, sentence: str) -> None:
    if not found:
        raise PlaygroundError(sentence)


def _shown(result: InteractionResult) -> ResponseMessage:
    shown = result.followups[-1] if result.followups else result.response
    assert shown is not None, "something was shown"  # noqa: S101
    return shown


def _first_option(message: ResponseMessage) -> tuple[str, Mapping[str, Any]]:
    """Return a message's first select and what it offers first."""
    items = [item for row in message.components for item in row["components"]]
    menu = next(each for each in items if each.get("options"))
    return menu["custom_id"], menu["options"][0]


def _with_button(channel: ChannelHandle, label: str) -> discord.Message:
    return next(message for message in reversed(channel.history()) if label in buttons(message))


def _inbox(person: Person) -> list[discord.Message]:
    return person.actor.user.dm_channel.history()


def _is_readable(message: discord.Message) -> bool:
    return bool(message.content or message.embeds) and not message.is_system()
