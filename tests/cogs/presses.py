"""What a client sends that an actor's verbs can't: old buttons, replays, several presses at once, forged fields."""

from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.backend import serializers
from simcord.builders import ChannelHandle, UserHandle
from simcord.interactions import base_payload
from simcord.results import InteractionResult, ResponseMessage

from bot.ui.items import custom_ids

COMMAND, PRESS, FORM = 2, 3, 5
"""Source: https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object"""
BUTTON, LABEL, TEXT, CHOICE, PERSON = 2, 18, 4, 3, 5
"""Source: https://discord.com/developers/docs/components/reference#component-object-component-types"""

Actor = MemberActor | UserHandle
Shown = discord.Message | ResponseMessage


class Sent:
    """An interaction that hasn't reached the bot yet."""

    def __init__(self, actor: Actor, channel: ChannelHandle, kind: int, fields: dict[str, Any]) -> None:
        self._env = actor._env
        guild = getattr(actor, "guild", None)
        self._record, self.payload = base_payload(
            self._env.backend,
            type=kind,
            channel_id=channel.id,
            guild_id=guild.id if guild else None,
            user_id=actor.id,
            data=fields,
        )

    def about(self, message: discord.Message) -> "Sent":
        """Tie it to the message whose button it is."""
        backend = self._env.backend
        stored = backend.get_message(message.channel.id, message.id)
        self._record.source_message_id = stored.id
        self.payload["message"] = dict(serializers.message_payload(backend, stored))
        return self

    def arrive(self) -> InteractionResult:
        """Reach the bot, which works on it only when someone waits; may be called twice, as after a reconnect."""
        self._env.backend.emit("INTERACTION_CREATE", self.payload)
        return InteractionResult(self._env, self._record)


def button(actor: Actor, message: discord.Message, custom_id: str) -> Sent:
    """Prepare a press of a message's button, also of one that isn't there any more."""
    channel = _channel_of(actor, message)
    return Sent(actor, channel, PRESS, {"custom_id": custom_id, "component_type": BUTTON}).about(message)


def chosen(actor: Actor, message: discord.Message, custom_id: str, *values: object, kind: int = CHOICE) -> Sent:
    """Prepare a choice in a message's select."""
    fields = {"custom_id": custom_id, "component_type": kind, "values": [str(each) for each in values]}
    return Sent(actor, _channel_of(actor, message), PRESS, fields).about(message)


def custom_id(message: Shown, press: str) -> str:
    """Return the custom_id of a message's button or select by its kind and verb, like "claim1:give_back"."""
    shown = message.message if isinstance(message, ResponseMessage) else message
    (found,) = (each for each in custom_ids(shown.components) if each.rpartition(":")[0] == press)
    return found


def filled(actor: Actor, channel: ChannelHandle, custom_id: str, texts: dict[str, str], **chosen: str) -> Sent:
    """Prepare a filled form, with any limits of its fields."""
    leaves: list[dict[str, Any]] = [{"type": TEXT, "custom_id": name, "value": text} for name, text in texts.items()]
    leaves += [{"type": CHOICE, "custom_id": name, "values": [value]} for name, value in chosen.items()]
    components = [{"type": LABEL, "id": number, "component": leaf} for number, leaf in enumerate(leaves)]
    return Sent(actor, channel, FORM, {"custom_id": custom_id, "components": components})


async def arrive(*sent: Sent) -> list[InteractionResult]:
    """Let interactions reach the bot at the same moment, and wait until it has dealt with all of them."""
    results = [each.arrive() for each in sent]
    await sent[0]._env.settle()
    return results


def _channel_of(actor: Actor, message: discord.Message) -> ChannelHandle:
    env = actor._env
    return ChannelHandle(env, getattr(actor, "guild", None), env.backend.get_channel(message.channel.id))
