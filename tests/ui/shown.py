"""What is shown at its longest, and Discord's limits to hold it against."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord

from bot.domain import drafts
from bot.domain.attention import Rate
from bot.domain.drafts import Area, Confidence, Point, PointOutcome, Stage
from bot.domain.lifecycle import QuestionKind, RequestState, Urgency, Visibility
from bot.domain.links import LONGEST_LINK
from bot.services.community.letters import Panel, SharedPanel
from bot.services.feedback import comparing, responding
from bot.services.feedback.contents import (
    BecameOf,
    FeedbackCame,
    Guide,
    NotesCompared,
    NoteTogether,
    PointsUnsettled,
    ReaderAnswered,
    Unread,
)
from bot.services.feedback.reviewing_results import FeedbackView, PointView
from bot.services.feedback.rounds import LONGEST_PART
from bot.services.feedback.versions import LONGEST_CHANGES
from bot.services.office_hours.booking_results import BookingView, OpenSlot, WaitlistPlaceView
from bot.services.office_hours.contents import BookingNews, MeetingLine, MeetingRoom, QueueLine, WhichClock
from bot.services.people.letters import MessageCheck
from bot.services.requests import asking, replying, revealing, thanking
from bot.services.requests.contents import (
    BeingAsked,
    ChoicesOffered,
    HiddenReply,
    Notice,
    OutcomeAsked,
    Post,
    PutAway,
    QuestionNotice,
    Refreshed,
    Reminded,
    RevealWanted,
    Silence,
    Thanks,
    ToKeep,
    WaitingList,
)
from bot.services.results import (
    Attachment,
    DraftView,
    Exchange,
    Letter,
    ProfileCard,
    QuestionView,
    StatementLine,
    WaitingQuestion,
)
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
LONGEST_ID, LONGEST_ROW = 2**63 - 1, 10**18 - 1
HOUR = timedelta(hours=1)


def question(text: str = "Why?", tried: str | None = None, **chosen: object) -> QuestionView:
    """Return a question with the longest ids there are."""
    facts: dict[str, Any] = {
        "request_id": 10**18 - 1, "guild_id": LONGEST_ID, "asker_user_id": LONGEST_ID - 1, "kind": QuestionKind.STUCK,
        "urgency": Urgency.TODAY, "state": RequestState.WAITING, "thread_id": LONGEST_ID - 2,
    }  # fmt: skip
    return QuestionView(text=text, tried=tried, **(facts | chosen))


def draft(words: str = "Why?", **chosen: object) -> DraftView:
    """Return a draft with the longest ids there are."""
    facts: dict[str, Any] = {
        "request_id": 10**18 - 1, "guild_id": LONGEST_ID, "asker_user_id": LONGEST_ID - 1, "urgency": Urgency.THIS_WEEK,
        "state": RequestState.WAITING, "thread_id": LONGEST_ID - 2, "visibility": Visibility.MATCHED,
        "text": words[: drafts.LONGEST_ABOUT], "about": words[: drafts.LONGEST_ABOUT],
        "questions": (words[: drafts.LONGEST_QUESTION],) * drafts.MOST_QUESTIONS,
        "link": ("https://example.org/" + "_*" * LONGEST_LINK)[:LONGEST_LINK], "has_file": False, "words": 30_000,
        "stage": Stage.CAMERA_READY, "areas": tuple(Area), "readers": 3, "needed_by": NOW + HOUR, "aim_for": NOW,
        "round": 1,
    }  # fmt: skip
    return DraftView(**(facts | chosen))


def draft_again(words: str, asked: QuestionView) -> DraftView:
    """Return a draft whose new version is read in part; who sees it, and whose it is, is as with this question."""
    seen = {"asker_user_id": asked.asker_user_id, "visibility": asked.visibility}
    return draft(words, round=2, changes=words[:LONGEST_CHANGES], part=words[:LONGEST_PART], **seen)


def letter(kind: str, content: object = None, **where: object) -> Letter[Any]:
    """Return a letter to someone's direct messages, of what `longest` says unless its content is given."""
    facts: dict[str, Any] = {
        "letter_id": 1, "nonce": "n", "guild_id": GUILD_ID, "attempts": 1, "first_attempt_at": NOW, "user_id": 5,
        "channel_id": None, "addressee_id": 5,
    }  # fmt: skip
    return Letter(kind=kind, content=content or contents("Why?")[kind][0], **(facts | where))


def contents(
    words: str, view: QuestionView | None = None, *, is_to_hidden: bool = False
) -> dict[str, tuple[object, ...]]:
    """Return what letters of every kind may be made of, at their longest, where everything people write is `words`."""
    about = (view or question(words[: asking.LONGEST], words[: asking.LONGEST_TRIED]), is_to_hidden)
    waiting = (WaitingQuestion(LONGEST_ID, words, NOW),) * 5
    slot = OpenSlot(LONGEST_ROW, LONGEST_ID, NOW, NOW + HOUR, words[:200])
    exchange = Exchange(LONGEST_ROW, words, words, LONGEST_ID, LONGEST_ROW)
    said, again = words[: revealing.LONGEST], (draft_again(words, view or question()), is_to_hidden)
    return {
        "post": (Post(*about), Post(*again)),
        "refresh": (Refreshed(*about),),
        "invitation": (
            BeingAsked(*about, LONGEST_ROW, words[:200]),
            BeingAsked(*again, LONGEST_ROW, words[:200]),
            BeingAsked(*about, LONGEST_ROW, words[:200], referrer_user_id=LONGEST_ID),
        ),
        "nudge": (Reminded(*about, LONGEST_ROW),),
        "notice": (
            QuestionNotice(*about, "asker.revealed_both", {"reason": said, "other_reason": said}),
            QuestionNotice(*about, "thread.closed_by_asker"),
            Notice("offer_time.moved", {"at": 0}),
        ),
        "outcome": (OutcomeAsked(*about), OutcomeAsked(*about, is_again=True)),
        "choices": (ChoicesOffered(*about),),
        "archive": (PutAway(*about),),
        "digest": (WaitingList(waiting, 10**6),),
        "moderator_digest": (WaitingList(waiting, 10**6, is_for_moderators=True),),
        "reply": (HiddenReply(*about, words[: replying.LONGEST]),),
        "thanks": (
            Thanks(*about, words[: thanking.LONGEST_NOTE]),
            Thanks(*about, words[: thanking.LONGEST_NOTE], helper_user_id=LONGEST_ID),
        ),
        "keep": (ToKeep(*about, exchange),),
        "silence": (Silence(LONGEST_ROW),),
        "reveal": (RevealWanted(*about, LONGEST_ROW),),
        **about_drafts(words, about[0], is_to_hidden=is_to_hidden),
        "booking": (BookingNews(booked(words)), BookingNews(booked(words, state="cancelled", cancelled_by="asker"))),
        "slot_offer": (WaitlistPlaceView(LONGEST_ROW, words[: asking.LONGEST], LONGEST_ID, slot, NOW, is_kept=True),),
        "reminder": (MeetingLine("meeting.tomorrow", booked(words), LONGEST_ID),),
        "check_in": (
            MeetingLine("meeting.start", booked(words), LONGEST_ID),
            QueueLine("queue.turn", LONGEST_ROW, LONGEST_ROW, LONGEST_ID, LONGEST_ID),
        ),
        "check": (MeetingLine("meeting.check", booked(words), has_more=True, was_alone=True, settles=True),),
        "room": (MeetingRoom(booked(words), LONGEST_ID),),
        "which_clock": (WhichClock(LONGEST_ROW, words[:60], words[:60]),),
        "direct_message_check": (MessageCheck(LONGEST_ROW),),
        **to_communities(),
    }  # fmt: skip


def to_communities() -> dict[str, tuple[object, ...]]:
    """Return what letters to a community as a whole may be made of: no words of people's."""
    return {"panel": (Panel(),), "statistics": (SharedPanel("asked  1234\n" * 160),)}


def about_drafts(words: str, asked: QuestionView, *, is_to_hidden: bool) -> dict[str, tuple[object, ...]]:
    """Return what letters about drafts may be made of; who sees it, and whose it is, is as with this question."""
    seen = {"asker_user_id": asked.asker_user_id, "visibility": asked.visibility}
    read = (draft(words, **seen), is_to_hidden)
    again: dict[str, Any] = {"round": 2, "changes": words[:LONGEST_CHANGES]}
    carried = [replace(each, outcome=None, is_carried=True) for each in feedback(words).points]
    reviewed = (draft(words, link=None, stage=Stage.REVIEW, **seen), is_to_hidden)
    return {
        "unread": (Unread(*read),),
        "guide": (
            Guide(*read),
            Guide(*read, file=Attachment("draft.pdf", b"%PDF-")),
            Guide(*reviewed, review=words[: drafts.LONGEST_REVIEW]),
            Guide(replace(read[0], **again), is_to_hidden),
            Guide(replace(reviewed[0], **again), is_to_hidden, review=words[: drafts.LONGEST_REVIEW]),
        ),
        "feedback": (FeedbackCame(*read, feedback(words)), FeedbackCame(*read, feedback(words, is_closed=True))),
        "became": (BecameOf(*read, feedback(words)), BecameOf(*read, feedback(words, points=tuple(carried)))),
        "unsettled": (PointsUnsettled(*read),),
        "compare": tuple(
            NotesCompared(*read, f"feedback.compare.{each}", NOW, LONGEST_ID, (LONGEST_ID, 5), each != "proposed")
            for each in ("proposed", "agreed", "begins")
        ),
        "answer": (ReaderAnswered(*read, words[: responding.LONGEST], LONGEST_ID),),
        "joint": tuple(NoteTogether(*read, words[: comparing.LONGEST], LONGEST_ID, each) for each in (True, False)),
    }


def feedback(words: str, **chosen: Any) -> FeedbackView:  # noqa: ANN401
    """Return what a reader says about a draft, at its longest, with what its author says to it."""
    said = Point(
        Area.PRESENTATION, words[: drafts.LONGEST_REMARK], Confidence.A_GUESS, words[: drafts.LONGEST_LOCATION],
        words[: drafts.LONGEST_SUGGESTION],
    )  # fmt: skip
    point = PointView(LONGEST_ROW, said, PointOutcome.DIFFERENTLY, words[: drafts.LONGEST_NOTE])
    facts: dict[str, Any] = {
        "summary": words[: drafts.LONGEST_SUMMARY], "strengths": words[: drafts.LONGEST_STRENGTHS],
        "answers": words[: drafts.LONGEST_ANSWERS], "uses_model": True, "points": (point,) * drafts.MOST_POINTS,
        "sent_at": NOW,
    }  # fmt: skip
    return FeedbackView(LONGEST_ROW, LONGEST_ID, 1, **(facts | chosen))


def booked(words: str, **chosen: Any) -> BookingView:  # noqa: ANN401
    """Return a booking as its host sees it."""
    facts: dict[str, Any] = {"state": "booked", "sequence": 0, "note": words[:300], "side": "host"} | chosen
    question, ids = words[: asking.LONGEST], (LONGEST_ROW, GUILD_ID, LONGEST_ID, LONGEST_ID - 1)
    return BookingView(*ids, question, NOW, NOW + HOUR, **facts)


def card(*statements: str, **chosen: object) -> ProfileCard:
    """Return the profile of someone who wrote these lines."""
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
