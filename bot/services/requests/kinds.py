"""The kinds of request there are: a new one is entered here."""

from collections.abc import Callable, Collection, Container, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.policy import Policy
from bot.services.requests.draft import DRAFT
from bot.services.requests.kind import Kind, Subject
from bot.services.requests.question import QUESTION
from bot.store.unit_of_work import ReadingWork
from models import Request

KINDS: dict[str, Kind[Any]] = {each.name: each for each in (QUESTION, DRAFT)}
"""By name."""


def kind_of(request: Request) -> Kind[Any]:
    """Return what is particular to a request."""
    return KINDS[request.type]


def with_kinds(policy: Policy) -> Policy:
    """Return these numbers, and with them those of every kind that goes by its own."""
    own = {name: kind.numbers for name, kind in KINDS.items() if kind.numbers is not None}
    return replace(policy, kinds={**own, **policy.kinds})


def numbers_of(policy: Policy, request: Request, now: datetime) -> Policy:
    """Return the numbers that a request goes by at a moment."""
    return kind_of(request).timed(request, policy.of(request.type), now)


def since(policy: Policy, now: datetime, length: Callable[[Policy], timedelta]) -> dict[str, datetime]:
    """Return, by kind, the moment that lies as far back as the kind's own numbers say."""
    return {name: now - length(policy.of(name)) for name in KINDS}


def listed_since(policy: Policy, now: datetime, *, is_public: bool) -> dict[str, datetime]:
    """Return, by kind, since when a request has waited that is listed now: for everyone, or for moderators."""
    return since(policy, now, lambda numbers: numbers.listed_after if is_public else numbers.moderators_after)


async def subjects(work: ReadingWork, requests: Sequence[Request]) -> dict[int, Subject]:
    """Return what each of these is routed by, by row id."""
    found: dict[int, Subject] = {}
    for name in {each.type for each in requests}:
        found |= await KINDS[name].subjects(work, [each for each in requests if each.type == name])
    return found


async def asked_first(work: ReadingWork, requests: Sequence[Request]) -> dict[int, Sequence[int]]:
    """Return which members are asked before all others for each of these requests, by row id."""
    first = {each.id: kind_of(each).first for each in requests}
    return {each.id: await ask(work, each) if (ask := first[each.id]) else () for each in requests}


async def co_authors_of(work: ReadingWork, request: Request) -> Collection[int]:
    """Return the users who wrote a request beside its asker: nothing they say is an answer to it."""
    found = kind_of(request).co_authors
    return await found(work, request) if found is not None else ()


async def asked_how_at(work: ReadingWork, request: Request, now: datetime) -> datetime:
    """Return when a request's asker is asked how it went, where enough people have answered it by now."""
    asked_at = kind_of(request).asked_how_at
    return now if asked_at is None else await asked_at(work, request, now)


async def readers(work: ReadingWork, requests: Sequence[Request]) -> dict[int, Container[int]]:
    """Return which members may be asked for each of these requests, by row id; where anyone may be, it is left out."""
    found: dict[int, Container[int]] = {}
    for name in {each.type for each in requests}:
        those = KINDS[name].readers
        if those is not None:
            found |= await those(work, [each for each in requests if each.type == name])
    return found
