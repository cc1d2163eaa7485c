"""Asking a question: kept, routed, and acknowledged with a receipt."""

from dataclasses import dataclass, field

from bot.clock import Clock
from bot.domain import wording
from bot.domain.lifecycle import CloseReason, QuestionKind, RequestState, Urgency
from bot.errors import HouseError, LimitReached, NotAllowed, NotFound, Unavailable
from bot.routing.ports import Encoding, to_bytes
from bot.services import letters
from bot.services.closing import close
from bot.services.inviting import Inviting
from bot.services.ports import Begin, Deliver, Messenger, Nudge
from bot.services.results import Receipt
from bot.store.unit_of_work import UnitOfWork
from models import Question

SHORTEST, LONGEST = 20, 1_500
"""Characters of a question."""
LONGEST_TRIED = 1_000
"""Characters of what was tried; Discord's embed fields hold 1,024."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an asker submits."""

    guild_id: int
    asker_user_id: int
    interaction_id: int
    text: str = field(repr=False)
    tried: str = field(repr=False, default="")
    kind: QuestionKind = QuestionKind.CONCEPT
    urgency: Urgency = Urgency.THIS_WEEK


@dataclass(frozen=True, slots=True)
class Asking:
    """Use cases around asking; holds no state of its own, so all tasks may share one."""

    begin: Begin
    inviting: Inviting
    messenger: Messenger
    deliver: Deliver
    nudge: Nudge
    clock: Clock

    async def ask(self, draft: Draft) -> Receipt:
        """Keep a question, open its thread and ask people; the same interaction twice is kept once.

        Ranking takes 10 to 2,000 ms, so it ends before the transaction begins.

        Raises:
            Invalid: the question is too short or too long, or what was tried is too long.
            LimitReached: the asker already waits on as many questions as the community allows.
            Unavailable: the community has no help channel that the bot can use.
        """
        text = wording.within(draft.text, LONGEST, "ask.too_long", shortest=SHORTEST, too_short="ask.too_short")
        tried = wording.within(draft.tried, LONGEST_TRIED, "ask.tried_too_long") or None
        encoding = await self.inviting.router.encode([text])
        matches = await self.inviting.rank(draft.guild_id, encoding)
        async with self.begin() as work:
            await work.lock(draft.guild_id)
            question = await work.questions.find_submitted(draft.interaction_id)
            if question is None:
                question = await self._keep(work, draft, text, tried, encoding)
                invited = await self.inviting.fill_seats(work, question.id, matches, self.clock.now())
            else:
                invited = len(await work.invitations.of(question.id))
            request_id, thread_id = question.id, question.thread_id
        return Receipt(request_id, invited, thread_id or await self._post(request_id), encoding.is_fallback)

    async def close(self, request_id: int, user_id: int, *, is_moderator: bool) -> None:
        """End a question without an outcome; twice is once.

        Raises:
            NotFound: there is no such question.
            NotAllowed: this person neither asked it nor moderates.
            Conflict: it is over already, with an outcome.
        """
        async with self.begin() as work:
            question = await work.questions.hold(request_id)
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
            text = "thread.closed_by_asker" if reason is CloseReason.ASKER else "thread.closed_by_moderator"
            await letters.tell_thread(work, question, text, str(request_id), now)
        self.nudge()

    async def _keep(self, work: UnitOfWork, draft: Draft, text: str, tried: str | None, encoding: Encoding) -> Question:
        now = self.clock.now()
        settings = await work.guilds.ensure(draft.guild_id, now)
        self._require_channel(settings.help_channel_id)
        asker = await work.members.ensure(draft.guild_id, draft.asker_user_id, now)
        waiting = await work.questions.open_of(asker.id)
        if len(waiting) >= settings.open_limit:
            threads = tuple(each.thread_id for each in waiting if each.thread_id)
            raise LimitReached("ask.limit", limit=settings.open_limit, threads=threads)
        question = Question(
            guild_id=draft.guild_id,
            asker_id=asker.id,
            interaction_id=draft.interaction_id,
            created_at=now,
            urgency=draft.urgency,
            text=text,
            tried=tried,
            kind=draft.kind,
            model_id=encoding.model_id,
            vector=to_bytes(encoding.vectors[0]),
        )
        work.questions.add(question)
        await work.flush()
        work.events.add("asked", question, now, asker.id)
        letters.post_question(work, question, now)
        return question

    def _require_channel(self, channel_id: int | None) -> None:
        if channel_id is None:
            raise Unavailable("ask.not_set_up")
        missing = self.messenger.missing_permissions(channel_id)
        if missing is None:
            raise Unavailable("ask.channel_hidden")
        if missing:
            raise Unavailable("ask.channel_forbids", channel=channel_id)

    async def _post(self, request_id: int) -> int | None:
        """Open the thread now and return its id; whatever hinders it, the question is kept and the thread follows."""
        try:
            sent = await self.deliver(letters.post_key(request_id))
        except HouseError:
            return None
        finally:
            self.nudge()
        return sent.channel_id if sent else None
