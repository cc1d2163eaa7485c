"""What a person would remember who watched conversations, and what they would say about who is asked."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain.attention import Attention, Rate
from bot.domain.lifecycle import Outcome
from bot.domain.policy import Policy
from bot.services.results import ProfileCard, StatementLine
from models import Base, HelpInteraction, Invitation, Statement
from tests.domain.crowds import has_room, is_left_in_peace, is_up

OPEN, SOLVED, OVER = {"waiting", "taken"}, {"answered", "resolved"}, {"resolved", "closed"}
Row = Mapping[str, Any]


@dataclass
class Watched:
    """What a person would remember of one question."""

    id: int
    asker: int
    thread_id: int | None
    asked_at: datetime
    """Of a new, when it was written."""
    state: str
    since: datetime
    """Since when it waits."""
    numbers: Policy
    """What its kind goes by."""
    claims: dict[int, datetime] = field(default_factory=dict)
    """By invitation, until when someone has it."""
    is_taken: bool = False
    is_moderated: bool = False
    """A moderator closed it, so it stays closed."""
    answered_after: timedelta | None = None
    outcome: Outcome | None = None
    answerers: set[int] = field(default_factory=set)

    def post(self, now: datetime) -> None:
        self.state, self.asked_at, self.since = "waiting", now, now

    def wait_again(self, now: datetime) -> None:
        self.state, self.since = "waiting", now

    def take(self, invitation_id: int, now: datetime) -> None:
        self.is_taken = True
        self.claims[invitation_id] = now + self.numbers.claimed_for
        if self.state == "archived":
            self.since = now
        if self.state != "answered":
            self.state = "taken"

    def give_back(self, invitation_id: int) -> None:
        """End a claim; a person without one gives nothing back."""
        if self.claims.pop(invitation_id, None) and self.state == "taken" and not self.claims:
            self.state = "waiting"

    def hear(self, person: int, invitation_id: int | None, now: datetime) -> bool:
        """Note a message in the thread, and return whether it is someone's first one, or first since they took it."""
        is_first = person not in self.answerers or invitation_id in self.claims
        is_news = person != self.asker and is_first and self.state != "closed"
        if is_news:
            self.answerers.add(person)
            self.claims.pop(invitation_id or 0, None)
        if is_news and self.state in OPEN | {"archived"}:
            self.state = "answered"
            if self.answered_after is None:
                self.answered_after = now - self.asked_at
        elif self.state == "archived":
            self.wait_again(now)
        return is_news

    def resolve(self, outcome: Outcome, now: datetime) -> None:
        self.outcome = outcome
        if outcome is not Outcome.NOT_YET:
            self.end("resolved")
        elif self.state != "waiting":
            self.wait_again(now)

    def end(self, state: str) -> None:
        """Settle, close or put it away; no one is expected to do anything any more."""
        self.state = state
        self.claims.clear()

    def pass_time(self, now: datetime) -> None:
        """Give back what was taken long ago, and put away what has waited for too long."""
        for invitation_id in [each for each, until in self.claims.items() if until <= now]:
            self.give_back(invitation_id)
        if self.state == "waiting" and now - self.since >= self.numbers.archived_after:
            self.end("archived")


@dataclass
class Memory:
    """What the tables and the helpers' cards say, read once after anything was done."""

    read: Callable[[type[Base]], list[dict[str, Any]]]
    card: Callable[[int], ProfileCard]
    known: dict[type[Base], list[dict[str, Any]]] = field(default_factory=dict)
    cards: dict[int, ProfileCard] = field(default_factory=dict)
    cards_are_of: list[Any] = field(default_factory=list)
    """The rows that the cards were made of: a card is made again when any of them is new."""

    def rows(self, table: type[Base], **where: object) -> list[dict[str, Any]]:
        if table not in self.known:
            self.known[table] = self.read(table)
        return [row for row in self.known[table] if all(row[name] == value for name, value in where.items())]

    def lines(self, user_id: int) -> tuple[StatementLine, ...]:
        """Return what someone's card says of their statements."""
        made_of = [self.rows(table) for table in (Statement, Invitation, HelpInteraction)]
        if made_of != self.cards_are_of:
            self.cards, self.cards_are_of = {}, made_of
        if user_id not in self.cards:
            self.cards[user_id] = self.card(user_id)
        return self.cards[user_id].statements


@dataclass
class Judge:
    """Looks at every invitation when it appears."""

    seen: dict[int, Row] = field(default_factory=dict)

    def look(
        self, invitations: Iterable[Row], members: Sequence[Row], askers: Mapping[int, int],
        blocks: Collection[tuple[int, int]], now: datetime,
    ) -> None:  # fmt: skip
        """Say that nothing speaks against the person asked just now; `askers` are by question, as user ids."""
        by_id = {row["id"]: row for row in members}
        invitations = list(invitations)
        self.seen.update({row["id"]: row for row in invitations if row["id"] in self.seen})
        for row in invitations:
            if row["id"] in self.seen:
                continue
            member = by_id[row["member_id"]]
            attention = self._attention(member, now)
            self.seen[row["id"]] = row
            assert row["created_at"] == now
            assert member["is_helper"]
            assert has_room(attention)
            assert is_up(attention, now)
            assert not is_left_in_peace(attention, now)
            others = {askers[row["request_id"]]}
            if row["referrer_id"] is not None:
                others.add(by_id[row["referrer_id"]]["user_id"])
            for other in others:
                assert not {(member["user_id"], other), (other, member["user_id"])} & set(blocks)

    def _attention(self, member: Row, now: datetime) -> Attention:
        """Return what is left of someone's attention, given everything that was seen before."""
        arrived = [row for row in self.seen.values() if row["state"] != "undelivered"]
        moments = [row["created_at"] for row in arrived if row["member_id"] == member["id"]]
        counts = [sum(moment > now - timedelta(days=days) for moment in moments) for days in (1, 2, 7, 14, 30)]
        chosen = [member[name] for name in ("zone", "begins", "ends", "paused_at", "paused_until", "silences")]
        return Attention(Rate(member["rate"]), *chosen, *counts)
