import itertools
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lifecycle import Outcome, Visibility
from bot.services.requests.contents import BeingAsked, OutcomeAsked, Post, QuestionNotice, WaitingList
from bot.services.results import (
    Finding,
    Receipt,
    Resolved,
    SimilarQuestion,
    WaitingQuestion,
)
from bot.texts import FOLDER, flatten, say
from bot.ui import letters, limits, render
from bot.ui.draft_forms import draft_form
from bot.ui.forms import ask_form, book_form, profile_form
from bot.ui.items import custom_ids
from bot.ui.looks import key_for
from bot.ui.written import inline
from tests.factories import NOW
from tests.ui.shown import EXTREMES, LONGEST_ID, card, check_all, check_limits, contents, draft, letter, question

KINDS: Sequence[str] = sorted(contents("Why?"))
"""What becomes a message."""
MEANT = {
    **dict.fromkeys(("invitation", "outcome", "choices", "booking", "slot_offer"), (5,)),
    **dict.fromkeys(("feedback", "became", "unsettled", "compare", "joint"), (5,)),
    "room": (LONGEST_ID, LONGEST_ID - 1),
}
"""Whom a letter in a thread pings; of the last two others read only that there is news."""

TEXTS = flatten(tomllib.loads((FOLDER / "en.toml").read_text(encoding="utf-8")))
LINES = [key for key in TEXTS if key.startswith(("asker.", "thread.", "claim."))]
"""What is said in a request's thread, or to people who have to do with it."""


def invited(visibility: Visibility = Visibility.PUBLIC) -> BeingAsked:
    return BeingAsked(question(visibility=visibility), is_to_hidden=False, invitation_id=7)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_letter_fits(kind: str) -> None:
    check_all(partial(check_letter, kind), itertools.product(EXTREMES, (True, False)))


def check_letter(kind: str, extreme: str, is_direct: bool) -> None:  # noqa: FBT001
    where = {"user_id": 5} if is_direct else {"user_id": None, "channel_id": 6}
    for content in contents((extreme * 8)[:1_500])[kind]:
        check_limits(letters.letter(letter(kind, content, tells_closed=True, **where)))


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


@pytest.mark.parametrize("text", ["", "Draft", "x" * 19, "x" * 20, "x" * 39, "x" * 40])
async def test_what_a_form_is_filled_with_is_never_too_short_for_it(text: str) -> None:
    for form in (ask_form("en-US", text), book_form("en-US", text), draft_form("en-US", "https://example.org", text)):
        for each in form.walk_children():
            if isinstance(each, discord.ui.TextInput) and each.default:
                assert len(each.default) >= (each.min_length or 0)


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
    assert inline(written) == f"\u2068{shown}\u2069"


@given(st.text(max_size=400))
def test_words_in_a_sentence_stay_in_their_line(written: str) -> None:
    assert "\n" not in inline(written)
    assert inline(written).startswith("\u2068")
    assert inline(written).endswith("\u2069")


async def test_only_those_meant_are_pinged() -> None:
    in_thread = {"user_id": None, "channel_id": 6}
    assert letters.letter(letter("invitation")).pings == ()
    assert letters.letter(letter("invitation", **in_thread)).pings == (5,)
    assert letters.letter(letter("outcome", **in_thread)).pings == (5,)
    for kind in KINDS:
        shown = letters.letter(letter(kind, **in_thread))
        assert shown.pings == MEANT.get(kind, ())
        mentions = shown.allowed_mentions.to_dict()
        assert mentions["parse"] == []
        assert not mentions.get("replied_user")


async def test_a_post_names_its_asker_or_nobody() -> None:
    posts = (Post(question(asker_user_id=asker), is_to_hidden=False) for asker in (7, None))
    named, hidden = (letters.letter(letter("post", post)) for post in posts)
    assert "<@7>" in named.content
    assert "<@" not in hidden.content
    assert custom_ids(named.view.children if named.view else ())[0].startswith("question1:close")
    assert custom_ids(hidden.view.children if hidden.view else ())[0].startswith("reply1:write")


async def test_who_may_reply_unseen_is_shown_how_where_they_read_of_an_answer() -> None:
    for visibility in Visibility:
        shown = letters.letter(
            letter("outcome", OutcomeAsked(question(visibility=visibility), visibility is Visibility.ANONYMOUS))
        ).view
        ids = custom_ids(shown.children if shown else ())
        assert any(each.startswith("reply1:") for each in ids) is (visibility is Visibility.ANONYMOUS)


async def test_what_a_moderator_closed_leads_nobody_to_a_reply_that_would_be_refused() -> None:
    closed = question(visibility=Visibility.ANONYMOUS, is_moderated=True)
    shown = letters.letter(letter("notice", QuestionNotice(closed, is_to_hidden=True, text="asker.closed")))
    assert custom_ids(shown.view.children if shown.view else ()) == []
    assert say("reply.hint_closed") in shown.content


async def test_a_private_thread_is_promised_only_to_those_who_take_the_question() -> None:
    for visibility in Visibility:
        shown = letters.letter(letter("invitation", invited(visibility=visibility))).content
        assert (say("invitation.where_private") in shown) is visibility.is_private
        assert ("discord.com/channels" in shown) is not visibility.is_private


async def test_an_invitation_in_somebody_s_name_says_whose() -> None:
    content = letters.letter(letter("invitation", replace(invited(), referrer_user_id=9, reason="CTC loss"))).content
    assert say("invitation.referred", referrer="<@9>") in content
    assert "CTC loss" not in content


async def test_a_list_of_what_waits_pings_nobody_and_says_how_many_more_there_are() -> None:
    waiting = (WaitingQuestion(11, "Why @everyone?", NOW), WaitingQuestion(12, None, NOW))
    shown = letters.letter(letter("digest", WaitingList(waiting, 3), user_id=None, channel_id=6))
    assert say("digest.more", count=3) in shown.content
    assert shown.content.count("https://discord.com/channels/") == len(waiting)
    assert shown.allowed_mentions.to_dict()["parse"] == []


@pytest.mark.parametrize(
    ("reason", "is_learned", "key"),
    [("CTC loss", False, "reason"), ("CTC loss", True, "learned_reason"), (None, False, "no_reason")],
)
async def test_an_invitation_says_why(reason: str | None, key: str, *, is_learned: bool) -> None:
    content = letters.letter(letter("invitation", replace(invited(), reason=reason, is_learned=is_learned))).content

    assert say(f"invitation.{key}", reason="\u2068CTC loss\u2069") in content.splitlines()


@pytest.mark.parametrize("where", [{"user_id": 5}, {"user_id": None, "channel_id": 6}])
async def test_an_invitation_has_six_buttons_wherever_it_is(where: dict[str, int | None]) -> None:
    shown = letters.letter(letter("invitation", invited(), **where)).view

    assert shown is not None
    verbs = ("take", "pass", "know", "off_topic", "pause", "why")
    assert custom_ids(shown.children) == [f"invitation1:{verb}:7" for verb in verbs]


@pytest.mark.parametrize("extreme", EXTREMES)
async def test_not_my_topic_names_the_line_and_offers_a_way_back(extreme: str) -> None:
    text = render.off_topic(extreme * 7, "en")

    assert len(text) <= limits.MESSAGE
    assert inline(extreme * 7) in text
    assert custom_ids(render.off_topic_view(7, "en").children) == ["invitation1:on_topic:7"]
    assert render.off_topic(None, "en") == say("invitation.passed")


@pytest.mark.parametrize("extreme", EXTREMES)
async def test_questions_answered_before_fit_and_are_led_to(extreme: str) -> None:
    found = tuple(SimilarQuestion(LONGEST_ID - place, (extreme * 8)[:1_500]) for place in range(3))

    rendered = render.before_posting(Receipt(10**18 - 1, 0, None, is_fallback=False, similar=found), LONGEST_ID, "en")

    check_limits(rendered)
    assert all(render.link(LONGEST_ID, each.thread_id) in rendered.content for each in found)
    assert rendered.content.count(inline(extreme * 8)) == 3
    assert rendered.view is not None
    assert custom_ids(rendered.view.children) == [f"draft1:{verb}:{10**18 - 1}" for verb in ("drop", "post")]
    assert rendered.allowed_mentions.to_dict()["parse"] == []


def test_a_link_without_a_channel_leads_to_the_community() -> None:
    assert render.link(1, 2) == "https://discord.com/channels/1/2"
    assert render.link(1, None) == "https://discord.com/channels/1"


@pytest.mark.parametrize(
    ("invited", "thread_id", "is_fallback"), [(0, 7, False), (1, 7, True), (2, None, False), (7, None, True)]
)
def test_receipts(invited: int, thread_id: int | None, *, is_fallback: bool) -> None:
    text = render.receipt(Receipt(1, invited, thread_id, is_fallback), 8, "en")

    assert (f"<#{thread_id}>" if thread_id else "<#8>") in text
    assert (say("receipt.fallback") in text) == is_fallback
    assert ("{" in text) is False
    assert render.link(5, thread_id or 8) in render.receipt(Receipt(1, invited, thread_id, is_fallback), 8, "en", 5)


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("invited", [0, 2])
def test_outcomes(outcome: Outcome, invited: int) -> None:
    text = render.resolved(Resolved(outcome, invited, 7), "en")

    assert text
    assert ("asked other people" in text) == (outcome is Outcome.NOT_YET and invited > 0)


def test_many_findings_fit() -> None:
    found = [Finding(number % 2 == 0, "doctor.channel_hidden", {"channel": LONGEST_ID}) for number in range(40)]

    text = render.findings(found, "en")

    assert len(text) <= limits.MESSAGE
    assert text.count("✓") > 1
    assert text.count("✗") > 1


@pytest.mark.parametrize(
    ("length", "shown"),
    [(timedelta(seconds=50), "50 sec"), (timedelta(minutes=7), "7 min"), (timedelta(hours=5), "5 hr")],
)
def test_spans_are_short(length: timedelta, shown: str) -> None:
    assert render.span(length, "en-US") == shown


@pytest.mark.parametrize("text", LINES)
def test_what_is_said_about_a_draft_calls_it_no_question(text: str) -> None:
    assert "question" not in TEXTS[key_for(draft(), text)]


def test_parameters_are_shown_as_discord_shows_them() -> None:
    assert "<#7>" in render.words("doctor.channel_fine", "en", {"channel": 7})
    assert "<@9>" in render.words("thread.taken", "en", {"helper": 9})
    assert "<#1> · <#2>" in render.words("ask.limit", "en", {"limit": 3, "threads": (1, 2)})
    assert "…" in render.words("ask.limit", "en", {"limit": 3, "threads": ()})
    assert "View Channel" in render.words(
        "doctor.permission_missing", "en", {"channel": 7, "permission": "view_channel"}
    )
    assert r"\*Mars\*" in render.words("profile.unknown_zone", "en", {"zone": "*Mars*"})
