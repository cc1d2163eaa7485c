"""A draft as its author sees it before anything is sent."""

from dataclasses import dataclass
from typing import Any

from bot.attachments.understood import Understood
from bot.clock import Clock
from bot.domain.draft_dates import DraftDates
from bot.domain.draft_reading import is_too_long
from bot.domain.lifecycle import RequestState, Visibility
from bot.errors import Conflict, HouseError, NotFound
from bot.services.feedback.drafting_results import DraftPreview
from bot.services.feedback.inspecting import look_again, neutral_name, parts_of
from bot.services.feedback.letters import guide_key
from bot.services.ports import Files, Messenger, Read
from bot.services.requests.holding import asked_by
from bot.services.requests.views import request_view
from bot.services.results import DraftView
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Draft, Request


@dataclass(frozen=True, slots=True)
class Previewing:
    """Shows an author what would be sent; holds no state of its own."""

    read: Read
    files: Files
    messenger: Messenger
    clock: Clock

    async def preview(
        self, draft_id: int, user_id: int, refusal: HouseError | None = None, *, is_moved: bool = False
    ) -> DraftPreview:
        """Return a draft that isn't posted; a file is looked into again where its author has to know what it says.

        Raises:
            NotFound: there is no such draft, or no longer.
            NotAllowed: another person wrote it.
            Conflict: it was posted in the meantime.
        """
        now = self.clock.now()
        async with self.read() as work:
            draft = await own_draft(work, await work.drafts.get(draft_id), user_id)
            require_unposted(draft)
            view = await request_view(work, draft)
            assert isinstance(view, DraftView), "a draft looks like one"  # noqa: S101
            kept = await work.outbox_files.find(guide_key(draft.id, draft.round))
            co_authors = await work.drafts.co_authors(draft.id)
            takes_private = await self._takes_private(work, draft.guild_id)
        closes_at, is_hidden = draft.needed_by or draft.created_at, Visibility(draft.visibility).is_hidden
        found = await self._seen(draft, kept.content, is_hidden=is_hidden) if kept else None
        return DraftPreview(
            draft=view,
            whole_words=draft.whole_words,
            closes_at=closes_at,
            is_short_notice=DraftDates(now, closes_at).is_short_notice(now),
            parts=parts_of(draft.whole_words, found.text if found else None),
            co_authors=frozenset(co_authors),
            may_read=draft.may_read,
            has_review=draft.review_text is not None,
            file_name=(neutral_name(draft.file_format) if is_hidden else kept.name) if kept else None,
            takes_private=takes_private,
            is_moved=is_moved,
            refusal=refusal,
            **_record(draft, found, is_hidden=is_hidden),
        )

    async def _seen(self, draft: Draft, content: bytes, *, is_hidden: bool) -> Understood | None:
        wants_text = is_too_long(draft.whole_words)
        if not wants_text and not (is_hidden and draft.file_format == "pdf"):
            return None
        return await look_again(self.files, content, wants_text=wants_text)

    async def _takes_private(self, work: ReadingWork, guild_id: int) -> bool:
        settings = await work.guilds.settings(guild_id)
        place = (settings.private_channel_id or settings.help_channel_id) if settings else None
        return self.messenger.takes_private_threads(place or 0)


async def own_draft(work: ReadingWork, request: Request | None, user_id: int) -> Draft:
    """Return a draft that this person wrote.

    Raises:
        NotFound: there is no such draft, or no longer.
        NotAllowed: another person wrote it.
    """
    if not isinstance(request, Draft):
        raise NotFound("feedback.unknown")
    return await asked_by(work, request, user_id, "feedback.not_yours")


async def hold_unposted(work: UnitOfWork, draft_id: int, user_id: int) -> Draft:
    """Return an author's draft that isn't posted, held.

    Raises:
        NotFound: there is no such draft, or no longer.
        NotAllowed: another person wrote it.
        Conflict: it was posted in the meantime.
    """
    draft = await own_draft(work, await work.requests.hold(draft_id), user_id)
    require_unposted(draft)
    return draft


def require_unposted(draft: Draft) -> None:
    """Make sure that a draft may be changed.

    Raises:
        Conflict: it was posted in the meantime.
    """
    if draft.state != RequestState.UNPOSTED:
        raise Conflict("feedback.posted")


async def hide_name(work: UnitOfWork, draft: Draft) -> None:
    """Let a file that waits for its thread be called as any other is."""
    kept = await work.outbox_files.find(guide_key(draft.id, draft.round))
    if kept is not None:
        kept.name = neutral_name(draft.file_format)


def _record(draft: Draft, found: Understood | None, *, is_hidden: bool) -> dict[str, Any]:
    """Return what a PDF says about itself, for an author whose name isn't to be shown."""
    if not is_hidden or draft.file_format != "pdf":
        return {}
    return {"record": found.record if found else None, "is_record_open": found is None or found.has_more}
