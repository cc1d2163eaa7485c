from collections.abc import Sequence
from dataclasses import replace
from datetime import time

import discord
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.attention import Rate
from bot.domain.draft_reading import LongestRead
from bot.domain.drafts import Area
from bot.domain.statements import MOST, split_statements
from bot.services.people.profiling import ProfileForm
from bot.services.results import ProfileCard, StatementLine
from bot.texts import say
from bot.ui.forms import filled_profile
from bot.ui.items import custom_ids
from bot.ui.profile_card import profile_card
from bot.ui.render import Rendered
from tests.ui.shown import EXTREMES, card, check_limits

DECLARED = StatementLine(1, "CTC loss", is_muted=False, is_learned=False)
LEARNED = StatementLine(2, "What is a blank label?", is_muted=False, is_learned=True, weight=0.7)


def with_lines(*lines: StatementLine, **chosen: object) -> ProfileCard:
    return card(**{"statements": lines, **chosen})


def buttons(rendered: Rendered) -> list[str]:
    assert rendered.view is not None
    return custom_ids(rendered.view.children)


def options(rendered: Rendered, custom_id: str) -> Sequence[discord.SelectOption]:
    assert rendered.view is not None
    (found,) = [each for each in rendered.view.children if custom_id in custom_ids([each])]
    assert isinstance(found, discord.ui.Select)
    return found.options


@given(st.lists(st.text(max_size=200), max_size=MOST))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
async def test_every_profile_fits(lines: list[str]) -> None:
    kept = split_statements("\n".join(" ".join(line.split())[:200] for line in lines))

    check_limits(profile_card(card(*kept, learning="*" * 300, zone="Europe/Paris"), "en"))


@pytest.mark.parametrize("learns", [True, False])
@pytest.mark.parametrize("extreme", EXTREMES)
async def test_many_long_statements_fit(extreme: str, *, learns: bool) -> None:
    everything = card(
        *([extreme * 7] * 60), learning=extreme + extreme, languages=("en", "fr", "sw", "ar"), begins=time(9),
        zone="America/Indiana/Knox", ends=time(17), direct_messages="closed", learns_from_help=learns,
        longest_read=LongestRead.LONG, read_areas=tuple(Area),
    )  # fmt: skip

    rendered = profile_card(everything, "en")

    check_limits(rendered)
    assert rendered.content.endswith("\n…")


async def test_a_profile_with_nothing_invites_to_begin() -> None:
    rendered = profile_card(card(is_helper=False, zone="Europe/Paris"), "en")

    assert say("profile.empty") in rendered.content
    assert "Europe/Paris" in rendered.content
    assert buttons(rendered) == ["profile1:edit:0"]
    check_limits(rendered)


@pytest.mark.parametrize(
    ("line", "learns", "marks"),
    [
        (DECLARED, True, []),
        (replace(DECLARED, is_muted=True), True, ["muted"]),
        (replace(DECLARED, weight=0.5), False, ["lowered"]),
        (replace(DECLARED, weight=0.97), True, []),
        (replace(DECLARED, weight=1.3), True, ["raised"]),
        (replace(DECLARED, is_muted=True, weight=0.25), True, ["muted", "lowered"]),
        (LEARNED, True, ["learned"]),
        (LEARNED, False, ["set_aside"]),
        (replace(LEARNED, weight=0.0), True, ["learned"]),
        (replace(LEARNED, weight=1.4), True, ["learned"]),
    ],
)
async def test_every_line_says_what_became_of_it(line: StatementLine, marks: list[str], *, learns: bool) -> None:
    content = profile_card(with_lines(line, learns_from_help=learns), "en").content

    assert content.splitlines()[-1] == " ".join(
        ["-", f"\u2068{line.text}\u2069", *(say(f"profile.{mark}") for mark in marks)]
    )


@pytest.mark.parametrize(("learns", "verb"), [(True, "stop_learning"), (False, "learn")])
async def test_learning_is_said_and_switched(verb: str, *, learns: bool) -> None:
    rendered = profile_card(with_lines(DECLARED, learns_from_help=learns), "en")

    assert say("profile.learns_on" if learns else "profile.learns_off") in rendered.content
    assert buttons(rendered)[:3] == ["profile1:edit:0", "profile1:check:0", f"profile1:{verb}:0"]


@pytest.mark.parametrize(
    ("line", "is_offered"),
    [
        (DECLARED, False),
        (LEARNED, True),
        (replace(DECLARED, weight=0.97), True),
        (replace(DECLARED, weight=1.02), True),
    ],
)
async def test_what_was_learned_can_be_forgotten_where_there_is_something(
    line: StatementLine, *, is_offered: bool
) -> None:
    assert ("profile1:unlearn:0" in buttons(profile_card(with_lines(line), "en"))) == is_offered


async def test_learned_lines_have_a_select_of_their_own() -> None:
    rendered = profile_card(with_lines(DECLARED, LEARNED), "en")

    for custom_id, line in (
        ("profile1:mute:0", DECLARED),
        ("profile1:delete:0", DECLARED),
        ("profile1:delete_learned:0", LEARNED),
    ):
        assert [(each.value, each.label) for each in options(rendered, custom_id)] == [
            (str(line.statement_id), line.text)
        ]
    check_limits(rendered)


async def test_without_lines_of_a_kind_there_is_no_select_of_it() -> None:
    assert "profile1:delete_learned:0" not in buttons(profile_card(with_lines(DECLARED), "en"))
    only_learned = buttons(profile_card(with_lines(LEARNED, is_helper=False), "en"))
    assert "profile1:mute:0" not in only_learned
    assert "profile1:delete:0" not in only_learned


async def test_own_lines_come_first_and_the_newest_learned_ones_are_offered() -> None:
    learned = [replace(LEARNED, statement_id=number, text=f"Question {number}") for number in range(30)]
    rendered = profile_card(with_lines(*learned, DECLARED), "en")

    lines = [line for line in rendered.content.splitlines() if line.startswith("- ")]
    assert DECLARED.text in lines[0]
    assert "Question 29" in lines[1]
    assert [each.value for each in options(rendered, "profile1:delete_learned:0")] == [str(n) for n in range(29, 4, -1)]


def test_what_is_left_out_of_the_form_is_empty_or_the_default() -> None:
    assert filled_profile({}) == ProfileForm(statements="", rate=Rate.ONE_A_DAY)
    filled = {"statements": "CTC loss", "learning": "Jax", "languages": "fr", "clock": "9-18", "rate": "more"}
    assert filled_profile(filled) == ProfileForm("CTC loss", "Jax", "fr", "9-18", Rate.MORE)
