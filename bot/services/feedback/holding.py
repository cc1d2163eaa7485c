"""Holding a draft of one's own while it changes."""

from bot.errors import NotFound
from bot.services.requests.holding import hold_own
from bot.store.unit_of_work import UnitOfWork
from models import Draft


async def hold_own_draft(work: UnitOfWork, draft_id: int, user_id: int) -> Draft:
    """Return a draft that this person wrote, held, in a locked community.

    Raises:
        NotFound: there is no such draft.
        NotAllowed: another person wrote it.
    """
    draft = await hold_own(work, draft_id, user_id)
    if not isinstance(draft, Draft):
        raise NotFound("request.unknown")
    return draft
