import pytest
from sqlalchemy import text

from bot.errors import Unusable
from bot.store.engine import Database
from bot.store.migrations import pending


async def test_a_database_of_a_newer_morsel_is_refused_with_a_sentence(database: Database) -> None:
    async with database.engine.begin() as connection:
        before = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(Unusable) as refusal:
            await pending(database.engine)
    finally:
        async with database.engine.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = :before"), {"before": before})
    assert refusal.value.key == "error.newer_database"
