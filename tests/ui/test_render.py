from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

import discord
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.lifecycle import Outcome, QuestionKind, RequestState, Urgency
from bot.domain.policy import Rate
from bot.domain.statements import split_statements
from bot.services.results import (
    Finding,
    Letter,
    LetterKind,
    ProfileCard,
    QuestionView,
    Receipt,
    Resolved,
    StatementLine,
    StatsTable,
    Window,
)
from bot.texts import say
from bot.ui import limits, render
from bot.ui.forms import ask_form, profile_form
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
KINDS: Sequence[LetterKind] = ("post", "invitation", "notice", "outcome", "direct_message_check", "panel")
LONGEST_ID = 2**63 - 1


def question(text: str = "Why?", tried: str | None = None, **chosen: object) -> QuestionView:
    """Return a question with the longest ids there are."""
    facts: dict[str, Any] = {
        "request_id": 10**18 - 1, "guild_id": LONGEST_ID, "asker_user_id": LONGEST_ID - 1, "kind": QuestionKind.STUCK,
        "urgency": Urgency.TODAY, "state": RequestState.WAITING, "thread_id": LONGEST_ID - 2,
    }  # fmt: skip
    return QuestionView(text=text, tried=tried, **(facts | chosen))


def letter(kind: LetterKind, **chosen: object) -> Letter:
    """Return a letter to somebody's direct messages."""
    facts: dict[str, Any] = {
        "letter_id": 1, "nonce": "n", "guild_id": GUILD_ID, "attempts": 1, "first_attempt_at": NOW, "user_id": 5,
        "channel_id": None, "addressee_id": 5, "question": question(), "invitation_id": 10**18 - 1,
        "text": "thread.closed_by_asker",
    }  # fmt: skip
    return Letter(kind=kind, **(facts | chosen))


def card(*statements: str, **chosen: object) -> ProfileCard:
    """Return the profile of somebody who wrote these lines."""
    lines = tuple(
        StatementLine(number, text, is_muted=number % 2 == 0, is_learned=number % 3 == 0)
        for number, text in enumerate(statements, 1)
    )
    facts: dict[str, Any] = {"user_id": 5, "is_helper": True, "rate": Rate.MORE, "statements": lines}
    return ProfileCard(**(facts | chosen))


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


def check_item(item: discord.ui.Item[Any]) -> None:
    assert isinstance(item, discord.ui.Button | discord.ui.Select)
    assert 1 <= len(item.custom_id or "") <= 100
    if isinstance(item, discord.ui.Button):
        assert 1 <= len(item.label or "") <= 80
        return
    assert 1 <= len(item.options) <= 25
    assert len({option.value for option in item.options}) == len(item.options)
    assert all(1 <= len(option.label) <= 100 for option in item.options)
    assert len(item.placeholder or "") <= 150


@pytest.mark.parametrize("is_direct", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("extreme", EXTREMES)
async def test_every_letter_fits(kind: LetterKind, extreme: str, *, is_direct: bool) -> None:
    long = question((extreme * 8)[:1_500], (extreme * 8)[:1_000])
    where = {"user_id": 5} if is_direct else {"user_id": None, "channel_id": 6}

    check_limits(render.letter(letter(kind, question=long, reason=extreme[:200], tells_closed=True, **where)))


@given(st.text(min_size=1, max_size=1_500))
def test_a_posts_name_is_one_line_that_fits(text: str) -> None:
    name = render._title(text)

    assert len(name) <= 100
    assert name.splitlines() in ([name], [])


@given(st.lists(st.text(max_size=200), max_size=30))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
async def test_every_profile_fits(lines: list[str]) -> None:
    kept = split_statements("\n".join(" ".join(line.split())[:200] for line in lines))

    check_limits(render.profile(card(*kept, learning="*" * 300, zone="Europe/Paris"), "en"))


@pytest.mark.parametrize("extreme", EXTREMES)
async def test_thirty_long_statements_fit(extreme: str) -> None:
    everything = card(
        *([extreme] * 30), learning=extreme + extreme, languages=("en", "fr", "sw", "ar"), zone="America/Indiana/Knox",
        begins=time(9), ends=time(17), direct_messages="closed",
    )  # fmt: skip

    rendered = render.profile(everything, "en")

    check_limits(rendered)
    assert rendered.content.endswith("\n…")


async def test_a_profile_with_nothing_invites_to_begin() -> None:
    rendered = render.profile(card(is_helper=False, zone="Europe/Paris"), "en")

    assert say("profile.empty") in rendered.content
    assert "Europe/Paris" in rendered.content
    check_limits(rendered)


@pytest.mark.parametrize("text", EXTREMES)
async def test_every_form_fits(text: str) -> None:
    for form in (ask_form("en-US", text * 20), profile_form(card(*[text] * 19, learning=text), "en-US")):
        assert form.is_finished()
        assert len(form.title) <= 45
        assert 1 <= len(form.children) <= 5
        for label in form.children:
            assert isinstance(label, discord.ui.Label)
            assert len(label.text) <= 45
            assert len(label.description or "") <= 100
            if isinstance(label.component, discord.ui.TextInput):
                assert len(label.component.placeholder or "") <= 100
                assert len(label.component.default or "") <= (label.component.max_length or 4_000)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain", "plain"),
        ("**bold**", r"\*\*bold\*\*"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("> quote", r"\> quote"),
        ("`code`", r"\`code\`"),
        ("||spoiler||", r"\|\|spoiler\|\|"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_words_in_a_sentence_are_only_words(written: str, shown: str) -> None:
    assert render.inline(written) == f"\u2068{shown}\u2069"


@given(st.text(max_size=400))
def test_words_in_a_sentence_stay_in_their_line(written: str) -> None:
    assert "\n" not in render.inline(written)
    assert render.inline(written).startswith("\u2068")
    assert render.inline(written).endswith("\u2069")


async def test_only_those_meant_are_pinged() -> None:
    in_thread = {"user_id": None, "channel_id": 6}
    assert render.letter(letter("invitation")).pings == ()
    assert render.letter(letter("invitation", **in_thread)).pings == (5,)
    assert render.letter(letter("outcome", **in_thread)).pings == (LONGEST_ID - 1,)
    for kind in KINDS:
        mentions = render.letter(letter(kind, **in_thread)).allowed_mentions.to_dict()
        assert mentions["parse"] == []
        assert not mentions.get("replied_user")


async def test_a_letter_without_its_question_is_a_fault() -> None:
    with pytest.raises(ValueError, match="needs its question"):
        render.letter(letter("post", question=None))


async def test_an_invitation_says_why() -> None:
    assert "CTC loss" in render.letter(letter("invitation", reason="CTC loss")).content
    assert say("invitation.no_reason") in render.letter(letter("invitation")).content


@pytest.mark.parametrize(
    ("invited", "thread_id", "is_fallback"), [(0, 7, False), (1, 7, True), (2, None, False), (7, None, True)]
)
def test_receipts(invited: int, thread_id: int | None, *, is_fallback: bool) -> None:
    text = render.receipt(Receipt(1, invited, thread_id, is_fallback), 8, "en")

    assert (f"<#{thread_id}>" if thread_id else "<#8>") in text
    assert (say("receipt.fallback") in text) == is_fallback
    assert ("{" in text) is False


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("invited", [0, 2])
def test_outcomes(outcome: Outcome, invited: int) -> None:
    text = render.resolved(Resolved(outcome, invited, 7), "en")

    assert text
    assert ("asked others" in text) == (outcome is Outcome.NOT_YET and invited > 0)


def test_many_findings_fit() -> None:
    found = [Finding(number % 2 == 0, "doctor.channel_hidden", {"channel": LONGEST_ID}) for number in range(40)]

    text = render.findings(found, "en")

    assert len(text) <= limits.MESSAGE
    assert text.count("✓") > 1
    assert text.count("✗") > 1


def test_statistics_stand_in_columns() -> None:
    empty = Window(asked=0, taken=0, answered=0, helped=0, open=0, median_wait=None)
    busy = Window(asked=12_345, taken=999, answered=5, helped=4, open=1, median_wait=timedelta(hours=30))

    text = render.stats(StatsTable(12, busy, empty), "en-US")

    rows = text.split("```")[1].strip("\n").splitlines()
    assert [row.split()[0] for row in rows[1:]] == ["asked", "taken", "answered", "helped", "median", "still"]
    assert {row.index(word) + len(word) for row, word in zip(rows[1:5], ("12345", "999", "5", "4"), strict=True)} == {
        rows[0].index("now") + 3
    }
    assert say("stats.nothing") in rows[5]
    assert len(text) <= limits.MESSAGE


@pytest.mark.parametrize(
    ("length", "shown"),
    [(timedelta(seconds=50), "50 sec"), (timedelta(minutes=7), "7 min"), (timedelta(hours=5), "5 hr")],
)
def test_spans_are_short(length: timedelta, shown: str) -> None:
    assert render.span(length, "en-US") == shown


def test_parameters_are_shown_as_discord_shows_them() -> None:
    assert "<#7>" in render.words("doctor.channel_fine", "en", {"channel": 7})
    assert "<@9>" in render.words("thread.taken", "en", {"helper": 9})
    assert "<#1> · <#2>" in render.words("ask.limit", "en", {"limit": 3, "threads": (1, 2)})
    assert "…" in render.words("ask.limit", "en", {"limit": 3, "threads": ()})
    assert "View Channel" in render.words(
        "doctor.permission_missing", "en", {"channel": 7, "permission": "view_channel"}
    )
    assert r"\*Mars\*" in render.words("profile.unknown_zone", "en", {"zone": "*Mars*"})
