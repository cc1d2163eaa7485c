"""`/mine`: one's own questions, what one was asked or took, and every button that leads on from there."""

import pytest
from discord.utils import format_dt

from bot.texts import say
from bot.ui import render
from bot.ui.items import custom_ids
from bot.ui.written import inline
from tests.cogs.conftest import ASKED, QUESTION, STATEMENT, World, invitations, posts, said, shown
from tests.cogs.presses import arrive, button, chosen, custom_id
from tests.cogs.scenes import (
    ANSWER,
    TAKE,
    VAGUE,
    choose,
    close_mailbox,
    mine,
    options,
    own_duty,
    own_question,
    put_away,
    said_in,
    state,
    taken,
)

POST, EDIT, WITHDRAW = say("mine.post.button"), say("advice.edit.button"), say("mine.drop.button")
CLOSE, REOPEN, REPHRASE = say("choices.close.button"), say("reopen.button"), say("choices.rephrase.button")
KNOW = say("referral.button")
MORE, REPLY, GIVE_BACK = say("choices.more.button"), say("reply.button"), say("claim.give_back.button")
OTHER = "Which optimiser do people use for small transformers, and why that one?"


def line(world: World, question: str = QUESTION, state: str = "waiting") -> str:
    """Return a question's line, with the way to its thread."""
    where = render.link(world.guild.id, world.thread.id)
    words = inline(question, 90)
    return say("mine.question_line", question=words, state=say(f"state.{state}"), thread=where)


def labels(message: object) -> list[str]:
    """Return what a message's buttons say, in order."""
    rows = message.components  # type: ignore[attr-defined]
    return [item["label"] for row in rows for item in row["components"] if "label" in item]


async def drafted(world: World) -> None:
    """Let the asker write a question that is only kept so far."""
    await world.ask(VAGUE)
    assert await state(world) == "unposted"


async def test_a_stranger_has_nothing_and_reads_where_to_begin(fresh: World) -> None:
    private = await mine(fresh, fresh.asker)

    assert private.content.splitlines() == [
        say("mine.questions"), say("mine.no_questions"), say("mine.not_helping")
    ]  # fmt: skip
    assert not custom_ids(private.message.components)


async def test_questions_are_listed_newest_first_with_their_state_and_thread(world: World) -> None:
    helper, _ = await world.waiting()
    first = line(world)
    await world.ask(OTHER)

    private = await mine(world, world.asker)

    assert private.content.splitlines()[:3] == [say("mine.questions"), line(world, OTHER), first]
    assert [each["label"] for each in options(private, "mine1:question")] == [OTHER, f"{QUESTION[:99]}…"]
    await helper.send(world.channel.threads[0], ANSWER)
    assert say("state.answered") in (await mine(world, world.asker)).content


async def test_what_one_was_asked_or_took_is_listed_with_the_time_it_is_kept(world: World) -> None:
    helper, invitation = await world.waiting()
    where, words = render.link(world.guild.id, world.thread.id), inline(QUESTION, 90)
    async with world.app.database.read() as work:
        asked = await work.invitations.get(1)
    assert asked is not None
    assert asked.expires_at is not None
    before = (await mine(world, helper)).content
    await helper.user.click(invitation, label=TAKE)
    async with world.app.database.read() as work:
        taken = await work.invitations.get(1)
    assert taken is not None
    assert taken.expires_at is not None

    after = (await mine(world, helper)).content

    told = {"question": words, "thread": where}
    assert say("mine.asked_line", until=format_dt(asked.expires_at, "f"), **told) in before.splitlines()
    assert say("mine.taken_line", until=format_dt(taken.expires_at, "f"), **told) in after.splitlines()
    assert say("mine.no_questions") in after


async def test_how_often_one_is_asked_is_ones_own_business(world: World) -> None:
    helper, _ = await world.waiting()

    private = await mine(world, helper)

    assert say("mine.budget", rate=say("rate.more"), day=1, week=1) in private.content.splitlines()
    assert private.ephemeral


async def test_a_pause_is_shown_with_the_way_back(world: World) -> None:
    await world.asker.slash(world.channel, "pause", length="open")

    private = await mine(world, world.asker)

    assert private.content.splitlines()[-1] == say("pause.open_end")
    assert said(await world.asker.click(private, label=say("pause.end.button"))) == say("pause.ended")


async def test_the_panel_leads_to_the_same(world: World) -> None:
    await world.ask()
    (panel,) = world.channel.pinned_messages()
    await world.restart()

    answer = await world.asker.click(panel, label=say("panel.mine.button"))

    assert said(answer) == (await mine(world, world.asker)).content


async def test_a_question_that_is_only_kept_can_be_posted(world: World) -> None:
    await drafted(world)
    private = await own_question(world, world.asker)
    assert labels(private) == [POST, EDIT, WITHDRAW]
    assert private.content == say("mine.question_without_thread", question=inline(VAGUE), state=say("state.unposted"))

    answer = await world.asker.click(private, label=POST)

    assert f"<#{world.thread.id}>" in said(answer)
    assert await state(world) == "waiting"


async def test_a_question_that_is_only_kept_can_be_written_anew(world: World) -> None:
    await drafted(world)

    form = await world.asker.click(await own_question(world, world.asker), label=EDIT)

    assert form.modal is not None
    assert form.modal["components"][0]["component"]["value"] == VAGUE
    assert "Your question is here" in said(await world.asker.submit_modal(form, ASKED))
    assert [post.embeds[0].description for post in posts(world)] == [QUESTION]
    assert (await mine(world, world.asker)).content.count(say("state.unposted")) == 0


async def test_a_question_that_is_only_kept_can_be_withdrawn(world: World) -> None:
    await drafted(world)

    answer = await world.asker.click(await own_question(world, world.asker), label=WITHDRAW)

    assert said(answer) == say("similar.dropped")
    assert say("mine.no_questions") in (await mine(world, world.asker)).content


async def test_a_waiting_question_can_be_closed_and_opened_again(world: World) -> None:
    await world.ask()
    private = await own_question(world, world.asker)
    assert labels(private) == [REPHRASE, MORE, CLOSE]
    assert private.content == line(world)

    assert said(await world.asker.click(private, label=CLOSE)) == say("close.done")
    again = await own_question(world, world.asker)

    assert labels(again) == [REOPEN]
    assert again.content == line(world, state="closed")
    assert said(await world.asker.click(again, label=REOPEN)) == say("reopen.done")
    assert said_in(world.thread) == [say("thread.closed_by_asker"), say("thread.reopened")]
    assert await state(world) == "waiting"


async def test_a_waiting_question_can_be_put_better(world: World) -> None:
    helper, invitation = await world.waiting()
    old = world.thread

    form = await world.asker.click(await own_question(world, world.asker), label=REPHRASE)
    receipt = await world.asker.submit_modal(form, {**ASKED, "question": OTHER})

    assert f"<#{world.thread.id}>" in said(receipt)
    assert said_in(old)[-1] == say("thread.rephrased")
    assert [await state(world, number) for number in (0, 1)] == ["closed", "waiting"]
    assert said(await helper.user.click(invitation, label=TAKE)) == say("request.over")


async def test_more_people_can_be_asked(world: World) -> None:
    helper, _ = await world.waiting()
    await world.pass_time(hours=3)
    private = await own_question(world, world.asker)
    others = [await world.helper(name, STATEMENT) for name in ("nadia", "chen")]

    answer = await world.asker.click(private, label=MORE)
    again = await world.asker.click(private, label=MORE)

    assert said(answer) == say("choices.more_some")
    assert said(again) == say("choices.more_none")
    assert all(len(invitations(each)) == 1 for each in [helper, *others])


async def test_an_answered_question_offers_to_say_how_it_went(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await world.ask()
    await helper.send(world.thread, ANSWER)

    private = await own_question(world, world.asker)

    assert labels(private)[:3] == ["It helped", "Partly", "Not yet"]
    assert CLOSE in labels(private)
    assert said(await world.asker.click(private, label="It helped")) == say("outcome.helped")
    assert not labels(await own_question(world, world.asker))


async def test_a_question_put_away_can_be_opened_again(world: World) -> None:
    await put_away(world)
    private = await own_question(world, world.asker)

    assert labels(private) == [REOPEN, REPHRASE, MORE, CLOSE]
    assert said(await world.asker.click(private, label=REOPEN)) == say("reopen.done")
    assert await state(world) == "waiting"


async def test_whoever_asked_without_a_name_replies_from_here(world: World) -> None:
    await world.ask(visibility=["anonymous"])
    private = await own_question(world, world.asker)

    form = await world.asker.click(private, label=REPLY)
    answer = await world.asker.submit_modal(form, {"words": "It is a streaming model."})

    assert said(answer) == say("reply.done")
    assert say("reply.said", words="> It is a streaming model.") in said_in(world.thread)


@pytest.mark.parametrize("label", [TAKE, "Pass"])
async def test_what_one_was_asked_is_answered_from_here(world: World, label: str) -> None:
    helper, _ = await world.waiting()
    private = await own_duty(world, helper)
    assert labels(private) == [TAKE, "Pass", KNOW, "Not my topic", "Pause me", "Why me?"]
    assert private.message.embeds[0].description == QUESTION
    assert "You wrote" in said(await helper.click(private, label="Why me?"))

    answer = await helper.click(private, label=label)

    assert said(answer).startswith("Thank you!" if label == TAKE else say("invitation.passed"))
    assert await state(world) == ("taken" if label == TAKE else "waiting")


async def test_somebody_is_named_from_here_where_everybody_can_be_chosen(world: World) -> None:
    helper, _ = await world.waiting()
    named = await world.helper("nadia", "Grant writing")

    private = shown(await helper.click(await own_duty(world, helper), label=KNOW))
    answer = await helper.select(private, [named])

    assert said(answer) == say("referral.thanks")
    assert say("invitation.referred", referrer=helper.mention) in invitations(named)[-1].content


async def test_what_one_took_is_given_back_from_here(world: World) -> None:
    helper, _ = await taken(world)
    other = await world.helper("nadia", STATEMENT)
    private = await own_duty(world, helper)
    assert labels(private) == [GIVE_BACK]

    answer = await helper.click(private, label=GIVE_BACK)

    assert said(answer) == say("claim.given_back")
    assert say("mine.duties") not in (await mine(world, helper)).content
    assert invitations(other)


async def test_what_changed_meanwhile_is_said(world: World) -> None:
    helper, _ = await world.waiting()
    duties, questions = await mine(world, helper), await mine(world, world.asker)
    await world.asker.click(await own_question(world, world.asker), label=CLOSE)

    assert said(await choose(helper, duties, "mine1:duty")) == say("invitation.unknown")
    assert labels(shown(await choose(world.asker, questions, "mine1:question"))) == [REOPEN]


async def test_nobody_sees_anything_of_somebody_else_s(world: World) -> None:
    helper, _ = await world.waiting()
    theirs = await mine(world, world.asker)
    asked = options(theirs, "mine1:question")[0]["value"]

    stranger = world.join("stranger")
    panel = world.channel.pinned_messages()[0]
    (question,) = await arrive(chosen(stranger, panel, "mine1:question:0", asked))
    (duty,) = await arrive(chosen(world.asker, panel, "mine1:duty:0", 1))
    (gone,) = await arrive(chosen(stranger, panel, "mine1:question:0", 999))

    assert said(question) == say("request.not_yours")
    assert said(duty) == say("invitation.unknown")
    assert said(gone) == say("request.unknown")
    assert QUESTION not in (await mine(world, stranger)).content
    assert await state(world) == "waiting"
    assert invitations(helper)


@pytest.mark.parametrize("verb", ["post", "edit", "drop"])
async def test_somebody_elses_draft_stays_theirs(world: World, verb: str) -> None:
    await drafted(world)
    press = custom_id(await own_question(world, world.asker), f"draft1:{verb}")

    (answer,) = await arrive(button(world.moderator, world.channel.pinned_messages()[0], press))

    assert said(answer) == say("similar.not_yours")
    assert await state(world) == "unposted"


@pytest.mark.parametrize("verb", ["rephrase", "more", "reopen"])
async def test_somebody_elses_question_stays_theirs(world: World, verb: str) -> None:
    await world.ask()
    await world.asker.click(await own_question(world, world.asker), label=CLOSE)

    (answer,) = await arrive(button(world.moderator, posts(world)[-1], f"question1:{verb}:1"))

    assert said(answer) in {say("request.not_yours"), say("similar.not_yours")}
    assert await state(world) == "closed"


async def test_it_belongs_to_one_community(world: World) -> None:
    await world.ask()
    elsewhere = world.env.create_guild("Elsewhere")
    channel, there = elsewhere.create_text_channel("general"), elsewhere.add_member(world.asker.user)

    assert say("mine.no_questions") in said(await there.slash(channel, "mine"))


async def test_many_long_questions_fit(world: World) -> None:
    for number in range(12):
        await world.ask(f"{number} {'*@everyone* ' * 20} how do I align this?")
        await world.asker.click(posts(world)[-1], label="Close this question")

    private = await mine(world, world.asker)

    assert len(options(private, "mine1:question")) == 10
    assert len(private.content) <= 2_000
    assert not private.message.mention_everyone


async def test_it_works_with_closed_direct_messages(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    close_mailbox(world, helper)
    await world.ask()

    private = await own_duty(world, helper)

    assert "Thank you!" in said(await helper.click(private, label=TAKE))


@pytest.mark.parametrize("press", ["mine1:question", "mine1:duty"])
async def test_an_old_select_still_works_and_twice_is_no_harm(world: World, press: str) -> None:
    helper, _ = await world.waiting()
    actor = helper if press == "mine1:duty" else world.asker
    private = await mine(world, actor)
    await world.restart()
    choice = chosen(actor, private.message, custom_id(private, press), options(private, press)[0]["value"])

    answers = await arrive(choice, choice)

    assert {said(answer) for answer in answers} == {said(await choose(actor, private, press))}


async def test_an_answer_discord_loses_is_said(world: World) -> None:
    await world.ask()
    private = await mine(world, world.asker)
    world.env.inject_error("POST", "/webhooks/*")
    lost = await choose(world.asker, private, "mine1:question")
    world.env.inject_error("POST", "/interactions/*/*/callback")
    unheard = await world.asker.slash(world.channel, "mine")

    assert said(lost) == say("error.not_shown")
    assert said(unheard) == say("error.not_taken")
    assert len(world.env.errors) == 1


async def test_the_database_is_down_and_it_is_said(world: World) -> None:
    await world.ask()
    private = await mine(world, world.asker)
    await world.break_database()

    assert said(await world.asker.slash(world.channel, "mine")) == say("error.database")
    assert said(await choose(world.asker, private, "mine1:question")) == say("error.database")
    assert len(world.env.errors) == 1
