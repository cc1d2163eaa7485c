"""What holds for every letter about a draft, where its kind says nothing else."""

from bot.services.requests.about_question import is_to_hidden
from bot.services.requests.views import request_view
from bot.services.results import DraftView
from bot.store.unit_of_work import UnitOfWork
from models import OutboxLetter, Request


async def shown_draft(work: UnitOfWork, row: OutboxLetter, draft: Request) -> tuple[DraftView, bool]:
    """Return what every letter about a draft is made of: the draft, and whether it goes to a hidden author."""
    view = await request_view(work, draft)
    assert isinstance(view, DraftView), "a draft looks like one"  # noqa: S101
    return view, is_to_hidden(row, draft)
