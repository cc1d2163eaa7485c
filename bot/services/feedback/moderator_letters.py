"""What moderators read of drafts: that one finds no readers, and where it is."""

from datetime import datetime

from bot.domain.lifecycle import RequestState
from bot.services.feedback.contents import Unread
from bot.services.feedback.letters import FeedbackLetter
from bot.services.feedback.views import shown_draft
from bot.services.outbox.describing import Description, no_pairs
from bot.services.requests.about_question import QuestionLetter
from bot.services.requests.places import is_too_late
from bot.store.unit_of_work import UnitOfWork
from models import Draft, OutboxLetter, Request


class UnreadLetter(QuestionLetter):
    """That a draft has places free when three quarters of its time are over; neither its author nor its words."""

    kind = FeedbackLetter.UNREAD
    contents = (Unread,)
    pairs = no_pairs

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> Unread | None:
        """Return the draft."""
        return Unread(*await shown_draft(work, row, question)) if isinstance(question, Draft) else None

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether all places are taken by now, or its author chooses how to go on."""
        is_past = question.state != RequestState.WAITING or is_too_late(question, now)
        return is_past or await super().is_over(work, row, question, now)

    async def channel(self, work: UnitOfWork, row: OutboxLetter) -> int | None:
        """Return the moderators' channel."""
        settings = await work.guilds.settings(row.guild_id)
        return settings.moderator_channel_id if settings else None


DESCRIPTIONS: tuple[Description, ...] = (UnreadLetter(),)
