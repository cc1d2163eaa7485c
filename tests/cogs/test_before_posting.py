"""A suggestion before a vague question is posted: kind, with an example, and never in the way."""

import pytest
from simcord.results import ResponseMessage

from bot.domain import ask_well
from bot.texts import say
from bot.ui.items import custom_ids
from tests.cogs.conftest import ASKED, QUESTION, STATEMENT, World, invitations, posts, said, shown
from tests.cogs.presses import arrive, button, custom_id, filled
from tests.cogs.scenes import VAGUE, close_mailbox, kept, state
from tests.hashing import HashingEmbedder

EDIT, SEND, ANYWAY = say("advice.edit.button"), say("advice.post.button"), say("similar.post.button")
VAGUE_ONES = {
    "asks_to_ask": VAGUE,
    "no_object": "What should I do if it doesn't work at all?",
    "no_question": "I am learning about transformers now.",
    "too_short": "Help with transformers please?",
}


async def suggested(world: World, question: str = VAGUE, **form: object) -> ResponseMessage:
    """Ask something vague; return what only the asker sees."""
    return shown(await world.ask(question, **form))  # type: ignore[arg-type]


@pytest.mark.parametrize("hint", list(ask_well.Hint))
async def test_a_vague_question_gets_one_suggestion_with_an_example(world: World, hint: ask_well.Hint) -> None:
    assert ask_well.hint(VAGUE_ONES[hint], None) is hint

    private = await suggested(world, VAGUE_ONES[hint])

    assert private.content.splitlines() == [
        say(f"advice.{hint}"), say(f"advice.example_{hint}"), say("similar.ask")
    ]  # fmt: skip
    assert [each.rpartition(":")[0] for each in custom_ids(private.message.components)] == [
        "draft1:edit",
        "draft1:post",
    ]
    assert not posts(world)


@pytest.mark.parametrize("hint", list(ask_well.Hint))
def test_no_example_is_vague_itself(hint: ask_well.Hint) -> None:
    assert ask_well.hint(say(f"advice.example_{hint}").split("*")[1], None) is None


async def test_a_clear_question_is_posted_at_once(world: World) -> None:
    assert "Your question is here" in said(await world.ask())


async def test_what_was_tried_makes_it_clear(world: World) -> None:
    tried = "I set blank to zero in torch.nn.CTCLoss, and the loss is infinite after forty steps of training."
    assert ask_well.hint(VAGUE_ONES["no_object"], tried) is None

    assert "Your question is here" in said(await world.ask(VAGUE_ONES["no_object"], tried=tried))


async def test_it_can_be_sent_as_it_is(world: World) -> None:
    await world.helper("joaquim", STATEMENT)
    private = await suggested(world)

    answer = await world.asker.click(private, label=SEND)

    assert f"<#{world.thread.id}>" in said(answer)
    assert posts(world)[0].embeds[0].description == VAGUE
    assert not custom_ids(private.message.components)


async def test_it_can_be_edited_with_everything_still_in_the_form(world: World) -> None:
    private = await suggested(
        world, tried="nothing", kind=["career"], urgency=["whenever"], visibility=["anonymous"]
    )  # fmt: skip

    opened = await world.asker.click(private, label=EDIT)

    assert opened.modal is not None
    question, tried, *menus = (label["component"] for label in opened.modal["components"])
    assert (question["value"], tried["value"]) == (VAGUE, "nothing")
    chosen = [[each["value"] for each in menu["options"] if each.get("default")] for menu in menus]
    assert chosen == [["career"], ["whenever"], ["anonymous"]]


async def test_what_was_edited_is_posted_at_once_and_takes_the_place(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    opened = await world.asker.click(await suggested(world), label=EDIT)

    receipt = await world.asker.submit_modal(opened, ASKED)

    assert say("receipt.invited_one") in said(receipt)
    assert [post.embeds[0].description for post in posts(world)] == [QUESTION]
    assert [each.text for each in [await kept(world, 0), await kept(world)]] == [QUESTION] * 2
    assert invitations(helper)


async def test_what_was_edited_and_is_still_vague_is_posted_too(world: World) -> None:
    opened = await world.asker.click(await suggested(world), label=EDIT)

    receipt = await world.asker.submit_modal(opened, {**ASKED, "question": VAGUE_ONES["no_object"]})

    assert "Your question is here" in said(receipt)


async def test_what_was_edited_into_nothing_is_refused_and_the_first_words_stay(world: World) -> None:
    private = await suggested(world)
    row = custom_id(private, "draft1:edit").rpartition(":")[2]

    (answer,) = await arrive(filled(world.asker, world.channel, f"ask1:send:{row}", {"question": "?"}))

    assert said(answer) == say("ask.too_short", length=1, shortest=20)
    assert await state(world) == "unposted"
    assert "Your question is here" in said(await world.asker.click(private, label=SEND))


async def both(world: World) -> ResponseMessage:
    """Ask something vague that was answered before; return what only the asker sees."""
    await world.restart(HashingEmbedder())
    nadia = world.join("nadia")
    await nadia.click(shown(await world.ask(VAGUE, nadia)), label=SEND)
    await world.join("passer_by").send(world.thread, "Of course you can.")
    return await suggested(world)


async def test_with_earlier_answers_both_are_shown(world: World) -> None:
    private = await both(world)

    lines = private.content.splitlines()
    assert lines[0] == say("similar.intro_one")
    assert lines[-3:] == [say("advice.asks_to_ask"), say("advice.example_asks_to_ask"), say("similar.ask")]
    verbs = [each.split(":")[1] for each in custom_ids(private.message.components)]
    assert verbs == ["drop", "edit", "post"]
    assert "Your question is here" in said(await world.asker.click(private, label=ANYWAY))


async def test_whoever_has_seen_both_is_not_held_up_again(world: World) -> None:
    opened = await world.asker.click(await both(world), label=EDIT)

    assert "Your question is here" in said(await world.asker.submit_modal(opened, {**ASKED, "question": VAGUE}))


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_sending_twice_is_sending_once(world: World, *, is_at_once: bool) -> None:
    private = await suggested(world)
    twice = [button(world.asker, private.message, custom_id(private, "draft1:post")) for _ in range(2)]

    answers = await arrive(*twice) if is_at_once else [(await arrive(press))[0] for press in twice]

    assert all("Your question is" in said(answer) for answer in answers)
    assert len(posts(world)) == 1


async def test_an_edited_form_that_arrives_twice_is_one_question(world: World) -> None:
    private = await suggested(world)
    row = custom_id(private, "draft1:edit").rpartition(":")[2]
    sent = filled(world.asker, world.channel, f"ask1:send:{row}", {"question": QUESTION})

    await arrive(sent, sent)

    assert [post.embeds[0].description for post in posts(world)] == [QUESTION]


async def test_a_form_opened_before_it_was_posted_takes_its_place_once_more(world: World) -> None:
    private = await suggested(world)
    opened = await world.asker.click(private, label=EDIT)
    await world.asker.click(private, label=SEND)

    receipt = await world.asker.submit_modal(opened, ASKED)

    assert "Your question is here" in said(receipt)
    assert [await state(world, number) for number in (0, 1)] == ["closed", "waiting"]


async def test_somebody_else_edits_and_replaces_nothing(world: World) -> None:
    private = await suggested(world)
    row = custom_id(private, "draft1:edit").rpartition(":")[2]
    panel = world.channel.pinned_messages()[0]

    (opened,) = await arrive(button(world.moderator, panel, f"draft1:edit:{row}"))
    (sent,) = await arrive(filled(world.moderator, world.channel, f"ask1:send:{row}", {"question": QUESTION}))

    assert said(opened) == say("similar.not_yours")
    assert said(sent) == say("similar.not_yours")
    assert not posts(world)
    assert await state(world) == "unposted"


async def test_what_is_forgotten_after_a_day_can_still_be_asked(world: World) -> None:
    private = await suggested(world)
    opened = await world.asker.click(private, label=EDIT)
    await world.pass_time(hours=25)

    gone = await world.asker.click(private, label=EDIT)
    receipt = await world.asker.submit_modal(opened, ASKED)

    assert said(gone) == say("request.unknown")
    assert "Your question is here" in said(receipt)


@pytest.mark.parametrize("label", [EDIT, SEND])
async def test_after_a_restart_the_buttons_still_work(world: World, label: str) -> None:
    private = await suggested(world)
    await world.restart()

    answer = await world.asker.click(private, label=label)

    assert answer.modal is not None if label == EDIT else "Your question is here" in said(answer)


@pytest.mark.parametrize("label", [EDIT, SEND])
async def test_the_press_is_lost_and_nothing_changed(world: World, label: str) -> None:
    private = await suggested(world)
    world.env.inject_error("POST", "/interactions/*/*/callback")

    answer = await world.asker.click(private, label=label)

    assert said(answer) == say("error.not_taken")
    assert await state(world) == "unposted"


@pytest.mark.parametrize("label", [EDIT, SEND])
async def test_the_database_is_down_and_nothing_is_lost(world: World, label: str) -> None:
    private = await suggested(world)
    await world.break_database()

    assert said(await world.asker.click(private, label=label)) == say("error.database")
    assert custom_ids(private.message.components)


async def test_with_closed_direct_messages_it_is_the_same(world: World) -> None:
    close_mailbox(world, world.asker)

    assert "Your question is here" in said(await world.asker.click(await suggested(world), label=SEND))


async def test_nobody_awake_is_said_with_the_first_chance(world: World) -> None:
    await world.helper("joaquim", STATEMENT, clock="UTC 12-13")

    receipt = said(await world.ask())

    assert say("receipt.invited_later", when="<t:1767268800:R>") in receipt
