"""After it helped: a private note of thanks, and an exchange that both people agree to keep for others."""

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from bot.texts import say
from bot.ui import render
from bot.ui.items import custom_ids
from bot.ui.written import inline
from tests.cogs.conftest import QUESTION, STATEMENT, World, inbox, posts, said, shown
from tests.cogs.presses import Actor, arrive, button, custom_id, filled
from tests.cogs.scenes import ANSWER, HELPED, close_mailbox, helped, said_in, told
from tests.hashing import HashingEmbedder

NOTE = "Without you I would still be looking."
LESSON = "The blank label was missing from the alphabet."
BETTER = "Put the blank label into the alphabet, at the place the loss expects it."
THANK, KEEP = say("thanks.write.button"), say("keep.write.button")
AGREE, CHANGE, DECLINE = say("keep.agree.button"), say("keep.change.button"), say("keep.decline.button")


def notes(world: World, actor: MemberActor, note: str = NOTE) -> int:
    """Count how often someone was thanked with a note."""
    intro = say("thanks.from", asker=world.asker.mention)
    return sum(message.content.startswith(f"{intro}\n> {note}") for message in inbox(actor))


def row(message: discord.Message | ResponseMessage, press: str) -> str:
    """Return the row id in a message's button."""
    return custom_id(message, press).rpartition(":")[2]


async def thank(world: World, private: ResponseMessage, note: str = NOTE) -> InteractionResult:
    """Let the asker write a note."""
    form = await world.asker.user.click(private, label=THANK)
    result: InteractionResult = await world.asker.user.submit_modal(form, {"words": note})
    return result


async def propose(
    who: Actor, message: discord.Message | ResponseMessage, answer: str = LESSON, label: str = KEEP
) -> InteractionResult:
    """Fill in what is to be kept, from a button that opens the form."""
    form = await who.click(message, label=label)
    result: InteractionResult = await who.submit_modal(form, {"question": QUESTION, "answer": answer})
    return result


async def asked_to_keep(world: World) -> tuple[MemberActor, discord.Message]:
    """Let it have helped and the asker propose to keep it; return the helper and what they are asked."""
    helper, private = await helped_with_words(world)
    await propose(world.asker.user, private)
    return helper, told(helper, "keep1:agree")


def shows(message: discord.Message, answer: str = LESSON, question: str = QUESTION) -> bool:
    """Tell whether a letter asks to keep exactly these words."""
    parts = [say("keep.question", words=question), say("keep.answer", words=answer)]
    asked_for = [each.description for each in message.embeds]
    return (message.content, asked_for) == (say("keep.intro"), ["\n\n".join(parts)])


async def helped_with_words(world: World) -> tuple[MemberActor, ResponseMessage]:
    """Let it have helped where a language model sees what is alike; return the helper and what the asker sees."""
    await world.restart(HashingEmbedder())
    return await helped(world)


async def found(world: World, name: str = "newcomer") -> str:
    """Return what someone reads before they post the same question."""
    shown_first = said(await world.ask(QUESTION, world.join(name)))
    assert say("similar.intro_one") in shown_first
    return shown_first


async def test_it_helped_offers_thanks_and_keeping(world: World) -> None:
    _, private = await helped(world)

    assert private.content == say("outcome.helped")
    assert [item["label"] for row in private.components for item in row["components"]] == [THANK, KEEP]


@pytest.mark.parametrize("label", [say("outcome.partly_button.button"), say("outcome.not_yet.button")])
async def test_anything_less_offers_neither(world: World, label: str) -> None:
    _, buttons = await world.answered()

    private = shown(await world.asker.user.click(buttons, label=label))

    assert not custom_ids(private.message.components)


async def test_a_note_reaches_the_helper_and_nobody_else(world: World) -> None:
    helper, private = await helped(world)
    before = said_in(world.thread), said_in(world.channel)

    assert said(await thank(world, private)) == say("thanks.done")

    where = render.link(world.guild.id, world.thread.id)
    assert inbox(helper)[-1].content == f"{say('thanks.from', asker=world.asker.mention)}\n> {NOTE}\n{where}"
    assert (said_in(world.thread), said_in(world.channel)) == before
    async with world.app.database.engine.connect() as connection:
        left = (await connection.exec_driver_sql("SELECT params FROM outbox WHERE kind = 'thanks'")).scalars()
        assert list(left) == ["{}"]


async def test_thanking_again_is_welcome_and_sends_nothing(world: World) -> None:
    helper, private = await helped(world)
    await thank(world, private)

    assert said(await thank(world, private, "And again!")) == say("thanks.before")
    assert (notes(world, helper), notes(world, helper, "And again!")) == (1, 0)


async def test_a_note_that_is_sent_twice_at_once_arrives_once(world: World) -> None:
    helper, private = await helped(world)
    press = f"thanks1:send:{row(private, 'thanks1:write')}"

    answers = await arrive(*(filled(world.asker, world.channel, press, {"words": NOTE}) for _ in range(2)))

    assert sorted(map(said, answers)) == sorted([say("thanks.done"), say("thanks.before")])
    assert notes(world, helper) == 1


@pytest.mark.parametrize(("note", "key"), [(" \n ", "thanks.empty"), ("x" * 501, "thanks.too_long")])
async def test_a_note_has_a_length(world: World, note: str, key: str) -> None:
    helper, private = await helped(world)
    row_id = row(private, "thanks1:write")

    (answer,) = await arrive(filled(world.asker, world.channel, f"thanks1:send:{row_id}", {"words": note}))

    assert said(answer) == say(key, longest=500)
    assert [each.filename for each in shown(answer).attachments] == ["your-words.txt"] * (len(note) > 20)
    assert notes(world, helper, note) == 0


async def test_nobody_else_thanks_or_proposes(world: World) -> None:
    helper, private = await helped(world)
    row_id, note, words = row(private, "thanks1:write"), {"words": NOTE}, {"question": QUESTION, "answer": LESSON}

    for somebody in (helper, world.moderator):
        thanked, opened, kept = await arrive(
            filled(somebody, world.channel, f"thanks1:send:{row_id}", note),
            button(somebody, posts(world)[-1], f"keep1:write:{row_id}"),
            filled(somebody, world.channel, f"keep1:send:{row_id}", words),
        )
        assert said(thanked) == say("request.not_yours")
        assert said(opened) == said(kept) == say("keep.not_yours")

    assert notes(world, helper) == 0


async def test_thanks_need_somebody_who_helped(world: World) -> None:
    _, buttons = await world.answered()
    row_id = row(buttons, "outcome1:helped")

    thanked, kept = await arrive(
        filled(world.asker, world.channel, f"thanks1:send:{row_id}", {"words": NOTE}),
        filled(world.asker, world.channel, f"keep1:send:{row_id}", {"question": QUESTION, "answer": LESSON}),
    )

    assert said(thanked) == said(kept) == say("thanks.nobody")


@pytest.mark.parametrize("press", ["keep1:write", "keep1:decline", "keep1:agree"])
async def test_what_nobody_asked_is_no_longer_there(world: World, press: str) -> None:
    await helped(world)

    (answer,) = await arrive(button(world.asker, posts(world)[-1], f"{press}:999"))

    assert said(answer) in {say("request.unknown"), say("keep.unknown")}


async def test_the_form_holds_the_question(world: World) -> None:
    _, private = await helped(world)

    form = (await world.asker.user.click(private, label=KEEP)).modal

    assert form is not None
    question, answer = (each["component"] for each in form["components"])
    assert (question["value"], answer.get("value", "")) == (QUESTION, "")


async def test_it_is_kept_once_both_agree(world: World) -> None:
    helper, private = await helped_with_words(world)

    assert said(await propose(world.asker.user, private)) == say("keep.asked")
    letter = told(helper, "keep1:agree")
    assert shows(letter)
    assert [item.label for line in letter.components for item in line.children] == [AGREE, CHANGE, DECLINE]  # type: ignore[union-attr]
    assert LESSON not in await found(world)

    assert said(await helper.user.click(letter, label=AGREE)) == say("keep.kept")
    assert say("similar.kept", answer=inline(LESSON)) in await found(world, "another")
    assert not custom_ids(inbox(helper)[-1].components)


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_agreeing_twice_is_agreeing_once(world: World, *, is_at_once: bool) -> None:
    helper, letter = await asked_to_keep(world)
    presses = [button(helper.user, letter, custom_id(letter, "keep1:agree")) for _ in range(2)]

    answers = await arrive(*presses) if is_at_once else [(await arrive(press))[0] for press in presses]

    assert {said(answer) for answer in answers} == {say("keep.kept")}
    async with world.app.database.engine.connect() as connection:
        kept = await connection.exec_driver_sql("SELECT count(*) FROM event WHERE type = 'kept'")
        assert kept.scalar() == 1


async def test_changed_words_need_the_other_anew(world: World) -> None:
    helper, letter = await asked_to_keep(world)

    assert said(await propose(helper.user, letter, BETTER, label=CHANGE)) == say("keep.asked")
    asked = told(world.asker, "keep1:agree")
    assert shows(asked, BETTER)
    assert BETTER not in await found(world)

    assert said(await world.asker.user.click(asked, label=AGREE)) == say("keep.kept")
    assert say("similar.kept", answer=inline(BETTER)) in await found(world, "another")


async def test_a_yes_to_old_words_is_none_to_new_ones(world: World) -> None:
    helper, private = await helped_with_words(world)
    await propose(world.asker.user, private)
    asked = told(helper, "keep1:agree")
    await propose(world.asker.user, private, BETTER)
    assert told(helper, "keep1:agree").id == asked.id, "they are asked once"

    assert said(await helper.user.click(asked, label=AGREE)) == say("keep.unknown")
    assert BETTER not in await found(world)
    assert said(await propose(helper.user, asked, BETTER, label=CHANGE)) == say("keep.kept")


async def test_whoever_is_asked_sees_every_word(world: World) -> None:
    helper, private = await helped(world)
    answer = "\n".join(["Look at the blank label first, then at the lengths."] * 28)

    await propose(world.asker.user, private, answer)

    assert shows(told(helper, "keep1:agree"), answer)


async def test_words_that_stay_the_same_are_a_yes(world: World) -> None:
    helper, letter = await asked_to_keep(world)

    assert said(await propose(helper.user, letter, label=CHANGE)) == say("keep.kept")
    assert say("similar.kept", answer=inline(LESSON)) in await found(world)


async def test_whoever_would_rather_not_decides(world: World) -> None:
    helper, letter = await asked_to_keep(world)

    assert said(await helper.user.click(letter, label=DECLINE)) == say("keep.declined")

    assert LESSON not in await found(world)
    async with world.app.database.engine.connect() as connection:
        words = (await connection.exec_driver_sql("SELECT question, answer FROM kept_answer")).all()
        assert [tuple(each) for each in words] == [("", "")]


async def test_after_a_no_nobody_is_asked_again(world: World) -> None:
    helper, private = await helped(world)
    await propose(world.asker.user, private)
    letter = told(helper, "keep1:agree")
    agree = custom_id(letter, "keep1:agree")
    await helper.user.click(letter, label=DECLINE)
    count = len(inbox(helper))

    again = await propose(world.asker.user, private)
    (agreed,) = await arrive(button(helper.user, letter, agree))

    assert said(again) == said(agreed) == say("keep.declined")
    assert len(inbox(helper)) == count
    assert [each.filename for each in shown(again).attachments] == ["your-words.txt"]


async def test_declining_takes_back_what_both_agreed_to(world: World) -> None:
    helper, letter = await asked_to_keep(world)
    decline = custom_id(letter, "keep1:decline")
    await helper.user.click(letter, label=AGREE)

    (answer,) = await arrive(button(helper.user, letter, decline))

    assert said(answer) == say("keep.declined")
    assert LESSON not in await found(world)


@pytest.mark.parametrize("verb", ["agree", "decline", "write"])
async def test_only_these_two_decide(world: World, verb: str) -> None:
    _, letter = await asked_to_keep(world)

    (answer,) = await arrive(button(world.moderator, posts(world)[-1], custom_id(letter, f"keep1:{verb}")))

    assert said(answer) == say("keep.not_yours")


@pytest.mark.parametrize(
    ("question", "answer", "key", "length"),
    [
        ("Too short", LESSON, "ask.too_short", 20),
        ("x" * 1_501, LESSON, "ask.too_long", 1_500),
        (QUESTION, "  ", "keep.answer_empty", 1),
        (QUESTION, "x" * 1_501, "keep.answer_too_long", 1_500),
    ],
)
async def test_what_is_kept_has_a_length(world: World, question: str, answer: str, key: str, length: int) -> None:
    helper, private = await helped(world)
    row_id = row(private, "keep1:write")
    count = len(inbox(helper))

    (refused,) = await arrive(
        filled(world.asker, world.channel, f"keep1:send:{row_id}", {"question": question, "answer": answer})
    )

    assert said(refused) == say(key, length=len(question), shortest=length, longest=length)
    assert [each.filename for each in shown(refused).attachments] == ["your-words.txt"]
    assert len(inbox(helper)) == count


async def test_closed_direct_messages_keep_the_proposal_out_of_the_thread(world: World) -> None:
    helper, private = await helped_with_words(world)
    close_mailbox(world, helper)
    before = said_in(world.thread)

    assert said(await propose(world.asker.user, private)) == say("keep.asked")
    await world.pass_time(hours=1)

    assert said_in(world.thread) == before
    assert LESSON not in await found(world)


async def test_all_of_it_outlives_restarts(world: World) -> None:
    helper, private = await helped(world)
    await world.restart()
    assert said(await thank(world, private)) == say("thanks.done")
    form = await world.asker.user.click(private, label=KEEP)
    await world.restart()
    words = {"question": QUESTION, "answer": LESSON}
    assert said(await world.asker.user.submit_modal(form, words)) == say("keep.asked")
    await world.restart()

    assert said(await helper.user.click(told(helper, "keep1:agree"), label=AGREE)) == say("keep.kept")
    assert notes(world, helper) == 1


async def test_words_ping_nobody_and_read_as_they_were_written(world: World) -> None:
    helper, private = await helped(world)
    await thank(world, private, f"Thank you!\n@everyone {world.moderator.mention} **you**")

    assert notes(world, helper, rf"Thank you!{chr(10)}> \@everyone \<\@{world.moderator.id}\> \*\*you\*\*") == 1
    sent = [
        each.json for each in world.env.http_requests if each.path.endswith(f"{helper.user.dm_channel.id}/messages")
    ]
    assert sent[-1] is not None
    assert not any(sent[-1]["allowed_mentions"].values())


async def test_a_press_that_is_lost_changes_nothing(world: World) -> None:
    helper, letter = await asked_to_keep(world)
    world.env.inject_error("POST", "/interactions/*/*/callback")

    assert said(await helper.user.click(letter, label=AGREE)) == say("error.not_taken")
    assert LESSON not in await found(world)
    assert said(await helper.user.click(letter, label=AGREE)) == say("keep.kept")


async def test_the_database_is_down_and_the_words_come_back(world: World) -> None:
    _, private = await helped(world)
    note = await world.asker.user.click(private, label=THANK)
    exchange = await world.asker.user.click(private, label=KEEP)
    await world.break_database()

    thanked = await world.asker.user.submit_modal(note, {"words": NOTE})
    kept = await world.asker.user.submit_modal(exchange, {"question": QUESTION, "answer": LESSON})

    for refused in (thanked, kept):
        assert said(refused) == say("error.database")
        assert [each.filename for each in shown(refused).attachments] == ["your-words.txt"]


async def test_everybody_who_helped_is_thanked_and_the_first_is_asked(world: World) -> None:
    first, second = [await world.helper(name, STATEMENT) for name in ("joaquim", "ines")]
    await world.ask()
    await first.send(world.thread, ANSWER)
    await second.send(world.thread, "I agree.")
    private = shown(await world.asker.user.click(told(world.asker, "outcome1:helped"), label=HELPED))

    await thank(world, private)
    await propose(world.asker.user, private)

    assert [notes(world, each) for each in (first, second)] == [1, 1]
    assert shows(inbox(first)[-1])
    assert not shows(inbox(second)[-1])
