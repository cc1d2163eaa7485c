"""Free times in a simulated community, and what people see of them."""

from datetime import timedelta
from typing import Any

from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from models import Booking, Slot, WaitlistPlace
from tests.cogs.conftest import QUESTION, STATEMENT, World, shown
from tests.cogs.scenes import choose
from tests.factories import a_series, a_slot, an_occurrence

TOMORROW = timedelta(days=1)
PICK = "book1:pick"


async def host(world: World, name: str = "joaquim", *, slots: int = 2, after: timedelta = TOMORROW) -> MemberActor:
    """Let someone in who knows about `QUESTION` and offers some slots, from `after` now on."""
    actor = await world.helper(name, STATEMENT)
    begins = world.env.now() + after
    async with world.app.database.begin() as work:
        member = await work.members.find(world.guild.id, actor.id)
        assert member is not None
        occurrence = await an_occurrence(
            work, await a_series(work, member), starts_at=begins, ends_at=begins + timedelta(hours=1)
        )
        for number in range(slots):
            await a_slot(work, occurrence, number)
    return actor


async def look(world: World, actor: MemberActor | None = None, question: str = QUESTION) -> ResponseMessage:
    """Use `/book` with a question; return what is free."""
    return shown(await (actor or world.asker).slash(world.channel, "book", question=question))


async def book(world: World, actor: MemberActor | None = None, place: int = 0) -> InteractionResult:
    """Book one of what is free."""
    actor = actor or world.asker
    return await choose(actor, await look(world, actor), PICK, place)


async def rows(world: World, table: type[Booking | Slot | WaitlistPlace]) -> list[dict[str, Any]]:
    """Return a table's rows, oldest first."""
    async with world.app.database.engine.connect() as connection:
        found = await connection.execute(table.__table__.select().order_by(*table.__table__.primary_key))
        return [dict(row) for row in found.mappings()]


async def states(world: World, table: type[Booking | Slot | WaitlistPlace]) -> list[str]:
    """Return where a table's rows stand, oldest first."""
    return [row["state"] for row in await rows(world, table)]
