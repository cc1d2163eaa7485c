"""How much is asked of people, and what they make of it: taken, passed, or left without a word."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from bot.domain.disclosure import (
    FEW,
    FEWEST_OF_SHARE,
    OTHER,
    Crowd,
    Safe,
    SafeTable,
    Share,
    about,
    merged,
    ratio,
    share,
    table,
)
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import Weeks, last_weeks
from bot.statistics.drawing import bars
from bot.statistics.record import WEEK, Happened, Mask, SelfSaid, Whole, week
from bot.statistics.source import Source
from bot.statistics.survival import wilson

ENDS = {
    "took": ("taken", "alternate"),
    "off_topic": ("off_topic",),
    "passed": ("passed", "referred"),
    "silent": ("expired",),
}
"""What may have become of an invitation, by what tells it; the first counts where there are several.

Where none did, nothing was asked of the person in the end: it wasn't delivered, or an answer came first.
"""
_SHOWN = ("took", "passed", "silent", "off_topic", OTHER)
_TOO_MUCH = 0.5
"""The part of silence above which people are asked too much."""


async def attention(source: Source, wish: PanelWish) -> StatsPanel:
    """Return how many invitations people had, and what became within a week of those up to a week ago."""
    weeks = last_weeks(wish.now, wish.weeks)
    invited = await source.done(weeks.until, weeks.before.first - 1, "invited")
    names = [name for each in ENDS.values() for name in each]
    since = datetime.fromtimestamp(invited.at.min(), UTC) if len(invited.at) else weeks.until
    ended = await source.happened(since, weeks.until, *names)
    place = became(invited, ended)
    has_ended = place < len(ENDS)
    members = await source.members()
    both = (weeks, weeks.before)
    columns = [_column(invited.of(has_ended), place[has_ended], each) for each in both]
    heads = ("stats.now", "stats.before")
    rate = table("attention_rate", heads, [("stats.member_week", [_rate(invited, members, each) for each in both])])
    rows = [(f"stats.invitations.{name}", [each.get(name, FEW) for each in columns]) for name in _SHOWN]
    shown = table("attention", heads, [row for row in rows if any(cell != FEW for cell in row[1])])
    paused = _paused(members, wish)
    said = tuple(_sentences(*(each.get("silent", FEW) for each in columns), has_any=bool(shown.rows)))
    return StatsPanel(PanelName.ATTENTION, weeks, said, (rate, paused, shown), bars(shown, wish.locale))


def _rate(invited: Happened, members: Mapping[int, SelfSaid], weeks: Weeks) -> Safe:
    """Return how many invitations there were for each week of each member who had one or might have had one.

    To one decimal, or else it would tell when one person more may be asked.
    """
    is_counted = invited.within(weeks, FEWEST_OF_SHARE)
    crowd = invited.crowd(is_counted)
    theirs = [each for id_, each in members.items() if each.helps or id_ in crowd.by_person]
    member_weeks = _weeks_here(theirs, weeks)
    return ratio(crowd, round(crowd.events / member_weeks, 1)) if member_weeks else FEW


def _weeks_here(members: Sequence[SelfSaid], weeks: Weeks) -> int:
    """Return of how many of the weeks members were here, together; begun ones count."""
    until = weeks.until.timestamp() - 1
    joined, left = (np.array([getattr(each, name) for each in members]) for name in ("joined", "left"))
    here = week(np.minimum(left, until)) - np.maximum(week(joined), weeks.first) + 1
    return int(np.maximum(here, 0).sum())


def _column(ended: Happened, place: Whole, weeks: Weeks) -> dict[str, Safe]:
    """Return which shares of invitations ended how; ends that too few people chose are one."""
    is_counted = ended.within(weeks.earlier(1), FEWEST_OF_SHARE)
    everyone = ended.crowd(is_counted)
    named = {name: ended.crowd(is_counted & (place == number)) for number, name in enumerate(ENDS)}
    groups = merged({name: crowd for name, crowd in named.items() if crowd.people})
    return {
        name: share(sum(named[each].events for each in members), everyone, wilson) for name, members in groups.items()
    }


def became(invited: Happened, ended: Happened) -> Whole:
    """Return the place in `ENDS` of what became of each invitation within a week, the one after the last for nothing.

    A person who was invited to one request again, for another round, is told apart by when that was. Each is followed
    equally long, so that what is said of a week once is said of it always.
    """
    is_end: Mask = np.arange(len(invited.at) + len(ended.at)) >= len(invited.at)
    pair, at = _pairs(invited, ended), np.concatenate([invited.at, ended.at])
    order = np.lexsort((is_end, at, pair))
    last = np.maximum.accumulate(np.where(is_end[order], -1, np.arange(len(order))))
    meant = order[last]
    fits = is_end[order] & (last >= 0) & (pair[meant] == pair[order]) & (at[order] - at[meant] <= WEEK)
    ranks = {name: number for number, names in enumerate(ENDS.values()) for name in names}
    rank = np.array([ranks[name] for name in ended.type.tolist()], dtype=np.int64)
    places: Whole = np.full(len(invited.at), len(ENDS), dtype=np.int64)
    np.minimum.at(places, meant[fits], rank[order[fits] - len(invited.at)])
    return places


def _pairs(invited: Happened, ended: Happened) -> Whole:
    """Return one number for each pair of a request and a person."""
    request = np.unique(np.concatenate([invited.request, ended.request]), return_inverse=True)[1]
    people, person = np.unique(np.concatenate([invited.person, ended.person]), return_inverse=True)
    pairs: Whole = request * len(people) + person
    return pairs


def _paused(members: Mapping[int, SelfSaid], wish: PanelWish) -> SafeTable:
    """Return about how many take a break now: a count to the one would tell who just began theirs."""
    resting = Crowd.of(id_ for id_, each in members.items() if each.is_here and each.attention.is_paused(wish.now))
    return table("pauses", ("stats.now",), [("stats.paused", (about(resting),))])


def _sentences(now: Safe, before: Safe, *, has_any: bool) -> list[Sentence]:
    if not has_any:
        return [Sentence("stats.too_few_invited")]
    if not isinstance(now, Share):
        return []
    said = [Sentence("stats.asking_too_much" if now.part > _TOO_MUCH else "stats.silence", {"silent": now})]
    if isinstance(before, Share) and now.differs_from(before):
        key = "stats.silence_more" if now.part > before.part else "stats.silence_less"
        said.append(Sentence(key, {"now": now, "before": before}))
    return said
