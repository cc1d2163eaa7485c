"""Everything that shows what people wrote, with the same words in every place where a person writes."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import time, timedelta
from types import ModuleType
from typing import Any

import discord

from bot.domain.attention import Rate
from bot.domain.draft_reading import DraftPart
from bot.domain.drafts import Missing
from bot.domain.lifecycle import InvitationState, RequestState, Visibility
from bot.domain.timetable import Timetable
from bot.errors import Invalid
from bot.routing.ports import Evidence
from bot.services.feedback import comparing, inspecting
from bot.services.feedback.drafting_results import DraftPreview
from bot.services.feedback.reviewing_results import OwnFeedback, Received
from bot.services.feedback.seats import OwnDraft
from bot.services.office_hours import offering
from bot.services.office_hours.booking_results import Booked, Choices, OpenSlot, OwnTimes, WaitlistPlaceView
from bot.services.office_hours.calendaring import calendar_of
from bot.services.office_hours.meeting_results import Turn
from bot.services.office_hours.offering_results import ComingHours, EventPlan, Offer, OwnHours, Page
from bot.services.people import profiling
from bot.services.people.recognising import Home
from bot.services.people.tracking_results import Mine, OwnQuestion
from bot.services.requests import asking, revealing, thanking
from bot.services.requests.contents import AboutQuestion
from bot.services.results import (
    Duty,
    Explanation,
    Finding,
    Pause,
    Receipt,
    SimilarQuestion,
    Unveiled,
)
from bot.ui import (
    blocked,
    booking,
    boundary,
    drafting,
    events,
    explain,
    feedback_letters,
    hours,
    letters,
    looks,
    meeting,
    mine,
    profile_card,
    queue,
    render,
    request_letters,
    reviewing,
    rules,
    unveiled,
)
from bot.ui.render import Rendered
from tests.factories import GUILD_ID, NOW
from tests.ui.shown import LONGEST_ID, booked, card, contents, draft, feedback, letter, question

Shown = Rendered | str | list[str] | discord.ui.View | None
HOUR = timedelta(hours=1)
TIMETABLE = Timetable("Europe/Paris", NOW.date(), time(18), time(19), "FREQ=WEEKLY;BYDAY=TU")
MODULES: tuple[ModuleType, ...] = (
    blocked, booking, boundary, drafting, explain, feedback_letters, hours, letters, looks, meeting, mine, profile_card,
    queue, render, request_letters, reviewing, rules, unveiled,
)  # fmt: skip
"""Where messages are made."""
WITHOUT_A_WORD = {
    "booking.local_hour", "hours.moved", "hours.occurrence", "hours.offered", "hours.which_clock", "meeting.arrived",
    "meeting.buttons", "meeting.place", "mine.pause", "mine.pause_view", "mine.pause_menu",
    "explain.figures", "explain.figures_view", "render.second_thoughts", "queue.own_hour", "queue.own_place",
    "feedback_letters.guide_buttons", "looks.afterwards", "looks.answered", "looks.choices_for", "looks.key_for",
    "looks.without_parts",
    "looks.to_read", "drafting.chosen", "drafting.is_on_more", "looks.told", "request_letters.reply_hint",
    "request_letters.invitation_view", "render.news", "render.after_help", "render.after_taking", "render.fitting",
    "render.link", "render.off_topic_view",
    "render.outcome_view", "render.permissions", "render.place", "render.receipt", "render.resolved", "render.span",
    "render.whom", "rules.hours_words", "rules.rule_words", "blocked.names_of",
    # Letters, which `letters.letter` makes:
    "booking.booking_letter", "booking.slot_offer", "meeting.line", "meeting.room", "meeting.room_over", "queue.line",
    "request_letters.staying_unknown", "request_letters.with_reply",
}  # fmt: skip
"""What shows nothing that a person wrote."""


def slot(words: str, number: int = 7) -> OpenSlot:
    return OpenSlot(number, LONGEST_ID, NOW, NOW + HOUR, words[:200])


def place(words: str) -> WaitlistPlaceView:
    return WaitlistPlaceView(7, words[: asking.LONGEST], LONGEST_ID, slot(words), NOW, is_kept=True)


def receipt(words: str) -> Receipt:
    similar = tuple(SimilarQuestion(11, words[: asking.LONGEST], words[: thanking.LONGEST_ANSWER]) for _ in range(3))
    return Receipt(7, 0, None, is_fallback=False, similar=similar)


def own_question(words: str) -> OwnQuestion:
    reasons = (words[: revealing.LONGEST],) * 2
    return OwnQuestion(7, 8, words[: asking.LONGEST], RequestState.ANSWERED, Visibility.ANONYMOUS, 11, NOW, reasons)


def everything(words: str) -> Mine:
    duties = tuple(
        Duty(number, state, question(words[: asking.LONGEST], words[: asking.LONGEST_TRIED], thread_id=11), NOW)
        for number, state in enumerate((InvitationState.ASKED, InvitationState.TAKEN, InvitationState.ALTERNATE))
    )
    times = OwnTimes((booked(words),), (place(words), replace(place(words), waiting_id=8, host_user_id=None)))
    own = (own_question(words), replace(own_question(words), request_id=8, draft=OwnDraft(1, NOW)))
    return Mine(own, duties, Rate.MORE, is_helper=True, asked_last_day=0, asked_last_week=0,
                is_halved=False, pause=Pause(7, is_paused=False), times=times)  # fmt: skip


def own_hours(words: str, number: int = 7) -> OwnHours:
    return OwnHours(number, TIMETABLE, words[:100], words[: offering.LONGEST_TOPICS], is_walk_in=True, coming=())


def offer(words: str) -> Offer:
    return Offer(7, TIMETABLE, words[:100], words[: offering.LONGEST_TOPICS], is_walk_in=False, starts_at=NOW,
                 ends_at=NOW + HOUR, is_moved=False, last=None, slots=3, left_out=1, local=NOW)  # fmt: skip


def page(words: str) -> Page:
    topics = (words[: offering.LONGEST_TOPICS], words[:200])
    hour = ComingHours(7, 8, topics, is_walk_in=True, starts_at=NOW, ends_at=NOW + HOUR, free=0)
    return Page((hour, replace(hour, occurrence_id=8, is_walk_in=False)), 0, 1)


def shut_out(words: str) -> AboutQuestion:
    """Return a draft in a letter to an author who isn't in its thread."""
    return AboutQuestion(draft(words, visibility=Visibility.MATCHED_ANONYMOUS), is_to_hidden=True)


def why(words: str) -> Explanation:
    return Explanation(7, question(words), NOW, words[:200], is_learned=False, evidence=Evidence(), expertise=1.0,
                       availability=1.0, freshness=1.0, wave=1, is_exploratory=True, policy_version="1")  # fmt: skip


def draft_preview(words: str, **chosen: Any) -> DraftPreview:  # noqa: ANN401
    """Return what an author sees of a draft before it is sent, with everything that may be said about it."""
    facts: dict[str, Any] = {
        "whole_words": 9_000, "closes_at": NOW, "is_short_notice": True, "co_authors": frozenset(range(1, 11)),
        "parts": (DraftPart((words[:60],) * 3, 4_500),) * 24, "may_read": True, "file_name": words[:80],
        "record": {words[:30]: words[:100]} | {str(number): words[:100] for number in range(20)},
        "is_record_open": True, "takes_private": False, "is_moved": True, "refusal": Invalid("file.long"),
    }  # fmt: skip
    return DraftPreview(draft(words, has_file=True, part=words[: inspecting.LONGEST_PART]), **(facts | chosen))


MADE_OF_WORDS: Mapping[str, Callable[[str], Shown]] = {
    "request_letters.way_to": lambda words: request_letters.way_to(shut_out(words)),
    "blocked.blocked": lambda words: blocked.blocked({1: 8}, {1: words}, "en", is_new=True),
    "booking.choices": lambda words: booking.choices(Choices(7, (slot(words), slot(words, 8)), None), "en"),
    "booking.booked": lambda words: booking.booked(Booked(booked(words), NOW), "en"),
    "booking.own_booking": lambda words: booking.own_booking(booked(words), "en"),
    "booking.joined": lambda words: booking.joined(place(words), "en"),
    "booking.own_place": lambda words: booking.own_place(place(words), "en"),
    "booking.times_lines": lambda words: booking.times_lines(everything(words).times, "en"),
    "booking.times_items": lambda words: Rendered("", view=items(*booking.times_items(everything(words).times, "en"))),
    "booking.cancelled": lambda words: booking.cancelled(booked(words, cancelled_by="asker"), "en"),
    "boundary.sentence": lambda words: boundary.sentence(Invalid("profile.unknown_zone", zone=words), "en"),
    "drafting.preview": lambda words: drafting.preview(draft_preview(words), "en"),
    "explain.explanation": lambda words: explain.explanation(why(words), "en"),
    "explain.explanations": lambda words: explain.explanations([why(words)] * 3, "en"),
    "hours.offer": lambda words: hours.offer(offer(words), "en"),
    "hours.own": lambda words: hours.own([own_hours(words, number) for number in range(3)], "en"),
    "hours.series": lambda words: hours.series(own_hours(words), "en"),
    "hours.changed": lambda words: hours.changed(own_hours(words), "en"),
    "hours.page": lambda words: hours.page(page(words), "en"),
    "letters.letter": lambda words: letters.letter(letter("post", contents(words)["post"][0])),
    "mine.mine": lambda words: mine.mine(everything(words), Home(GUILD_ID), "en"),
    "mine.own_question": lambda words: mine.own_question(own_question(words), GUILD_ID, "en"),
    "mine.own_duty": lambda words: mine.own_duty(everything(words).duties[0], GUILD_ID, "en"),
    "profile_card.profile_card": lambda words: profile_card.profile_card(
        card(*[words[:200]] * 3, learning=words[: profiling.LONGEST_LEARNING]), "en"
    ),
    "queue.turn": lambda words: queue.turn(Turn(7, 8, words[: asking.LONGEST]), "en"),
    "looks.called": lambda words: Rendered(looks.called(question(words[: asking.LONGEST]), "en")),
    "looks.whole": lambda words: Rendered(
        "", embed=looks.whole(question(words[: asking.LONGEST], words[: asking.LONGEST_TRIED]), "en")
    ),
    "reviewing.own_page": lambda words: reviewing.own_page(
        OwnFeedback(draft(words), feedback(words, sent_at=None), missing=Missing.BOTH), "en"
    ),
    "reviewing.carried_page": lambda words: reviewing.carried_page(
        [replace(each, outcome=None, is_carried=True) for each in feedback(words).points] * 3, "en"
    ),
    "reviewing.others_page": lambda words: reviewing.others_page(Received(draft(words), feedback(words)), "en"),
    "reviewing.author_page": lambda words: reviewing.author_page(Received(draft(words), feedback(words)), "en"),
    "reviewing.note": lambda words: reviewing.note(words[: comparing.LONGEST], "en"),
    "reviewing.came": lambda words: reviewing.came(Received(draft(words), feedback(words)), "en"),
    "reviewing.became": lambda words: reviewing.became(draft(words), feedback(words), "en"),
    "render.words": lambda words: render.words("asker.revealed", "en", {"reason": words}),
    "render.before_posting": lambda words: render.before_posting(receipt(words), GUILD_ID, "en"),
    "render.reason": lambda words: render.reason(("why.reason", "why.learned_reason", "why.no_reason"), words, "en",
                                                 is_learned=True),
    "render.off_topic": lambda words: render.off_topic(words, "en"),
    "render.findings": lambda words: render.findings([Finding(False, "doctor.encoder_down", {"failure": words})], "en"),  # noqa: FBT003
    "unveiled.revealed_because": lambda words: unveiled.revealed_because((words[: revealing.LONGEST],) * 2, "en"),
    "unveiled.unveiled": lambda words: unveiled.unveiled(Unveiled(7, words[: revealing.LONGEST], is_own=False), "en"),
}  # fmt: skip
"""What shows words that a person wrote, by where it is made."""


WHERE: tuple[dict[str, int | None], ...] = ({"user_id": 5}, {"user_id": None, "channel_id": 6})
"""In direct messages, and in a channel."""


def items(*children: discord.ui.Item[discord.ui.View]) -> discord.ui.View:
    view = discord.ui.View()
    for child in children:
        view.add_item(child)
    view.stop()
    return view


def messages(words: str) -> Iterator[tuple[str, Shown]]:
    """Return every message there is, by its name."""
    for name, make in MADE_OF_WORDS.items():
        yield name, make(words)
    for kind, made_of in contents(words).items():
        for (number, content), where in itertools.product(enumerate(made_of), WHERE):
            yield f"{kind} {number} {where}", letters.letter(letter(kind, content, **where))


def event(words: str) -> str:
    plan = EventPlan("create", None, 8, words[: offering.LONGEST_TOPICS], is_walk_in=False, starts_at=NOW,
                     ends_at=NOW + HOUR, meeting_channel_id=None, channel_id=6)  # fmt: skip
    return events._description(plan, "en")


def file(words: str) -> str:
    return calendar_of(booked(words), NOW, words).content.decode()


def markdown(shown: Shown) -> list[str]:
    """Return the texts of a message in which clients read markdown."""
    if isinstance(shown, str):
        return [shown]
    if isinstance(shown, list):
        return ["\n".join(shown)]
    if not isinstance(shown, Rendered):
        return []
    embed = shown.embed
    inside = [embed.description or "", *(each.value or "" for each in embed.fields)] if embed else []
    return [shown.content, *inside]


def plain(shown: Shown) -> list[str]:
    """Return the texts of a message in which clients read none."""
    if not isinstance(shown, Rendered):
        return []
    found = [shown.title] if shown.title else []
    for item in shown.view.children if shown.view else ():
        if isinstance(item, discord.ui.Select):
            found += [text for each in item.options for text in (each.label, each.description) if text is not None]
    return found
