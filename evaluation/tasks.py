"""The tasks that the router can be put to, by name."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.routing.router import Router
from evaluation import related, replaying, reviewers, topics, xquestions
from evaluation.ranking import Ranking, Texts


@dataclass(frozen=True, slots=True)
class Task:
    """What a folder of this task holds, and how it is put to the router."""

    needs: Sequence[str]
    """Files."""
    texts: Callable[[Path], Texts] = field(repr=False)
    rankings: Callable[[Router, Path], Awaitable[list[Ranking]]] = field(repr=False)
    """With a router that knows no one yet."""


TASKS = {
    "routing": Task(replaying.NEEDS, replaying.texts, replaying.rankings),
    "reviewers": Task(reviewers.NEEDS, reviewers.texts, reviewers.rankings),
    "related": Task(related.NEEDS, related.texts, related.rankings),
    "topics": Task(topics.NEEDS, topics.texts, topics.rankings),
    "xquestions": Task(xquestions.NEEDS, xquestions.texts, xquestions.rankings),
}
NEEDS = {name: task.needs for name, task in TASKS.items()}
