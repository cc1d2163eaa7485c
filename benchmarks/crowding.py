"""One slot that a thousand people want at the same moment; `python -m benchmarks.crowding ADDRESS --processes 4`.

The address is a database of its own, which may be lost: SQLite's from one process, PostgreSQL's from several.
"""

import argparse
import asyncio
import multiprocessing
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from time import perf_counter

from benchmarks.hours import offer
from benchmarks.wired import stay, wired
from bot.clock import SystemClock
from bot.errors import HouseError
from bot.log import configure_logging
from bot.services.office_hours.booking import BookingSlots, JustTaken, NewBooking
from bot.store.engine import Database, create_engine
from bot.store.migrations import upgrade

GUILD_ID = 1_100_000_000_000_000_000
QUESTION = "How do I find out whether the labels or the loss is wrong?"
HOSTS = range(300_000_000_000_000_000, 300_000_000_000_000_005)
FIRST = 200_000_000_000_000_000
_CONNECTED = 60.0
"""Seconds within which every process has to be there."""
_barriers: list[Barrier] = []


async def prepare(address: str) -> int:
    """Migrate a database and open hours in it; return the slot that everyone wants."""
    database = Database(create_engine(address))
    await upgrade(database.engine)
    async with database.begin() as work:
        await work.guilds.ensure(GUILD_ID, SystemClock().now())
    slots = await offer(database, GUILD_ID, HOSTS)
    await database.close()
    return slots[0]


async def crowd(address: str, slot_id: int, user_ids: Sequence[int]) -> Counter[str]:
    """Let these people press at once, and count what each of them read."""
    database = Database(create_engine(address))
    booking = wired(database, SystemClock(), nudge=stay).booking
    for barrier in _barriers:
        await asyncio.to_thread(barrier.wait, _CONNECTED)
    read = await asyncio.gather(*(_press(booking, slot_id, user_id) for user_id in user_ids))
    await database.close()
    return Counter(read)


async def _press(booking: BookingSlots, slot_id: int, user_id: int) -> str:
    try:
        await booking.book(NewBooking(GUILD_ID, user_id, user_id, QUESTION), slot_id)
    except JustTaken as refusal:
        return f"just taken, with {len(refusal.alternatives)} others"
    except HouseError as refusal:
        return refusal.key
    return "booked"


def several(address: str, slot_id: int, people: int, processes: int) -> Counter[str]:
    """Do as `crowd` from several processes, which all begin at the same moment."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(processes)
    with ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(barrier,)) as pool:
        shares = [range(FIRST + each, FIRST + people, processes) for each in range(processes)]
        running = [pool.submit(_share, address, slot_id, share) for share in shares]
        return sum((each.result() for each in running), Counter[str]())


def _begin(barrier: Barrier) -> None:
    configure_logging("ERROR", "text")
    _barriers.append(barrier)


def _share(address: str, slot_id: int, user_ids: Sequence[int]) -> Counter[str]:
    return asyncio.run(crowd(address, slot_id, user_ids))


def main() -> None:
    """Say what everyone read, and how long it took."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.crowding", description=(__doc__ or "").partition(";")[0]
    )
    parser.add_argument("address", help="SQLAlchemy's address of an empty database")
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--processes", type=int, default=1)
    chosen = parser.parse_args()
    configure_logging("ERROR", "text")
    slot_id = asyncio.run(prepare(chosen.address))
    begun = perf_counter()
    read = several(chosen.address, slot_id, chosen.people, chosen.processes)
    lines = [f"{times:>6}  {what}" for what, times in read.most_common()]
    print("\n".join([*lines, f"{perf_counter() - begun:.1f} s, starting {chosen.processes} process(es) included"]))


if __name__ == "__main__":
    main()
