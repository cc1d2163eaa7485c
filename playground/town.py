"""Build the simulated Discord: the server, its people, and the bot set up in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from discord import Permissions
from simcord import ChannelHandle, Env, GuildHandle, MemberActor, UserHandle

from bot.app import App
from playground.archive import open_archive
from playground.community import Community
from playground.setting import GUILD_ID, GUILD_NAME, OPENING, PlaygroundError, user_id
from playground.world import Person

BOT_NAME: Final = "Morsel"
LOCALE: Final = "en-US"
WELCOME: Final = "Welcome! Type `/ask` here to reach people who may know, or press a button in {help}."

_MODERATES: Final = Permissions(manage_guild=True, manage_messages=True, manage_threads=True)


@dataclass(frozen=True, slots=True)
class Town:
    """A simulated server with the whole bot in it, and everyone the visitor can be."""

    env: Env
    app: App
    community: Community
    guild: GuildHandle
    general: ChannelHandle
    help_channel: ChannelHandle
    people: Mapping[str, Person]
    """By handle; the moderator and the asker of the example come first."""

    @property
    def moderator(self) -> Person:
        """Return who may run `/stats`."""
        return self.people[self.community.moderator]

    @property
    def asker(self) -> Person:
        """Return who asks the question of the guided path."""
        return self.people[self.community.example.asker]


async def build_town(env: Env, app: App, community: Community) -> Town:
    """Build the server at `OPENING`, and let the moderator run `/setup`.

    Raises:
        PlaygroundError: simcord gave people other ids than the seeded tables have, or `/setup` made no channel.
    """
    env.backend.edit_bot_profile(BOT_NAME)
    await env.advance_time((OPENING - env.now()).total_seconds())
    users = _users(env, community)
    guild = env.create_guild(GUILD_NAME, id=GUILD_ID)
    general = guild.create_text_channel("general", topic="Anything about research, and everyone is welcome")
    people = _people(guild, community, users)
    await env.settle()
    moderator = people[community.moderator].actor
    help_channel = await _set_up(guild, general, moderator)
    await open_archive(app, help_channel, people, community)
    await env.settle()
    await moderator.send(general, WELCOME.format(help=help_channel.mention))
    return Town(env, app, community, guild, general, help_channel, people)


def _users(env: Env, community: Community) -> list[UserHandle]:
    users = [env.create_user(member.handle, global_name=member.name) for member in community.members]
    if [user.id for user in users] != [user_id(number) for number in range(len(users))]:
        msg = "simcord counts users differently from what the playground expects: install the locked version."
        raise PlaygroundError(msg)
    return users


def _people(guild: GuildHandle, community: Community, users: list[UserHandle]) -> dict[str, Person]:
    moderators = guild.create_role("Moderators", permissions=_MODERATES)
    people = {}
    for member, user in zip(community.members, users, strict=True):
        actor = guild.add_member(user, roles=[moderators] if member.handle == community.moderator else [])
        people[member.handle] = Person(actor, member.name, member.hint, member.timezone, LOCALE)
    first = (community.moderator, community.example.asker)
    return {handle: people[handle] for handle in dict.fromkeys([*first, *people])}


async def _set_up(guild: GuildHandle, general: ChannelHandle, moderator: MemberActor) -> ChannelHandle:
    before = set(guild.channels)
    answer = await moderator.slash(general, "setup")
    made = [channel for name, channel in guild.channels.items() if name not in before]
    if not made:
        msg = f"/setup made no channel; the bot said: {answer.response.content if answer.response else 'nothing'}"
        raise PlaygroundError(msg)
    return made[0]
