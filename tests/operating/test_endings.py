"""What ends a run, and what a supervisor learns from it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot import app
from bot.client import Morsel
from bot.ending import GATEWAY, ended
from bot.errors import Unavailable, Unusable
from bot.settings import Settings
from bot.tasks import spawn
from bot.texts import say
from reliability.standin.refusals import Refused
from reliability.standin.server import Call, StandIn, standing_in
from tests.operating.machine import CONFIG, UNAVAILABLE, Machine

CODES = (4004, 4010, 4011, 4012, 4013, 4014)
Fault = Callable[[StandIn], Awaitable[object]]


async def served(machine: Machine, fault: Fault) -> tuple[int, str]:
    """Run the bot until something stops it that happens once it is ready, and return how it ended."""
    async with standing_in() as discord:
        machine.set(**discord.environment())
        settings = Settings()

        async def breaks() -> None:
            await discord.until(lambda: discord.ready_at)
            await fault(discord)

        breaking = spawn("fault", breaks())
        with pytest.raises(Exception) as caught:  # noqa: PT011 - any ending is looked at
            async with asyncio.timeout(20):
                await app.serve(settings, has_encoders=False)
        breaking.cancel()
        said = ended(caught.value, settings)
    return said.exit_code, said.sentence


@pytest.mark.parametrize("code", CODES)
async def test_a_connection_closed_for_good_isnt_tried_again(machine: Machine, code: int) -> None:
    async with standing_in() as discord:
        machine.set(**discord.environment())
        discord.closes_with = code
        settings = Settings()
        with pytest.raises(Exception) as caught:  # noqa: PT011
            async with asyncio.timeout(20):
                await app.serve(settings, has_encoders=False)

    assert (ended(caught.value, settings).exit_code, ended(caught.value, settings).sentence) == (
        CONFIG, say(GATEWAY[code]),
    )  # fmt: skip


@pytest.mark.parametrize("code", CODES)
async def test_so_it_is_where_it_had_worked_before(machine: Machine, code: int) -> None:
    assert await served(machine, lambda discord: discord.send_away(code)) == (CONFIG, say(GATEWAY[code]))


async def test_a_token_that_is_reset_meanwhile_ends_it(machine: Machine) -> None:
    async def reset(discord: StandIn) -> None:
        async def refuse(_call: Call) -> None:
            raise Refused(401, 0)

        discord.before = refuse
        for client in clients:
            with pytest.raises(Exception, match="401"):
                await client.http.get_channel(1)

    clients: list[Morsel] = []

    def noted() -> Morsel:
        clients.append(Morsel())
        return clients[-1]

    machine.environment.setattr("bot.app.Morsel", noted)

    assert await served(machine, reset) == (CONFIG, say("operator.token_refused"))


@pytest.mark.parametrize(
    ("code", "address", "exit_code"),
    [
        ("28P01", "postgresql+asyncpg://u:p@h/d", CONFIG),
        ("28000", "postgresql+asyncpg://u:p@h/d", CONFIG),
        ("3D000", "postgresql+asyncpg://u:p@h/d", CONFIG),
        ("42501", "postgresql+asyncpg://u:p@h/d", CONFIG),
        ("25006", "postgresql+asyncpg://u:p@h/d", CONFIG),
        ("53300", "postgresql+asyncpg://u:p@h/d", UNAVAILABLE),
        ("57P03", "postgresql+asyncpg://u:p@h/d", UNAVAILABLE),
        ("ENOENT", "postgresql+asyncpg://u:p@h/d", UNAVAILABLE),
        ("ECONNREFUSED", "postgresql+asyncpg://u:p@h/d", UNAVAILABLE),
        ("", "postgresql+asyncpg://u:p@h/d", UNAVAILABLE),
        ("SQLITE_BUSY", "sqlite+aiosqlite:///morsel.sqlite3", UNAVAILABLE),
        ("SQLITE_FULL", "sqlite+aiosqlite:///morsel.sqlite3", CONFIG),
        ("SQLITE_IOERR_SHMSIZE", "sqlite+aiosqlite:///morsel.sqlite3", CONFIG),
        ("SQLITE_READONLY_DIRECTORY", "sqlite+aiosqlite:///morsel.sqlite3", CONFIG),
        ("EROFS", "sqlite+aiosqlite:///morsel.sqlite3", CONFIG),
    ],
)
def test_what_lasts_is_told_from_what_passes(machine: Machine, code: str, address: str, exit_code: int) -> None:
    machine.set(DATABASE_URL=address)
    assert ended(Unavailable("error.database", code=code), Settings()).exit_code == exit_code


def test_what_is_unusable_is_to_be_set(machine: Machine) -> None:
    assert ended(Unusable("error.newer_database"), Settings()).exit_code == CONFIG
