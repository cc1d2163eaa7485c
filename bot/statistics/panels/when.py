"""When help is asked for beside when it is there: the hours of a week, in bands."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from bot.domain.disclosure import Crowd, Level, SafeTable, level, table
from bot.domain.hours import is_awake, own_clock
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import last_block, monday, week_of
from bot.statistics.drawing import heat
from bot.statistics.record import Seconds, SelfSaid, Whole
from bot.statistics.source import Source
from bot.statistics.weekly import DAY, HOURS, clock, day_names, told

_HOUR = 3600.0
_MIDDLE = timedelta(minutes=30)
_TIMES = 3
"""Times that a sentence names."""
_MOST, _MUCH, _LITTLE = 4, 3, 1
"""Bands in which there is most, from which there is much, and in which there is little."""
Bands = list[int]
"""One an hour of the viewer's week."""


async def when(source: Source, wish: PanelWish) -> StatsPanel:
    """Return when questions came and answers were given, in a block of weeks, and when helpers are awake now.

    Hours are those of UTC for every viewer: on a viewer's clock they only have other names. Else two viewers' pictures
    could be subtracted.
    """
    block, this_week = last_block(wish.now), monday(week_of(wish.now))
    questions, given = await source.questions(block.until, block.first), await source.helped(block.until)
    is_asked, is_given = questions.asked_in(block), given.at >= block.since.timestamp()
    found = {
        "when_asked": _levels(_hours(questions.asked[is_asked]), questions.asker[is_asked]),
        "when_awake": _levels(*_awake(await source.members(), wish.now, this_week)),
        "when_answered": _levels(_hours(given.at[is_given]), given.helper[is_given]),
    }
    ahead, minute = _offset(this_week, wish.zone)
    local = {name: levels[-ahead % HOURS :] + levels[: -ahead % HOURS] for name, levels in found.items()}
    tables = tuple(_table(name, levels, minute, wish.locale) for name, levels in local.items())
    said = _sentences({name: [each.band for each in levels] for name, levels in local.items()}, minute, wish.locale)
    picture = heat(tables, wish.locale)
    return StatsPanel(PanelName.WHEN, block, tuple(said), tables, picture, is_fixed=True, pictured=len(tables))


def _hours(moments: Seconds) -> Whole:
    """Return in which hour of its week each moment is."""
    hours: Whole = np.floor((moments - monday(0).timestamp()) / _HOUR).astype(np.int64) % HOURS
    return hours


def _awake(members: Mapping[int, SelfSaid], now: datetime, this_week: datetime) -> tuple[Whole, Whole]:
    """Return the hours of this week in the middle of which helpers are awake, and who is.

    Those take part who may be asked: who is here, helps, and doesn't take a break.
    """
    by_day: dict[tuple[object, ...], list[int]] = {}
    hours, people = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for member_id, each in members.items():
        if each.helps and each.is_here and not each.attention.is_paused(now):
            usual = (each.attention.zone, each.attention.begins, each.attention.ends)
            if usual not in by_day:
                middles = (this_week + timedelta(hours=hour) + _MIDDLE for hour in range(HOURS))
                by_day[usual] = [hour for hour, at in enumerate(middles) if is_awake(at, *usual)]
            hours.append(np.array(by_day[usual], np.int64))
            people.append(np.full(len(by_day[usual]), member_id, np.int64))
    return np.concatenate(hours), np.concatenate(people)


def _levels(hours: Whole, people: Whole) -> list[Level]:
    """Return how much there is in each hour, beside the fullest; the hours before and after count half.

    What an hour shows is brought about by the people of these three hours; where they are too few, nothing is shown.
    """
    order = np.argsort(hours, kind="stable")
    counts = np.bincount(hours, minlength=HOURS)
    each = np.split(people[order], np.cumsum(counts)[:-1])
    smooth = (np.roll(counts, 1) + 2 * counts + np.roll(counts, -1)) / 4
    crowds = [
        Crowd.of(np.concatenate([each[hour - 1], each[hour], each[(hour + 1) % HOURS]]).tolist())
        for hour in range(HOURS)
    ]
    most = max((smooth[hour] for hour in range(HOURS) if crowds[hour].hides()), default=1)
    return [level(crowd, part) for crowd, part in zip(crowds, (smooth / most).tolist(), strict=True)]


def _offset(this_week: datetime, zone: str) -> tuple[int, int]:
    """Return how many hours, and minutes, a viewer's clock is ahead; one that isn't known is UTC's."""
    offset = this_week.astimezone(own_clock(zone)).utcoffset() or timedelta()
    return divmod(int(offset.total_seconds()) // 60, 60)


def _table(name: str, levels: Sequence[Level], minute: int, locale: str) -> SafeTable:
    days = day_names(locale, "abbreviated")
    rows = [(day, levels[number * DAY : (number + 1) * DAY]) for number, day in enumerate(days)]
    return table(name, [clock(hour, minute) for hour in range(DAY)], rows)


def _sentences(bands: Mapping[str, Bands], minute: int, locale: str) -> Iterator[Sentence]:
    """Say when there is most of each, and the hours in which questions come and hardly anyone is awake."""
    if not any(bands["when_asked"]):
        yield Sentence("stats.when.too_few")
        return
    for name, each in bands.items():
        if any(each):
            yield Sentence(f"stats.when.most.{name}", {"times": told(_busiest(each), minute, locale, _TIMES)})
    lonely = {name: hours for name, hours in uncovered(bands["when_asked"], bands["when_awake"]).items() if any(hours)}
    for name, hours in lonely.items():
        yield Sentence(f"stats.when.covered.{name}", {"times": told(hours, minute, locale, _TIMES)})
    if not lonely:
        yield Sentence("stats.when.covered.well")


def _busiest(bands: Bands) -> list[bool]:
    """Tell in which hours there is much, or most where there is much for more than half of the week."""
    much = [band >= _MUCH for band in bands]
    return much if sum(much) <= HOURS // 2 else [band == _MOST for band in bands]


def uncovered(asked: Bands, awake: Bands) -> dict[str, list[bool]]:
    """Tell in which hours questions come, and hardly a helper is awake, or more come than the few are awake for."""
    both = list(zip(asked, awake, strict=True))
    return {
        "hardly": [many > 0 and not few for many, few in both],
        "thinly": [few == _LITTLE and many > few for many, few in both],
    }
