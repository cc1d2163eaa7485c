"""Coverage, looking where it has something to learn.

Tracing makes every line half as slow again, those of other people's packages too. So coverage looks away

* while a test is set up and taken down: what does that has tests of its own;
* in every case of a test but its first, on the second database too: the other cases walk the same lines again;
* inside of greenlets, where SQLAlchemy's asyncio runs its synchronous half. To tell these apart coverage has to ask,
  at every call of every function, which one it is in: the tests took half as long again. The little of ours that runs
  there (how a connection is prepared, how moments are kept) counts as never run.

What it reports is therefore the least that is covered.
"""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import greenlet
import pytest
from coverage import Coverage

FIRST_CASE = pytest.StashKey[bool]()


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


def mark_first_cases(items: Sequence[pytest.Item]) -> None:
    """Mark the first case of every test; a test without cases is its own first."""
    seen: set[str] = set()
    for item in items:
        name = item.nodeid.partition("[")[0]
        item.stash[FIRST_CASE] = name not in seen
        seen.add(name)


@contextmanager
def tracing(*, is_worth_it: bool) -> Iterator[None]:
    """Trace what happens within, and what it starts, only if that is worth it."""
    if is_worth_it or Coverage.current() is None:
        yield
        return
    here, in_new_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        threading.settrace(in_new_threads)
        sys.settrace(here)
