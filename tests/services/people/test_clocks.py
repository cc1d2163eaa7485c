"""Zones and usual hours as people write them into their profile."""

from datetime import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.calendars.zones import canonical
from bot.domain.attention import Rate
from bot.errors import Invalid
from bot.services.people.profiling import read_clock, write_clock
from bot.services.results import ProfileCard
from bot.texts import say


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", (None, None, None)),
        ("  ", (None, None, None)),
        ("europe/paris", ("Europe/Paris", None, None)),
        ("New York", ("America/New_York", None, None)),
        ("Nairobi 9-17", ("Africa/Nairobi", time(9), time(17))),
        ("9-17 in Nairobi", ("Africa/Nairobi", time(9), time(17))),
        ("Paris, de 9h à 18h30", ("Europe/Paris", time(9), time(18, 30))),
        ("Europe/Paris 9am-6pm", ("Europe/Paris", time(9), time(18))),
        ("9am-5pm", (None, time(9), time(17))),
        ("9 to 5pm, New York", ("America/New_York", time(9), time(17))),
        ("noon - 8pm", (None, time(12), time(20))),
        ("0900-1730", (None, time(9), time(17, 30))),
        ("9.30-17.30", (None, time(9, 30), time(17, 30))),
        ("18–24 Asia/Calcutta", ("Asia/Kolkata", time(18), time())),
        ("0-24", (None, time(), time())),
        ("22:00-06:00", (None, time(22), time(6))),
        ("9-18 Europe/Paris", ("Europe/Paris", time(9), time(18))),
        ("America/New York, 9 - 17", ("America/New_York", time(9), time(17))),
        ("America/Port-au-Prince 9-18", ("America/Port-au-Prince", time(9), time(18))),
        ("Etc/GMT-5 20–2", "time.which_zone"),
        ("UTC+3", "time.which_zone"),
        ("9-17 UTC+3", "time.which_zone"),
        ("EST 9am-5pm", "time.which_zone"),
        ("9-5", "time.which_half"),
        ("Europe/Paris 9 to 5", "time.which_half"),
        ("8-11pm", "time.which_half"),  # three hours, or fifteen
        ("9-midnight", "time.which_half"),
        ("9-12", "time.which_half"),
        ("9-18", (None, time(9), time(18))),
        ("09:30—24", (None, time(9, 30), time(0))),
        ("UTC 0-23:59", ("UTC", time(0), time(23, 59))),
        ("Europe/Paris 9-18 9-18", "profile.unknown_hours"),
        ("Europe/Paris 9am", "profile.unknown_hours"),
        ("9:60-18", "profile.unknown_hours"),
        ("9-25", "profile.unknown_hours"),
        ("0-0", "profile.unknown_hours"),
        ("09:00-09:00", "profile.unknown_hours"),
        ("18pm-20", "profile.unknown_hours"),
        ("<t:1796490000:t>-20:00", "profile.unknown_hours"),
        ("-", "profile.unknown_zone"),
        ("Paris Berlin", "profile.unknown_zone"),
        ("localtime 9-17", "profile.unknown_zone"),
        ("9-17 weekdays", "profile.unknown_zone"),
    ],
)
def test_a_zone_and_hours_are_read_or_refused(
    written: str, expected: tuple[str | None, time | None, time | None] | str
) -> None:
    if not isinstance(expected, str):
        assert read_clock(written) == expected
        return
    with pytest.raises(Invalid) as refusal:
        read_clock(written)
    assert refusal.value.key == expected
    assert say(refusal.value.key, **refusal.value.params)


MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(st.sampled_from(sorted(canonical())) | st.none(), MINUTES, MINUTES)
def test_any_zone_and_hours_are_read_back_as_they_are_written(zone: str | None, begins: time, ends: time) -> None:
    assume(begins != ends or begins == time())
    card = ProfileCard(1, False, Rate.NEVER, (), zone=zone, begins=begins, ends=ends)  # noqa: FBT003
    minutes = (ends.hour * 60 + ends.minute - begins.hour * 60 - begins.minute) % (24 * 60)
    if minutes > 18 * 60 and 0 < begins.hour <= 12 and 0 < ends.hour <= 12:
        # Nearly a whole day that could be 9 to 5: kept so, it was a slip, and is asked about.
        assert read_or_key(write_clock(card, "xx")) == "time.which_half"
    else:
        assert read_clock(write_clock(card, "xx")) == (zone, begins, ends)


@given(st.sampled_from(["9-17", "Europe/Paris", "Nairobi 9am-5pm", "de 9h à 17h Paris", ""]), st.data())
def test_no_word_more_is_ever_overlooked(written: str, draw: st.DataObject) -> None:
    more = draw.draw(st.sampled_from(["CET", "LA", "not", "Berlin", "+3", "7", "weekdays", "pm", "9-5", "EST"]))
    words = written.split()
    place = draw.draw(st.integers(0, len(words)))
    said = read_or_key(" ".join([*words[:place], more, *words[place:]]))
    assert isinstance(said, str) or said != read_or_key(written)


def read_or_key(written: str) -> tuple[str | None, time | None, time | None] | str:
    """Return what was read, or the sentence of a refusal."""
    try:
        return read_clock(written)
    except Invalid as refusal:
        return refusal.key
