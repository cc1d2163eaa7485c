"""Asking a question: written, kept, and put better or ended by its asker."""

import secrets
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain import ask_well, lifecycle, wording
from bot.domain.ask_well import Hint
from bot.domain.lifecycle import FOR_QUESTIONS, CloseReason, QuestionKind, RequestState, Urgency, Visibility
from bot.domain.limits import LONGEST as LONGEST_COUNTED
from bot.domain.limits import Deed
from bot.errors import Conflict, Invalid, NotAllowed, NotFound
from bot.routing.ports import Query
from bot.services import limits
from bot.services.ports import Begin, Nudge
from bot.services.requests import letters
from bot.services.requests.closing import close
from bot.services.requests.holding import asked_by
from bot.services.requests.inviting import Inviting
from bot.services.requests.kind import keep_query
from bot.services.requests.kinds import since
from bot.services.requests.posting import Posting
from bot.services.requests.unmasking import is_hidden
from bot.services.requests.views import request_view
from bot.services.results import QuestionView, Receipt, SimilarQuestion
from bot.services.routing.community import news_of
from bot.store.unit_of_work import UnitOfWork
from models import KeptAnswer, Question, Request

SHORTEST, LONGEST = 20, 1_500
"""Characters of a question."""
LONGEST_TRIED = 1_000
"""Characters of what was tried; Discord's embed fields hold 1,024."""
LONGEST_CLOSING = 200
"""Characters of a moderator's word to the asker."""
MOST_SIMILAR = 3
"""Earlier questions shown before a new one is posted."""
APART_FROM = timedelta(hours=6)
"""How long after a question without a name the thread says that it is closed which that took the place of; at most
twice as long, and each time another while."""


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """What an asker submits."""

    guild_id: int
    asker_user_id: int
    interaction_id: int
    text: str = field(repr=False)
    tried: str = field(repr=False, default="")
    kind: QuestionKind = QuestionKind.CONCEPT
    urgency: Urgency = Urgency.THIS_WEEK
    visibility: Visibility = Visibility.PUBLIC
    replaces: int | None = None
    """A question of the same person that this one puts better: it is posted at once, and the other goes."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Use cases around asking; holds no state of its own, so all tasks may share one."""

    begin: Begin
    inviting: Inviting
    posting: Posting
    nudge: Nudge
    clock: Clock

    async def ask(self, new: NewQuestion) -> Receipt:
        """Keep a question, open its thread and ask people; the same interaction twice is kept once.

        Where questions like it were answered before, or something would make it easier to answer, it is only kept:
        `Posting.post` sends it on its way, `drop` forgets it, and another one may take its place.
        Ranking takes 10 to 2,000 ms, so it ends before the transaction begins.

        Raises:
            Invalid: the question is too short or too long, what was tried is too long, or a choice isn't one of these.
            LimitReached: the asker already waits on as many questions as the community allows, or wrote too many today.
            Unavailable: the community has no channel that the bot can use for it.
            NotAllowed: it is to replace another person's.
        """
        if new.visibility not in FOR_QUESTIONS:
            raise Invalid("error.choice")
        text = wording.within(new.text, LONGEST, "ask.too_long", shortest=SHORTEST, too_short="ask.too_short")
        tried = wording.within(new.tried, LONGEST_TRIED, "ask.tried_too_long") or None
        await self._require_may_write(new)
        query = await self.inviting.router.read(text, new.asker_user_id)
        matches = await self.inviting.rank(new.guild_id, query, new.urgency)
        similar, hint = await self._look_first(new, text, tried, query)
        async with self.begin() as work:
            replaced = await _replaced(work, new)
            await work.lock(new.guild_id)
            question = await work.requests.find_submitted(new.interaction_id)
            if question is None:
                if replaced is not None:
                    await self._replace(work, replaced, new.visibility)
                question = await self._keep(work, new, text, tried)
                keep_query(question, work.question_vectors, query)
            if question.state == RequestState.UNPOSTED and (similar or hint):
                return Receipt(question.id, 0, None, query.is_fallback, similar, hint)
            receipt = await self.posting.open(work, question, query, matches)
        return await self.posting.send(new.guild_id, receipt, query)

    async def written(self, request_id: int, user_id: int) -> QuestionView:
        """Return a question to its asker, to be written again.

        Raises:
            NotFound: there is no such question, or no longer.
            NotAllowed: another person wrote it.
        """
        async with self.inviting.read() as work:
            question = await asked_by(work, await work.questions.get(request_id), user_id, "similar.not_yours")
            view = await request_view(work, question)
        assert isinstance(view, QuestionView), "a question looks like one"  # noqa: S101
        return view

    async def post(self, request_id: int, user_id: int) -> Receipt:
        """Send a question on its way that was only kept so far; twice is once.

        Raises:
            NotFound: there is no such question, or no longer.
            NotAllowed: another person wrote it.
            LimitReached: the asker already waits on as many questions as the community allows.
            Unavailable: the community has no channel that the bot can use for it.
        """
        await self.written(request_id, user_id)
        return await self.posting.post(request_id, user_id)

    async def drop(self, request_id: int, user_id: int) -> None:
        """Forget a question that was only kept, for an earlier one answers it; twice is once.

        Raises:
            NotAllowed: another person wrote it.
            Conflict: it was posted in the meantime.
        """
        async with self.begin() as work:
            question = await work.requests.hold(request_id)
            if question is None:
                return
            await asked_by(work, question, user_id, "similar.not_yours")
            if question.state != RequestState.UNPOSTED:
                raise Conflict("similar.posted")
            await work.requests.delete_unposted([request_id])

    async def forget_unposted(self) -> int:
        """Forget the questions that were written long ago and never posted, and deeds that count no longer.

        Returns how many questions.
        """
        async with self.begin() as work:
            await work.deeds.forget(self.clock.now() - LONGEST_COUNTED)
            before = since(self.inviting.numbers, self.clock.now(), lambda numbers: numbers.unposted_for)
            old = await work.requests.unposted(before)
            await work.requests.delete_unposted(old)
        return len(old)

    async def is_asker(self, request_id: int, user_id: int) -> bool:
        """Tell whether this person asked it; no one asked what isn't there."""
        async with self.inviting.read() as work:
            question = await work.requests.get(request_id)
            asker = await work.members.get(question.asker_id) if question else None
            return asker is not None and asker.user_id == user_id

    async def close(self, request_id: int, user_id: int, words: str = "", *, is_moderator: bool) -> None:
        """End a question without an outcome; twice is once.

        Where a moderator ends it, the asker is told, with the moderator's words.

        Raises:
            NotFound: there is no such question.
            NotAllowed: this person neither asked it nor moderates.
            Invalid: the words are longer than `LONGEST_CLOSING`.
            Conflict: it is over already, with an outcome.
        """
        said = wording.within(words, LONGEST_CLOSING, "close.too_long")
        async with self.begin() as work:
            question = await work.requests.hold(request_id)
            asker = await work.members.get(question.asker_id) if question else None
            if question is None or asker is None:
                raise NotFound("request.unknown")
            if asker.user_id != user_id and not is_moderator:
                raise NotAllowed("close.not_yours")
            if question.state == RequestState.CLOSED:
                return
            reason = CloseReason.ASKER if asker.user_id == user_id else CloseReason.MODERATOR
            now = self.clock.now()
            await close(work, question, reason, now)
            await _tell_closed(work, question, reason, said, now)
            news = await news_of(work, question, ())
        news.tell(self.inviting.router)
        self.nudge()

    async def _similar(self, new: NewQuestion, query: Query) -> tuple[SimilarQuestion, ...]:
        guild_id = new.guild_id
        alike = await self.inviting.router.similar(guild_id, query, limit=MOST_SIMILAR)
        near = [each.question_id for each in alike if each.is_near]
        if not near:
            return ()
        async with self.inviting.read() as work:
            found = {each.id: each for each in await work.questions.solved(guild_id, near)}
            kept = await work.kept_answers.agreed(near)
            asker = await work.members.find(guild_id, new.asker_user_id)
            away = (await work.blocks.around([asker.id]))[asker.id] if asker is not None else set[int]()
        shown = [each for each in near if each in found and not _is_by(found[each], kept.get(each), away)]
        return tuple(_similar(found[each], kept.get(each)) for each in shown)

    async def _look_first(
        self, new: NewQuestion, text: str, tried: str | None, query: Query
    ) -> tuple[tuple[SimilarQuestion, ...], Hint | None]:
        """Return what is worth a look before a question is posted; an asker who has looked once isn't held up again."""
        if new.replaces is not None:
            return (), None
        return await self._similar(new, query), ask_well.hint(text, tried)

    async def _replace(self, work: UnitOfWork, question: Request, visibility: Visibility) -> None:
        """Let a question go whose asker has put it better; one that is over already stays as it is.

        Where either is without a name, the old thread says so hours later and in the words of any other end, so that
        nothing public ties the two together.
        """
        now = self.clock.now()
        if question.state == RequestState.UNPOSTED:
            await work.requests.delete_unposted([question.id])
        elif lifecycle.awaits_answer(RequestState(question.state)):
            is_apart = visibility.is_hidden or is_hidden(question)
            at = now + APART_FROM + _up_to(APART_FROM) if is_apart else now
            await close(work, question, CloseReason.REPHRASED, now, at)
            text = "thread.closed_by_asker" if is_apart else "thread.rephrased"
            await letters.tell_thread(work, question, text, str(question.id), at)

    async def _require_may_write(self, new: NewQuestion) -> None:
        """Refuse cheaply what would be refused in the end: what follows costs; the transaction looks again."""
        async with self.inviting.read() as work:
            if await work.requests.find_submitted(new.interaction_id) is not None:
                return
            asker = await work.members.find(new.guild_id, new.asker_user_id)
            if asker is not None:
                await limits.require(work, asker.id, Deed.WRITE, self.clock.now())
            # What takes another's place needs no place of its own.
            asker_id = asker.id if asker is not None and new.replaces is None else None
            await self.posting.require_place(work, new.guild_id, asker_id, new.visibility)

    async def _keep(self, work: UnitOfWork, new: NewQuestion, text: str, tried: str | None) -> Question:
        now = self.clock.now()
        await work.guilds.ensure(new.guild_id, now)
        asker = await work.members.ensure(new.guild_id, new.asker_user_id, now)
        await limits.hold(work, asker.id, Deed.WRITE, now)
        await self.posting.require_place(work, new.guild_id, asker.id, new.visibility)
        question = Question(
            guild_id=new.guild_id,
            asker_id=asker.id,
            interaction_id=new.interaction_id,
            created_at=now,
            urgency=new.urgency,
            text=text,
            tried=tried,
            kind=new.kind,
            visibility=new.visibility,
            state=RequestState.UNPOSTED,
        )
        work.requests.add(question)
        await work.flush()
        return question


def _up_to(length: timedelta) -> timedelta:
    """Return a while that can't be foretold."""
    return timedelta(seconds=secrets.randbelow(int(length.total_seconds())))


async def _tell_closed(work: UnitOfWork, question: Request, reason: CloseReason, words: str, now: datetime) -> None:
    occasion = f"{question.id}:{now:%Y%m%d%H%M%S}"
    if reason is CloseReason.ASKER:
        await letters.tell_thread(work, question, "thread.closed_by_asker", occasion, now)
        return
    await letters.tell_thread(work, question, "thread.closed_by_moderator", occasion, now)
    key, params = ("asker.closed_because", {"reason": words}) if words else ("asker.closed", {})
    await letters.tell_member(work, question, question.asker_id, key, now, occasion, **params)


def _is_by(question: Question, kept: KeptAnswer | None, people: Container[int]) -> bool:
    """Tell whether an exchange is by one of these people, as far as everyone may know whose it is."""
    # Blocking one member after another would else tell who asked.
    return (not is_hidden(question) and question.asker_id in people) or (kept is not None and kept.helper_id in people)


def _similar(question: Question, kept: KeptAnswer | None) -> SimilarQuestion:
    text, answer = (kept.question, kept.answer) if kept else (question.text, None)
    return SimilarQuestion(question.thread_id or 0, text, answer)


async def _replaced(work: UnitOfWork, new: NewQuestion) -> Request | None:
    """Return the question that a new one takes the place of, held; None where there is none, or no longer."""
    question = await work.requests.hold(new.replaces) if new.replaces else None
    return await asked_by(work, question, new.asker_user_id, "similar.not_yours") if question else None
