"""`/profile`: what people see of themselves, and the buttons under it."""

import discord

from bot.texts import say
from tests.cogs.conftest import STATEMENT, World, inbox, invitations, said
from tests.cogs.presses import PRESS, Sent, arrive, button
from tests.cogs.profiles import WORDS, card, given_back, ids, kept

EDIT, CHECK, BEGIN, ARRIVED = "Edit", "Check my direct messages", "Fill in my profile", "It arrived"
MUTE, DELETE, SELECT = "profile1:mute:0", "profile1:delete:0", 3


async def test_a_muted_line_is_kept_and_never_a_reason_to_ask(world: World) -> None:
    helper = await world.helper("joaquim", f"{STATEMENT}\nGrant writing")
    mine = await ids(world, helper)

    muted = await helper.select(await card(world, helper), [mine[STATEMENT]], custom_id=MUTE)
    await world.ask()
    assert not any(STATEMENT in message.content for message in invitations(helper))

    unmuted = await helper.select(await card(world, helper), [], custom_id=MUTE)
    await world.ask("Which blank label does the CTC loss want in forced alignment?")

    assert f"{STATEMENT}\u2069 {say('profile.muted')}" in said(muted)
    assert say("profile.muted") not in said(unmuted)
    assert STATEMENT in invitations(helper)[-1].content


async def test_a_deleted_line_is_gone_from_the_next_question_on(world: World) -> None:
    helper = await world.helper("joaquim", f"{STATEMENT}\nGrant writing")
    mine = await ids(world, helper)

    answer = await helper.select(await card(world, helper), [mine[STATEMENT]], custom_id=DELETE)
    await world.ask()

    assert STATEMENT not in said(answer)
    assert "Grant writing" in said(answer)
    assert not any(STATEMENT in message.content for message in invitations(helper))


async def test_deleting_the_last_line_is_opting_out(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    mine = await ids(world, helper)

    answer = await helper.select(await card(world, helper), list(mine.values()), custom_id=DELETE)
    await world.ask()

    assert said(answer) == say("profile.empty") + "\n" + say(
        "profile.clock", zone="UTC", now="10:00", begins="00:00", ends="23:59"
    )
    assert not (await kept(world, helper))[0].is_helper
    assert not invitations(helper)


async def test_deleting_twice_at_once_is_deleting_once(world: World) -> None:
    helper = await world.helper("joaquim", f"{STATEMENT}\nGrant writing")
    shown, mine = await card(world, helper), await ids(world, helper)
    chosen = {"custom_id": DELETE, "component_type": SELECT, "values": [mine[STATEMENT]]}

    answers = await arrive(*(Sent(helper, world.channel, PRESS, chosen).about(shown.message) for _ in range(2)))

    assert all("Grant writing" in said(answer) and STATEMENT not in said(answer) for answer in answers)


async def test_nobody_mutes_or_deletes_anybody_elses_lines(world: World) -> None:
    helper, other = await world.helper("joaquim", STATEMENT), await world.helper("nadia", "Grant writing")
    shown, theirs = await card(world, other), await ids(world, helper)

    for custom_id in (MUTE, DELETE):
        chosen = {"custom_id": custom_id, "component_type": SELECT, "values": list(theirs.values())}
        await arrive(Sent(other, world.channel, PRESS, chosen).about(shown.message))

    _, statements = await kept(world, helper)
    assert [(each.text, each.is_muted) for each in statements] == [(STATEMENT, False)]
    assert (await kept(world, other))[0].is_helper


async def test_lines_that_stay_keep_their_id_and_their_mute(world: World) -> None:
    helper = await world.helper("joaquim", f"{STATEMENT}\nGrant writing")
    mine = await ids(world, helper)
    await helper.select(await card(world, helper), [mine[STATEMENT]], custom_id=MUTE)
    _, before = await kept(world, helper)

    await world.fill_profile(helper, f"Peer review\n{STATEMENT.upper()}")

    _, after = await kept(world, helper)
    assert [each.text for each in after] == [STATEMENT, "Peer review"]
    assert (after[0].id, after[0].is_muted) == (before[0].id, True)


async def test_the_next_question_finds_whoever_just_saved(world: World) -> None:
    await world.helper("nadia", "Grant writing")
    await world.ask()

    helper = await world.helper("joaquim", STATEMENT)
    await world.ask("Why is the CTC loss infinite, and what has forced alignment to do with it?")

    assert STATEMENT in invitations(helper)[-1].content


async def test_a_test_message_is_sent_once_and_its_button_settles_it(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    (test,) = inbox(helper)
    assert test.content == say("check.text")
    assert say("profile.messages.unknown") in (await card(world, helper)).content

    answer = await helper.user.click(test, label=ARRIVED)
    await world.fill_profile(helper, "Grant writing")

    assert said(answer) == say("check.arrived")
    assert say("profile.messages.open") in (await card(world, helper)).content
    assert [message.content for message in inbox(helper)] == [say("check.text")]
    assert not inbox(helper)[0].components


async def test_pressing_that_it_arrived_twice_is_pressing_once(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    member, _ = await kept(world, helper)
    test = inbox(helper)[0]

    answers = await arrive(*(button(helper.user, test, f"check1:arrived:{member.id}") for _ in range(2)))

    assert [said(answer) for answer in answers] == [say("check.arrived")] * 2


async def test_a_check_asked_for_twice_at_once_is_sent_once(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    shown = (await card(world, helper)).message

    answers = await arrive(*(button(helper, shown, "profile1:check:0") for _ in range(2)))

    assert [said(answer) for answer in answers] == [say("profile.check.sent")] * 2
    assert len(inbox(helper)) == 2


async def test_somebody_elses_test_message_proves_nothing(world: World) -> None:
    helper, other = await world.helper("joaquim", STATEMENT), await world.helper("nadia", "Grant writing")
    member, _ = await kept(world, helper)

    (answer,) = await arrive(button(other.user, inbox(other)[0], f"check1:arrived:{member.id}"))
    (unknown,) = await arrive(button(other.user, inbox(other)[0], "check1:arrived:999"))

    assert said(answer) == say("profile.not_yours")
    assert said(unknown) == say("profile.unknown")
    assert (await kept(world, helper))[0].direct_messages == "unknown"


async def test_closed_direct_messages_are_noticed_and_can_be_checked_again(world: World) -> None:
    helper = world.join("joaquim")
    mailbox = f"/channels/{helper.user.dm_channel.id}/messages"
    world.env.inject_error("POST", mailbox, status=403, code=50007, times=1)

    await world.fill_profile(helper, STATEMENT)
    shown = await card(world, helper)
    assert say("profile.messages.closed") in shown.content
    await world.fill_profile(helper, "Grant writing")
    assert not inbox(helper), "a known closed mailbox isn't tried at every change"
    answer = await helper.click(shown, label=CHECK)

    assert said(answer) == say("profile.check.sent")
    assert say("profile.messages.unknown") in (await card(world, helper)).content
    await helper.user.click(inbox(helper)[0], label=ARRIVED)
    assert say("profile.messages.open") in (await card(world, helper)).content


async def test_the_panel_opens_the_same_doors(world: World) -> None:
    panel = world.channel.pinned_messages()[0]

    shown = await world.asker.click(panel, label=say("panel.profile.button"))

    assert said(shown) == say("profile.empty")
    assert shown.response is not None
    assert (await world.asker.click(shown.response, label=BEGIN)).modal is not None


async def test_old_cards_and_an_open_form_outlive_a_restart(world: World) -> None:
    helper = await world.helper("joaquim", f"{STATEMENT}\nGrant writing")
    old, mine = await card(world, helper), await ids(world, helper)
    opened = await helper.click(old, label=EDIT)

    await world.restart()

    muted = await helper.select(old, [mine[STATEMENT]], custom_id=MUTE)
    assert say("profile.muted") in said(muted)
    saved = await helper.submit_modal(opened, {"statements": "Only this", "rate": ["more"]})
    assert "Only this" in said(saved)
    assert STATEMENT not in said(saved)
    deleted = await helper.select(old, [mine["Grant writing"]], custom_id=DELETE)
    assert "Only this" in said(deleted)
    await helper.user.click(inbox(helper)[0], label=ARRIVED)
    assert say("profile.messages.open") in (await card(world, helper)).content


async def test_an_answer_discord_loses_leaves_what_was_saved(world: World) -> None:
    shown = await world.asker.click(await card(world, world.asker), label=BEGIN)
    world.env.inject_error("POST", "/webhooks/*")

    answer = await world.asker.submit_modal(shown, {"statements": WORDS, "rate": ["more"]})

    assert said(answer) == say("error.not_shown")
    assert WORDS in (await card(world, world.asker)).content


async def test_a_form_that_cannot_be_shown_is_said(world: World) -> None:
    shown = await card(world, world.asker)
    world.env.inject_error("POST", "/interactions/*/callback")

    answer = await world.asker.click(shown, label=BEGIN)

    assert said(answer) == say("error.not_taken")


async def test_without_a_database_nothing_is_lost(world: World) -> None:
    shown = await world.asker.click(await card(world, world.asker), label=BEGIN)
    async with world.app.database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE statement RENAME TO elsewhere")

    answer = await world.asker.submit_modal(shown, {"statements": WORDS, "rate": ["more"]})

    assert said(answer) == say("error.database")
    assert await given_back(answer) == WORDS


async def test_a_profile_belongs_to_one_community(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)
    elsewhere = world.env.create_guild("Elsewhere")
    channel, there = elsewhere.create_text_channel("general"), elsewhere.add_member(helper.user)

    shown = await there.slash(channel, "profile")

    assert said(shown) == say("profile.empty")


async def test_somebody_who_may_see_the_channel_may_have_a_profile(world: World) -> None:
    hidden = world.guild.create_text_channel(
        "staff", overwrites={world.guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    )

    assert "profile" in world.asker.available_commands(world.channel)
    assert "profile" not in world.asker.available_commands(hidden)
