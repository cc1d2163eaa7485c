"""How well the people who offer time fit a question, by their profile and by what their hours are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.clock import Clock
from bot.routing.lexical import words_in_common
from bot.routing.ports import Match
from bot.routing.router import Router
from bot.store.bookings import Offered

CLOSE = 1.0
"""The fit from which somebody is told of a slot that they didn't look for: likelier than the community's middle."""
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
    """Compares a question with whoever offers time; holds no state of its own."""

    router: Router
    clock: Clock

    async def fits(self, guild_id: int, question: str, slots: Sequence[Offered]) -> dict[int, Fit]:
        """Say for each of these slots of one community how well its host fits, by the slot's id.

        Takes as long as reading the question does: 1 to 20,000 ms.
        """
        if not slots:
            return {}
        query = await self.router.read(question)
        ranked = await self.router.rank(guild_id, query, self.clock.now(), limit=None)
        matches = {match.member_id: match for match in ranked}
        topics = sorted({slot.topics for slot in slots if slot.topics})
        common = dict(zip(topics, words_in_common(question, topics), strict=True))
        # Slots of one series have one host and one topic; looking at each would take longer than ranking did.
        one_each = {slot.series_id: slot for slot in slots}
        fits = {series_id: _fit(slot, matches, common) for series_id, slot in one_each.items()}
        return {slot.slot_id: fits[slot.series_id] for slot in slots}


def _fit(slot: Offered, matches: Mapping[int, Match], common: Mapping[str, int]) -> Fit:
    match = matches.get(slot.host_id)
    about = TELLING_WORD * common.get(slot.topics, 0) if slot.topics else 0.0
    expertise = match.expertise if match else 0.0
    return Fit(
        score=expertise + about,
        statement_id=match.statement_id if match and expertise > 0 else None,
        topics=slot.topics if about > 0 else None,
    )
