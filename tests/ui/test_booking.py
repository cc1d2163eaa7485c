"""Free times as people see them: all of them fit, and the hour is said on the reader's own clock."""

from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.services.office_hours.booking_results import BookingView, Choices, OpenSlot, WaitlistPlaceView
from bot.texts import say
from bot.ui import booking, limits
from bot.ui.items import custom_ids

NOW = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
LONG = "*CTC* loss, _forced_ alignment and everything around labels that come too late " * 5
ID = 1_100_000_000_000_000_000


def free(count: int, reason: str | None = LONG) -> tuple[OpenSlot, ...]:
    return tuple(OpenSlot(each, ID + each, NOW + timedelta(hours=each), NOW, reason) for each in range(count))


@pytest.mark.parametrize("count", [1, 12, 25])
async def test_all_that_is_free_fits_into_a_message_and_a_select(count: int) -> None:
    shown = booking.choices(Choices(7, free(count), "Europe/Paris", same_day_until=NOW), "en-US")

    assert len(shown.content) <= limits.MESSAGE
    assert all(f"<@{ID + each}>" in shown.content for each in range(count))
    assert shown.view is not None
    select = shown.view.children[0]
    assert isinstance(select, discord.ui.Select)
    assert len(select.options) == count
    assert all(len(each.label) <= limits.OPTION_LABEL for each in select.options)


async def test_what_speaks_for_somebody_is_said_once() -> None:
    slots = [OpenSlot(each, ID + each % 2, NOW + timedelta(hours=each), NOW, f"Reason {each % 2}") for each in range(6)]

    shown = booking.choices(Choices(7, tuple(slots), "Europe/Paris"), "en-US")

    lines = shown.content.splitlines()[-6:]
    assert [f"Reason {number % 2}" in line for number, line in enumerate(lines)] == [True] * 2 + [False] * 4


async def test_nothing_free_leaves_the_waitlist() -> None:
    shown = booking.choices(Choices(7, (), None), "en-US")

    assert shown.content == say("book.nothing_free")
    assert shown.view is not None
    assert custom_ids(shown.view.children) == ["waitlist1:join:7", "waitlist1:host:7"]


@pytest.mark.parametrize(
    ("zone", "locale", "hour"),
    [
        ("Europe/Paris", "en-US", "Wed, Nov 25, 18:00 (Europe/Paris)"),
        ("Asia/Kolkata", "en-GB", "Wed 25 Nov, 22:30 (Asia/Kolkata)"),
        ("Europe/Paris", "fr", "mer. 25 nov., 18:00 (Europe/Paris)"),
        (None, "xx-unknown", "Wed, Nov 25, 17:00 (UTC)"),
    ],
)
def test_an_hour_is_said_on_the_reader_s_clock(zone: str | None, locale: str, hour: str) -> None:
    assert booking.local_hour(NOW, zone, locale) == hour


@pytest.mark.parametrize(
    ("by", "side", "beginning"),
    [
        ("host", "asker", "<@1> can't come"),
        ("asker", "host", "<@2> can't come"),
        ("host", "host", "Your 15 minutes with <@2>"),
        ("moderator", "asker", "A moderator cancelled your 15 minutes with <@1>"),
    ],
)
def test_who_cancelled_is_said_to_whom_it_concerns(by: str, side: str, beginning: str) -> None:
    view = BookingView(
        3, 4, 1, 2, "Why?", NOW, NOW, "cancelled", 1, cancelled_by=by, note="Sorry!", side=side  # type: ignore[arg-type]
    )  # fmt: skip

    said = booking.cancelled(view, "en")

    assert said.startswith(beginning)
    assert ("Sorry!" in said) == (by not in {side, "moderator"})


async def test_an_offer_to_several_has_no_place_to_leave() -> None:
    kept, open_to_all = (
        booking.own_place(WaitlistPlaceView(5, "Why?", None, free(1)[0], NOW, is_kept=each), "en")
        for each in (True, False)
    )

    assert kept.view is not None
    assert custom_ids(kept.view.children) == ["waitlist1:take:5", "waitlist1:pass:5", "waitlist1:leave:5"]
    assert open_to_all.view is not None
    assert custom_ids(open_to_all.view.children) == ["waitlist1:leave:5"]
