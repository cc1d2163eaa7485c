"""Where a command belongs: in a server that is clear; in direct messages a person may be known in several."""

import discord

from bot.errors import NotFound
from bot.services.people.recognising import Home, Recognising
from bot.texts import say
from bot.ui import limits
from bot.ui.doors import show
from bot.ui.items import Press, pick, view
from bot.ui.render import Rendered
from bot.ui.written import plain


async def begin(interaction: discord.Interaction, recognising: Recognising, member_id: int) -> tuple[int, int]:
    """Acknowledge a press at once, and return which community and which person it is about.

    Raises:
        NotFound: there is no such member.
        NotAllowed: the button was shown to another person.
    """
    await interaction.response.defer(ephemeral=True, thinking=True)
    return await place_of(interaction, recognising, member_id), interaction.user.id


async def place_of(interaction: discord.Interaction, recognising: Recognising, member_id: int) -> int:
    """Return the community that a press is about: a button in direct messages says it by its person's row.

    Raises:
        NotFound: there is no such member.
        NotAllowed: the button was shown to another person.
    """
    if member_id:
        return (await recognising.home(member_id, interaction.user.id)).guild_id
    return interaction.guild_id or 0


async def home_of(
    interaction: discord.Interaction, recognising: Recognising, kind: str, member_id: int = 0
) -> Home | None:
    """Return where a person's command or press belongs; None where they were asked to choose first.

    `member_id` is what a button in direct messages says. Only servers count in which the bot is. A choice comes back
    as a press of `kind` called `home`; to ask for one, the interaction has to be deferred.

    Raises:
        NotFound: in direct messages, from a person who is known nowhere.
        NotAllowed: in direct messages, from a person who isn't in that server any more, or was timed out there.
        Unavailable: in direct messages, while Discord can't say whether they are.
    """
    if interaction.guild_id is not None:
        return Home(interaction.guild_id)
    known = {
        each: guild.name
        for each in await recognising.homes(interaction.user.id)
        if member_id in {0, each.member_id} and (guild := interaction.client.get_guild(each.guild_id))
    }
    if not known:
        raise NotFound("direct.stranger")
    if len(known) == 1:
        (home,) = known
        await recognising.require_there(home, interaction.user.id)
        return home
    options = [
        discord.SelectOption(label=plain(name, limits.OPTION_LABEL), value=str(each.member_id))
        for each, name in known.items()
    ]
    locale = interaction.locale.value
    chosen = pick(Press(kind, "home"), say("direct.home.placeholder", locale), options)
    await show(interaction, Rendered(say("direct.which", locale), view=view(chosen)))
    return None
