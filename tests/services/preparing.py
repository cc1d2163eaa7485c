"""How far many tests come alike, gone once: SQLite's tables, what was said and the clock are kept and put back."""

import copy
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.fakes import FakeMembership, FakeMessenger, House


@dataclass(frozen=True, slots=True)
class Prepared:
    """A house as it was at one moment, on SQLite without threads."""

    rows: sqlite3.Connection
    messenger: FakeMessenger
    membership: FakeMembership
    moment: datetime

    async def put_into(self, house: House) -> None:
        """Let a new house be as the one that was kept, whatever is in its tables."""
        async with house.database.engine.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            self.rows.backup(raw)
        vars(house.messenger).update(vars(copy.deepcopy(self.messenger)))
        vars(house.membership).update(vars(copy.deepcopy(self.membership)))
        house.clock.moment = self.moment


def can_be_prepared(house: House) -> bool:
    """Tell whether a house is on SQLite without threads."""
    return house.database.engine.driver == "inline"


async def prepared(house: House) -> Prepared:
    """Keep a house as it is now."""
    rows = sqlite3.connect(":memory:")
    async with house.database.engine.connect() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        raw.backup(rows)
    return Prepared(rows, *copy.deepcopy((house.messenger, house.membership)), house.clock.now())
