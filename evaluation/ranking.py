"""What every task hands to the scorer, and what it needs encoded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.attention import Attention, Rate
from bot.domain.policy import DEFAULT, Candidate
from bot.routing.ports import Community, Match, Query
from bot.routing.router import Router

GUILD_ID = 1
Ranking = dict[str, object]
"""`{"qid": …, "ranking": […]}`, best first."""


@dataclass(frozen=True, slots=True)
class Texts:
    """All that a task will ask the encoders for; a text may come more than once."""

    questions: Sequence[str] = field(default=(), repr=False)
    statements: Sequence[str] = field(default=(), repr=False)


async def nobody(_guild_id: int) -> Community:
    """Be the source of a community that no one has joined yet."""
    return Community()


async def found(router: Router, guild_id: int = GUILD_ID) -> None:
    """Let the router load a community: before, it takes no change of it over."""
    await router.similar(guild_id, Query(""))


def by_policy(matches: Iterable[Match], asked_last_week: Mapping[int, int]) -> list[int]:
    """Return members in the order in which the bot would ask them; no one is filtered out."""
    candidates = [
        Candidate(
            match.member_id, match.statement_id, match.expertise,
            Attention(Rate.MORE, asked_last_week=asked_last_week.get(match.member_id, 0)), match.availability,
        )
        for match in matches
    ]  # fmt: skip
    return [choice.member_id for choice in DEFAULT.ranked(candidates)]
