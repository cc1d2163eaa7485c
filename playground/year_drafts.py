"""The drafts of a community's year: who posted one, who took and read it, and whether it was in time."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

_STAGES = ("outline", "draft", "camera_ready", "talk")
_READ, _AGAIN, _READ_AGAIN = 0.8, 0.2, 0.5
"""The part of readers who send feedback, of drafts with a second round, and of those that are read once more."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Paper:
    """One draft and what became of it."""

    id: int
    asker_id: int
    at: datetime
    needed_by: datetime
    taken: tuple[tuple[datetime, int], ...] = ()
    """When, and the person who did."""
    read: tuple[tuple[datetime, int], ...] = ()
    """When somebody sent feedback, and who did, in order."""
    round_at: datetime | None = None
    """When its second round began, if it had one."""
    needed_again_by: datetime | None = None

    def needed_at(self, moment: datetime) -> datetime:
        """Return until when it was needed, as its author said at a moment."""
        if self.round_at is None or self.needed_again_by is None or moment < self.round_at:
            return self.needed_by
        return self.needed_again_by


def draw_drafts(people: Sequence[int], first: int, count: int, since: datetime, until: datetime) -> tuple[Paper, ...]:
    """Draw so many drafts, by chance of their own."""
    draw = random.Random(f"drafts {first} {count}")
    moments = sorted(since + draw.random() * (until - since) for _ in range(count))
    return tuple(_paper(draw, first + number, people, at, until) for number, at in enumerate(moments))


def _paper(draw: random.Random, draft_id: int, people: Sequence[int], at: datetime, until: datetime) -> Paper:
    asker = draw.choice(people)
    readers = [each for each in draw.choices(people, k=draw.choice((0, 1, 1, 2, 3))) if each != asker]
    needed_by = at + timedelta(days=draw.randint(3, 28))
    taken = _moments(draw, readers, at, 2, until)
    read = _moments(draw, [each for _, each in taken if draw.random() < _READ], at + timedelta(days=2), 6, until)
    has_more = bool(read) and draw.random() < _AGAIN and needed_by + timedelta(days=1) < until
    round_at = needed_by + timedelta(days=1) if has_more else None
    again_by = needed_by + timedelta(days=10) if has_more else None
    if round_at is not None and draw.random() < _READ_AGAIN:
        read = (*read, *_moments(draw, [read[0][1]], max(round_at, read[-1][0]), 4, until))
    return Paper(draft_id, asker, at, needed_by, taken, read, round_at, again_by)


def _moments(
    draw: random.Random, people: Sequence[int], at: datetime, days: float, until: datetime
) -> tuple[tuple[datetime, int], ...]:
    drawn = [(at + timedelta(days=days * draw.expovariate(1) + 0.01), each) for each in people]
    return tuple(sorted(each for each in drawn if each[0] < until))


def request_row(guild_id: int, each: Paper) -> Row:
    """Return its row among all requests."""
    return {
        "id": each.id, "type": "draft", "guild_id": guild_id, "created_at": each.at, "asker_id": each.asker_id,
        "state": "answered" if each.read else "taken" if each.taken else "waiting", "urgency": "this_week",
        "visibility": "public", "thread_id": None, "waiting_since": each.at, "extra_invitations": 0, "version": 1,
        "needed_by": each.needed_again_by or each.needed_by, "close_reason": None,
    }  # fmt: skip


def draft_row(each: Paper) -> Row:
    """Return its row among drafts."""
    return {
        "id": each.id, "about": "How well a model is calibrated under shift, and what to do about it.",
        "questions": [], "stage": _STAGES[each.id % len(_STAGES)], "areas": [], "words": 4000, "whole_words": 4000,
        "readers": 2, "may_read": False, "may_show": False, "round": 1 + (each.round_at is not None),
        "round_at": each.round_at, "is_english": True,
    }  # fmt: skip


def draft_facts(guild_id: int, each: Paper) -> Iterator[Row]:
    """Return what was noted about it."""
    happened = [("asked", each.at, each.asker_id)]
    happened += [(name, *one) for name, some in (("taken", each.taken), ("answered", each.read)) for one in some]
    for name, at, member_id in happened:
        yield {
            "guild_id": guild_id, "request_id": each.id, "type": name, "at": at, "member_id": member_id,
            "needed_by": each.needed_at(at),
        }  # fmt: skip
