"""What Discord remembers: one community, its channels, its messages, its people's presses; no network."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from bot.clock import Clock, SystemClock

Payload = dict[str, Any]

GUILD_ID: Final = 1_100_000_000_000_000_000
BOT_ID: Final = 1_100_000_000_000_000_001
HELP_CHANNEL_ID: Final = 1_100_000_000_000_000_002
FORUM_ID: Final = 1_100_000_000_000_000_003
TEXT, DIRECT, THREAD, FORUM = 0, 1, 11, 15
COMPONENT, MODAL_SUBMIT = 3, 5
THREAD_EXISTS: Final = 160004
"""Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json"""
_EPOCH_MS: Final = 1_420_070_400_000
"""Source: https://discord.com/developers/docs/reference#snowflakes"""
_DIRECT: Final = 4_000_000_000_000_000_000
"""Added to somebody's id, it names their direct messages."""
_ALL_PERMISSIONS: Final = str((1 << 50) - 1)


class Refused(Exception):
    """What Discord says no to: an HTTP status and a JSON error code."""

    def __init__(self, status: int, code: int) -> None:
        """Keep both."""
        super().__init__(f"{status}/{code}")
        self.status = status
        self.code = code


@dataclass(slots=True)
class Interaction:
    """One press or form of a person, and what the bot made of it; moments are `perf_counter` seconds."""

    payload: Payload
    sent_at: float = field(default_factory=perf_counter)
    acknowledged_at: float | None = None
    replied_at: float | None = None
    replies: list[Payload] = field(default_factory=list)

    def reply(self, body: Payload) -> None:
        """Keep a message the person sees."""
        self.replies.append(body)
        self.replied_at = self.replied_at or perf_counter()


class World:
    """One community with a text channel and a forum, and everything written in it."""

    def __init__(self, clock: Clock | None = None) -> None:
        """Begin empty, on the machine's clock unless told otherwise."""
        self._clock = clock or SystemClock()
        self._numbers = itertools.count()
        self._nonces: dict[tuple[int, str], Payload] = {}
        self.channels: dict[int, Payload] = {
            HELP_CHANNEL_ID: self._channel(HELP_CHANNEL_ID, TEXT, name="help", position=0),
            FORUM_ID: self._channel(FORUM_ID, FORUM, name="questions", position=1),
        }
        self.messages: dict[int, list[Payload]] = {}
        self.members_added: set[tuple[int, int]] = set()
        self.commands: list[Payload] = []
        self.interactions: dict[str, Interaction] = {}

    def snowflake(self) -> int:
        """Return an id made now, greater than every other."""
        elapsed = int(self._clock.now().timestamp() * 1000) - _EPOCH_MS
        return (elapsed << 22) + (next(self._numbers) & 0x3FFFFF)

    @property
    def threads(self) -> list[Payload]:
        """The threads and posts, oldest first."""
        return [each for each in self.channels.values() if each["type"] == THREAD]

    def inbox(self, user_id: int) -> list[Payload]:
        """Return somebody's direct messages, oldest first."""
        return self.messages.get(self._direct_id(user_id), [])

    def history(self, channel_id: int, query: Mapping[str, str]) -> list[Payload]:
        """Return a page of messages as Discord orders it: newest first, whatever was asked."""
        after, before = int(query.get("after", 0)), int(query.get("before", 1 << 63))
        found = [each for each in self.messages.get(channel_id, []) if after < int(each["id"]) < before]
        limit = int(query.get("limit", 50))
        return (found[:limit] if "after" in query else found[-limit:])[::-1]

    def message(self, channel_id: int, message_id: int) -> Payload:
        """Return one message.

        Raises:
            Refused: it isn't there.
        """
        found = (each for each in self.messages.get(channel_id, []) if int(each["id"]) == message_id)
        if (message := next(found, None)) is None:
            raise Refused(404, 10008)
        return message

    def write(self, channel_id: int, body: Mapping[str, Any], author_id: int = BOT_ID) -> tuple[Payload, bool]:
        """Keep a message and tell whether it is new: with `enforce_nonce`, the same nonce finds the first one.

        Raises:
            Refused: there is no such channel.
        """
        if channel_id not in self.channels:
            raise Refused(404, 10003)
        nonce = str(body["nonce"]) if body.get("enforce_nonce") else None
        if nonce is not None and (known := self._nonces.get((author_id, nonce))) is not None:
            return known, False
        message = self._message(self.snowflake(), channel_id, body, author_id)
        self.messages.setdefault(channel_id, []).append(message)
        if nonce is not None:
            self._nonces[author_id, nonce] = message
        return message, True

    def open_thread(self, parent_id: int, body: Mapping[str, Any], message_id: int | None = None) -> Payload:
        """Open a message's thread, or, without a message, a forum's post with its first one.

        Raises:
            Refused: the message has a thread already, or isn't there.
        """
        thread_id = message_id or self.snowflake()
        if thread_id in self.channels:
            raise Refused(400, THREAD_EXISTS)
        if message_id is not None:
            self.message(parent_id, message_id)
        self.channels[thread_id] = self._thread(thread_id, parent_id, body)
        if message_id is None:
            first = self._message(thread_id, thread_id, body["message"], BOT_ID)
            self.messages[thread_id] = [first]
            return {**self.channels[thread_id], "message": first}
        return self.channels[thread_id]

    def direct_channel(self, user_id: int) -> Payload:
        """Return the channel of somebody's direct messages with the bot."""
        made = {"id": str(self._direct_id(user_id)), "type": DIRECT, "recipients": [user(user_id)], "flags": 0}
        return self.channels.setdefault(self._direct_id(user_id), made)

    def whispered(self, channel_id: int, body: Mapping[str, Any]) -> Payload:
        """Return a private reply as a message; nobody else ever finds it."""
        return self._message(self.snowflake(), channel_id, body, BOT_ID)

    def interact(self, kind: int, user_id: int, data: Payload, message: Payload | None = None) -> Interaction:
        """Make a person press something (`COMPONENT`) or send a form (`MODAL_SUBMIT`); nobody is told yet."""
        interaction_id = self.snowflake()
        channel = self.channels[int(message["channel_id"]) if message else HELP_CHANNEL_ID]
        payload = {
            "id": str(interaction_id), "application_id": str(BOT_ID), "type": kind, "token": f"token-{interaction_id}",
            "version": 1, "locale": "en-US", "attachment_size_limit": 10_485_760, "app_permissions": _ALL_PERMISSIONS,
            "entitlements": [], "authorizing_integration_owners": {}, "channel_id": channel["id"], "channel": channel,
            "data": data, **({"message": message} if message else {}), **_where(channel, user_id),
        }  # fmt: skip
        interaction = self.interactions[payload["token"]] = Interaction(payload)
        return interaction

    def guild(self) -> Payload:
        """Return the community as the gateway tells it."""
        everyone = {
            "id": str(GUILD_ID), "name": "@everyone", "permissions": _ALL_PERMISSIONS, "position": 0, "color": 0,
            "colors": {"primary_color": 0}, "hoist": False, "managed": False, "mentionable": False, "flags": 0,
        }  # fmt: skip
        channels = [each for each in self.channels.values() if each["type"] in {TEXT, FORUM}]
        return {
            "id": str(GUILD_ID), "name": "Research", "owner_id": "1", "member_count": 2, "roles": [everyone],
            "members": [member(BOT_ID)], "channels": channels, "threads": self.threads, "features": ["COMMUNITY"],
            "emojis": [], "stickers": [], "joined_at": self._now(), "large": False, "unavailable": False,
        }  # fmt: skip

    def _now(self) -> str:
        return self._clock.now().isoformat()

    def _direct_id(self, user_id: int) -> int:
        return user_id + _DIRECT

    def _channel(self, channel_id: int, kind: int, **more: object) -> Payload:
        return {
            "id": str(channel_id), "type": kind, "guild_id": str(GUILD_ID), "permission_overwrites": [], "nsfw": False,
            "parent_id": None, "topic": None, "flags": 0, "last_message_id": None, "available_tags": [], **more,
        }  # fmt: skip

    def _thread(self, thread_id: int, parent_id: int, body: Mapping[str, Any]) -> Payload:
        metadata = {
            "archived": False, "auto_archive_duration": 10_080, "archive_timestamp": self._now(), "locked": False,
            "create_timestamp": self._now(),
        }  # fmt: skip
        return self._channel(thread_id, THREAD, name=body["name"], owner_id=str(BOT_ID)) | {
            "parent_id": str(parent_id), "message_count": 0, "member_count": 1, "thread_metadata": metadata,
        }  # fmt: skip

    def _message(self, message_id: int, channel_id: int, body: Mapping[str, Any], author_id: int) -> Payload:
        return {
            "id": str(message_id), "channel_id": str(channel_id), "author": user(author_id), "timestamp": self._now(),
            "content": body.get("content") or "", "embeds": body.get("embeds", []), "type": 0, "pinned": False,
            "components": body.get("components", []), "edited_timestamp": None, "tts": False, "flags": 0,
            "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
        }  # fmt: skip


def user(user_id: int) -> Payload:
    """Return somebody's payload; only the bot is a bot."""
    name = f"person{user_id}" if user_id != BOT_ID else "morsel"
    return {"id": str(user_id), "username": name, "discriminator": "0", "avatar": None, "bot": user_id == BOT_ID}


def member(user_id: int) -> Payload:
    """Return somebody's payload as a member of the community."""
    return {
        "user": user(user_id), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False,
        "flags": 0, "permissions": _ALL_PERMISSIONS,
    }  # fmt: skip


def _where(channel: Payload, user_id: int) -> Payload:
    if channel["type"] == DIRECT:
        return {"user": user(user_id), "context": 1}
    return {"guild_id": str(GUILD_ID), "guild_locale": "en-US", "member": member(user_id), "context": 0}
