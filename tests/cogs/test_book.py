"""Booking fifteen minutes: `/book`, the panel, one's own question, and cancelling."""

from datetime import timedelta

from bot.texts import say
from bot.ui.items import custom_ids
from models import Booking, Slot, WaitlistPlace
from tests.cogs.conftest import QUESTION, STATEMENT, World, inbox, said, shown
from tests.cogs.offered import PICK, book, host, look, states
from tests.cogs.presses import arrive, button, chosen, custom_id
from tests.cogs.profiles import refusal
from tests.cogs.scenes import choose, close_mailbox, mine, options, pings, untaken

CANCEL, JOIN, MORE = say("book.cancel.button"), say("waitlist.join.button"), say("book.more.button")


async def test_what_is_free_shows_the_hour_in_words_and_what_speaks_for_the_host(world: World) -> None:
    helper = await host(world)

    private = await look(world)

    first, _ = options(private, PICK)
    assert first["label"] == "1. Fri, Jan 2, 10:00 (UTC)"
    assert first["description"] == STATEMENT
    assert helper.mention in private.content
    assert say("book.no_zone") in private.content


async def test_the_hour_is_on_the_reader_s_own_clock(world: World) -> None:
    await host(world)
    await world.fill_profile(world.asker, "Gardening", clock="Africa/Nairobi 0-23:59")

    first, _ = options(await look(world), PICK)

    assert first["label"] == "1. Fri, Jan 2, 13:00 (Africa/Nairobi)"


async def test_picking_books_and_both_get_a_file(world: World) -> None:
    helper = await host(world)

    answer = await book(world)

    receipt = shown(answer)
    assert receipt.content.startswith("Booked: 15 minutes with")
    assert [each.filename for each in receipt.attachments] == ["morsel-1.ics"]
    assert custom_ids(receipt.message.components) == ["book1:cancel:1"]
    assert f"SUMMARY:15 minutes with {helper.name}" in (await receipt.attachments[0].read()).decode()
    for actor, other in ((helper, world.asker), (world.asker, helper)):
        letter = inbox(actor)[-1]
        assert [each.filename for each in letter.attachments] == ["morsel-1.ics"]
        assert f"SUMMARY:15 minutes with {other.name}" in (await letter.attachments[0].read()).decode()
        assert QUESTION in letter.content
    assert await states(world, Booking) == ["booked"]
    assert await states(world, Slot) == ["booked", "open"]


async def test_ten_times_are_shown_and_more_at_a_press(world: World) -> None:
    for number in range(4):
        await host(world, f"helper-{number}", slots=4)
    private = await look(world)
    first = options(private, PICK)

    listed = shown(await world.asker.click(private, label=MORE))

    assert len(first) == 10
    assert options(listed, PICK)[:10] == first
    assert len(options(listed, PICK)) == 16
    assert not any(each.startswith("book1:more") for each in custom_ids(listed.message.components))
    assert await states(world, WaitlistPlace) == ["looking"]
    await choose(world.asker, listed, PICK, 15)
    assert await states(world, Booking) == ["booked"]


async def test_without_a_question_a_form_asks_for_it(world: World) -> None:
    await host(world)

    form = await world.asker.slash(world.channel, "book")
    private = shown(await world.asker.submit_modal(form, {"question": QUESTION}))

    assert len(options(private, PICK)) == 2


async def test_the_panel_opens_the_form(world: World) -> None:
    await host(world)
    (panel,) = (each for each in world.channel.history() if "panel1:book:0" in custom_ids(each.components))

    form = await world.asker.click(panel, custom_id="panel1:book:0")
    private = shown(await world.asker.submit_modal(form, {"question": QUESTION}))

    assert len(options(private, PICK)) == 2


async def test_an_asker_books_for_a_question_that_nobody_took(world: World) -> None:
    letter = await untaken(world)
    await host(world)

    form = await world.asker.user.click(letter, label=say("choices.talk.button"))
    assert form.modal is not None
    private = shown(await world.asker.user.submit_modal(form, {"question": QUESTION}))
    await world.asker.user.select(private, [options(private, PICK)[0]["value"]], custom_id=custom_id(private, PICK))

    assert await states(world, Booking) == ["booked"]


async def test_a_question_too_short_books_nothing_and_is_told_why(world: World) -> None:
    await host(world)

    answer = await world.asker.slash(world.channel, "book", question="Help?")

    assert said(answer) == refusal("book.too_short", length=5, shortest=20)
    assert len(world.env.errors) == 1


async def test_nothing_free_leads_to_the_waitlist(world: World) -> None:
    private = await look(world)
    assert private.content == say("book.nothing_free")

    answer = await world.asker.click(private, label=JOIN)

    assert said(answer) == say("waitlist.joined", host="")
    assert await states(world, WaitlistPlace) == ["waiting"]
    assert say("mine.places") in (await mine(world, world.asker)).content


async def test_whoever_is_a_moment_late_sees_the_nearest_others(world: World) -> None:
    await host(world)
    late = world.join("chen")
    private = await look(world, late)
    await book(world)

    again = shown(await choose(late, private, PICK, 0))

    assert again.content.startswith(say("book.just_taken"))
    assert len(options(again, PICK)) == 1
    assert shown(await choose(late, again, PICK, 0)).content.startswith("Booked")
    assert await states(world, Slot) == ["booked", "booked"]


async def test_a_double_click_books_once(world: World) -> None:
    await host(world)
    private = await look(world)
    value = options(private, PICK)[0]["value"]

    both = await arrive(*(chosen(world.asker, private.message, custom_id(private, PICK), value) for _ in range(2)))

    assert await states(world, Booking) == ["booked"]
    assert sorted(shown(each).content[:6] for each in both) == ["Booked", "Just t"]


async def test_a_list_older_than_the_process_still_books(world: World) -> None:
    await host(world)
    private = await look(world)
    await world.restart()

    answer = await choose(world.asker, private, PICK)

    assert shown(answer).content.startswith("Booked")


async def test_cancelling_tells_the_other_and_frees_the_slot(world: World) -> None:
    helper = await host(world)
    receipt = shown(await book(world))

    answer = await world.asker.click(receipt, label=CANCEL)

    assert "are cancelled, and I've told them" in said(answer)
    assert await states(world, Slot) == ["open", "open"]
    last = inbox(helper)[-1]
    assert world.asker.mention in last.content
    assert b"METHOD:CANCEL" in await last.attachments[0].read()


async def test_cancelling_late_takes_a_word_to_the_other(world: World) -> None:
    helper = await host(world, after=timedelta(hours=2, minutes=30))
    receipt = shown(await book(world))

    form = await world.asker.click(receipt, label=CANCEL)
    assert form.modal is not None
    await world.asker.submit_modal(form, {"words": "My train is late, sorry."})

    assert await states(world, Booking) == ["cancelled"]
    assert "My train is late, sorry." in inbox(helper)[-1].content


async def test_mine_shows_a_booking_and_cancels_it(world: World) -> None:
    helper = await host(world)
    await book(world)

    private = await mine(world, helper)
    assert say("mine.bookings") in private.content
    one = shown(await choose(helper, private, "mine1:time"))
    await helper.click(one, label=CANCEL)

    assert await states(world, Booking) == ["cancelled"]
    assert await states(world, Slot) == ["cancelled", "open"]


async def test_a_host_with_closed_messages_reads_that_there_is_news_and_nothing_of_it(world: World) -> None:
    helper = await host(world)
    close_mailbox(world, helper)

    await book(world)

    last = world.channel.history()[-1]
    assert last.content == say("news.elsewhere", member=helper.mention)
    assert pings(world, last) == [helper.id]
    assert not last.attachments
    assert say("mine.bookings") in (await mine(world, helper)).content


async def test_nobody_cancels_what_is_between_two_others(world: World) -> None:
    await host(world)
    receipt = shown(await book(world))

    (answer,) = await arrive(button(world.join("eve"), receipt.message, "book1:cancel:1"))

    assert said(answer) == say("book.not_yours")
    assert await states(world, Booking) == ["booked"]
