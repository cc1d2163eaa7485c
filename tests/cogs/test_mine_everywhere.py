"""`/mine` is the place that always works: each button of each state leads to a form or a sentence, and on."""

from datetime import timedelta
from typing import Any

import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from bot.domain.lifecycle import FOR_DRAFTS, FOR_QUESTIONS, RequestState, Visibility
from bot.texts import say
from bot.ui import render
from bot.ui.items import custom_ids
from tests.cogs.conftest import World, invitations, said, shown
from tests.cogs.presses import arrive, button
from tests.cogs.reviews import SEND, reading
from tests.cogs.scenes import VAGUE, choose, close_mailbox, mine, own_duty, own_question, said_in
from tests.cogs.test_feedback import ABOUT, DRAFT, drafts, previewed
from tests.factories import a_draft, a_member, a_question
from tests.house.texts import catalogue

UNKNOWN = {words for key, words in catalogue("en").items() if "unknown" in key or key.endswith(("gone", "broken"))}
POSTED = [each for each in RequestState if each is not RequestState.UNPOSTED]


def presses(message: ResponseMessage) -> list[str]:
    return [each for each in custom_ids(message.message.components) if ":pick" not in each]


def heard(result: InteractionResult) -> str:
    """Return what a person reads, or the title of the form that opens."""
    return str(result.modal["title"]) if result.modal is not None else said(result)


async def press(actor: MemberActor, page: ResponseMessage, custom_id: str) -> str:
    """Press a button as a client does that still shows it, and return what that led to."""
    (result,) = await arrive(button(actor, page.message, custom_id))
    words = heard(result)
    assert words not in UNKNOWN, (custom_id, words)
    return custom_id.rpartition(":")[0]


async def stand(world: World, request_id: int, **columns: object) -> None:
    """Let a request stand so."""
    async with world.app.database.begin() as work:
        request = await work.requests.hold(request_id)
        for name, each in columns.items():
            assert hasattr(request, name)
            setattr(request, name, each)


async def before(world: World, request_id: int) -> dict[str, Any]:
    """Return how a request stands, to be put back."""
    kept = ("close_reason", "waiting_since", "next_look_at", "thread_id", "post_id", "needed_by")
    async with world.app.database.read() as work:
        request = await work.requests.get(request_id)
        return {name: getattr(request, name) for name in kept}


async def sweep_states(world: World, request_id: int) -> set[str]:
    """Press each button of each state of a posted request of the asker's; return what there was to press."""
    there, found = await before(world, request_id), set[str]()
    for state in POSTED:
        for reason in ("asker", "moderator") if state is RequestState.CLOSED else (None,):
            for late in (timedelta(), timedelta(days=60)):
                needed = there["needed_by"] - late if there["needed_by"] else None
                await stand(world, request_id, **{**there, "state": state, "close_reason": reason, "needed_by": needed})
                page = await own_question(world, world.asker)
                for each in presses(page):
                    await stand(world, request_id, **{**there, "state": state, "close_reason": reason})
                    found.add(await press(world.asker, page, each))
    return found


@pytest.mark.parametrize("visibility", FOR_QUESTIONS)
async def test_each_button_of_each_question_leads_on(world: World, visibility: Visibility) -> None:
    await world.ask(visibility=[visibility.value])

    found = await sweep_states(world, 1)

    assert found >= {"question1:reopen", "question1:rephrase", "question1:more", "question1:close", "outcome1:helped"}
    assert ("reply1:write" in found) is visibility.is_hidden


@pytest.mark.parametrize("visibility", FOR_DRAFTS)
async def test_each_button_of_each_draft_leads_on(world: World, visibility: Visibility) -> None:
    scene = await reading(world, visibility=visibility)
    await scene.give(scene.readers[0])

    found = await sweep_states(world, scene.id)

    assert found >= {
        "reading1:read", "round1:withdraw", "round1:later", "round1:smaller", "round1:new", "question1:reopen",
        "question1:more", "question1:close", "outcome1:helped",
    }  # fmt: skip
    assert ("reply1:write" in found) is visibility.is_hidden


@pytest.mark.parametrize("state", ["asked", "taken"])
@pytest.mark.parametrize("visibility", FOR_DRAFTS)
async def test_each_button_of_what_a_reader_was_asked_or_took_leads_on(
    world: World, visibility: Visibility, state: str
) -> None:
    scene = await reading(world, visibility=visibility)
    async with world.app.database.begin() as work:
        (invitation,) = await work.invitations.of(scene.id)
        invitation.state = state
    (reader,) = scene.readers

    page = await own_duty(world, reader)
    found = {await press(reader, page, each) for each in presses(page)}

    wanted = {"asked": {"invitation1:take", "invitation1:pass"}, "taken": {"reading1:write", "claim1:give_back"}}
    assert found >= wanted[state]


@pytest.mark.parametrize("kind", ["question", "draft"])
async def test_each_button_of_what_is_only_kept_leads_on(world: World, kind: str) -> None:
    makes: dict[str, Any] = {"question": a_question, "draft": a_draft}
    wanted = {"question": ["post", "edit", "drop"], "draft": ["look", "drop"]}[kind]
    async with world.app.database.begin() as work:
        author = await a_member(work, world.guild.id, world.asker.id)
        for _ in wanted:
            await makes[kind](work, author, created_at=world.env.now(), state="unposted")
    for place in range(len(wanted)):
        # What is posted has moved on to another state; the next one is still kept.
        page = await own_question(world, world.asker, place)
        offered = presses(page)
        assert [each.split(":")[1] for each in offered] == wanted
        await press(world.asker, page, offered[place])


async def test_a_draft_that_is_only_kept_is_looked_at_and_sent_from_there(world: World) -> None:
    await previewed(world)
    page = await own_question(world, world.asker)

    await world.asker.click(page, label=say("mine.look.button"))
    assert say("feedback.preview.understood") in page.content
    sent = await world.asker.click(page, label=say("feedback.confirm.button"))

    assert f"<#{world.thread.id}>" in said(sent)
    assert say("feedback.guide.drafts") in said_in(world.thread)[-1]


async def test_a_question_s_own_button_sends_no_draft(world: World) -> None:
    await previewed(world)
    page = await own_question(world, world.asker)
    (draft,) = await drafts(world)
    (answer,) = await arrive(button(world.asker, page.message, f"draft1:post:{draft.id}"))

    assert said(answer) == say("request.unknown")
    assert (await drafts(world))[0].state == "unposted"


async def test_a_draft_that_is_only_kept_is_changed_and_sent_in_direct_messages(world: World) -> None:
    await previewed(world)
    asker = world.asker.user
    page = shown(await choose(asker, shown(await asker.slash("mine")), "mine1:question"))
    await asker.click(page, label=say("mine.look.button"))

    form = await asker.click(page, label=say("feedback.change.button"))
    await asker.submit_modal(form, {**DRAFT, "about": f"Shorter now. {ABOUT}"})
    sent = await asker.click(page, label=say("feedback.confirm.button"))

    assert render.link(world.guild.id, world.thread.id) in said(sent)
    (draft,) = await drafts(world)
    assert (draft.guild_id, draft.about) == (world.guild.id, f"Shorter now. {ABOUT}")


async def test_a_question_that_is_only_kept_is_posted_in_direct_messages(world: World) -> None:
    await world.ask(VAGUE)
    asker = world.asker.user
    page = shown(await choose(asker, shown(await asker.slash("mine")), "mine1:question"))

    sent = said(await asker.click(page, label="Post it"))

    assert render.link(world.guild.id, world.thread.id) in sent


async def test_a_hidden_author_with_closed_direct_messages_reads_and_withdraws_from_here(world: World) -> None:
    close_mailbox(world, world.asker)
    scene = await reading(world, visibility=Visibility.MATCHED_ANONYMOUS)
    await scene.give(scene.readers[0])
    await world.pass_time(minutes=1)
    assert say("mine.drafts") in (await mine(world, world.asker)).content

    page = await own_question(world, world.asker)
    read = await world.asker.click(page, label=say("feedback.read.button"))

    assert say("feedback.page.received", reader=scene.readers[0].mention) in said(read)
    sure = shown(await world.asker.click(page, label=say("draft.choices.withdraw.button")))
    gone = await world.asker.click(sure, label=say("feedback.withdrawn.go.button"))
    assert said(gone) == say("feedback.withdrawn.author")


async def test_a_hidden_author_with_closed_direct_messages_chooses_after_the_date_from_here(world: World) -> None:
    close_mailbox(world, world.asker)
    await reading(world, visibility=Visibility.MATCHED_ANONYMOUS, state="waiting")
    await world.pass_time(days=8)

    form = await world.asker.click(await own_question(world, world.asker), label=say("draft.choices.later.button"))

    later = f"<t:{int((world.env.now() + timedelta(days=14)).timestamp())}:F>"
    assert said(await world.asker.submit_modal(form, {"needed_by": later})) == say("feedback.asked_none")


async def test_a_reader_sends_feedback_from_here(world: World) -> None:
    scene = await reading(world)
    (reader,) = scene.readers
    close_mailbox(world, reader)

    form = await reader.click(await own_duty(world, reader), label=say("feedback.begin.button"))
    page = shown(await reader.submit_modal(form, {"summary": "It aligns.", "model": ["no"]}))
    await reader.click(page, label=SEND)

    assert len(await scene.feedback()) == 1
    assert not invitations(reader)
