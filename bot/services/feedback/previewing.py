"""A draft as its author sees it before anything is sent."""

from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.domain.draft_dates import DraftDates
from bot.domain.lifecycle import Visibility
from bot.errors import HouseError
from bot.services.feedback.drafting_results import DraftPreview
from bot.services.feedback.holding import own_draft, require_unposted, waiting_file
from bot.services.feedback.inspecting import neutral_name, noted_sections, parts_of
from bot.services.feedback.views import draft_view
from bot.services.ports import Messenger, Read
from bot.store.unit_of_work import ReadingWork
from models import Draft


@dataclass(frozen=True, slots=True)
class Previewing:
    """Shows an author what would be sent; holds no state of its own."""

    read: Read
    messenger: Messenger
    clock: Clock

    async def preview(
        self, draft_id: int, user_id: int, refusal: HouseError | None = None, *, is_moved: bool = False
    ) -> DraftPreview:
        """Return a draft that isn't posted, with what was found in its file.

        Raises:
            NotFound: there is no such draft, or no longer.
            NotAllowed: another person wrote it.
            Conflict: it was posted in the meantime.
        """
        now = self.clock.now()
        async with self.read() as work:
            draft = await own_draft(work, await work.drafts.get(draft_id), user_id)
            require_unposted(draft)
            view = await draft_view(work, draft)
            kept = await waiting_file(work, draft)
            co_authors = await work.drafts.co_authors(draft.id)
            takes_private = await self._takes_private(work, draft.guild_id)
        closes_at, is_hidden = draft.needed_by or draft.created_at, Visibility(draft.visibility).is_hidden
        found = kept.found if kept else None
        return DraftPreview(
            draft=view,
            whole_words=draft.whole_words,
            closes_at=closes_at,
            is_short_notice=DraftDates(now, closes_at).is_short_notice(now),
            parts=parts_of(draft.whole_words, noted_sections(found)),
            co_authors=frozenset(co_authors),
            may_read=draft.may_read,
            has_review=draft.review_text is not None,
            file_name=(neutral_name(draft.file_format) if is_hidden else kept.name) if kept else None,
            takes_private=takes_private,
            is_moved=is_moved,
            refusal=refusal,
            **_record(draft, found, is_hidden=is_hidden),
        )

    async def _takes_private(self, work: ReadingWork, guild_id: int) -> bool:
        settings = await work.guilds.settings(guild_id)
        place = (settings.private_channel_id or settings.help_channel_id) if settings else None
        return self.messenger.takes_private_threads(place or 0)


def _record(draft: Draft, found: dict[str, Any] | None, *, is_hidden: bool) -> dict[str, Any]:
    """Return what a PDF says about itself, for an author whose name isn't to be shown."""
    if not is_hidden or draft.file_format != "pdf":
        return {}
    return {"record": found["record"] if found else None, "is_record_open": found is None or found["has_more"]}
