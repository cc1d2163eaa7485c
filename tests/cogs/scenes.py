"""Where tests begin: something has been asked, taken, answered or left waiting, and someone sees its buttons."""

from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult, ResponseMessage

from bot.texts import say
from bot.ui.items import custom_ids
from models import Question
from tests.cogs.conftest import STATEMENT, World, inbox, shown
from tests.cogs.presses import Actor, custom_id

TAKE, GIVE_BACK, TALK, HELPED = "I'll take it", "I can't after all", "Offer 15 minutes", "It helped"
ANSWER = "Look at the blank label first."
VAGUE = "Can I ask something about machine learning?"
"""A question that only asks whether it may be asked."""


async def kept(world: World, number: int = -1) -> Question:
    """Return a community's question as it is kept, the newest without a `number`."""
    async with world.app.database.read() as work:
        found = [each for each in await work.requests.those(range(1, 100)) if isinstance(each, Question)]
        return sorted(found, key=lambda each: each.id)[number]


async def state(world: World, number: int = -1) -> str:
    """Return where a question stands."""
    return (await kept(world, number)).state


def close_mailbox(world: World, actor: MemberActor) -> None:
    """Let nothing more reach someone's direct messages."""
    path = f"/channels/{actor.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, times=None)


def said_in(channel: ChannelHandle) -> list[str]:
    """Return what everyone reads in a channel or thread, oldest first."""
    return [message.content for message in channel.history() if not message.flags.ephemeral]


def pings(world: World, message: discord.Message) -> list[int]:
    """Return the people that a message of the bot pings; no one merely because their name stands in it."""
    (body,) = (each for each in _bodies(world) if each.get("content") == message.content)
    allowed = body["allowed_mentions"]
    assert allowed["parse"] == []
    return [int(each) for each in allowed.get("users", ())]


def with_press(channel: ChannelHandle, press: str) -> discord.Message:
    """Return a channel's newest message with this button or select."""
    return [message for message in channel.history() if _has(message, press)][-1]


def told(actor: MemberActor, press: str) -> discord.Message:
    """Return someone's newest direct message with this button or select."""
    return with_press(actor.user.dm_channel, press)


async def mine(world: World, actor: MemberActor) -> ResponseMessage:
    """Return what `/mine` shows."""
    return shown(await actor.slash(world.channel, "mine"))


async def own_question(world: World, actor: MemberActor, place: int = 0) -> ResponseMessage:
    """Choose one of someone's questions under `/mine`, the newest first; return what it shows."""
    return shown(await choose(actor, await mine(world, actor), "mine1:question", place))


async def own_duty(world: World, actor: MemberActor) -> ResponseMessage:
    """Choose what someone was asked or took under `/mine`; return what it shows."""
    return shown(await choose(actor, await mine(world, actor), "mine1:duty"))


async def duties(world: World, actor: MemberActor) -> int:
    """Count what someone was asked or took and may still do."""
    private = await mine(world, actor)
    return len(options(private, "mine1:duty")) if say("mine.duties") in private.content else 0


async def choose(actor: Actor, message: ResponseMessage, press: str, place: int = 0) -> InteractionResult:
    """Choose one of a select's options."""
    menu = custom_id(message, press)
    value = options(message, press)[place]["value"]
    return await actor.select(message, [value], custom_id=menu)


def options(message: ResponseMessage, press: str) -> list[dict[str, Any]]:
    """Return what a select offers."""
    items = [item for row in message.components for item in row["components"]]
    (menu,) = (each for each in items if each["custom_id"] == custom_id(message, press))
    offered: list[dict[str, Any]] = menu["options"]
    return offered


async def taken(world: World) -> tuple[MemberActor, ResponseMessage]:
    """Ask and let someone take it; return them and what they see after it, in their direct messages."""
    helper, invitation = await world.waiting()
    return helper, shown(await helper.user.click(invitation, label=TAKE))


async def untaken(world: World, hours: int = 49, **form: object) -> discord.Message:
    """Ask with no one there to help and let time go by; return the asker's last direct message."""
    await world.ask(**form)  # type: ignore[arg-type]
    await world.pass_time(hours=hours)
    return inbox(world.asker)[-1]


async def put_away(world: World, **form: object) -> discord.Message:
    """Ask and let a week go by without an answer; return the thread's last message."""
    await world.ask(**form)  # type: ignore[arg-type]
    await world.pass_time(days=7, hours=1)
    return with_press(world.thread, "question1:reopen")


async def helped(world: World, helper: str = "joaquim") -> tuple[MemberActor, ResponseMessage]:
    """Let someone's answer help; return them and what the asker sees after saying so."""
    person = await world.helper(helper, STATEMENT)
    await world.ask()
    await person.send(world.thread, ANSWER)
    return person, shown(await world.asker.user.click(told(world.asker, "outcome1:helped"), label=HELPED))


async def moderators(world: World) -> tuple[ChannelHandle, MemberActor]:
    """Pick a moderators' channel; return it, and a second moderator."""
    channel = world.guild.create_text_channel("moderators")
    await world.moderator.slash(world.channel, "setup", moderator_channel=channel)
    rights = discord.Permissions(manage_messages=True)
    role = world.guild.create_role("Helpers of moderators", permissions=rights)
    return channel, world.guild.add_member(world.env.create_user("second"), roles=[role])


def is_archived(thread: ChannelHandle) -> bool:
    """Tell whether a thread is archived; it is never locked."""
    metadata = thread._channel.thread_metadata
    assert metadata is not None
    assert not metadata.locked
    return metadata.archived


def _bodies(world: World) -> list[dict[str, Any]]:
    bodies = [request.json for request in world.env.http_requests if isinstance(request.json, dict)]
    return [body.get("message", body) for body in bodies]


def _has(message: discord.Message, press: str) -> bool:
    return any(each.rpartition(":")[0] == press for each in custom_ids(message.components))
