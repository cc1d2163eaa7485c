"""A database in which everybody of a record is a member, told by their profiles what the crowd would tell the bot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import insert, select

from benchmarks.simulator.people import Crowd
from bot.domain.wording import text_hash
from bot.store.engine import Database, create_engine
from models import Base, Block, Guild, GuildSettings, Member, Statement
from reliability.community import address, opened

GUILD_ID, CHANNEL_ID = 100_000_000_000_000_001, 100_000_000_000_000_002
_FIRST_USER_ID = 200_000_000_000_000_000
_NO_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Town:
    """A settled database."""

    file: Path
    user_ids: Mapping[str, int] = field(repr=False)
    member_ids: Mapping[str, int] = field(repr=False)

    def open(self) -> Database:
        """Return the database."""
        return Database(create_engine(address(self.file)))


async def settle(crowd: Crowd, file: Path, rate: str | None = None) -> Town:
    """Make a database in `file` where all helpers of a crowd have profiles; with a `rate`, all chose that one."""
    record = crowd.record
    names = [*record.helpers, *sorted({question.asker for question in record.questions} - set(record.helpers))]
    user_ids = {name: _FIRST_USER_ID + number for number, name in enumerate(names)}
    database = await opened(file)
    try:
        joined = {"guild_id": GUILD_ID, "joined_at": record.midnight}
        await _insert(database, Guild, [{"id": GUILD_ID, "joined_at": record.midnight}])
        await _insert(
            database,
            GuildSettings,
            [{"guild_id": GUILD_ID, "help_channel_id": CHANNEL_ID, "open_limit": _NO_LIMIT}],
        )
        await _insert(
            database,
            Member,
            [joined | {"user_id": user_ids[name]} | _profile(crowd, number, rate) for number, name in enumerate(names)],
        )
        member_ids = await _member_ids(database, user_ids)
        await _insert(database, Statement, [_statement(crowd, name, member_ids[name]) for name in record.helpers])
        await _insert(database, Block, list(_blocks(crowd, member_ids)))
    finally:
        await database.close()
    return Town(file, user_ids, member_ids)


def _profile(crowd: Crowd, number: int, rate: str | None) -> dict[str, object]:
    """Return what a member chose; those after the helpers only ask."""
    common = {"learns_from_help": False, "direct_messages": "open", "version": 1, "silences": 0}
    if number >= len(crowd.profiles):
        return common | _chosen(is_helper=False, rate="one_a_day", languages=["en"])
    chosen = crowd.profiles[number]
    return common | _chosen(
        is_helper=chosen.is_helper,
        rate=rate or chosen.rate,
        languages=[*chosen.languages],
        zone=chosen.zone,
        begins=chosen.begins,
        ends=chosen.ends,
    )


def _chosen(**columns: object) -> dict[str, object]:
    return {"zone": None, "begins": None, "ends": None} | columns


def _statement(crowd: Crowd, name: str, member_id: int) -> dict[str, object]:
    text = f"What {name} knows"
    return {
        "member_id": member_id,
        "text": text,
        "text_hash": text_hash(text),
        "added_at": crowd.record.midnight,
        "source": "declared",
        "is_muted": False,
    }


def _blocks(crowd: Crowd, member_ids: Mapping[str, int]) -> list[dict[str, object]]:
    """Write down every pair once; by turns, the one or the other is who doesn't want to meet."""
    pairs = {
        tuple(sorted((member_ids[asker], member_ids[crowd.record.helpers[column]])))
        for asker, columns in crowd.blocked.items()
        for column in columns
    }
    return [
        {"blocker_id": pair[number % 2], "blocked_id": pair[1 - number % 2], "created_at": crowd.record.midnight}
        for number, pair in enumerate(sorted(pairs))
        if pair[0] != pair[1]
    ]


async def _insert(database: Database, kind: type[Base], rows: list[dict[str, object]]) -> None:
    if rows:
        async with database.engine.begin() as connection:
            await connection.execute(insert(kind.__table__), rows)  # type: ignore[arg-type]


async def _member_ids(database: Database, user_ids: Mapping[str, int]) -> dict[str, int]:
    async with database.engine.connect() as connection:
        rows = {row.user_id: row.id for row in await connection.execute(select(Member.user_id, Member.id))}
    return {name: rows[user_id] for name, user_id in user_ids.items()}
