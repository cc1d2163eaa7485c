"""Where Alembic meets the database: the caller's connection, or one made from the operator's settings."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from bot.settings import Settings
from bot.store import files
from bot.store.engine import create_engine
from bot.store.migrations import migrating
from models import Base


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_from_settings() -> None:
    engine = create_engine(Settings().database_url.get_secret_value())
    try:
        with files.alone(files.place(engine.url)):
            async with migrating(engine) as connection:
                await connection.run_sync(migrate)
    finally:
        await engine.dispose()


def print_sql() -> None:
    context.configure(url=Settings().database_url.get_secret_value(), target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    print_sql()
elif (given := context.config.attributes.get("connection")) is not None:
    # The caller's event loop is running already, and so is the caller's transaction.
    migrate(given)
else:
    asyncio.run(migrate_from_settings())
