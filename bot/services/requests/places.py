"""The places that a request has for people, as they are filled now."""

from datetime import datetime

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


async def answers(work: ReadingWork, request: Request) -> int:
    """Return how many people have answered a request, whether it helped or not; since its places were free, if any."""
    places, answered = kind_of(request).places(request), await work.invitations.answered(request.id)
    return len(answered if places is None else places.filled((), answered))


def is_too_late(request: Request, now: datetime) -> bool:
    """Tell whether the moment has passed by which a request was needed: no more is asked of people who might help."""
    return request.needed_by is not None and request.needed_by <= now


def in_time(request: Request, moment: datetime) -> datetime:
    """Return a moment, or when the request is needed if that comes before."""
    return moment if request.needed_by is None else min(moment, request.needed_by)
