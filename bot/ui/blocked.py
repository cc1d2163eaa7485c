"""The members that a member blocked, with a select that unblocks them."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import discord

from bot.texts import say
from bot.ui import limits
from bot.ui.items import Press, select, view
from bot.ui.render import Rendered
from bot.ui.written import plain


def blocked(away: Mapping[int, int], names: Mapping[int, str], locale: str, *, is_new: bool) -> Rendered:
    """Return the members that a member blocked: user ids and names, both by member id; needs a running event loop."""
    done = [say("block.done", locale)] if is_new else []
    if not away:
        return Rendered("\n".join([*done, say("block.none", locale)]))
    people = ", ".join(f"<@{user_id}>" for user_id in away.values())
    options = [
        discord.SelectOption(label=plain(names[member_id], limits.OPTION_LABEL), value=str(member_id))
        for member_id in away
    ]
    content = "\n".join([*done, say("block.list", locale, people=people)])
    return Rendered(
        content, view=view(select(Press("block", "remove"), say("block.remove.placeholder", locale), options))
    )


async def names_of(client: discord.Client, away: Mapping[int, int]) -> dict[int, str]:
    """Return people's names by member id, for a select shows no mentions; a deleted account has its id for a name."""
    names = await asyncio.gather(*(_name(client, user_id) for user_id in away.values()))
    return dict(zip(away, names, strict=True))


async def _name(client: discord.Client, user_id: int) -> str:
    with suppress(discord.HTTPException):
        user = client.get_user(user_id) or await client.fetch_user(user_id)
        return user.display_name
    return str(user_id)
