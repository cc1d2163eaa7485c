"""What an author chooses for a draft before it is posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.attachments.understood import Format
from bot.domain import drafts
from bot.domain.draft_reading import DraftPart
from bot.domain.draft_sections import count_words
from bot.domain.drafts import Stage
from bot.domain.lifecycle import FOR_DRAFTS
from bot.errors import Invalid
from bot.services.feedback.drafting_results import DraftChoices, DraftPreview
from bot.services.feedback.holding import hold_unposted, own_draft, require_unposted, waiting_file
from bot.services.feedback.inspecting import count_file, file_name, look_again, note, part_name
from bot.services.feedback.previewing import Previewing
from bot.services.ports import Begin, Files, Read
from bot.store.unit_of_work import UnitOfWork
from models import Draft

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Choosing:
    """Use cases of an author who looks at what would be sent; holds no state of its own."""

    begin: Begin
    read: Read
    previewing: Previewing
    files: Files

    async def choose(self, draft_id: int, user_id: int, chosen: DraftChoices) -> DraftPreview:
        """Change what an author may choose, and show the draft again.

        Raises:
            Invalid: a choice isn't one of these, or a review is to be shown with the paper.
            NotFound: there is no such draft, or no longer.
            NotAllowed: another person wrote it.
            Conflict: it was posted in the meantime.
        """
        parts = (await self.previewing.preview(draft_id, user_id)).parts if chosen.part else ()
        async with self.begin() as work:
            await apply(work, await hold_unposted(work, draft_id, user_id), chosen, parts)
        return await self.previewing.preview(draft_id, user_id)

    async def show_review(self, draft_id: int, user_id: int, words: str, *, is_allowed: bool) -> DraftPreview:
        """Keep the words of a review that feedback is asked for.

        Raises:
            Invalid: its author doesn't say that their venue allows it, there are no words or too many, or the draft is
                no review.
            NotFound: there is no such draft, or no longer.
            NotAllowed: another person wrote it.
            Conflict: it was posted in the meantime.
        """
        review = drafts.clean_review(words, is_allowed=is_allowed)
        async with self.begin() as work:
            draft = await hold_unposted(work, draft_id, user_id)
            drafts.require_sharable(
                Stage.REVIEW, has_link=draft.link is not None, has_file=draft.file_format is not None
            )
            draft.stage, draft.review_text, draft.may_show = Stage.REVIEW, review, True
            count_again(draft)
        return await self.previewing.preview(draft_id, user_id)

    async def name_file(self, draft_id: int, user_id: int, name: str) -> DraftPreview:
        """Call a draft's file by another name; its ending says what it is, whatever is typed.

        Raises:
            NotFound: there is no such draft, or no longer.
            NotAllowed: another person wrote it.
            Conflict: it was posted in the meantime.
        """
        async with self.begin() as work:
            draft = await hold_unposted(work, draft_id, user_id)
            kept = await waiting_file(work, draft)
            if kept is not None:
                kept.name = file_name(name, Format.PDF if draft.file_format == Format.PDF else Format.TEXT)
        return await self.previewing.preview(draft_id, user_id)

    async def clean_file(self, draft_id: int, user_id: int) -> DraftPreview:
        """Send a copy of a PDF without what it says about itself on no page.

        Raises:
            Invalid: no such copy can be made.
            NotFound: there is no such draft, or no longer.
            NotAllowed: another person wrote it.
            Conflict: it was posted in the meantime.
            LimitReached: they handed in, or had copied, as many files as one person may in a day.
            Unavailable: it isn't their turn for too long.
        """
        async with self.read() as work:
            draft = await own_draft(work, await work.drafts.get(draft_id), user_id)
            require_unposted(draft)
            kept = await waiting_file(work, draft)
            content, guild_id = kept.content if kept else b"", draft.guild_id
        await count_file(self.begin, guild_id, user_id, self.previewing.clock.now())
        async with self.files.turn(user_id):
            copy = await self.files.without_record(content)
        seen = await look_again(self.files, copy, user_id)
        async with self.begin() as work:
            same = await waiting_file(work, await hold_unposted(work, draft_id, user_id))
            if same is not None and same.content == content:
                same.content, same.found = copy, note(seen) if seen else None
        return await self.previewing.preview(draft_id, user_id)


async def apply(work: UnitOfWork, draft: Draft, chosen: DraftChoices, parts: Sequence[DraftPart]) -> None:
    """Keep what was chosen for a draft that is held, which may be asked for in these parts.

    Raises:
        Invalid: a choice isn't one of these, or a review is to be shown with the paper.
    """
    if chosen.stage is not None:
        _be_of_stage(draft, chosen.stage)
    if chosen.co_authors is not None:
        await work.drafts.name_co_authors(draft.id, chosen.co_authors[: drafts.MOST_CO_AUTHORS])
    if chosen.size is not None:
        draft.words = draft.whole_words = chosen.size.words
        draft.part = None
    if chosen.part is not None:
        _ask_for_part(draft, chosen.part, parts)
    _be_read_by(draft, chosen)


def _be_read_by(draft: Draft, chosen: DraftChoices) -> None:
    if chosen.areas is not None:
        draft.areas = list(chosen.areas)
    if chosen.readers is not None:
        draft.readers = _one_of(chosen.readers, range(1, drafts.MOST_READERS + 1))
    if chosen.visibility is not None:
        draft.visibility = _one_of(chosen.visibility, FOR_DRAFTS)
    if chosen.may_read is not None:
        draft.may_read = chosen.may_read


def forget_review(draft: Draft) -> None:
    """Let a draft be no review any more."""
    draft.review_text, draft.may_show = None, False


def counted(draft: Draft) -> int | None:
    """Return how many words were typed of what is to be read; None where a link or a file is to be read."""
    if draft.link is not None or draft.file_format is not None:
        return None
    typed = {Stage.REVIEW: draft.review_text, Stage.IDEA: draft.about}.get(Stage(draft.stage))
    return count_words(typed or "")


def count_again(draft: Draft) -> None:
    """Let a draft without a link or a file be as long as what was typed; what else is to be read keeps its length."""
    words = counted(draft)
    if words is not None:
        draft.words, draft.whole_words, draft.part = words, words, None


def _be_of_stage(draft: Draft, stage: Stage) -> None:
    if stage == Stage.REVIEW:
        drafts.require_sharable(stage, has_link=draft.link is not None, has_file=draft.file_format is not None)
    else:
        forget_review(draft)
    draft.stage = stage
    count_again(draft)


def _ask_for_part(draft: Draft, number: int, parts: Sequence[DraftPart]) -> None:
    if not number:
        draft.words, draft.part = draft.whole_words, None
        return
    part = parts[_one_of(number, range(1, len(parts) + 1)) - 1]
    draft.words, draft.part = part.words, part_name(number, parts)


def _one_of(value: Value, offered: Sequence[Value]) -> Value:
    if value not in offered:
        raise Invalid("error.choice")
    return value
