"""What is shown at its longest, and Discord's limits to hold it against."""

from collections.abc import Callable, Iterable
from typing import Any

import discord

from bot.domain.attention import Rate
from bot.domain.lifecycle import QuestionKind, RequestState, Urgency
from bot.services.office_hours.booking_results import BookingView, OpenSlot, WaitlistPlaceView
from bot.services.results import Letter, ProfileCard, QuestionView, StatementLine
from bot.ui.render import Rendered
from tests.factories import GUILD_ID, NOW

EXTREMES = [
    "*" * 200,
    "@everyone " * 20,
    "كيف " * 50,
    "👩‍🔬" * 66,
    "`" * 200,
    "[a](https://example.org) " * 8,
    "\\" * 200,
]
LONGEST_ID = 2**63 - 1


def question(text: str = "Why?", tried: str | None = None, **chosen: object) -> QuestionView:
    """Return a question with the longest ids there are."""
    facts: dict[str, Any] = {
        "request_id": 10**18 - 1, "guild_id": LONGEST_ID, "asker_user_id": LONGEST_ID - 1, "kind": QuestionKind.STUCK,
        "urgency": Urgency.TODAY, "state": RequestState.WAITING, "thread_id": LONGEST_ID - 2,
    }  # fmt: skip
    return QuestionView(text=text, tried=tried, **(facts | chosen))


def letter(kind: str, **chosen: object) -> Letter:
    """Return a letter to somebody's direct messages."""
    facts: dict[str, Any] = {
        "letter_id": 1, "nonce": "n", "guild_id": GUILD_ID, "attempts": 1, "first_attempt_at": NOW, "user_id": 5,
        "channel_id": None, "addressee_id": 5, "question": question(), "invitation_id": 10**18 - 1,
        "text": "thread.closed_by_asker",
    }  # fmt: skip
    return Letter(kind=kind, **(facts | _OFFICE_HOURS.get(kind, {}) | chosen))


_SLOT = OpenSlot(10**18 - 1, LONGEST_ID, NOW, NOW, EXTREMES[0])
_BOOKING = BookingView(
    10**18 - 1, GUILD_ID, LONGEST_ID, LONGEST_ID - 1, EXTREMES[0] * 7, NOW, NOW, "booked", 1, 10**18 - 1, LONGEST_ID
)
_OFFICE_HOURS: dict[str, dict[str, Any]] = {
    "booking": {"booking": _BOOKING},
    "reminder": {"booking": _BOOKING, "text": "meeting.tomorrow"},
    "check_in": {"booking": _BOOKING, "text": "meeting.start"},
    "check": {"booking": _BOOKING, "text": "meeting.check"},
    "room": {"booking": _BOOKING, "text": "meeting.room.opened"},
    "slot_offer": {"place": WaitlistPlaceView(10**18 - 1, EXTREMES[0] * 7, LONGEST_ID, _SLOT, NOW)},
    "which_clock": {"params": {"old": "America/Argentina/ComodRivadavia", "new": "Europe/Paris"}},
}
"""What letters about office hours are made of, at its longest."""


def card(*statements: str, **chosen: object) -> ProfileCard:
    """Return the profile of somebody who wrote these lines."""
    lines = tuple(
        StatementLine(number, text, is_muted=number % 2 == 0, is_learned=number % 3 == 0)
        for number, text in enumerate(statements, 1)
    )
    facts: dict[str, Any] = {"user_id": 5, "is_helper": True, "rate": Rate.MORE, "statements": lines, "local": NOW}
    return ProfileCard(**(facts | chosen))


def check_all(check: Callable[..., None], cases: Iterable[tuple[object, ...]]) -> None:
    """Check every case, and complain of all that fail together, each with what it was."""
    failures = []
    for case in cases:
        try:
            check(*case)
        except AssertionError as failure:
            failure.add_note(repr(case)[:60])
            failures.append(failure)
    if failures:
        raise ExceptionGroup("failures", failures)


def check_limits(rendered: Rendered) -> None:
    """Look at everything Discord counts.

    Source: https://discord.com/developers/docs/resources/message, .../components/reference
    """
    assert len(rendered.content) <= 2_000
    assert len(rendered.title) <= 100
    if rendered.embed is not None:
        assert 1 <= len(rendered.embed.description or "") <= 4_096
        assert all(1 <= len(each.name or "") <= 256 for each in rendered.embed.fields)
        assert all(1 <= len(each.value or "") <= 1_024 for each in rendered.embed.fields)
        assert len(rendered.embed) <= 6_000
    for item in rendered.view.children if rendered.view else ():
        check_item(item)
    rows = rendered.view.to_components() if rendered.view else []
    assert len(rows) <= 5
    assert all(1 <= len(row["components"]) <= 5 for row in rows)


def check_item(item: discord.ui.Item[Any]) -> None:
    assert isinstance(item, discord.ui.Button | discord.ui.Select | discord.ui.UserSelect)
    assert 1 <= len(item.custom_id or "") <= 100
    if isinstance(item, discord.ui.Button):
        assert 1 <= len(item.label or "") <= 80
        return
    assert len(item.placeholder or "") <= 150
    if isinstance(item, discord.ui.UserSelect):
        return
    assert 1 <= len(item.options) <= 25
    assert len({option.value for option in item.options}) == len(item.options)
    assert all(1 <= len(option.label) <= 100 for option in item.options)
