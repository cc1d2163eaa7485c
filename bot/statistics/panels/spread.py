"""How many people carry the help, and whether those who ask come to help: numbers of people, never who."""

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from bot.domain.disclosure import FEW, FEWEST, FEWEST_OF_SHARE, Amount, Crowd, Safe, Share, people, share, table
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import Weeks, counted_with, last_weeks
from bot.statistics.drawing import bars
from bot.statistics.record import HelpGiven, Seconds, Whole, week
from bot.statistics.source import Source
from bot.statistics.survival import wilson

_HALF = 0.5
ByPerson = Mapping[int, int]
"""In which week each person first did something."""


async def spread(source: Source, wish: PanelWish) -> StatsPanel:
    """Return who ever helped by the end of some weeks, and from how many people half of the help in these weeks came.

    People who left still count: else the shares would tell, of one who leaves, whether they ever helped.
    """
    weeks = last_weeks(wish.now, wish.weeks)
    both = (weeks, weeks.before)
    given, questions = await source.helped(weeks.until), await source.questions(weeks.until)
    joined = {id_: each.joined for id_, each in (await source.members()).items()}
    asked, helped = _firsts(questions.asker, questions.asked), _firsts(given.helper, given.at)
    since_asking = _firsts(*_after(given, asked))
    heads = ("stats.now", "stats.before")
    half = [_half(given, each) for each in both]
    ever = [_reached(_weeks(joined), _weeks(helped), each) for each in both]
    askers = [_reached(_weeks(asked), _weeks(since_asking), each) for each in both]
    shown = table("spread", heads, [("stats.ever_helped", ever), ("stats.askers_helped", askers)])
    tables = (table("half", heads, [("stats.half_from", half)]), shown)
    said = (*_of_half(*half), *_of_askers(askers[0]))
    return StatsPanel(PanelName.SPREAD, weeks, said, tables, bars(shown, wish.locale))


def _half(given: HelpGiven, weeks: Weeks) -> Safe:
    """Return the smallest number of people who gave half of the help of some weeks."""
    is_theirs = (given.at >= weeks.since.timestamp()) & (given.at < weeks.until.timestamp())
    each = sorted(Counter(given.helper[is_theirs].tolist()).values(), reverse=True)
    return people(int(np.searchsorted(np.cumsum(each), _HALF * sum(each))) + 1 if each else 0)


def _firsts(who: Whole, at: Seconds) -> dict[int, float]:
    """Return when each person first did something."""
    order = np.argsort(at, kind="stable")
    found, place = np.unique(who[order], return_index=True)
    return dict(zip(found.tolist(), at[order][place].tolist(), strict=True))


def _after(given: HelpGiven, asked: Mapping[int, float]) -> tuple[Whole, Seconds]:
    """Return who helped after they had asked themselves, and when."""
    began = np.array([asked.get(each, np.inf) for each in given.helper.tolist()], dtype=np.float64)
    is_later = given.at > began
    return given.helper[is_later], given.at[is_later]


def _weeks(moments: Mapping[int, float]) -> ByPerson:
    return dict(zip(moments, week(np.array(list(moments.values()), dtype=np.float64)).tolist(), strict=True))


def _reached(begun: ByPerson, done: ByPerson, weeks: Weeks) -> Safe:
    """Return the share of those who had begun by the end of some weeks who had done something by then.

    Both wait until enough people can be counted at once, so that no Monday's share tells of one person.
    """
    last = weeks.first + weeks.count - 1
    counted = _counted(begun, last, FEWEST_OF_SHARE)
    reached = _counted({each: max(done[each], at) for each, at in counted.items() if each in done}, last, FEWEST)
    return share(len(reached), Crowd.of(list(counted)), wilson)


def _counted(firsts: ByPerson, last: int, fewest: int) -> ByPerson:
    """Return with which week each person is counted, up to the last."""
    by_week: dict[int, list[int]] = {}
    for each, at in firsts.items():
        by_week.setdefault(at, []).append(each)
    counted = counted_with({at: Crowd.of(some) for at, some in by_week.items()}, last, fewest)
    return {each: counted[at] for each, at in firsts.items() if at in counted}


def _of_half(now: Safe, before: Safe) -> Iterator[Sentence]:
    if now == FEW:
        yield Sentence("stats.half_from_few")
    elif now != Amount(0):
        was = "stats.fewer_than_five" if before == FEW else before
        yield Sentence("stats.half_from_so_many", {"now": now, "before": was})


def _of_askers(helped: Safe) -> Iterator[Sentence]:
    if isinstance(helped, Share):
        yield Sentence("stats.askers_came_to_help", {"helped": helped})
