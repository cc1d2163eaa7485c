"""What readers and authors see of feedback; pure, apart from needing a running event loop for views."""

from collections.abc import Sequence

import discord

from bot.domain import drafts
from bot.domain.drafts import PointOutcome
from bot.services.feedback.reviewing_results import FeedbackView, OwnFeedback, PointView, Received
from bot.services.requests.contents import AboutQuestion
from bot.services.results import DraftView
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Item, Press, button, pick, view
from bot.ui.render import PRIMARY, SUCCESS, Rendered, fitting
from bot.ui.request_letters import way_to, with_reply
from bot.ui.written import block, inline, plain

OUTCOMES = tuple(PointOutcome)
"""As the options of a select stand for them."""
_PARTS = 5_600
"""Characters of everything that a reader says; an embed holds 6,000 with the draft's name.
Source: https://discord.com/developers/docs/resources/message#embed-object-embed-limits"""
_FENCES = 40
"""Characters that signs and marks may add to what is shown."""
_OPEN, _CALLED = 9, 120
"""Open points shown beside what a reader writes, of three rounds, and characters of each."""
_NOTE = 60
"""Characters shown of an author's word beside a whole point."""


def own_page(own: OwnFeedback, locale: str) -> Rendered:
    """Return what a reader says about a draft: to be changed and sent, or as it was sent."""
    feedback = own.feedback
    if feedback.sent_at is not None:
        lines = [say("feedback.page.sent", locale)]
        return _page(lines, own.draft, feedback, _together_items(own, locale) if own.others else [], locale)
    lines = [say("feedback.page.unsent", locale)]
    if own.missing is not None:
        lines = [say("feedback.page.unsent_hint", locale), say(f"feedback.missing.{own.missing}", locale)]
    if own.carried:
        lines += [say("feedback.page.carried", locale), *_open_lines(own.carried, locale)]
    return _page(lines, own.draft, feedback, _unsent_items(own, locale), locale)


def carried_page(points: Sequence[PointView], locale: str) -> Rendered:
    """Return a reader's points of earlier rounds that are still open."""
    if not points:
        return Rendered(say("feedback.carried.none", locale))
    return Rendered(fitting([say("feedback.carried.intro", locale), *_open_lines(points, locale)]))


def others_page(other: Received, locale: str) -> Rendered:
    """Return what another reader says, to one who has sent their own."""
    lines = [say("feedback.page.other", locale, reader=_mention(other.feedback))]
    return _page(lines, other.draft, other.feedback, _comparing_items(other.draft, locale), locale)


def author_page(received: Received, locale: str) -> Rendered:
    """Return what a reader says, to the author who looks at it; a hidden one reads how to stay unknown."""
    shown = came(received, locale)
    return with_reply(shown, received.draft, locale) if received.draft.asker_user_id is None else shown


def came(received: Received, locale: str) -> Rendered:
    """Return what a reader says, as a letter to the author, with what they may say about each point."""
    draft, feedback = received.draft, received.feedback
    way = way_to(AboutQuestion(draft, is_to_hidden=draft.asker_user_id is None))
    lines = [say("feedback.page.received", locale, reader=_mention(feedback)), way]
    if feedback.is_closed:
        lines.append(say("feedback.page.told", locale))
        return _page(lines, draft, feedback, [], locale)
    if feedback.points:
        lines.append(say("feedback.page.settled" if feedback.is_settled else "feedback.page.settle", locale))
    return _page(lines, draft, feedback, _settling_items(feedback, locale), locale, shows_outcomes=True)


def became(draft: DraftView, feedback: FeedbackView, locale: str) -> Rendered:
    """Return what became of a reader's points."""
    lines = [_became_line(each, locale) for each in feedback.points if each.outcome is not None or each.is_carried]
    intro = say("feedback.loop.intro", locale, draft=inline(draft.text, 100))
    return Rendered(intro, embed=discord.Embed(description="\n".join(lines)))


def _page(
    lines: list[str],
    draft: DraftView,
    feedback: FeedbackView,
    items: list[Item],
    locale: str,
    *,
    shows_outcomes: bool = False,
) -> Rendered:
    if feedback.uses_model:
        lines.append(say("feedback.form.model_said", locale))
    shown = _embed(draft, feedback, locale, shows_outcomes=shows_outcomes or feedback.is_closed)
    return Rendered("\n".join(lines), embed=shown, view=view(*items) if items else None)


def _embed(draft: DraftView, feedback: FeedbackView, locale: str, *, shows_outcomes: bool) -> discord.Embed:
    embed = discord.Embed(title=plain(draft.text, 100))
    for number, each in enumerate(feedback.points, start=1):
        area, sure = (
            say(f"draft.area.{each.said.area}", locale),
            say(f"draft.confidence.{each.said.confidence}", locale),
        )
        name = say("feedback.page.point", locale, number=number, area=area, sure=sure)
        embed.add_field(name=name, value=_point(each, locale, shows_outcome=shows_outcomes), inline=False)
    said = [
        _part("feedback.page.summary", feedback.summary, drafts.LONGEST_SUMMARY, locale),
        _part("feedback.page.strengths", feedback.strengths, drafts.LONGEST_STRENGTHS, locale),
    ]
    left = min(_PARTS - len(embed) - sum(map(len, said)), drafts.LONGEST_ANSWERS)
    said.append(_part("feedback.page.answers", feedback.answers, left, locale))
    embed.description = "\n".join(each for each in said if each)
    return embed


def _part(key: str, words: str, longest: int, locale: str) -> str:
    return say(key, locale, words=block(words, longest + _FENCES)) if words else ""


def _point(point: PointView, locale: str, *, shows_outcome: bool) -> str:
    said, lines = point.said, list[str]()
    if said.location:
        lines.append(say("feedback.page.where", locale, where=inline(said.location, drafts.LONGEST_LOCATION)))
    lines.append(block(said.remark, drafts.LONGEST_REMARK + _FENCES))
    if said.suggestion:
        words = block(said.suggestion, drafts.LONGEST_SUGGESTION + _FENCES)
        lines.append(say("feedback.page.suggestion", locale, words=words))
    if shows_outcome and point.outcome is not None:
        lines.append(_outcome_line(point, locale))
    if shows_outcome and point.is_carried:
        lines.append(say("feedback.page.point_carried", locale))
    return "\n".join(lines)


def _outcome_line(point: PointView, locale: str) -> str:
    outcome = say(f"feedback.became.{point.outcome}", locale)
    if not point.note:
        return say("feedback.page.outcome", locale, outcome=outcome)
    return say("feedback.page.outcome_noted", locale, outcome=outcome, note=inline(point.note, _NOTE))


def _open_lines(points: Sequence[PointView], locale: str) -> list[str]:
    """Return each of these points in one line, with what its author said of it so far."""
    remarks = [inline(each.said.remark, _CALLED) for each in points[:_OPEN]]
    return [
        say("feedback.carried.point", locale, remark=remark)
        if each.outcome is None
        else say(
            "feedback.carried.point_said", locale, remark=remark, outcome=say(f"feedback.became.{each.outcome}", locale)
        )
        for remark, each in zip(remarks, points, strict=False)
    ]


def _became_line(point: PointView, locale: str) -> str:
    remark = inline(point.said.remark, drafts.LONGEST_REMARK)
    if point.outcome is None:
        return say("feedback.loop.carried", locale, remark=remark)
    outcome = say(f"feedback.became.{point.outcome}", locale)
    if not point.note:
        return say("feedback.loop.point", locale, remark=remark, outcome=outcome)
    note = inline(point.note, drafts.LONGEST_NOTE)
    return say("feedback.loop.point_noted", locale, remark=remark, outcome=outcome, note=note)


def _together_items(own: OwnFeedback, locale: str) -> list[Item]:
    others = Press("reading", "others", own.draft.request_id)
    return [button(others, say("feedback.others.button", locale)), *_comparing_items(own.draft, locale)]


def _comparing_items(draft: DraftView, locale: str) -> list[Item]:
    row = draft.request_id
    return [
        button(Press("reading", "compare", row), say("feedback.compare.button", locale), PRIMARY),
        button(Press("reading", "note", row), say("feedback.note.button", locale)),
    ]


def note(words: str, locale: str) -> Rendered:
    """Return what readers say together."""
    return Rendered(say("feedback.note.said", locale), embed=discord.Embed(description=block(words, limits.EMBED_TEXT)))


def _unsent_items(own: OwnFeedback, locale: str) -> list[Item]:
    row, points = own.feedback.feedback_id, own.feedback.points
    sending = "feedback.send.button" if own.missing is None else "feedback.send_as_it_is.button"
    items: list[Item] = [button(Press("feedback", "send", row), say(sending, locale), SUCCESS)]
    if len(points) < drafts.MOST_POINTS:
        items.append(button(Press("feedback", "point", row), say("feedback.add_point.button", locale), PRIMARY))
    items.append(button(Press("reading", "change", own.draft.request_id), say("feedback.change_rest.button", locale)))
    for number, each in enumerate(points, start=1):
        for verb, key in (("change", "feedback.change_point.button"), ("remove", "feedback.remove_point.button")):
            items.append(button(Press("point", verb, each.point_id), say(key, locale, number=number)))
    return items


def _settling_items(feedback: FeedbackView, locale: str) -> list[Item]:
    selects: list[Item] = [
        pick(
            Press("point", "settle", each.point_id),
            say("feedback.became.placeholder", locale, number=number),
            [
                discord.SelectOption(
                    label=say(f"feedback.became.{outcome}", locale), value=str(place), default=outcome == each.outcome
                )
                for place, outcome in enumerate(OUTCOMES)
            ],
        )
        for number, each in enumerate(feedback.points, start=1)
    ]
    words: list[Item] = [
        button(Press("point", "word", each.point_id), say("feedback.word.button", locale, number=number))
        for number, each in enumerate(feedback.points, start=1)
    ]
    if any(each.outcome is not None for each in feedback.points):
        words.append(
            button(Press("feedback", "tell", feedback.feedback_id), say("feedback.tell.button", locale), SUCCESS)
        )
    return [*selects, *words]


def _mention(feedback: FeedbackView) -> str:
    return f"<@{feedback.reader_user_id}>"
