"""New versions of a draft: what an author hands in for the next round, and what becomes of the round before."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.attachments.understood import Format
from bot.domain import drafts
from bot.domain.draft_reading import DraftSize
from bot.domain.draft_sections import count_words
from bot.domain.drafts import SETTLED, Stage
from bot.domain.lifecycle import OPEN_STATES, Visibility
from bot.domain.wording import within
from bot.errors import Conflict, Invalid
from bot.services.feedback import letters
from bot.services.feedback.drafting_results import HandedIn
from bot.services.feedback.inspecting import Looked, look_into
from bot.services.feedback.sources import hide_name, replace_source, typed_link
from bot.services.ports import Files
from bot.services.requests.closing import withdraw
from bot.services.requests.kinds import kind_of
from bot.services.requests.places import is_too_late
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Draft

LONGEST_CHANGES = 600
"""Characters of what changed since the round before."""


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What an author fills in for the next round; without a link, a file or a review, the text is the same."""

    needed_by: str = field(repr=False)
    changes: str = field(repr=False)
    link: str = field(repr=False, default="")
    file: HandedIn | None = None
    size: DraftSize | None = None
    """None: as long as before, or as many words as are in the file."""
    review: str = field(repr=False, default="")
    """The words of a review that is the draft."""


@dataclass(frozen=True, slots=True)
class Version:
    """A new version, understood."""

    changes: str = field(repr=False)
    link: str | None = field(repr=False)
    file: Looked | None
    words: int
    """0: as many as before."""


def require_new(new: NewVersion, stage: Stage) -> None:
    """Make sure that a new version is one, before anything costly.

    Raises:
        Invalid: it isn't said what changed, the link isn't one, or there is more than one thing to read.
    """
    _changes(new)
    has_link, has_file = typed_link(new.link) is not None, new.file is not None
    drafts.require_sharable(stage, has_link=has_link, has_file=has_file)
    if new.review and stage != Stage.REVIEW:
        raise Invalid("error.choice")


async def understood(files: Files, new: NewVersion, visibility: Visibility, user_id: int) -> Version:
    """Look into a new version's file; a PDF of an author who stays unknown loses what it says about itself.

    Raises:
        Invalid: the file can't be used, or it isn't said how long it is.
        NotFound: Discord has the file no longer.
        Unavailable: others' files take too long, or Discord doesn't give the file.
    """
    changes, link = _changes(new), typed_link(new.link)
    picked = new.size.words if new.size else 0
    if new.file is None:
        return Version(changes, link, None, picked)
    async with files.turn(user_id):
        file = await look_into(files, new.file)
        if file.refusal is not None and (file.content is None or not picked):
            raise file.refusal
        if file.format == Format.PDF and visibility.is_hidden:
            file = replace(file, content=await files.without_record(file.content or b""), found=None)
    return Version(changes, link, file, file.words or picked)


async def require_read(work: ReadingWork, draft: Draft, now: datetime) -> None:
    """Make sure that no one is in the middle of reading a draft: its date has passed, or all who took it sent theirs.

    Raises:
        Conflict: a person is reading it, or no one has read it yet.
    """
    if draft.state not in OPEN_STATES or is_too_late(draft, now):
        return
    claims, answered = await work.invitations.at_it(draft.id)
    places = kind_of(draft).places(draft)
    if claims or not (places and places.filled((), answered)):
        raise Conflict("feedback.still_read")


async def end_round(work: UnitOfWork, draft: Draft, now: datetime) -> None:
    """Tell each reader of a round what became of their points, and carry over what is open."""
    await withdraw(work, draft, now)
    said = [each for each in await work.feedback.sent(draft.id) if each.round == draft.round]
    points = await work.feedback.points([each.id for each in said])
    for each in said:
        if each.closed_at is None and points[each.id]:
            await letters.tell_became(work, draft, each, now, is_asked_for=True)
    await work.flush()
    await work.drafts.carry_over(draft.id, [each.value for each in SETTLED], now)


async def begin_round(work: UnitOfWork, draft: Draft, new: NewVersion, version: Version, now: datetime) -> None:
    """Let a draft be its next version, from now on.

    Raises:
        Invalid: the words of a review are gone and no others came.
    """
    draft.round, draft.round_at, draft.changes, draft.part = draft.round + 1, now, version.changes, None
    if draft.stage == Stage.REVIEW:
        _take_review(draft, new.review)
    elif version.link is not None or version.file is not None:
        await replace_source(work, draft, version.link, version.file)
        await work.flush()
        await hide_name(work, draft)
    draft.words = draft.whole_words = version.words or draft.whole_words


def _take_review(draft: Draft, typed: str) -> None:
    if typed.strip() or draft.review_text is None:
        draft.review_text = drafts.clean_review(typed, is_allowed=draft.may_show)
        draft.whole_words = count_words(draft.review_text)


def _changes(new: NewVersion) -> str:
    return within(new.changes, LONGEST_CHANGES, "feedback.field_too_long", shortest=1, too_short="feedback.no_changes")
