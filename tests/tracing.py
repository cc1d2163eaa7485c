"""Coverage, looking away inside of greenlets.

SQLAlchemy's asyncio runs its synchronous half in greenlets. To tell these apart coverage has to ask, at every call of
every function, which one it is in: the tests took half as long again. So it sees nothing there, and the little of
ours that runs there (how a connection is prepared, how moments are kept) counts as never run.
"""

import sys
from typing import Any

import greenlet
from coverage import Coverage


def look_away_in_greenlets() -> None:
    """Stop tracing when this thread enters a greenlet, and go on when it is back; without coverage, do nothing."""
    if Coverage.current() is None:
        return
    paused: list[Any] = []

    def switched(_event: str, between: tuple[Any, Any]) -> None:
        is_inside, tracer = between[1].parent is not None, sys.gettrace()
        if is_inside and tracer is not None:
            paused.append(tracer)
            sys.settrace(None)
        elif paused and not is_inside:
            sys.settrace(paused.pop())

    greenlet.settrace(switched)
