"""Time that hosts offer: how much of it, how much is booked, and whether both find each other."""

from collections.abc import Iterator, Sequence

from bot.domain.disclosure import FEWEST, FEWEST_OF_SHARE, Amount, Safe, Share, amount, share, table
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import Weeks, last_weeks
from bot.statistics.drawing import bars
from bot.statistics.record import Happened
from bot.statistics.source import Source
from bot.statistics.survival import wilson

_BOOKED, _WAITLISTED, _NOT_FOUND = "booked", "waitlisted", "not_found"
_FACTS = (_BOOKED, "held", _NOT_FOUND, _WAITLISTED)


async def office_hours(source: Source, wish: PanelWish) -> StatsPanel:
    """Return what was offered for some weeks, and what happened in them.

    Hosts are behind what is offered, and askers behind all else. Slots of hours that were cancelled don't count; nor do
    walk-in hours, which have none.
    """
    weeks = last_weeks(wish.now, wish.weeks)
    both = (weeks, weeks.before)
    offered = await source.offered(weeks.until, weeks.before.first)
    happened = {name: await source.done(weeks.until, weeks.before.first, name) for name in _FACTS}
    rows = {
        name: [_amount(each, column) for column in both] for name, each in (("offered", offered), *happened.items())
    }
    used = [_used(offered, each) for each in both]
    heads = ("stats.now", "stats.before")
    shown = table("office_hours", heads, [(f"stats.office_hours.{name}", cells) for name, cells in rows.items()])
    tables = (table("slots_used", heads, [("stats.slots_used", used)]), shown)
    said = tuple(_sentences(used, {name: cells[0] for name, cells in rows.items()}))
    return StatsPanel(PanelName.OFFICE_HOURS, weeks, said, tables, bars(shown, wish.locale))


def _amount(happened: Happened, weeks: Weeks) -> Safe:
    """Return how many there were; none is said only where there were none, also of those that are counted later."""
    return amount(happened.crowd(happened.within(weeks, FEWEST)), len(happened.in_weeks(weeks)))


def _used(offered: Happened, weeks: Weeks) -> Safe:
    """Return which share of what was offered somebody booked."""
    counted = offered.of(offered.within(weeks, FEWEST_OF_SHARE))
    return share(len(counted.only(_BOOKED)), counted.crowd(), wilson)


def _sentences(used: Sequence[Safe], now: dict[str, Safe]) -> Iterator[Sentence]:
    if now["offered"] == Amount(0):
        yield Sentence("stats.office_hours.none")
    is_now, was = used
    if isinstance(is_now, Share):
        yield Sentence("stats.office_hours.use", {"used": is_now})
        if isinstance(was, Share) and is_now.differs_from(was):
            key = "stats.office_hours.use_more" if is_now.part > was.part else "stats.office_hours.use_less"
            yield Sentence(key, {"now": is_now, "before": was})
    for name in (_WAITLISTED, _NOT_FOUND):
        if isinstance(now[name], Amount) and now[name] != Amount(0):
            yield Sentence(f"stats.office_hours.said_{name}", {"count": now[name]})
