"""When a host offers time, in their own time zone."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a host offers time: wall time, zone and rule are the truth, moments are worked out from them."""

    zone: str
    """IANA name."""
    first: date
    """Day of the first occurrence, on that zone's calendar."""
    begins: time
    """Wall clock, naive."""
    ends: time
    """Wall clock; not later than begins means the day after."""
    rule: str = ""
    """RFC 5545 RRULE value without "RRULE:", as FREQ=WEEKLY;BYDAY=TU;UNTIL=20261231T235959 (UNTIL in wall time).

    "" is once.
    """
