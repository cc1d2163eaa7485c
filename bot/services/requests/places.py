"""The places that a request has for people, as they are filled now."""

from bot.services.requests.kinds import kind_of
from bot.store.unit_of_work import ReadingWork
from models import Request


async def places_left(work: ReadingWork, request: Request, besides: int = 0) -> int | None:
    """Return how many more people may take a request, `besides` one; None: as many as like."""
    places = kind_of(request).places(request)
    if places is None:
        return None
    filled = places.filled(*await work.invitations.at_it(request.id))
    return max(places.wanted - len(filled - {besides}), 0)
