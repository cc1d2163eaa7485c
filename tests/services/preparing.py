"""How far many tests come alike, gone once: SQLite's tables, what was said and the clock are kept and put back."""

import copy
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.store.engine import Database
from tests.fakes import FakeMessenger, House, ManualClock


@dataclass(frozen=True, slots=True)
class Prepared:
    """A house as it was at one moment, on SQLite without threads."""

    rows: sqlite3.Connection
    messenger: FakeMessenger
    moment: datetime

    async def again(self, database: Database) -> House:
        """Put everything into a database, in the place of what is in there, and build the house around it."""
        async with database.engine.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            self.rows.backup(raw)
        return House(database, copy.deepcopy(self.messenger), ManualClock(self.moment))


async def prepared(house: House) -> Prepared:
    """Keep a house as it is now."""
    rows = sqlite3.connect(":memory:")
    async with house.database.engine.connect() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        raw.backup(rows)
    return Prepared(rows, copy.deepcopy(house.messenger), house.clock.now())
