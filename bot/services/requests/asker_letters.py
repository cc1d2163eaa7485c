"""What askers read, and what channels do: how it went, what to do about a question, and which questions wait."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.domain.lifecycle import RequestState, Visibility
from bot.domain.policy import Policy
from bot.services.outbox.describing import Concerned, Description, news_channel, no_pairs
from bot.services.requests import letters
from bot.services.requests.about_question import QuestionLetter, shown
from bot.services.requests.contents import ChoicesOffered, OutcomeAsked, RevealWanted, WaitingList
from bot.services.requests.kinds import listed_since
from bot.services.requests.letters import LISTED, RequestLetter
from bot.services.requests.places import answers
from bot.services.requests.views import text_of
from bot.services.results import WaitingQuestion
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter, Request, Reveal


class OutcomeLetter(QuestionLetter):
    """The question to an asker how it went, and the same once more after a while."""

    kind = RequestLetter.OUTCOME
    contents = (OutcomeAsked,)
    pairs = no_pairs

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> OutcomeAsked:
        """Return the question."""
        return OutcomeAsked(*await shown(work, row, question), is_again=row.text is not None)

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether they have said how it went, or the answer was deleted."""
        if row.text is not None:
            return question.state != RequestState.ANSWERED
        if question.state in {RequestState.CLOSED, RequestState.RESOLVED}:
            return True
        answers = [letters.outcome_key(part) for part in await work.help_interactions.of(question.id)]
        return row.key.startswith("outcome:") and row.key not in answers


class ChoicesLetter(QuestionLetter):
    """What an asker may do about a question that no one took."""

    kind = RequestLetter.CHOICES
    contents = (ChoicesOffered,)
    pairs = no_pairs

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> ChoicesOffered:
        """Return the question."""
        return ChoicesOffered(*await shown(work, row, question), await answers(work, question))

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether the question doesn't wait any more."""
        return question.state != RequestState.WAITING


@dataclass(frozen=True)
class DigestLetter(Description):
    """The list of the questions that wait longest, for everyone."""

    kind = RequestLetter.DIGEST
    contents = (WaitingList,)
    is_public: ClassVar[bool] = True
    pairs = no_pairs

    numbers: Policy

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> WaitingList | None:
        """Return the questions; None where none waits any more."""
        since = listed_since(self.numbers, now, is_public=self.is_public)
        found = await work.requests.waiting(row.guild_id, since, is_public=self.is_public)
        waiting = tuple(
            WaitingQuestion(
                each.thread_id,
                None if Visibility(each.visibility).is_private else text_of(each),
                each.waiting_since or each.created_at,
            )
            for each in found
            if each.thread_id is not None
        )
        more = max(len(waiting) - LISTED, 0)
        return WaitingList(waiting[:LISTED], more, is_for_moderators=not self.is_public) if waiting else None

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the panel's post, or the help channel."""
        return await news_channel(work, row.guild_id)


@dataclass(frozen=True)
class ModeratorDigestLetter(DigestLetter):
    """The same list with what not everyone may read, for moderators."""

    kind = RequestLetter.MODERATOR_DIGEST
    is_public: ClassVar[bool] = False

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the moderators' channel."""
        return await _moderator_channel(work, row)


class RevealLetter(QuestionLetter):
    """A moderator's wish to know who asked, which a second one has to share."""

    kind = RequestLetter.REVEAL
    contents = (RevealWanted,)
    pairs = no_pairs

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> RevealWanted:
        """Return the wish."""
        return RevealWanted(*await shown(work, row, question), int(row.params.get("reveal", 0)))

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether a second moderator has shared the wish, or the first one gave it up."""
        reveal = await _reveal_of(work, row)
        return reveal is None or reveal.moderator_id is None or reveal.revealed_at is not None

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the moderators' channel."""
        return await _moderator_channel(work, row)

    async def concerned(self, work: UnitOfWork, row: OutboxLetter) -> Concerned:
        """Return also the moderator."""
        found, reveal = await super().concerned(work, row), await _reveal_of(work, row)
        found.free |= {reveal.moderator_id} if reveal and reveal.moderator_id else set()
        return found


def descriptions(numbers: Policy) -> tuple[Description, ...]:
    """Return what this page describes, where the lists go by the policy."""
    return OutcomeLetter(), ChoicesLetter(), DigestLetter(numbers), ModeratorDigestLetter(numbers), RevealLetter()


async def _reveal_of(work: UnitOfWork, row: OutboxLetter) -> Reveal | None:
    return await work.reveals.get(int(row.params.get("reveal", 0)))


async def _moderator_channel(work: UnitOfWork, row: OutboxLetter) -> int | None:
    settings = await work.guilds.settings(row.guild_id)
    return settings.moderator_channel_id if settings else None
