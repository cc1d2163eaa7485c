"""Read who can see what in the simulated Discord, and what each person has not seen yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from zoneinfo import ZoneInfo

from simcord import ChannelHandle, Env, GuildHandle, MemberActor
from simcord.backend.access import channel_accessible
from simcord.backend.models import Channel, Message
from simcord.enums import ChannelType

DIRECT: Final = "direct"
"""The key of a person's direct messages, which may not have a channel yet."""

POSTS_SHOWN: Final = 40

_THREADS: Final = (ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD)
_READABLE: Final = (ChannelType.TEXT, ChannelType.NEWS, *_THREADS)

SurfaceKind = Literal["direct", "channel", "post"]


@dataclass(frozen=True, slots=True)
class Person:
    """Name one member that the visitor may become."""

    actor: MemberActor
    label: str
    hint: str
    timezone: str
    """IANA name, e.g. `Africa/Nairobi`."""
    locale: str
    """One of Discord's client locales, e.g. `en-US`; Discord has no Swahili or Arabic."""


@dataclass(frozen=True, slots=True)
class Surface:
    """Describe one place a person can read: a channel, a post or thread, or their direct messages."""

    key: str
    kind: SurfaceKind
    name: str
    parent: str
    unread: int
    """Messages meant for this person (direct, in a thread they joined, or naming them) and not seen yet."""


class World:
    """Answer what each person sees; reads the simulation and never changes it, marks of reading apart.

    Every message that exists at the start counts as read by everyone.
    """

    def __init__(self, env: Env, guild: GuildHandle, people: Sequence[Person]) -> None:
        self._env = env
        self._guild = guild
        self.people = {str(person.actor.id): person for person in people}
        self._read: dict[tuple[int, str], int] = {}
        self._read_before = max(self._message_ids(), default=0)

    @property
    def mark(self) -> int:
        """Return a number that grows whenever anything happened in the simulation."""
        return len(self._env.backend.transcript)

    def local_time(self, person: Person) -> str:
        """Return the simulated time where the person lives, e.g. `14:05, Nairobi`."""
        city = person.timezone.rsplit("/", 1)[-1].replace("_", " ")
        return f"{self._env.now().astimezone(ZoneInfo(person.timezone)):%H:%M}, {city}"

    def surfaces(self, person: Person) -> list[Surface]:
        """List what the person can read: direct messages, channels by position, then the latest posts."""
        direct = self._surface(person, DIRECT, "direct", self._direct_channel(person))
        readable = [channel for channel in self._guild_channels() if self._can_read(person, channel)]
        channels = [self._guild_surface(person, channel) for channel in readable if not channel.is_thread]
        threads = sorted((channel for channel in readable if channel.is_thread), key=self._newest, reverse=True)
        posts = [self._guild_surface(person, channel) for channel in threads[:POSTS_SHOWN]]
        return [direct, *channels, *posts]

    def channel(self, person: Person, key: str) -> ChannelHandle:
        """Return the channel behind a surface's key, making the direct channel on first use.

        Raises:
            LookupError: no such surface, or this person cannot read it.
        """
        if key == DIRECT:
            return person.actor.user.dm_channel
        found = next((channel for channel in self._guild_channels() if str(channel.id) == key), None)
        if found is None or not self._can_read(person, found):
            raise LookupError(key)
        return ChannelHandle(self._env, self._guild, found)

    def read(self, person: Person, key: str) -> None:
        """Take everything in this surface as seen by this person; idempotent."""
        channel = self.channel(person, key)
        self._read[person.actor.id, key] = max(self._env.backend.messages.get(channel.id, ()), default=0)

    def _newest(self, channel: Channel) -> int:
        return max(self._env.backend.messages.get(channel.id, ()), default=channel.id)

    def _message_ids(self) -> Iterator[int]:
        return (message_id for messages in self._env.backend.messages.values() for message_id in messages)

    def _guild_channels(self) -> list[Channel]:
        ours = [
            channel
            for channel in self._env.backend.channels.values()
            if channel.guild_id == self._guild.id and channel.type in _READABLE
        ]
        return sorted(ours, key=lambda channel: (channel.position, channel.id))

    def _can_read(self, person: Person, channel: Channel) -> bool:
        return channel_accessible(self._env.backend, channel.id, person.actor.id, history=True)

    def _direct_channel(self, person: Person) -> Channel | None:
        channel_id = self._env.backend.dm_channels.get(person.actor.id)
        return None if channel_id is None else self._env.backend.channels[channel_id]

    def _guild_surface(self, person: Person, channel: Channel) -> Surface:
        return self._surface(person, str(channel.id), "post" if channel.is_thread else "channel", channel)

    def _surface(self, person: Person, key: str, kind: SurfaceKind, channel: Channel | None) -> Surface:
        seen = self._visible(person, channel)
        read_to = max(self._read_before, self._read.get((person.actor.id, key), 0))
        unread = [message for message in seen if message.id > read_to and _is_for(person, channel, message)]
        return Surface(
            key=key,
            kind=kind,
            name=self._name(channel),
            parent=self._parent(channel),
            unread=len(unread),
        )

    def _visible(self, person: Person, channel: Channel | None) -> list[Message]:
        if channel is None:
            return []
        messages = self._env.backend.messages.get(channel.id, {})
        return [message for message in messages.values() if message.visible_to(person.actor.id)]

    def _name(self, channel: Channel | None) -> str:
        if channel is None or channel.guild_id is None:
            return self._env.backend.bot_user.name
        return channel.name or "unnamed"

    def _parent(self, channel: Channel | None) -> str:
        parent = self._env.backend.channels.get(channel.parent_id or 0) if channel and channel.is_thread else None
        return parent.name or "" if parent else ""


def _is_for(person: Person, channel: Channel | None, message: Message) -> bool:
    if channel is None or message.author_id == person.actor.id:
        return False
    is_addressed = message.is_ephemeral or person.actor.id in message.ping_user_ids
    return channel.guild_id is None or is_addressed or person.actor.id in channel.thread_members
