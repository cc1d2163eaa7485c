"""What Discord remembers: one community, its channels, its messages, its people's presses; no network."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, Final

from bot.clock import Clock, SystemClock
from reliability.standin.refusals import Refused

Payload = dict[str, Any]

GUILD_ID: Final = 1_100_000_000_000_000_000
BOT_ID: Final = 1_100_000_000_000_000_001
HELP_CHANNEL_ID: Final = 1_100_000_000_000_000_002
FORUM_ID: Final = 1_100_000_000_000_000_003
MODERATORS_ID: Final = 1_100_000_000_000_000_004
VOICE_ID: Final = 1_100_000_000_000_000_005
TEXT, DIRECT, VOICE, THREAD, PRIVATE_THREAD, FORUM = 0, 1, 2, 11, 12, 15
VIEW_CHANNEL, OBFUSCATED = 1 << 10, 1 << 17
COMMAND, COMPONENT, MODAL_SUBMIT = 2, 3, 5
EPHEMERAL: Final = 64
UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION = 10003, 10008, 10015, 10062
MAILBOX_CLOSED, ARCHIVED, THREAD_EXISTS = 50007, 50083, 160004
"""Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json"""
NONCE_LASTS: Final = timedelta(minutes=5)
"""How long a nonce finds the message it was sent with: "the past few minutes".

Source: https://discord.com/developers/docs/resources/message#create-message
"""
_EPOCH_MS: Final = 1_420_070_400_000
"""Source: https://discord.com/developers/docs/reference#snowflakes"""
_DIRECT: Final = 4_000_000_000_000_000_000
"""Added to a person's id, it names their direct messages."""
_ALL_PERMISSIONS: Final = str((1 << 50) - 1)
_ARCHIVE_AFTER: Final = 4_320
"""Minutes until an idle thread is archived, where no one said."""


@dataclass(slots=True)
class Interaction:
    """One press or form of a person, and what the bot made of it; moments are `perf_counter` seconds."""

    payload: Payload
    sent_at: float = field(default_factory=perf_counter)
    acknowledged_at: float | None = None
    replied_at: float | None = None
    replies: list[Payload] = field(default_factory=list)
    """What the bot said, as it sent it."""
    shown: list[Payload] = field(default_factory=list)
    """The same as messages that only this person sees, whose buttons can be pressed."""
    form: Payload | None = None
    """The form that was opened."""
    changes_source: bool = False
    """The original response is the message that was pressed, instead of a new one."""

    @property
    def user_id(self) -> int:
        """Who did it."""
        who = self.payload.get("member", self.payload)
        return int(who["user"]["id"])

    def reply(self, body: Payload) -> None:
        """Keep a message the person sees."""
        self.replies.append(body)
        self.replied_at = self.replied_at or perf_counter()

    def open(self, form: Payload) -> None:
        """Keep the form the person sees."""
        self.form = form
        self.replied_at = self.replied_at or perf_counter()


@dataclass(frozen=True, slots=True)
class Written:
    """A message of the bot's in a channel, as it is now; kept here also once it is deleted."""

    nonce: str | None
    """What it was sent with; a forum's post has none."""
    message: Payload = field(repr=False)
    custom_ids: tuple[str, ...] = ()
    """Of the buttons and selects it was sent with."""


class World:
    """One community with two text channels and a forum, and everything written in it."""

    def __init__(self, clock: Clock | None = None) -> None:
        """Begin empty, on the machine's clock unless told otherwise."""
        self._clock = clock or SystemClock()
        self._numbers = itertools.count()
        self._nonces: dict[tuple[int, str], tuple[datetime, Payload]] = {}
        self._active_at: dict[int, datetime] = {}
        self.channels: dict[int, Payload] = {
            HELP_CHANNEL_ID: _channel(HELP_CHANNEL_ID, TEXT, name="help", position=0),
            FORUM_ID: _channel(FORUM_ID, FORUM, name="questions", position=1),
            MODERATORS_ID: _channel(MODERATORS_ID, TEXT, name="moderators", position=2),
            VOICE_ID: _channel(VOICE_ID, VOICE, name="meeting", position=3, bitrate=64_000, user_limit=0),
        }
        self.messages: dict[int, list[Payload]] = {}
        self.written: list[Written] = []
        """Every message the bot ever wrote into a channel, oldest first."""
        self.members_added: set[tuple[int, int]] = set()
        """Each thread, and the members that the bot added."""
        self.closed_mailboxes: set[int] = set()
        """Who takes no direct messages."""
        self.hidden: dict[int, Refused] = {}
        """Channels that the bot may not view, and how REST denies them."""
        self.acknowledged_within: float | None = None
        """Seconds after which a press is unknown that wasn't acknowledged: three at Discord; none: never."""
        self.commands: list[Payload] = []
        self.interactions: dict[str, Interaction] = {}

    def now(self) -> datetime:
        """Return the present moment."""
        return self._clock.now()

    def snowflake(self) -> int:
        """Return an id made now, greater than every other."""
        elapsed = int(self._clock.now().timestamp() * 1000) - _EPOCH_MS
        return (elapsed << 22) + (next(self._numbers) & 0x3FFFFF)

    @property
    def threads(self) -> list[Payload]:
        """The threads and posts, oldest first."""
        return [each for each in self.channels.values() if each["type"] in {THREAD, PRIVATE_THREAD}]

    @property
    def active_threads(self) -> list[Payload]:
        """The threads and posts that aren't archived, oldest first."""
        return [each for each in self.threads if not each["thread_metadata"]["archived"]]

    def inbox(self, user_id: int) -> list[Payload]:
        """Return a person's direct messages, oldest first."""
        return self.messages.get(_direct_id(user_id), [])

    def channel(self, channel_id: int) -> Payload:
        """Return a channel, a thread or a person's direct messages.

        Raises:
            Refused: there is none.
        """
        if channel_id not in self.channels:
            raise Refused(404, UNKNOWN_CHANNEL)
        channel = self.channels[channel_id]
        for each in (channel_id, int(channel.get("parent_id") or 0)):
            if each in self.hidden:
                raise self.hidden[each]
        return channel

    def history(self, channel_id: int, query: Mapping[str, str]) -> list[Payload]:
        """Return a page of messages as Discord orders it: newest first, for any request.

        Raises:
            Refused: there is no such channel.
        """
        self.channel(channel_id)
        after, before = int(query.get("after", 0)), int(query.get("before", 1 << 63))
        found = [each for each in self.messages.get(channel_id, []) if after < int(each["id"]) < before]
        limit = int(query.get("limit", 50))
        return (found[:limit] if "after" in query else found[-limit:])[::-1]

    def message(self, channel_id: int, message_id: int) -> Payload:
        """Return one message.

        Raises:
            Refused: it isn't there.
        """
        self.channel(channel_id)
        found = (each for each in self.messages.get(channel_id, []) if int(each["id"]) == message_id)
        if (message := next(found, None)) is None:
            raise Refused(404, UNKNOWN_MESSAGE)
        return message

    def write(self, channel_id: int, body: Mapping[str, Any], author_id: int = BOT_ID) -> tuple[Payload, bool]:
        """Keep a message and tell whether it is new: with `enforce_nonce`, the same nonce finds the first one.

        Raises:
            Refused: there is no such channel, or the person takes no direct messages.
        """
        channel = self.channel(channel_id)
        if channel["type"] == DIRECT and int(channel["recipients"][0]["id"]) in self.closed_mailboxes:
            raise Refused(403, MAILBOX_CLOSED)
        nonce = str(body["nonce"]) if body.get("enforce_nonce") else None
        if nonce is not None and (known := self._known(author_id, nonce)) is not None:
            return known, False
        message = self._message(self.snowflake(), channel_id, body, author_id)
        self._keep(message, nonce)
        if nonce is not None:
            self._nonces[author_id, nonce] = self._clock.now(), message
        return message, True

    def delete(self, channel_id: int, message_id: int) -> None:
        """Delete a message.

        Raises:
            Refused: it isn't there.
        """
        self.messages[channel_id].remove(self.message(channel_id, message_id))

    def edit(self, message: Payload, body: Mapping[str, Any]) -> Payload:
        """Change a message's words, embeds or buttons: those that `body` names."""
        told = {name: body[name] for name in ("content", "embeds", "components") if name in body}
        message |= {**told, "content": told.get("content", message["content"]) or "", "edited_timestamp": self._now()}
        return message

    def open_thread(self, parent_id: int, body: Mapping[str, Any], message_id: int | None = None) -> Payload:
        """Open a message's thread; without a message, a forum's post with its first one, or a channel's lone thread.

        Raises:
            Refused: the message has a thread already, or something isn't there.
        """
        parent = self.channel(parent_id)
        thread_id = message_id or self.snowflake()
        if thread_id in self.channels:
            raise Refused(400, THREAD_EXISTS)
        if message_id is not None:
            self.message(parent_id, message_id)
        is_private = message_id is None and body.get("type", PRIVATE_THREAD) == PRIVATE_THREAD
        kind = PRIVATE_THREAD if is_private and parent["type"] != FORUM else THREAD
        thread = self.channels[thread_id] = self._thread(thread_id, parent_id, kind, body)
        self._active_at[thread_id] = self._clock.now()
        if parent["type"] != FORUM:
            return thread
        first = self._message(thread_id, thread_id, body["message"], BOT_ID)
        self._keep(first, None)
        return {**thread, "message": first}

    def edit_thread(self, thread_id: int, body: Mapping[str, Any]) -> Payload:
        """Archive or lock a thread, open it again, or rename it."""
        thread = self.channel(thread_id)
        metadata = thread["thread_metadata"]
        if body.get("archived") is False and metadata["archived"]:
            self._active_at[thread_id] = self._clock.now()
        if body.get("archived", metadata["archived"]) != metadata["archived"]:
            metadata["archive_timestamp"] = self._now()
        metadata |= {name: body[name] for name in ("archived", "locked", "auto_archive_duration") if name in body}
        thread |= {name: body[name] for name in ("name", "flags", "applied_tags") if name in body}
        return thread

    def archive_idle(self) -> list[Payload]:
        """Archive the threads in which nothing happened for as long as each wants, as Discord does; return them."""
        now = self._clock.now()
        idle = [each for each in self.active_threads if self._active_at[int(each["id"])] + _patience(each) <= now]
        return [self.edit_thread(int(each["id"]), {"archived": True}) for each in idle]

    def direct_channel(self, user_id: int) -> Payload:
        """Return the channel of a person's direct messages with the bot."""
        made = {"id": str(_direct_id(user_id)), "type": DIRECT, "recipients": [user(user_id)], "flags": 0}
        return self.channels.setdefault(_direct_id(user_id), made)

    def whispered(self, channel_id: int, body: Mapping[str, Any]) -> Payload:
        """Return a private reply as a message; no one else ever finds it."""
        return {**self._message(self.snowflake(), channel_id, body, BOT_ID), "flags": EPHEMERAL}

    def interact(
        self, kind: int, user_id: int, data: Payload, message: Payload | None = None, channel_id: int = HELP_CHANNEL_ID
    ) -> Interaction:
        """Make a person use a command (`COMMAND`), press something (`COMPONENT`) or send a form (`MODAL_SUBMIT`).

        No one is told yet. Where there is a `message`, it happens in that message's channel.
        """
        interaction_id = self.snowflake()
        channel = self.channels[int(message["channel_id"]) if message else channel_id]
        payload = {
            "id": str(interaction_id), "application_id": str(BOT_ID), "type": kind, "token": f"token-{interaction_id}",
            "version": 1, "locale": "en-US", "attachment_size_limit": 10_485_760, "app_permissions": _ALL_PERMISSIONS,
            "entitlements": [], "authorizing_integration_owners": {}, "channel_id": channel["id"], "channel": channel,
            "data": data, **({"message": message} if message else {}), **_where(channel, user_id),
        }  # fmt: skip
        interaction = self.interactions[payload["token"]] = Interaction(payload)
        return interaction

    def told(self, channel: Payload) -> Payload:
        """Return a channel as the gateway tells it: of one that the bot may not view, little is true.

        Source: https://github.com/discord/discord-api-docs/pull/8454
        """
        if int(channel["id"]) not in self.hidden:
            return channel
        denied = {"id": str(GUILD_ID), "type": 0, "allow": "0", "deny": str(VIEW_CHANNEL)}
        return channel | {
            "name": "___hidden___", "flags": OBFUSCATED, "permission_overwrites": [denied], "topic": None,
            "available_tags": [], "last_message_id": None,
        }  # fmt: skip

    def guild(self) -> Payload:
        """Return the community as the gateway tells it."""
        everyone = {
            "id": str(GUILD_ID), "name": "@everyone", "permissions": _ALL_PERMISSIONS, "position": 0, "color": 0,
            "colors": {"primary_color": 0}, "hoist": False, "managed": False, "mentionable": False, "flags": 0,
        }  # fmt: skip
        channels = [self.told(each) for each in self.channels.values() if each["type"] in {TEXT, VOICE, FORUM}]
        return {
            "id": str(GUILD_ID), "name": "Research", "owner_id": "1", "member_count": 2, "roles": [everyone],
            "members": [member(BOT_ID)], "channels": channels, "threads": self.active_threads,
            "features": ["COMMUNITY"], "emojis": [], "stickers": [], "joined_at": self._now(), "large": False,
            "unavailable": False,
        }  # fmt: skip

    def _known(self, author_id: int, nonce: str) -> Payload | None:
        at, message = self._nonces.get((author_id, nonce), (None, None))
        return message if at is not None and self._clock.now() - at < NONCE_LASTS else None

    def _keep(self, message: Payload, nonce: str | None) -> None:
        channel_id = int(message["channel_id"])
        self.messages.setdefault(channel_id, []).append(message)
        self._active_at[channel_id] = self._clock.now()
        self.channels[channel_id]["last_message_id"] = message["id"]
        if int(message["author"]["id"]) == BOT_ID:
            custom_ids = tuple(each["custom_id"] for each in leaves(message["components"]) if "custom_id" in each)
            self.written.append(Written(nonce, message, custom_ids))

    def _now(self) -> str:
        return self._clock.now().isoformat()

    def _thread(self, thread_id: int, parent_id: int, kind: int, body: Mapping[str, Any]) -> Payload:
        metadata = {
            "archived": False, "auto_archive_duration": body.get("auto_archive_duration") or _ARCHIVE_AFTER,
            "archive_timestamp": self._now(), "locked": False, "create_timestamp": self._now(),
            **({"invitable": bool(body.get("invitable", True))} if kind == PRIVATE_THREAD else {}),
        }  # fmt: skip
        return _channel(thread_id, kind, name=body["name"], owner_id=str(BOT_ID)) | {
            "parent_id": str(parent_id), "message_count": 0, "member_count": 1, "thread_metadata": metadata,
        }  # fmt: skip

    def _message(self, message_id: int, channel_id: int, body: Mapping[str, Any], author_id: int) -> Payload:
        return {
            "id": str(message_id), "channel_id": str(channel_id), "author": user(author_id), "timestamp": self._now(),
            "content": body.get("content") or "", "embeds": body.get("embeds", []), "type": 0, "pinned": False,
            "components": body.get("components", []), "edited_timestamp": None, "tts": False, "flags": 0,
            "mention_everyone": False, "mentions": [], "mention_roles": [],
            "attachments": [self._attachment(*each) for each in body.get("files", {}).items()],
        }  # fmt: skip

    def _attachment(self, name: str, text: str) -> Payload:
        return {
            "id": str(self.snowflake()),
            "filename": name,
            "size": len(text),
            "url": "",
            "proxy_url": "",
            "text": text,
        }


def leaves(components: Iterable[Payload]) -> Iterator[Payload]:
    """Yield what a message's or a form's components hold that holds nothing itself, in order."""
    for each in components:
        inner = each.get("components") or ([each["component"]] if "component" in each else [])
        if inner:
            yield from leaves(inner)
        else:
            yield each


def user(user_id: int) -> Payload:
    """Return a person's payload; only the bot is a bot."""
    name = f"person{user_id}" if user_id != BOT_ID else "morsel"
    return {"id": str(user_id), "username": name, "discriminator": "0", "avatar": None, "bot": user_id == BOT_ID}


def member(user_id: int) -> Payload:
    """Return a person's payload as a member of the community."""
    return {
        "user": user(user_id), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False,
        "flags": 0, "permissions": _ALL_PERMISSIONS,
    }  # fmt: skip


def sent_at(interaction: Interaction) -> datetime:
    """Return the moment of an interaction, as its id says it."""
    return datetime.fromtimestamp(((int(interaction.payload["id"]) >> 22) + _EPOCH_MS) / 1000, UTC)


def _direct_id(user_id: int) -> int:
    return user_id + _DIRECT


def _patience(thread: Payload) -> timedelta:
    return timedelta(minutes=thread["thread_metadata"]["auto_archive_duration"])


def _channel(channel_id: int, kind: int, **more: object) -> Payload:
    return {
        "id": str(channel_id), "type": kind, "guild_id": str(GUILD_ID), "permission_overwrites": [], "nsfw": False,
        "parent_id": None, "topic": None, "flags": 0, "last_message_id": None, "available_tags": [], **more,
    }  # fmt: skip


def _where(channel: Payload, user_id: int) -> Payload:
    if channel["type"] == DIRECT:
        return {"user": user(user_id), "context": 1}
    return {"guild_id": str(GUILD_ID), "guild_locale": "en-US", "member": member(user_id), "context": 0}
