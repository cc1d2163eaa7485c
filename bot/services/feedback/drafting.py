"""Writing a draft down, and sending it on its way once its author has looked at what was understood."""

from dataclasses import dataclass
from datetime import datetime

from bot.calendars.deadlines import TypedDeadline, read_deadline
from bot.clock import Clock
from bot.domain import drafts
from bot.domain.drafts import Stage
from bot.domain.lifecycle import FOR_DRAFTS, RequestState, Visibility
from bot.domain.limits import LIMITS, Deed
from bot.errors import Invalid
from bot.routing.ports import Query
from bot.services import limits
from bot.services.feedback import letters
from bot.services.feedback.choosing import count_again, counted, forget_review
from bot.services.feedback.drafting_results import DraftPreview, DraftTyped, HandedIn, NewDraft
from bot.services.feedback.holding import hold_unposted, own_draft, require_unposted, waiting_file
from bot.services.feedback.inspecting import Looked, count_file, look_again, look_into
from bot.services.feedback.previewing import Previewing
from bot.services.feedback.sources import hide_name, replace_source, typed_link
from bot.services.ports import Begin, Files
from bot.services.requests.draft import routed_by
from bot.services.requests.inviting import Inviting
from bot.services.requests.kind import keep_query
from bot.services.requests.posting import Posting
from bot.services.results import Receipt
from bot.store.unit_of_work import UnitOfWork
from models import Draft

READ_FOR_MATCHING = 2_000
"""Words of a draft that are looked at for matching, where its author allows that; an encoder sees fewer."""
MOST_UNSENT = 3
"""Drafts of one author that are kept though they aren't sent."""
WORDS = "draft"
"""Beginning of the refusals that drafts have of their own."""


@dataclass(frozen=True, slots=True)
class _Written:
    """What an author typed, understood."""

    about: str
    questions: list[str]
    link: str | None
    deadline: TypedDeadline
    file: Looked | None


@dataclass(frozen=True, slots=True)
class Drafting:
    """Use cases of an author before readers are asked; holds no state of its own."""

    begin: Begin
    inviting: Inviting
    posting: Posting
    previewing: Previewing
    files: Files
    clock: Clock

    async def write(self, new: NewDraft) -> DraftPreview:
        """Keep a draft, and show what was understood; nothing is sent, and the same submission twice is kept once.

        Of an author's drafts that aren't sent, the three newest are kept.
        A file that can't be used is no refusal: the preview says why, and its author can go on.

        Raises:
            Invalid: a text is too short or too long, the link or the deadline can't be read, or there is a file beside
                a link.
            LimitReached: there are too many questions, or the author waits for as many as the community allows, or
                wrote too many today or handed in too many files.
            Unavailable: the community has no channel that the bot can use, or others' files take too long.
            NotFound: what is to be changed is there no longer.
            NotAllowed: it is another person's.
            Conflict: it was posted in the meantime.
        """
        about, questions = drafts.clean_about(new.about), drafts.split_questions(new.questions)
        link = typed_link(new.link)
        drafts.require_sharable(Stage.DRAFT, has_link=link is not None, has_file=new.file is not None)
        deadline = read_deadline(new.needed_by, await self._admitted_zone(new), self.clock.now())
        file = await self._looked(new, new.file) if new.file is not None else None
        async with self.begin() as work:
            draft = await self._kept(work, new, _Written(about, questions, link, deadline, file))
        refusal = file.refusal if file else None
        return await self.previewing.preview(draft.id, new.user_id, refusal, is_moved=deadline.is_moved)

    async def written(self, draft_id: int, user_id: int) -> DraftTyped:
        """Return a draft to its author, to be typed again.

        Raises:
            NotFound: there is no such draft, or no longer.
            NotAllowed: another person wrote it.
            Conflict: it was posted in the meantime.
        """
        async with self.inviting.read() as work:
            draft = await own_draft(work, await work.drafts.get(draft_id), user_id)
            require_unposted(draft)
            author = await work.members.get(draft.asker_id)
            zone = author.zone if author else None
            closes_at = draft.needed_by or draft.created_at
            return DraftTyped(
                draft.id, draft.guild_id, draft.about, tuple(draft.questions), draft.link, closes_at, zone
            )

    async def drop(self, draft_id: int, user_id: int) -> None:
        """Forget a draft that isn't posted, with its file; twice is once.

        Raises:
            NotAllowed: another person wrote it.
            Conflict: it was posted in the meantime.
        """
        async with self.begin() as work:
            request = await work.requests.hold(draft_id)
            if request is None:
                return
            require_unposted(await own_draft(work, request, user_id))
            await work.requests.delete_unposted([draft_id])

    async def post(self, draft_id: int, user_id: int) -> Receipt:
        """Open the draft's thread, with what there is to read in it, and ask readers; twice is once.

        Raises:
            Invalid: its deadline is over by now, or there is nothing to read, or its length isn't known.
            NotFound: there is no such draft, or no longer.
            NotAllowed: another person wrote it.
            LimitReached: the author waits for as many as the community allows.
            Unavailable: the community has no channel that the bot can use for it.
        """
        query = await self._query(draft_id, user_id)

        async def along(work: UnitOfWork, draft: Draft, now: datetime) -> None:
            if query is not None:
                keep_query(draft, work.draft_vectors, query)
            require_ready(draft, now)
            draft.round_at = now
            await hide_name(work, draft)
            await letters.guide_readers(work, draft, now)

        return await self.posting.post(draft_id, user_id, query, along)

    async def _query(self, draft_id: int, user_id: int) -> Query | None:
        """Return what a draft is routed by; None where it is posted already, or its encoder rests.

        Where its author allows it, what the text means counts as much as what they typed; its words are compared with
        no one's, and nothing of it stays.
        """
        async with self.inviting.read() as work:
            draft = await own_draft(work, await work.drafts.get(draft_id), user_id)
            if draft.state != RequestState.UNPOSTED:
                return None
            require_ready(draft, self.clock.now())
            await self.posting.require_own_place(work, draft)
            kept = await waiting_file(work, draft) if draft.may_read else None
            typed, content = routed_by(draft), kept.content if kept else None
        query = await self.inviting.router.read(typed, user_id)
        seen = await look_again(self.files, content, user_id) if content else None
        if seen is None or not seen.text:
            return query
        begun = " ".join(seen.text.split()[:READ_FOR_MATCHING])
        return query.blended(await self.inviting.router.read(begun, user_id))

    async def _looked(self, new: NewDraft, file: HandedIn) -> Looked:
        await count_file(self.begin, new.guild_id, new.user_id, self.clock.now())
        async with self.files.turn(new.user_id):
            return await look_into(self.files, file)

    async def _admitted_zone(self, new: NewDraft) -> str | None:
        """Return the author's zone, after refusing cheaply what would be refused in the end."""
        async with self.inviting.read() as work:
            author = await work.members.find(new.guild_id, new.user_id)
            is_known = await work.requests.find_submitted(new.interaction_id) is not None
            if not is_known and new.changes is None:
                if author is not None:
                    await limits.require(work, author.id, Deed.WRITE, self.clock.now())
                author_id = author.id if author else None
                await self.posting.require_place(work, new.guild_id, author_id, Visibility.PUBLIC, WORDS)
        return author.zone if author else None

    async def _kept(self, work: UnitOfWork, new: NewDraft, written: _Written) -> Draft:
        """Return the draft of a submission, as it is written now."""
        held = await hold_unposted(work, new.changes, new.user_id) if new.changes else None
        await work.lock(new.guild_id)
        known = await work.requests.find_submitted(new.interaction_id)
        if isinstance(known, Draft):
            return known
        draft = held or await self._begun(work, new, written)
        is_counted = draft.words == counted(draft)
        draft.about, draft.questions, draft.needed_by = written.about, written.questions, written.deadline.closes_at
        if written.file is not None or written.link != draft.link:
            # What is as it was keeps the length that its author chose.
            await _replace_source(work, draft, written)
        elif is_counted:
            count_again(draft)
        return draft

    async def _begun(self, work: UnitOfWork, new: NewDraft, written: _Written) -> Draft:
        now = self.clock.now()
        await work.guilds.ensure(new.guild_id, now)
        author = await work.members.ensure(new.guild_id, new.user_id, now)
        await limits.hold(work, author.id, Deed.WRITE, now)
        await self.posting.require_place(work, new.guild_id, author.id, Visibility.PUBLIC, WORDS)
        await _forget_oldest(work, author.id)
        draft = Draft(
            guild_id=new.guild_id,
            asker_id=author.id,
            interaction_id=new.interaction_id,
            created_at=now,
            about=written.about,
            readers=drafts.READERS,
            visibility=FOR_DRAFTS[0],
            state=RequestState.UNPOSTED,
        )
        work.requests.add(draft)
        await work.flush()
        return draft


async def _forget_oldest(work: UnitOfWork, author_id: int) -> None:
    """Make room for one more draft of an author's among those that aren't sent: each may have a file with it."""
    latest = await work.requests.of(author_id, LIMITS[Deed.WRITE].most)
    unsent = [each.id for each in latest if isinstance(each, Draft) and each.state == RequestState.UNPOSTED]
    await work.requests.delete_unposted(unsent[MOST_UNSENT - 1 :])


def require_ready(draft: Draft, now: datetime) -> None:
    """Make sure that a draft can be sent.

    Raises:
        Invalid: its deadline is over by now, there is nothing to read, or its length isn't known.
    """
    if draft.needed_by is None or draft.needed_by <= now:
        raise Invalid("feedback.deadline_over")
    if draft.stage == Stage.REVIEW:
        drafts.clean_review(draft.review_text or "", is_allowed=draft.may_show or draft.review_text is None)
        drafts.require_sharable(Stage.REVIEW, has_link=draft.link is not None, has_file=draft.file_format is not None)
    elif draft.link is None and draft.file_format is None and draft.stage != Stage.IDEA:
        raise Invalid("feedback.nothing_to_read")
    if not draft.words:
        raise Invalid("feedback.no_size")


async def _replace_source(work: UnitOfWork, draft: Draft, written: _Written) -> None:
    """Let a draft be what was handed in last, as long as that is."""
    forget_review(draft)
    await replace_source(work, draft, written.link, written.file)
    draft.words = draft.whole_words = written.file.words if written.file else 0
    draft.part = None
    count_again(draft)
