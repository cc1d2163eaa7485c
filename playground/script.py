"""Walk the whole path without a browser: a question asked, answered, counted and talked about, and a draft read."""

import time
from datetime import datetime, timedelta
from typing import Final

from simcord import ChannelHandle, InteractionResult

from bot.texts import say
from playground.draft_script import DraftScript
from playground.scene import DIRECT, TAKE, Scene, first_option, require, shown, with_button
from playground.town import BOT_NAME, Town
from playground.transcript import Write
from playground.world import Person

PASS, WHY = say("invitation.pass.button"), say("why.button")
EDIT, REPLY = say("advice.edit.button"), say("reply.button")
VAGUE: Final = "Can I ask something about machine learning?"
FOUND: Final = say("similar.drop.button")
HELPED: Final = say("outcome.yes.button")
OFFER, HERE = say("offer_time.confirm.button"), say("meeting.here.button")
TALK: Final = "15 minutes with"
WHEN: Final = "Fri 18:00-19:00"
_YEAR: Final = timedelta(days=365)
COUNTED: Final = ("asked", "taken", "answered", "helped")


class Script:
    """The guided path, step by step; each step looks whether what it did can be seen."""

    def __init__(self, town: Town, write: Write) -> None:
        """Play in `town`, and write the conversation down with `write`."""
        self._town = town
        self._scene = Scene(town, write)

    async def play(self) -> None:
        """Play the whole path.

        Raises:
            PlaygroundError: something that should have happened can't be seen; the sentence says what.
        """
        began = time.perf_counter()
        await self._look_at_statistics()
        before = await self._counted()
        thread = await self._ask()
        first, second = self._scene.invited()
        await self._ask_why(first)
        await self._pass(first)
        await self._take(second, thread)
        await self._answer(second, thread)
        await self._settle()
        self._require_counted(before, await self._counted())
        if all(encoder.is_warm for encoder in self._town.app.use_cases.inviting.router.encoders):
            await self._ask_again()
            await self._ask_abroad()
        await self._ask_vaguely()
        await self._ask_unseen()
        await self._offer(second)
        await self._meet(second, await self._book(second))
        await DraftScript(self._scene).play()
        require(not self._town.env.errors, "The bot broke on the way; its log says where.")
        took = time.perf_counter() - began
        self._scene.transcript.end(
            f"Asked, taken, answered, counted, booked, met and read in {took:.1f} s, the model's loading apart."
        )

    async def _ask(self) -> ChannelHandle:
        asker, example = self._town.asker, self._town.community.example
        with self._scene.transcript.step(f"{asker.label} asks"):
            await self._submit(asker, example.text, example.tried)
        channel = self._town.help_channel
        self._scene.show_news(f"in #{channel.name}", channel)
        require(channel.threads, "The question has no thread.")
        await self._say_encoder(channel.threads[-1])
        return channel.threads[-1]

    async def _ask_why(self, helper: Person) -> None:
        with self._scene.transcript.step(f"{helper.label} wonders why"):
            told = await self._scene.press(helper, WHY)
        own = self._town.community.member(helper.actor.name).statements
        require(any(statement in told for statement in own), f"{helper.label} isn't told why in their own words.")

    async def _ask_again(self) -> None:
        """Ask what was answered before: its thread is shown, and no one is asked."""
        again = self._town.community.again
        asker = self._town.people[again.asker]
        with self._scene.transcript.step(f"{asker.label} asks something that was answered before"):
            told, result = await self._submit(asker, again.text)
            require("here before" in told, "No earlier question was shown.")
            self._scene.transcript.said(asker.label, "in #general", f"presses [{FOUND}]")
            assert result.response is not None, "something was shown"  # noqa: S101
            self._scene.show_answer(asker, "in #general", await asker.actor.click(result.response, label=FOUND))

    async def _ask_abroad(self) -> None:
        """Ask in another language: people are asked for what they wrote in English."""
        abroad = self._town.community.abroad
        asker = self._town.people[abroad.asker]
        with self._scene.transcript.step(f"{asker.label} asks in another language"):
            await self._submit(asker, abroad.text)
        self._scene.show_news(f"in #{self._town.help_channel.name}", self._town.help_channel)
        self._scene.invited()

    async def _ask_vaguely(self) -> None:
        """Ask nothing in particular: there is a kind hint, and it can be sent as it is."""
        asker = self._town.asker
        with self._scene.transcript.step(f"{asker.label} asks nothing in particular"):
            told, result = await self._submit(asker, VAGUE)
            require("For example" in told, "There was no hint.")
            assert result.response is not None, "something was shown"  # noqa: S101
            await asker.actor.click(result.response, label=EDIT)
        self._scene.transcript.said(asker.label, "in #general", f"presses [{EDIT}], and thinks about it")

    async def _ask_unseen(self) -> None:
        """Ask without a name: nothing that others see gives it away, and the asker answers through a form."""
        unseen = self._town.community.unseen
        asker = self._town.people[unseen.asker]
        with self._scene.transcript.step(f"{asker.label} asks without a name"):
            await self._submit(asker, unseen.text, visibility="anonymous")
        thread = self._town.help_channel.threads[-1]
        news = self._scene.show_news(f"in #{self._town.help_channel.name}", self._town.help_channel)
        self._scene.invited()
        with self._scene.transcript.step(f"{asker.label} adds something, still without a name"):
            self._scene.transcript.said(asker.label, "in the thread", f"presses [{REPLY}] | {unseen.answer}")
            form = await asker.actor.click(with_button(self._town.help_channel, REPLY), label=REPLY)
            self._scene.show_answer(
                asker, "in the thread", await asker.actor.submit_modal(form, {"words": unseen.answer})
            )
        news += self._scene.show_news("in the thread", thread)
        gives_away = any(asker.actor.mention in each.content or asker.label in each.content for each in news)
        require(not gives_away, "Something gives away who asked.")

    async def _offer(self, host: Person) -> None:
        """Offer an hour: what was understood is shown, and nothing is there before its host says yes."""
        with self._scene.transcript.step(f"{host.label} offers an hour"):
            self._scene.transcript.said(host.label, "in #general", f"/offer-time when: {WHEN}")
            preview = await host.actor.slash(self._town.general, "offer-time", when=WHEN)
            self._scene.show_answer(host, "in #general", preview)
            self._scene.transcript.said(host.label, "in #general", f"presses [{OFFER}]")
            self._scene.show_answer(host, "in #general", await host.actor.click(shown(preview), label=OFFER))

    async def _book(self, host: Person) -> datetime:
        """Book fifteen minutes for the question, and return when they begin."""
        asker, question = self._town.asker, self._town.community.example.text
        with self._scene.transcript.step(f"{asker.label} books fifteen minutes of it"):
            self._scene.transcript.said(asker.label, "in #general", f"/book question: {question}")
            choices = await asker.actor.slash(self._town.general, "book", question=question)
            self._scene.show_answer(asker, "in #general", choices)
            custom_id, option = first_option(shown(choices))
            self._scene.transcript.said(asker.label, "in #general", f"picks {option['label']}")
            await asker.actor.select(shown(choices), [option["value"]], custom_id=custom_id)
            await self._town.env.settle()
        self._scene.show_mail(host, asker)
        async with self._town.app.database.read() as work:
            member = await work.members.find(self._town.guild.id, asker.actor.id)
            booked = await work.bookings.going_on(member.id) if member else []
        require(booked, "Nothing was booked.")
        return booked[0].starts_at

    async def _meet(self, host: Person, starts_at: datetime) -> None:
        """Let time move on: both are reminded, say that they are there, and how it was."""
        asker = self._town.asker
        for title, before in (("A day before", timedelta(hours=24)), ("Ten minutes before", timedelta(minutes=10))):
            await self._scene.wait_until(title, starts_at - before)
            news = self._scene.show_mail(host, asker)
            reminded = [each for each in news if TALK in each.content]
            require(len(reminded) == 2, "Both should be reminded.")  # noqa: PLR2004
        await self._scene.wait_until("It's time", starts_at)
        self._scene.show_mail(host, asker)
        for person in (host, asker):
            await self._scene.press(person, HERE)
        await self._scene.wait_until("Fifteen minutes later", starts_at + timedelta(minutes=15))
        self._scene.show_mail(host, asker)
        await self._scene.press(asker, HELPED)

    async def _submit(
        self, asker: Person, question: str, tried: str = "", visibility: str = "public"
    ) -> tuple[str, InteractionResult]:
        """Fill in the form of `/ask`, and return what the asker reads."""
        typed = ["/ask", *(f"| {words}" for words in (question, tried) if words)]
        self._scene.transcript.said(asker.label, "in #general", typed)
        form = await asker.actor.slash(self._town.general, "ask")
        require(form.modal is not None, "/ask opened no form.")
        filled = {
            "question": question, "tried": tried, "kind": ["stuck"], "urgency": ["today"], "visibility": [visibility],
        }  # fmt: skip
        result = await asker.actor.submit_modal(form, filled)
        return self._scene.show_answer(asker, "in #general", result), result

    async def _pass(self, helper: Person) -> None:
        with self._scene.transcript.step(f"{helper.label} passes, and the next person is asked"):
            await self._scene.press(helper, PASS)
        following = [person for person in self._town.people.values() if self._scene.new_invitation(person)]
        require(len(following) == 1, f"One more person should be asked, but {len(following)} were.")
        self._scene.show_invitation(following[0])

    async def _take(self, helper: Person, thread: ChannelHandle) -> None:
        with self._scene.transcript.step(f"{helper.label} takes it"):
            await self._scene.press(helper, TAKE)
        news = self._scene.show_news("in the thread", thread)
        require(any(helper.actor.mention in each.content for each in news), "The thread doesn't say who took it.")

    async def _answer(self, helper: Person, thread: ChannelHandle) -> None:
        with self._scene.transcript.step(f"{helper.label} answers"):
            await helper.actor.send(thread, self._town.community.example.answer)
            self._scene.show_news("in the thread", thread)

    async def _settle(self) -> None:
        asker = self._town.asker
        require(self._scene.offers(asker, HELPED), "The asker isn't asked whether it helped.")
        self._scene.show_news(DIRECT, asker.actor.user.dm_channel, f"{BOT_NAME} to {asker.label}")
        with self._scene.transcript.step(f"{asker.label} says that it helped"):
            await self._scene.press(asker, HELPED)

    async def _look_at_statistics(self) -> None:
        moderator = self._town.moderator
        with self._scene.transcript.step("The moderator looks at the statistics"):
            self._scene.transcript.said(moderator.label, "in #general", "/stats")
            shown = await moderator.actor.slash(self._town.general, "stats")
            words = self._scene.show_answer(moderator, "in #general", shown)
        require(say("stats.panel.overview") in words, "There are no statistics.")

    async def _counted(self) -> dict[str, int]:
        """Return how many questions were ever asked, taken, answered and helped with."""
        guild_id, now = self._town.guild.id, self._town.env.now()
        async with self._town.app.database.read() as work:
            return {
                name: sum((await work.facts.by_asker(guild_id, "question", name, now - _YEAR, now + _YEAR)).values())
                for name in COUNTED
            }

    async def _say_encoder(self, thread: ChannelHandle) -> None:
        async with self._town.app.database.read() as work:
            question = await work.requests.find_in_thread(thread.id)
            read = await work.question_vectors.of([question.id] if question else [])
        require(question is not None, "The question wasn't kept.")
        models = sorted(model_id for vectors in read.values() for model_id in vectors)
        wanted = sorted(each.model_id for each in self._town.app.use_cases.inviting.router.encoders)
        ending = "." if models == wanted else f"; {' and '.join(wanted)} ought to be there."
        self._scene.transcript.note(
            f"People were matched by their words and by {' and '.join(models) or 'no encoder'}{ending}"
        )

    def _require_counted(self, before: dict[str, int], after: dict[str, int]) -> None:
        for name in COUNTED:
            counted = after.get(name, 0) - before.get(name, 0)
            require(counted == 1, f"One more should be {name}, but {counted} are.")
