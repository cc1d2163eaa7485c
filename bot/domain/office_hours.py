"""What office hours go by: numbers, and the rules that go with them; pure, as mathematics is."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class OfficeHoursPolicy:
    """The numbers of office hours; the defaults are the product's."""

    slot: timedelta = timedelta(minutes=15)
    gap: timedelta = timedelta(minutes=5)
    """Between two slots."""
    notice: timedelta = timedelta(hours=2)
    """From the booking to its beginning, at least."""
    ahead: timedelta = timedelta(weeks=4)
    """For how long there are occurrences and slots."""
    slots_a_week: int = 8
    """Of one host."""
    series: int = 12
    """That one host offers at once."""
    times: int = 60
    """That one host offers in the four weeks ahead: two a day, and a few."""
    events: int = 80
    """That a community's office hours have on Discord's calendar at once. Discord holds 100 in all; the others
    are for the community's own, and for those that are asked for at the same moment.
    Source: https://discord.com/developers/docs/resources/guild-scheduled-event"""
    event_ahead: timedelta = timedelta(weeks=2)
    """For how long Discord shows an event: a community has at most a hundred.
    Source: https://discord.com/developers/docs/resources/guild-scheduled-event"""
    upcoming: int = 2
    """Bookings of one asker."""
    head_start: timedelta = timedelta(hours=24)
    """By which people who never booked see slots before others, when few are left."""
    few_left_percent: int = 80
    """Few are left when more than this many of a hundred are taken."""
    free_until: timedelta = timedelta(hours=3)
    """Before the beginning; later, cancelling takes a note."""
    offer: timedelta = timedelta(minutes=30)
    """For which a freed slot is kept for one person of the waitlist."""
    open_from: timedelta = timedelta(minutes=15)
    """Before the beginning, from which on a freed slot is open to all."""
    last_offer: timedelta = timedelta(minutes=30)
    """Before the beginning, when an open slot is offered to askers of matching questions."""
    hold: timedelta = timedelta(minutes=30)
    """For which a place in a queue is kept."""
    no_shows: int = 3
    no_shows_within: timedelta = timedelta(days=60)
    same_day_for: timedelta = timedelta(days=30)
    """After so many no-shows within that time: only bookings for the same day."""


DEFAULT = OfficeHoursPolicy()
"""What every community runs on."""
