"""One's own things, in words and buttons: all that may be done in each state, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from discord.utils import format_dt

from bot.domain.attention import Rate
from bot.domain.lifecycle import InvitationState, RequestState, Visibility
from bot.services.feedback.seats import OwnDraft, Seat, SeatState
from bot.services.people.recognising import Home
from bot.services.people.tracking_results import Mine, OwnQuestion
from bot.services.results import Duty, Pause, Unveiled
from bot.texts import say
from bot.ui import mine
from bot.ui.blocked import blocked
from bot.ui.items import custom_ids
from bot.ui.render import Rendered, link
from bot.ui.unveiled import unveiled
from tests.factories import GUILD_ID, NOW
from tests.ui.shown import EXTREMES, LONGEST_ID, check_limits, draft, question

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
    question = OwnQuestion(ROW, 8, text, state, Visibility.PUBLIC, thread_id, NOW)
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
    may_type = not visibility.shuts_out
    assert (say("reply.hint_closed") in closed.content) is (visibility.is_hidden and may_type)


def own_draft(state: RequestState = RequestState.WAITING, *seats: Seat, **chosen: object) -> OwnQuestion:
    return own(state, "Aligning speech", draft=OwnDraft(2, NOW, seats), **chosen)


async def test_a_draft_reads_as_a_draft() -> None:
    needed = say("draft.needed", by=format_dt(NOW, "f"), left=format_dt(NOW, "R"))
    course = f"{say('state.waiting')} · {say('draft.round', round=2)} · {needed}"
    line = say(
        "mine.question_line", question="\u2068Aligning speech\u2069", state=course, thread=link(GUILD_ID, LONGEST_ID)
    )
    nothing = replace(everything(), duties=())
    both = mine.mine(replace(nothing, questions=(own(), own_draft())), HOME, "en").content.splitlines()
    assert both[:1] + both[2:4] == [say("mine.questions"), say("mine.drafts"), line]
    only = mine.mine(replace(nothing, questions=(own_draft(),)), HOME, "en").content.splitlines()
    assert only[:4] == [say("mine.questions"), say("mine.no_questions"), say("mine.drafts"), line]
    assert pressed(mine.own_question(own_draft(), GUILD_ID, "en")) == [
        "question more",
        "question close",
        "round withdraw",
    ]


async def test_a_draft_that_was_read_may_have_a_next_round() -> None:
    for state in set(RequestState) - {RequestState.UNPOSTED}:
        offered = "round new" in pressed(mine.own_question(own_draft(state), GUILD_ID, "en"))
        assert offered is (state in {RequestState.ANSWERED, RequestState.RESOLVED})


async def test_a_review_whose_date_has_passed_has_no_smaller_piece() -> None:
    late = own_draft(RequestState.WAITING)
    for is_review in (False, True):
        seen = replace(late, draft=OwnDraft(1, NOW, is_late=True, is_review=is_review))
        verbs = pressed(mine.own_question(seen, GUILD_ID, "en"))
        assert ("round smaller" in verbs) is not is_review
        assert "round later" in verbs


async def test_a_draft_can_be_taken_back_at_any_time_and_once() -> None:
    for state in set(RequestState) - {RequestState.UNPOSTED}:
        assert "round withdraw" in pressed(mine.own_question(own_draft(state), GUILD_ID, "en"))
    for gone in (own_draft(RequestState.UNPOSTED), replace(own_draft(RequestState.CLOSED), text="")):
        assert "round withdraw" not in pressed(mine.own_question(gone, GUILD_ID, "en"))


async def test_each_place_says_what_became_of_it_and_names_only_those_who_wrote() -> None:
    seats = (
        Seat(SeatState.WROTE, NOW, 7), Seat(SeatState.READING, NOW), Seat(SeatState.TAKEN, NOW),
        Seat(SeatState.ASKED, NOW), Seat(SeatState.OPEN),
    )  # fmt: skip
    _, *lines = mine.own_question(own_draft(RequestState.WAITING, *seats), GUILD_ID, "en").content.splitlines()
    since = format_dt(NOW, "R")
    assert lines == [
        say("draft.seat.wrote", number=1, reader="<@7>", since=since),
        say("draft.seat.reading", number=2, since=since),
        say("draft.seat.taken", number=3, since=since),
        say("draft.seat.asked", number=4, since=since),
        say("draft.seat.open", number=5),
    ]
    unposted = mine.own_question(own_draft(RequestState.UNPOSTED, *seats), GUILD_ID, "en").content
    assert len(unposted.splitlines()) == 1


async def test_an_author_who_is_not_in_the_thread_is_not_led_there_and_may_reply() -> None:
    shown = mine.own_question(own_draft(visibility=Visibility.MATCHED_ANONYMOUS), GUILD_ID, "en")
    assert str(LONGEST_ID) not in shown.content
    assert say("draft.reply.hint_outside") in shown.content
    assert pressed(shown)[-1] == "reply write"
    listed = mine.mine(
        replace(everything(), questions=(own_draft(visibility=Visibility.MATCHED_ANONYMOUS),), duties=()), HOME, "en"
    )
    assert str(LONGEST_ID) not in listed.content


async def test_what_is_to_be_read_says_how_long_it_takes_and_until_when() -> None:
    to_read = replace(draft(), words=2_000, needed_by=NOW, aim_for=NOW - timedelta(days=2))
    for state in (InvitationState.ASKED, InvitationState.TAKEN):
        shown = mine.own_duty(Duty(ROW, state, to_read, NOW), GUILD_ID, "en").content
        aim, by = format_dt(NOW - timedelta(days=2), "d"), format_dt(NOW, "d")
        assert say("draft.to_read_by", fewest=25, most=30, aim=aim, by=by) in shown


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
