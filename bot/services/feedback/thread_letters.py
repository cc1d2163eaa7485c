"""What is said in a draft's thread."""

from datetime import datetime

from bot.domain.lifecycle import RequestState
from bot.services.feedback.contents import Guide
from bot.services.feedback.letters import FeedbackLetter, guide_key
from bot.services.feedback.views import shown_draft
from bot.services.outbox.describing import Description, no_pairs
from bot.services.requests.about_question import AskersLetter
from bot.services.results import Attachment
from bot.store.unit_of_work import UnitOfWork
from models import Draft, OutboxLetter, Request


class GuideLetter(AskersLetter):
    """How to give feedback, with the draft itself: its link, its file or, of a review, its words."""

    kind = FeedbackLetter.GUIDE
    contents = (Guide,)
    pairs = no_pairs

    async def about(self, work: UnitOfWork, row: OutboxLetter, question: Request) -> Guide | None:
        """Return the draft, and what there is to read."""
        if not isinstance(question, Draft):
            return None
        kept = await work.outbox_files.find(row.key)
        file = Attachment(kept.name, kept.content) if kept else None
        return Guide(*await shown_draft(work, row, question), review=question.review_text, file=file)

    async def is_over(self, work: UnitOfWork, row: OutboxLetter, question: Request, now: datetime) -> bool:
        """Tell whether the draft or its round is over before its thread has it, or there is no thread."""
        is_ended = question.state in {RequestState.CLOSED, RequestState.RESOLVED}
        is_next = isinstance(question, Draft) and row.key != guide_key(question.id, question.round)
        return is_ended or is_next or await super().is_over(work, row, question, now)

    async def when_sent(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
        """Forget the file: the thread has it."""
        await work.outbox_files.forget(row.key)


DESCRIPTIONS: tuple[Description, ...] = (GuideLetter(),)
