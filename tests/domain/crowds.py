"""People who might be asked, as hypothesis makes them up."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.domain.policy import Candidate, Rate

ZONES = (None, "Europe/Paris", "Africa/Nairobi", "Asia/Kathmandu", "Pacific/Auckland", "America/St_Johns")
LANGUAGES = st.frozensets(st.sampled_from(["en", "fr", "sw", "ar"]))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
SEATS = st.integers(-1, 8)
PLACES = st.frozensets(st.integers(0, 8))
"""Seats that are kept for somebody seldom asked."""
ODDS = st.just(0.0) | st.floats(0.02, 60)
"""Expertise as routing gives it: 0 for no match, else around 1."""


@st.composite
def candidates(draw: st.DrawFn, member_id: int | None = None) -> Candidate:
    begins, ends = draw(st.just((None, None)) | st.tuples(st.times(), st.times()))
    asked_last_day = draw(st.integers(0, 3))
    asked_last_week = asked_last_day + draw(st.integers(0, 8))
    return Candidate(
        member_id=member_id or draw(st.integers(1, 40)),
        statement_id=draw(st.integers(1, 10**6)),
        expertise=draw(ODDS),
        rate=draw(st.sampled_from(Rate)),
        availability=draw(st.floats(0.01, 60)),
        zone=draw(st.sampled_from(ZONES)),
        begins=begins,
        ends=ends,
        languages=draw(LANGUAGES),
        asked_last_day=asked_last_day,
        asked_last_week=asked_last_week,
        asked_last_month=asked_last_week + draw(st.integers(0, 3)),
    )


@st.composite
def willing(draw: st.DrawFn) -> Candidate:
    asked_last_week = draw(st.integers(0, 9))
    return Candidate(
        member_id=draw(st.integers(1, 40)),
        statement_id=1,
        expertise=draw(st.sampled_from([0.5, 1.0, 2.0])),
        rate=Rate.MORE,
        asked_last_week=asked_last_week,
        asked_last_month=asked_last_week + draw(st.integers(0, 1)),
    )


def crowd_of(people: st.SearchStrategy[Candidate]) -> st.SearchStrategy[list[Candidate]]:
    return st.lists(people, max_size=12, unique_by=lambda each: each.member_id)


WILLING = crowd_of(willing())
"""People who may all be asked at any hour, and often are as good as one another."""
CROWDS = crowd_of(candidates()) | WILLING
"""People as they come, most of whom may not be asked, or people who all may."""
