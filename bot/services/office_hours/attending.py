"""Whether people are there before others rely on them: asked before a transaction, never inside one."""

from datetime import datetime

from bot.services.ports import Look, Read


async def is_there(look: Look, guild_id: int, user_id: int, at: datetime) -> bool:
    """Tell whether somebody is a member who may speak at a moment; where Discord can't say, nothing speaks against it.

    What depends on somebody who is gone has ended by then.
    """
    standing = await look(guild_id, user_id)
    is_silenced = standing.silenced_until is not None and standing.silenced_until > at
    return standing.where in {"here", "unknown"} and not is_silenced


async def is_host_there(read: Read, look: Look, slot_id: int) -> bool:
    """Tell whether the host of a slot is there for it; False where the slot isn't."""
    async with read() as work:
        offered = await work.bookings.slots([slot_id])
    return bool(offered) and await is_there(look, offered[0].guild_id, offered[0].host_user_id, offered[0].starts_at)
