"""What was never posted is called otherwise now, and is the same as before."""

from sqlalchemy import text

from bot.store.engine import Database
from tests.factories import a_member, a_question, an_invitation
from tests.migrations.shape import downgrade_to, upgrade_to

STATES = "SELECT state FROM request ORDER BY id"


async def test_what_was_never_posted_stays_so_up_and_down(database: Database) -> None:
    async with database.begin() as work:
        asker = await a_member(work)
        asked = [await a_question(work, asker, state=state, thread_id=None) for state in ("unposted", "waiting")]
        await an_invitation(work, asked[1], asker)

    await downgrade_to(database.engine, "0012")
    async with database.engine.connect() as connection:
        below = (await connection.execute(text(STATES))).scalars().all()
    await upgrade_to(database.engine, "head")

    assert below == ["draft", "waiting"]
    async with database.read() as work:
        assert [each.state for each in await work.requests.of(asker.id, 5)] == ["waiting", "unposted"]
        assert len(await work.invitations.of(asked[1].id)) == 1
