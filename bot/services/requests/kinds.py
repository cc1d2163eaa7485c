"""The kinds of request there are: a new one is entered here."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain.policy import Policy
from bot.services.requests.kind import Kind, Subject
from bot.services.requests.question import QUESTION
from bot.store.unit_of_work import ReadingWork
from models import Request

KINDS: dict[str, Kind[Any]] = {each.name: each for each in (QUESTION,)}
"""By name."""


def kind_of(request: Request) -> Kind[Any]:
    """Return what is particular to a request."""
    return KINDS[request.type]


def with_kinds(policy: Policy) -> Policy:
    """Return these numbers, and with them those of every kind that goes by its own."""
    own = {name: kind.numbers for name, kind in KINDS.items() if kind.numbers is not None}
    return replace(policy, kinds={**own, **policy.kinds})


async def subjects(work: ReadingWork, requests: Sequence[Request]) -> dict[int, Subject]:
    """Return what each of these is routed by, by row id."""
    found: dict[int, Subject] = {}
    for name in {each.type for each in requests}:
        found |= await KINDS[name].subjects(work, [each for each in requests if each.type == name])
    return found
