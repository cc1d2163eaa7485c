"""What people read who use drafts for the first time: each sentence is so, and says how to go on."""

from bot.domain.drafts import Stage
from bot.domain.lifecycle import Visibility
from bot.texts import say
from bot.ui.items import custom_ids
from bot.ui.render import link
from tests.cogs.conftest import STATEMENT, World, inbox, invitations, said, shown
from tests.cogs.presses import arrive, chosen, custom_id
from tests.cogs.reviews import TELL, reading
from tests.cogs.scenes import TAKE, choose, mine, told
from tests.cogs.test_feedback import ABOUT, drafts, previewed
from tests.factories import WEEK, a_member, an_invitation

HIDDEN = Visibility.MATCHED_ANONYMOUS
OTHERS = say("feedback.others.button")


async def test_what_was_sent_doesn_t_say_any_more_that_nothing_is(world: World) -> None:
    preview = await previewed(world)
    await world.asker.click(preview, label=say("feedback.confirm.button"))
    assert preview.content == say("feedback.preview.sent")
    assert ABOUT.splitlines()[0] in str(preview.embeds[0].description)


async def test_an_idea_is_as_long_as_what_was_typed_and_its_readers_learn_where_it_is(world: World) -> None:
    preview = await previewed(world, file=None)
    await choose(world.asker, preview, "drafting1:stage", list(Stage).index(Stage.IDEA))
    assert say("feedback.preview.no_length") not in preview.content

    await world.asker.click(preview, label=say("feedback.confirm.button"))

    (kept,) = await drafts(world)
    assert kept.words == len(ABOUT.split())
    assert say("feedback.guide.above") in world.thread.history()[-1].content


async def test_what_is_no_idea_any_more_has_no_length_of_its_own(world: World) -> None:
    preview = await previewed(world, file=None)
    for stage in (Stage.IDEA, Stage.OUTLINE):
        await choose(world.asker, preview, "drafting1:stage", list(Stage).index(stage))
    (kept,) = await drafts(world)
    assert kept.words == kept.whole_words == 0


async def test_what_the_form_gives_as_examples_can_be_typed_without_a_time_zone(world: World) -> None:
    for typed in say("feedback.needed_by_field.placeholder").split(", "):
        preview = await previewed(world, needed_by=typed)
        assert say("feedback.preview.understood") in preview.content, typed
        await world.asker.click(preview, label=say("feedback.drop.button"))


async def test_a_hidden_author_and_their_reader_aren_t_sent_to_a_thread_that_the_author_can_t_read(
    world: World,
) -> None:
    read = await reading(world, visibility=HIDDEN)
    (reader,) = read.readers
    page = await read.point(reader, await read.begin(reader))
    form = await reader.click(page, label=say("feedback.change_rest.button"))
    await reader.click(page, label=say("feedback.send.button"))
    refused = await reader.submit_modal(form, {"summary": "More.", "model": ["no"]})
    assert said(refused) == say("feedback.sent_before_outside")

    letter = told(read.author, "point1:settle")
    press = custom_id(letter, "point1:settle")
    await arrive(chosen(read.author.user, letter, press, 0))
    await read.author.user.click(told(read.author, "point1:settle"), label=TELL)
    (late,) = await arrive(chosen(read.author.user, letter, press, 0))
    assert said(late) == say("feedback.told_before_outside")


async def test_a_moderator_in_a_private_thread_reads_that_only_readers_see_what_the_others_say(world: World) -> None:
    read = await reading(world, "joaquim", "mei")
    assert said(await world.moderator.click(read.guide, label=OTHERS)) == say("feedback.no_place")
    assert said(await read.readers[0].click(read.guide, label=OTHERS)) == say("feedback.own_first")


async def test_one_reader_alone_is_promised_nothing_of_others(world: World) -> None:
    read = await reading(world)
    assert said(await read.readers[0].click(read.guide, label=OTHERS)) == say("feedback.no_others")


async def test_where_neither_an_author_nor_others_read_there_is_no_button_for_them(world: World) -> None:
    read = await reading(world, visibility=HIDDEN)
    assert not any(each.startswith("reading1:others") for each in custom_ids(read.guide.components))


async def test_the_first_to_send_can_compare_notes_from_what_the_others_say(world: World) -> None:
    read = await reading(world, "joaquim", "mei")
    for each in read.readers:
        await read.give(each)
    page = shown(await read.readers[0].click(read.guide, label=OTHERS))
    opened = await read.readers[0].click(page, label=say("feedback.compare.button"))
    assert opened.modal is not None


async def test_what_is_typed_to_the_bot_about_a_draft_leads_to_where_it_is_read(world: World) -> None:
    read = await reading(world, visibility=HIDDEN)
    await read.readers[0].user.send_dm("It is good.")
    thread = link(world.guild.id, world.thread.id)
    assert inbox(read.readers[0])[-1].content == say("draft.direct.meant", thread=thread)

    await read.author.user.send_dm("Thank you.")
    answer = inbox(read.author)[-1]
    assert answer.content == say("draft.direct.meant_outside")
    opened = await read.author.user.click(answer, label=say("draft.reply.button"))
    assert opened.modal is not None


async def test_who_has_taken_a_private_question_isn_t_told_to_take_it(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    await world.ask(visibility=["matched"])
    await helper.user.click(invitations(helper)[-1], label=TAKE)
    await helper.user.send_dm("Look at the blank label first.")
    assert inbox(helper)[-1].content == say("direct.meant", thread=link(world.guild.id, world.thread.id))


async def test_who_reads_if_a_place_opens_finds_it_in_mine_and_can_let_it_go(world: World) -> None:
    read = await reading(world)
    async with world.app.database.begin() as work:
        draft = await work.drafts.get(read.id)
        assert draft is not None
        second = world.join("mei")
        member = await a_member(work, world.guild.id, second.id)
        await an_invitation(work, draft, member, state="asked", expires_at=world.env.now() + WEEK)

    asked = shown(await choose(second, await mine(world, second), "mine1:duty"))
    assert said(await second.click(asked, label=TAKE)) == say("draft.places_taken")

    listed = await mine(world, second)
    _, _, stands_by = say("mine.alternate_line", question="\0").partition("\0")
    assert stands_by in listed.content
    duty = shown(await choose(second, listed, "mine1:duty"))
    assert said(await second.click(duty, label=say("invitation.pass.button"))) == say("invitation.passed")
    assert say("mine.duties") not in (await mine(world, second)).content


async def test_what_didn_t_help_yet_was_sent_all_the_same(world: World) -> None:
    read = await reading(world)
    await read.give(read.readers[0])
    await read.author.user.click(told(read.author, "outcome1:not_yet"), label=say("outcome.not_yet.button"))
    await world.pass_time(days=8)
    asked = told(read.author, "round1:later").content
    assert (say("draft.read_by_one") in asked, say("draft.read_by_none") in asked) == (True, False)
