"""People who might be asked, as hypothesis makes them up, and the rules of asking them, said once more."""

from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.attention import Attention, Rate
from bot.domain.policy import Candidate
from tests.factories import NOW

DAY = timedelta(days=1)
ZONES = (None, "Europe/Paris", "Africa/Nairobi", "Asia/Kathmandu", "Pacific/Auckland", "America/St_Johns")
LANGUAGES = st.frozensets(st.sampled_from(["en", "fr", "sw", "ar"]))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
SEATS = st.integers(-1, 8)
PLACES = st.frozensets(st.integers(0, 8))
"""Seats that are kept for someone seldom asked."""
ODDS = st.just(0.0) | st.floats(0.02, 60)
"""Expertise as routing gives it: 0 for no match, else around 1."""
COUNTS = st.tuples(*[st.integers(0, 3)] * 5).map(accumulate).map(tuple)
"""Requests of the last day, two days, week, fortnight and month: the longer, the more."""

PROMISED = {"never": (0, 0), "one_a_week": (1, 1), "one_a_day": (1, 3), "more": (3, 10)}
"""What the profile promises: at most so many requests a day and a week."""


@st.composite
def attentions(draw: st.DrawFn, rates: st.SearchStrategy[Rate] | None = None) -> Attention:
    """Make up what someone chose; most have room for a request at some hours."""
    begins, ends = draw(st.just((None, None)) | st.tuples(st.times(), st.times()))
    paused_at, paused_until = draw(st.just((None, None)) | st.tuples(MOMENTS, st.none() | MOMENTS))
    return Attention(
        draw(rates or st.sampled_from(Rate)),
        draw(st.sampled_from(ZONES)),
        begins,
        ends,
        paused_at,
        paused_until,
        draw(st.just(0) | st.integers(0, 5)),
        *draw(st.just((0,) * 5) | COUNTS),
    )


@st.composite
def candidates(draw: st.DrawFn, member_id: int | None = None) -> Candidate:
    return Candidate(
        member_id=member_id or draw(st.integers(1, 40)),
        statement_id=draw(st.integers(1, 10**6)),
        expertise=draw(ODDS),
        attention=draw(attentions()),
        availability=draw(st.floats(0.01, 60)),
        languages=draw(LANGUAGES),
        is_blocked=draw(st.integers(1, 5)) == 1,
    )


@st.composite
def willing(draw: st.DrawFn) -> Candidate:
    week = draw(st.integers(0, 9))
    month = week + draw(st.integers(0, 1))
    return somebody(draw(st.integers(1, 40)), draw(st.sampled_from([0.5, 1.0, 2.0])), week=week, month=month)


def somebody(member_id: int, expertise: float, week: int = 0, month: int = 0, availability: float = 1.0) -> Candidate:
    """Make someone up who may be asked at noon, UTC, as long as they weren't asked ten times in a week."""
    attention = Attention(Rate.MORE, asked_last_week=week, asked_last_fortnight=month, asked_last_month=month)
    return Candidate(member_id, 1, expertise, attention, availability)


def crowd_of(people: st.SearchStrategy[Candidate]) -> st.SearchStrategy[list[Candidate]]:
    return st.lists(people, max_size=8, unique_by=lambda each: each.member_id)


WILLING = crowd_of(willing())
"""People who may all be asked at noon, and often are as good as one another."""
CROWDS = crowd_of(candidates()) | crowd_of(candidates() | willing()) | WILLING
"""People as they come, most not to be asked, or people who all may."""


def is_up(attention: Attention, now: datetime) -> bool:
    """Tell by the length of their day on their own clock whether someone is awake."""
    local = now.astimezone(ZoneInfo(attention.zone or "UTC")).time()
    since = _since(attention.begins or time(8), local)
    length = _since(attention.begins or time(8), attention.ends or time(22)) or DAY
    return since < length


def is_left_in_peace(attention: Attention, now: datetime) -> bool:
    """Tell whether a pause has begun and not ended."""
    if attention.paused_at is None:
        return False
    return attention.paused_until is None or attention.paused_until > now


def has_room(attention: Attention) -> bool:
    """Tell whether one more request keeps the promise; after three silences, over twice the time."""
    per_day, per_week = PROMISED[attention.rate.value]
    short, long = attention.asked_last_day, attention.asked_last_week
    if attention.silences > 2:
        short, long = attention.asked_last_two_days, attention.asked_last_fortnight
    return short + 1 <= per_day and long + 1 <= per_week


def reasons_against(candidate: Candidate, now: datetime, languages: frozenset[str]) -> set[str]:
    """Return everything that speaks against asking someone now."""
    spoken = candidate.languages & languages
    against = {
        "no match": candidate.expertise <= 0,
        "blocked": candidate.is_blocked,
        "another language": bool(candidate.languages) and bool(languages) and not spoken,
        "paused": is_left_in_peace(candidate.attention, now),
        "over budget": not has_room(candidate.attention),
        "asleep": not is_up(candidate.attention, now),
    }
    return {reason for reason, holds in against.items() if holds}


def _since(earlier: time, later: time) -> timedelta:
    """Return how long a clock goes on from one time to the next time it shows the other: less than a day."""
    first, last = (datetime.combine(NOW.date(), each, UTC) for each in (earlier, later))
    return (last - first) % DAY
