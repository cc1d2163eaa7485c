from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.services.office_hours.planning import Span, overlap
from tests.factories import NOW

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=8)


def written(lengths: list[tuple[int, int]]) -> list[Span]:
    starts = [(NOW + timedelta(minutes=begin), timedelta(minutes=length)) for begin, length in lengths]
    return [(start, start + length) for start, length in starts]


@given(spans, spans)
def test_the_first_moment_shared_is_found(taken: list[tuple[int, int]], wanted: list[tuple[int, int]]) -> None:
    shared = [
        max(one[0], other[0])
        for one in written(taken)
        for other in written(wanted)
        if one[0] < other[1] and other[0] < one[1]
    ]
    assert overlap(written(taken), written(wanted)) == min(shared, default=None)


def test_what_only_touches_is_not_shared() -> None:
    hour = timedelta(hours=1)
    first: list[tuple[datetime, datetime]] = [(NOW, NOW + hour)]
    assert overlap(first, [(NOW + hour, NOW + 2 * hour), (NOW - hour, NOW)]) is None
