"""Zones as people write them: read where they can only be one, and else named among others."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars.plain import plain
from bot.calendars.zones import MOST, canonical, matching_zones, may_mean, read_zone, readable, unclear
from bot.errors import Invalid
from bot.ui.render import words

EVERY_ZONE = sorted(available_timezones())
ZONES = st.sampled_from(sorted(canonical()))


def offered(written: str) -> list[str]:
    """Return the zones that a refusal names; none where the zone is unknown altogether."""
    with pytest.raises(Invalid) as refusal:
        read_zone(written)
    assert len(str(refusal.value.params["zone"])) <= 50
    sentence = words(refusal.value.key, "en", refusal.value.params)
    return sentence.split("`")[1::2] if "zones" in refusal.value.params else []


def read_or_refusal(written: str) -> str | Invalid:
    """Return the zone or the sentence it is refused with; any other exception fails the test."""
    try:
        return read_zone(written)
    except Invalid as refusal:
        return refusal


@given(ZONES, st.sampled_from([str, str.lower, str.upper, str.title]), st.sampled_from("_ "))
def test_a_zone_is_found_whatever_its_capitals(name: str, written: type[str], between: str) -> None:
    assert read_zone(f" {written(name).replace('_', between)} ") == name


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Nairobi", "Africa/Nairobi"), ("são paulo", "America/Sao_Paulo"), ("New York", "America/New_York"),
        ("Le Caire", "Africa/Cairo"), ("Londres", "Europe/London"), ("Kenya", "Africa/Nairobi"),
        ("Corée du Sud", "Asia/Seoul"), ("Asia/Calcutta", "Asia/Kolkata"), ("Europe/Kiev", "Europe/Kyiv"),
        ("US/Pacific", "America/Los_Angeles"), ("Japan", "Asia/Tokyo"), ("Etc/UTC", "UTC"), ("zulu", "UTC"),
        ("Asia/Hanoi", "Asia/Ho_Chi_Minh"), ("Munich", "Europe/Berlin"), ("Europe/Oslo", "Europe/Oslo"),
        ("St. John's", "America/St_Johns"), ("Port-au-Prince", "America/Port-au-Prince"),
    ],
)  # fmt: skip
def test_cities_countries_and_older_names_are_read(written: str, zone: str) -> None:
    assert read_zone(written) == zone


@pytest.mark.parametrize(
    ("written", "among"),
    [
        ("CET", "Europe/Berlin"), ("EST", "America/New_York"), ("IST", "Asia/Kolkata"), ("IST", "Europe/Dublin"),
        ("CST", "Asia/Shanghai"), ("CST", "America/Chicago"), ("BST", "Europe/London"), ("PT", "America/Los_Angeles"),
        ("LA", "America/Los_Angeles"), ("AT", "America/Halifax"), ("EAT", "Africa/Nairobi"), ("WAT", "Africa/Lagos"),
        ("UTC+3", "Africa/Nairobi"), ("utc +3", "Africa/Nairobi"), ("GMT+3", "Europe/Istanbul"),
        ("+05:30", "Asia/Kolkata"),
        ("UTC-5", "America/Lima"), ("UTC−5", "America/Lima"), ("UTC+0545", "Asia/Kathmandu"), ("GMT", "UTC"),
        ("Etc/GMT+3", "America/Sao_Paulo"), ("Etc/GMT-3", "Africa/Nairobi"), ("Germany", "Europe/Berlin"),
        ("États-Unis", "America/New_York"), ("Georgia", "Asia/Tbilisi"), ("réunion", "Indian/Reunion"),
    ],
)  # fmt: skip
def test_what_several_places_are_called_is_answered_with_them(written: str, among: str) -> None:
    found = offered(written)
    assert among in found
    assert len(found) <= MOST
    assert all(read_zone(each) == each for each in found)


@pytest.mark.parametrize(
    "written",
    [
        "localtime", "Factory", "posixrules", "posix/Europe/Paris", "right/UTC", "EST5EDT", "SystemV/EST5", "Mars/Base",
        "../../etc/passwd", "/etc/localtime", "\0", "Europe", "America", "", "UTC+15", "UTC+99", "UTC+3:07", "+",
        "GMT+-3", "Paris Berlin", "e" * 500,
    ],
)  # fmt: skip
def test_what_is_no_zone_everywhere_is_refused(written: str) -> None:
    assert not offered(written)


@given(st.text() | st.sampled_from(EVERY_ZONE))
def test_whatever_is_read_is_a_zone_of_every_machine(written: str) -> None:
    found = read_or_refusal(written)
    if isinstance(found, Invalid):
        assert words(found.key, "en", found.params)
    else:
        assert found in canonical()
        assert read_zone(found) == found


def test_every_zone_that_is_kept_is_known_and_means_no_machine() -> None:
    assert canonical() <= set(EVERY_ZONE)
    assert {"UTC", "Europe/Paris", "Asia/Kolkata"} <= canonical()
    assert all("/" in zone and not zone.startswith(("Etc/", "posix/", "right/")) for zone in canonical() - {"UTC"})
    assert set(readable().values()) <= canonical()
    assert {zone for zones in unclear().values() for zone in zones} <= canonical()
    assert all(ZoneInfo(zone).key == zone for zone in canonical())


def test_what_a_machine_knows_besides_is_read_as_a_zone_with_the_same_clock_or_refused() -> None:
    moments = [datetime(2027, month, 15, 12, tzinfo=UTC) for month in range(1, 13)]
    for name in EVERY_ZONE:
        found = read_or_refusal(name)
        if isinstance(found, str):
            theirs, own = ([each.astimezone(ZoneInfo(zone)).utcoffset() for each in moments] for zone in (name, found))
            assert theirs == own


def test_nothing_is_both_clear_and_unclear() -> None:
    assert not readable().keys() & unclear().keys()


@given(
    st.text(max_size=5) | st.sampled_from(["new york", "EUROPE", "par", "utc", "", "CET", "UTC+3"]), st.integers(0, 30)
)
def test_zones_to_choose_from_can_be_kept_and_stay_within_the_limit(part: str, limit: int) -> None:
    found = matching_zones(part, limit)
    assert len(found) <= limit
    assert found == matching_zones(part, 1_000)[:limit]
    assert len(set(found)) == len(found)
    assert all(read_zone(name) == name for name in found[:3])


def test_what_a_text_means_is_offered_before_what_contains_it() -> None:
    assert matching_zones("new york", 25) == ["America/New_York"]
    assert matching_zones("hanoi", 25) == ["Asia/Ho_Chi_Minh"]
    assert matching_zones("cet", 25)[0] == "Europe/Paris"
    assert "Africa/Nairobi" in matching_zones("UTC+3", 25)
    assert matching_zones("paris", 25) == ["Europe/Paris"]
    assert all(plain("par") in plain(name) for name in matching_zones("par", 25))


def test_a_zone_s_letters_may_be_followed_by_time() -> None:
    assert may_mean("eastern time") == may_mean("eastern") != ()
