"""The hard rules once more, written simply and apart from the bot's own: whoever is asked against one is found out.

The referee reads the facts in the order in which the bot wrote them, and hears of pauses from whoever pauses.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from benchmarks.simulator.people import Crowd
from benchmarks.simulator.record import Record

_A_DAY_AND_A_WEEK = {"never": (0, 0), "one_a_week": (1, 1), "one_a_day": (1, 3), "more": (3, 10)}
_QUIET = (22, 8)
_ASKERS_SPEAK = "en"
_HALVED, _PAUSED = 3, 5
_HOUR, _DAY, _WEEK = 3_600_000_000, 86_400_000_000, 604_800_000_000
"""Microseconds: whole ones, so that what happens on the stroke of an hour is on the right side of it."""
_NEVER = float("-inf")


@dataclass(slots=True)
class _Seen:
    """What the referee has seen of one helper."""

    invited: list[int] = field(default_factory=list)
    silences: int = 0
    paused_until: float = _NEVER


class Referee:
    """Checks every invitation at the moment it is made; helpers are columns, moments are hours of the record."""

    def __init__(self, record: Record, crowd: Crowd, rate: str | None = None) -> None:
        """Know what everybody told the bot; with a `rate`, all chose that one."""
        self._record, self._crowd, self._rate = record, crowd, rate
        self._seen: dict[int, _Seen] = defaultdict(_Seen)
        self._asked: set[tuple[int, int]] = set()
        self.invitations = 0
        self.broken: Counter[str] = Counter()
        """Invitations against each rule."""

    def paused(self, column: int, until: float) -> None:
        """Hear that a helper wants to be asked nothing until a moment, which is a word like any other."""
        self.spoke(column)
        self._seen[column].paused_until = round(until * _HOUR)

    def came_back(self, column: int) -> None:
        """Hear that a helper wants to be asked again; their silences are over too."""
        self._seen[column].paused_until, self._seen[column].silences = _NEVER, 0

    def spoke(self, column: int) -> None:
        """See that a helper took, passed or answered something."""
        self._seen[column].silences = 0

    def kept_silent(self, column: int) -> None:
        """See that an invitation of a helper's ran out."""
        seen = self._seen[column]
        seen.silences += 1
        if seen.silences >= _PAUSED:
            seen.paused_until = float("inf")

    def invited(self, row: int, column: int, at: float) -> None:
        """Check one invitation."""
        self.invitations += 1
        self.broken.update(name for name, is_broken in self._rules(row, column, at).items() if is_broken)
        self._asked.add((row, column))
        self._seen[column].invited.append(round(at * _HOUR))

    def _rules(self, row: int, column: int, at: float) -> dict[str, bool]:
        profile, asker = self._crowd.profiles[column], self._record.questions[row].asker
        return {
            "never opted in": not profile.is_helper,
            "the asker": self._record.helpers[column] == asker,
            "asked before for it": (row, column) in self._asked,
            "blocked": column in self._crowd.blocked[asker],
            "another language": _ASKERS_SPEAK not in profile.languages,
            "paused": round(at * _HOUR) < self._seen[column].paused_until,
            "asleep": not self._is_awake(column, at),
            "over budget": self._is_over_budget(column, at),
        }

    def _is_awake(self, column: int, at: float) -> bool:
        profile = self._crowd.profiles[column]
        ahead = self._crowd.offsets[column] if profile.zone else 0
        local = (round(at * _HOUR) + ahead * _HOUR) % _DAY / _HOUR
        if profile.begins is None or profile.ends is None:
            return _QUIET[1] <= local < _QUIET[0]
        begins, ends = profile.begins.hour, profile.ends.hour
        return begins <= local < ends if begins < ends else local >= begins or local < ends

    def _is_over_budget(self, column: int, at: float) -> bool:
        a_day, a_week = _A_DAY_AND_A_WEEK[self._rate or self._crowd.profiles[column].rate]
        seen = self._seen[column]
        longer = 2 if seen.silences >= _HALVED else 1
        lately = [round(at * _HOUR) - moment for moment in seen.invited]
        in_a_day = sum(ago < _DAY * longer for ago in lately)
        in_a_week = sum(ago < _WEEK * longer for ago in lately)
        return in_a_day >= a_day or in_a_week >= a_week
