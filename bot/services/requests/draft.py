"""Drafts, as a kind of request: read by so many people, by a date, and never learned from."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import draft_reading
from bot.domain.capacity import Capacity
from bot.domain.draft_dates import OUTCOMES_AGAIN_AFTER, SENT_AFTER, DraftDates
from bot.domain.drafts import ALTERNATES, Area, Stage
from bot.domain.lifecycle import Urgency
from bot.domain.policy import NEVER, Policy, Wave
from bot.services.requests.kind import Kind, Subject
from bot.services.results import DraftView, RequestFacts
from bot.store.unit_of_work import ReadingWork
from models import Draft

_WAVES = (Wave(2, timedelta(hours=8)), Wave(3, timedelta(hours=8)), Wave(4, timedelta(hours=8)))
_WAIT_SHARE, _SHORTEST_WAIT = 12, timedelta(minutes=30)
"""A place is kept for a twelfth of the time that is left, eight waking hours at most."""
LEAST_FIT = 0.5
"""The least fit of a person who is asked to read: below it lies what other communities talk about.
Source: docs/measurements/reviewers.md, the least fit of a person who is asked."""
NUMBERS = Policy(
    waves=dict.fromkeys(Urgency, _WAVES),
    alternates=ALTERNATES,
    outcome_again_after=OUTCOMES_AGAIN_AFTER,
    listed_after=NEVER,
    moderators_after=NEVER,
    choices_after=timedelta(),
)
"""A draft is in no list: moderators hear of it before its deadline, and its author chooses at it."""


def dates(draft: Draft) -> DraftDates:
    """Return the course of a draft's round."""
    began = max(each for each in (draft.round_at, draft.waiting_since, draft.created_at) if each is not None)
    return DraftDates(began, draft.needed_by or began)


def routed_by(draft: Draft) -> str:
    """Return the only words that readers are found by, as its author typed them."""
    return "\n".join([draft.about, *draft.questions])


def title(draft: Draft) -> str:
    """Return what a draft is called by: its first line."""
    return draft.about.strip().partition("\n")[0]


async def _subjects(work: ReadingWork, drafts: Sequence[Draft]) -> Mapping[int, Subject]:
    stored = await work.draft_vectors.of([each.id for each in drafts])
    return {each.id: Subject(routed_by(each), each.is_english, stored.get(each.id, {})) for each in drafts}


async def _readers(work: ReadingWork, drafts: Sequence[Draft]) -> Mapping[int, Container[int]]:
    return {each.id: await work.drafts.readers(each, draft_reading.minutes(each.words)) for each in drafts}


def _timed(draft: Draft, numbers: Policy, now: datetime) -> Policy:
    """Return numbers that shrink with the time that is left; from half of it on, alternates are asked at once."""
    course = dates(draft)
    claim = course.claimed_until(now) - now
    wait = max(min((course.needed_by - now) / _WAIT_SHARE, _WAVES[0].wait), _SHORTEST_WAIT)
    is_second = now >= course.second_wave_at
    room = draft.readers + (numbers.alternates if is_second else 0)
    waves = [replace(each, size=max(each.size, room), wait=wait) for each in numbers.waves[Urgency(draft.urgency)]]
    return replace(
        numbers,
        waves=dict.fromkeys(Urgency, tuple(waves)),
        alternates=numbers.alternates if is_second else 0,
        claimed_for=claim,
        nudged_after=course.reminded_at(now) - now,
    )


def _looked_at_again(draft: Draft, now: datetime) -> datetime | None:
    second_wave_at = dates(draft).second_wave_at
    return second_wave_at if now < second_wave_at else None


def _places(draft: Draft) -> Capacity:
    return Capacity(draft.readers, draft.round_at)


async def _asked_how_at(work: ReadingWork, draft: Draft, now: datetime) -> datetime:
    """Leave readers of several who only wrote in the thread so far some time to send their feedback."""
    _, answered = await work.invitations.at_it(draft.id)
    sent = {each.reader_id for each in await work.feedback.sent(draft.id) if each.round == draft.round}
    is_all = draft.readers == 1 or _places(draft).filled((), answered) <= sent
    return now if is_all else now + SENT_AFTER


async def _first(work: ReadingWork, draft: Draft) -> Sequence[int]:
    return await work.drafts.returning(draft)


async def _co_authors(work: ReadingWork, draft: Draft) -> Collection[int]:
    return await work.drafts.co_authors(draft.id)


def _round(draft: Draft) -> int:
    return draft.round


def _view(draft: Draft, facts: RequestFacts) -> DraftView:
    return DraftView(
        **facts,
        about=draft.about,
        questions=tuple(draft.questions),
        link=draft.link,
        changes=draft.changes,
        has_file=draft.file_format is not None,
        words=draft.words,
        stage=Stage(draft.stage),
        areas=tuple(map(Area, draft.areas)),
        readers=draft.readers,
        needed_by=draft.needed_by,
        aim_for=dates(draft).aim_for(draft.round_at or draft.created_at),
        round=draft.round,
        part=draft.part,
    )


DRAFT = Kind(
    Draft,
    text=title,
    subjects=_subjects,
    view=_view,
    numbers=NUMBERS,
    timed=_timed,
    looked_at_again=_looked_at_again,
    places=_places,
    readers=_readers,
    round=_round,
    first=_first,
    co_authors=_co_authors,
    asked_how_at=_asked_how_at,
    least_fit=LEAST_FIT,
    words="draft",
)
