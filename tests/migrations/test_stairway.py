"""Every step up can be taken back, and the top of the stairs is what the models say."""

from collections.abc import AsyncIterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.engine import Database, create_engine
from models import Base
from tests.migrations.shape import REVISIONS, downgrade_to, shape, tables, upgrade_to


@pytest.fixture
async def engine(empty_url: str) -> AsyncIterator[AsyncEngine]:
    """Return the engine of a database without a table."""
    engine = create_engine(empty_url)
    yield engine
    await engine.dispose()


async def test_every_step_goes_up_down_and_up_again(engine: AsyncEngine) -> None:
    before = await shape(engine)
    for below, revision in zip(["base", *REVISIONS], REVISIONS, strict=False):
        await upgrade_to(engine, revision)
        after = await shape(engine)
        await downgrade_to(engine, below)
        assert await shape(engine) == before
        await upgrade_to(engine, revision)
        assert await shape(engine) == after
        before = after


async def test_at_the_bottom_nothing_is_left(engine: AsyncEngine) -> None:
    await upgrade_to(engine, "head")
    await downgrade_to(engine, "base")
    assert await tables(engine) == {"alembic_version"}


async def test_the_top_is_what_the_models_say(engine: AsyncEngine) -> None:
    await upgrade_to(engine, "head")
    migrated = await shape(engine)
    await downgrade_to(engine, "base")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)

    assert migrated == await shape(engine)


async def test_alembic_finds_nothing_to_do(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def differences(connection: Connection) -> object:
    compared = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return compare_metadata(compared, Base.metadata)
