"""How well the people who offer time fit a question, by their profile and by what their hours are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.clock import Clock
from bot.routing.lexical import words_in_common
from bot.routing.ports import Match
from bot.routing.router import Router
from bot.store.bookings import Hosted, Offered

CLOSE = 1.0
"""The fit from which an asker is told of a slot that they didn't look for: likelier than the community's middle."""
TELLING_WORD = 2.0
"""What each word counts that a question shares with what hours are about."""


class Fit(NamedTuple):
    """What speaks for a slot's host."""

    score: float = 0.0
    """How many times likelier an answer is than from the community's middle, and what the topics have in common."""
    statement_id: int | None = None
    """The line of the host's profile that fits best."""
    topics: str | None = None
    """What the hours are about, where that shares words with the question."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Compares a question with the hosts; holds no state of its own."""

    router: Router
    clock: Clock

    async def fits(
        self, guild_id: int, question: str, offered: Sequence[Hosted | Offered], person: int | None = None
    ) -> dict[int, Fit]:
        """Say how well the hosts of these hours of one community fit, by the series' id.

        Takes as long as reading the question does: 1 to 3,000 ms, counted for `person`.
        """
        if not offered:
            return {}
        query = await self.router.read(question, person)
        hosts = {each.host_id for each in offered}
        ranked = await self.router.rank(guild_id, query, self.clock.now(), limit=None, among=hosts)
        matches = {match.member_id: match for match in ranked}
        topics = sorted({each.topics for each in offered if each.topics})
        common = dict(zip(topics, words_in_common(question, topics), strict=True))
        # Slots of one series have one host and one topic.
        one_each = {each.series_id: each for each in offered}
        return {series_id: _fit(each, matches, common) for series_id, each in one_each.items()}


def _fit(offered: Hosted | Offered, matches: Mapping[int, Match], common: Mapping[str, int]) -> Fit:
    match = matches.get(offered.host_id)
    about = TELLING_WORD * common.get(offered.topics, 0) if offered.topics else 0.0
    expertise = match.expertise if match else 0.0
    return Fit(
        score=expertise + about,
        statement_id=match.statement_id if match and expertise > 0 else None,
        topics=offered.topics if about > 0 else None,
    )
