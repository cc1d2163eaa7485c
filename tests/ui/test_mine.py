"""One's own things, in words and buttons: all that may be done in each state, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.attention import Rate
from bot.domain.lifecycle import InvitationState, RequestState, Visibility
from bot.services.people.recognising import Home
from bot.services.people.tracking_results import Mine
from bot.services.results import Duty, OwnQuestion, Pause, Unveiled
from bot.texts import say
from bot.ui import mine
from bot.ui.blocked import blocked
from bot.ui.items import custom_ids
from bot.ui.render import Rendered
from bot.ui.unveiled import unveiled
from tests.factories import GUILD_ID, NOW
from tests.ui.shown import EXTREMES, LONGEST_ID, check_limits, question

HOME = Home(GUILD_ID)

ROW = 10**18 - 1
VERBS = {
    RequestState.UNPOSTED: ["draft post", "draft edit", "draft drop"],
    RequestState.WAITING: ["question rephrase", "question more", "question close"],
    RequestState.TAKEN: ["question rephrase", "question more", "question close"],
    RequestState.ANSWERED: ["outcome helped", "outcome partly", "outcome not_yet", "question close"],
    RequestState.RESOLVED: [],
    RequestState.CLOSED: ["question reopen"],
    RequestState.ARCHIVED: ["question reopen", "question rephrase", "question more", "question close"],
}


def own(state: RequestState = RequestState.WAITING, text: str = "Why?", **chosen: object) -> OwnQuestion:
    thread_id = None if state is RequestState.UNPOSTED else LONGEST_ID
    question = OwnQuestion(ROW, text, state, Visibility.PUBLIC, thread_id, NOW)
    for name, value in chosen.items():
        object.__setattr__(question, name, value)
    return question


def a_duty(state: InvitationState = InvitationState.ASKED, text: str = "Why?", row: int = ROW) -> Duty:
    return Duty(row, state, question(text), NOW)


def everything(text: str = "Why?", *, is_helper: bool = True, is_paused: bool = False) -> Mine:
    return Mine(
        questions=tuple(own(each, text, request_id=ROW - row) for row, each in enumerate(RequestState)),
        duties=(a_duty(text=text), a_duty(InvitationState.TAKEN, text, ROW - 1)),
        rate=Rate.MORE,
        is_helper=is_helper,
        asked_last_day=1,
        asked_last_week=3,
        is_halved=True,
        pause=Pause(ROW, is_paused, NOW if is_paused else None),
    )


def pressed(rendered: Rendered) -> Sequence[str]:
    """Return the kinds and verbs of the buttons and selects."""
    ids = custom_ids(rendered.view.children) if rendered.view else []
    return [each.replace("1:", " ", 1).rpartition(":")[0] for each in ids]


@pytest.mark.parametrize("extreme", EXTREMES)
async def test_everything_fits(extreme: str) -> None:
    for text in (extreme, (extreme * 10)[:1_500]):
        check_limits(mine.mine(everything(text, is_paused=True), HOME, "en"))
        check_limits(mine.own_question(own(text=text, revealed_because=(extreme[:200],) * 2), GUILD_ID, "en"))
        check_limits(mine.own_duty(a_duty(text=text), GUILD_ID, "en"))
        check_limits(unveiled(Unveiled(ROW, text[:200], is_own=False), "en"))
    away = {number: LONGEST_ID - number for number in range(25)}
    check_limits(blocked(away, dict.fromkeys(away, extreme), "en", is_new=True))


async def test_a_stranger_has_nothing_to_choose_from() -> None:
    nothing = Mine((), (), Rate.ONE_A_DAY, False, 0, 0, False, Pause(0, is_paused=False))  # noqa: FBT003
    shown = mine.mine(nothing, HOME, "en")
    assert shown.view is None
    assert say("mine.no_questions") in shown.content
    assert say("mine.not_helping") in shown.content


async def test_each_part_has_its_select_and_a_pause_its_end() -> None:
    assert pressed(mine.mine(everything(), HOME, "en")) == ["mine question", "mine duty"]
    assert pressed(mine.mine(everything(is_paused=True), HOME, "en"))[-1] == "pause end"


@pytest.mark.parametrize("state", RequestState)
async def test_a_question_has_the_buttons_of_its_state(state: RequestState) -> None:
    assert pressed(mine.own_question(own(state), GUILD_ID, "en")) == VERBS[state]
    hidden = pressed(mine.own_question(own(state, visibility=Visibility.ANONYMOUS), GUILD_ID, "en"))
    assert hidden == [*VERBS[state], *([] if state is RequestState.UNPOSTED else ["reply write"])]


@pytest.mark.parametrize("visibility", Visibility)
async def test_what_a_moderator_closed_has_no_button_that_would_be_refused(visibility: Visibility) -> None:
    closed = mine.own_question(own(RequestState.CLOSED, visibility=visibility, is_moderated=True), GUILD_ID, "en")
    assert pressed(closed) == []
    assert say("reply.button") not in closed.content
    assert (say("reply.hint_closed") in closed.content) is visibility.is_hidden


async def test_a_closed_question_without_a_thread_can_not_be_opened_again() -> None:
    assert pressed(mine.own_question(own(RequestState.CLOSED, thread_id=None), GUILD_ID, "en")) == []


async def test_whoever_was_revealed_reads_why() -> None:
    told = mine.own_question(own(revealed_because=("A threat was made.",)), GUILD_ID, "en").content
    assert "A threat was made." in told


async def test_what_was_taken_can_be_given_back_and_what_was_asked_answered() -> None:
    assert pressed(mine.own_duty(a_duty(InvitationState.TAKEN), GUILD_ID, "en")) == ["claim give_back"]
    asked = pressed(mine.own_duty(a_duty(), GUILD_ID, "en"))
    assert asked == [f"invitation {verb}" for verb in ("take", "pass", "know", "off_topic", "pause", "why")]


async def test_what_was_asked_leads_to_no_thread_that_can_not_be_opened() -> None:
    asked = mine.own_duty(replace(a_duty(), request=question(thread_id=None)), GUILD_ID, "en").content
    until = f"<t:{int(NOW.timestamp())}:f>"
    assert asked == say("mine.asked_without_thread", question="\u2068Why?\u2069", until=until)
    assert "http" not in asked


async def test_a_pause_says_until_when_and_ends_with_one_tap() -> None:
    assert mine.pause(Pause(1, is_paused=False), "en") == say("pause.not_paused")
    assert mine.pause_view(Pause(1, is_paused=False), "en") is None
    assert mine.pause(Pause(1, is_paused=True), "en") == say("pause.open_end")
    assert f"<t:{int(NOW.timestamp())}:F>" in mine.pause(Pause(1, is_paused=True, until=NOW), "en")
    assert mine.pause_view(Pause(1, is_paused=True), "en") is not None


async def test_nobody_is_named_before_two_agree() -> None:
    wish = Unveiled(7, "A threat was made.", is_own=False)
    assert pressed(unveiled(wish, "en")) == ["reveal agree"]
    assert "A threat was made." in unveiled(wish, "en").content
    own_wish = unveiled(Unveiled(7, "A threat was made.", is_own=True), "en")
    assert (pressed(own_wish), "A threat was made." in own_wish.content) == ([], True)
    known = Unveiled(7, "A threat was made.", is_own=False, is_revealed=True)
    assert unveiled(known, "en").content == say("reveal.known")
    told = Unveiled(7, "A threat was made.", is_own=True, is_revealed=True, asker_user_id=5, is_told=True)
    assert unveiled(told, "en").content == say("reveal.told", asker="<@5>")


async def test_whom_somebody_keeps_away_is_listed_to_them() -> None:
    shown = blocked({1: 11, 2: 22}, {1: "Ada", 2: "Bo"}, "en", is_new=True)
    assert shown.content.splitlines() == [say("block.done"), say("block.list", people="<@11>, <@22>")]
    assert pressed(shown) == ["block remove"]
    assert blocked({}, {}, "en", is_new=False).content == say("block.none")
