import pytest

from bot.texts import say
from tests.cogs.conftest import ASKED, STATEMENT, World, inbox, invitations, posts, said


def cut_off(world: World) -> None:
    """Let the bot hear of nothing any more; what people do happens all the same."""
    world.env.backend.subscribers.clear()


def asked_how_it_went(world: World) -> int:
    return sum("Someone answered" in message.content for message in inbox(world.asker))


async def test_old_buttons_still_work(world: World) -> None:
    helper, invitation = await world.waiting()
    await world.restart()
    assert "Thank you!" in said(await helper.user.click(invitation, label="I'll take it"))

    await world.restart()
    await helper.send(world.thread, "Look at the blank label first.")
    await world.restart()

    answer = await world.asker.user.click(inbox(world.asker)[-1], label="It helped")
    assert said(answer) == say("outcome.helped")


async def test_an_old_question_is_closed(world: World) -> None:
    await world.ask()
    await world.restart()

    assert said(await world.asker.click(posts(world)[-1], label="Close this question")) == say("close.done")


async def test_an_old_panel_opens_the_form(world: World) -> None:
    await world.restart()

    shown = await world.asker.click(world.channel.history()[0], label="Ask")

    assert shown.modal is not None


async def test_a_form_that_was_open_meanwhile_is_kept(world: World) -> None:
    shown = await world.asker.slash(world.channel, "ask")
    await world.restart()

    receipt = await world.asker.submit_modal(shown, ASKED)

    assert "Your question is here" in said(receipt)


async def test_an_answer_given_meanwhile_is_noticed(world: World) -> None:
    helper, _ = await world.waiting()
    cut_off(world)
    await world.asker.send(world.thread, "I forgot: it is a streaming model.")
    await helper.send(world.thread, "Look at the blank label first.")
    assert not asked_how_it_went(world)

    await world.restart()
    await world.restart()

    assert asked_how_it_went(world) == 1


async def test_a_thread_deleted_meanwhile_is_closed(world: World) -> None:
    helper, invitation = await world.waiting()
    cut_off(world)
    world.env.backend.delete_channel(world.thread.id)

    await world.restart()

    assert said(await helper.user.click(invitation, label="I'll take it")) == say("request.over")


@pytest.mark.parametrize(("status", "code"), [(500, 0), (403, 50001), (401, 0), (400, 0)])
async def test_a_thread_out_of_reach_is_not_deleted(world: World, status: int, code: int) -> None:
    helper, invitation = await world.waiting()
    world.env.inject_error("GET", f"/channels/{world.thread.id}/messages", status=status, code=code)

    await world.restart()

    assert "Thank you!" in said(await helper.user.click(invitation, label="I'll take it"))


async def test_a_letter_that_waited_leaves_at_the_start(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=503)
    await world.ask()
    assert not invitations(helper)
    await world.env.advance_time(30)

    await world.restart()

    assert len(posts(world)) == 1
    assert len(invitations(helper)) == 1


async def test_ready_twice_is_ready_once(world: World) -> None:
    await world.waiting()
    await world.restart()
    before = len(world.env.backend.messages[world.thread.id]), len(inbox(world.asker))

    world.env.bot.dispatch("ready")
    await world.env.settle()

    assert (len(world.env.backend.messages[world.thread.id]), len(inbox(world.asker))) == before


async def test_commands_that_did_not_change_are_not_sent_again(world: World) -> None:
    await world.restart()

    sent = [request for request in world.env.http_requests if request.method == "PUT" and "/commands" in request.path]
    assert len(sent) == 1
