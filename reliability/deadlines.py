"""What was due when, and whether it was done in time: right away where the bot ran, after its next start where not.

Most moments stand in the tables, and what to do at them isn't needed here, only which sweep does it.
How long a question may wait is counted from when its wait began.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import chain
from typing import Final

from bot.domain.policy import DEFAULT, Policy
from bot.services.requests.following_up import LISTED_FROM
from bot.services.requests.kinds import with_kinds
from bot.services.requests.letters import choices_key
from reliability.courses import around_drafts
from reliability.hours import around_hours
from reliability.moments import Deadline
from reliability.tables import Question, Tables

LETTER: Final = "letter"
"""What is due where a message only has to leave."""
ENDING: Final = {"asked": "invite", "taken": "release"}
"""The states in which an invitation's time runs out, and the sweeps that end them."""
NUMBERS: Final = with_kinds(DEFAULT)
"""The lengths of time that requests go by, each kind by its own."""
LISTED_AFTER: Final[Mapping[str, Callable[[Policy], timedelta]]] = {
    "digest": lambda numbers: numbers.listed_after,
    "moderator_digest": lambda numbers: numbers.moderators_after,
}
"""How long a request waits before a list names it, given the numbers of its kind."""
PUBLIC: Final = {"digest"}
"""The lists of what everyone may read."""
_NOT_LISTED: Final = {"matched", "matched_anonymous"}
"""The visibilities of requests that stand in no public list."""


def due(tables: Tables, until: datetime) -> set[Deadline]:
    """Return what is still to be done by a moment, the present or a later one."""
    kinds = (_letters(tables), _invitations(tables), _questions(tables), _lists(tables, until))
    also = around_hours(tables, until), around_drafts(tables, until)
    return {each for each in chain(*kinds, *also) if each.at <= until}


@dataclass(slots=True)
class Ledger:
    """The deadlines that came, each counted once by how it ended."""

    met: int = 0
    made_up: int = 0
    missed: list[str] = field(default_factory=list)
    _while_running: set[Deadline] = field(default_factory=set)
    _while_down: set[Deadline] = field(default_factory=set)

    def come(self, deadlines: set[Deadline], *, is_running: bool) -> None:
        """Note what has come; what the bot went down with is to be made up like what comes while it is down."""
        if is_running:
            self._while_running |= deadlines - self._while_down
        else:
            self._while_down |= deadlines | self._while_running
            self._while_running = set()

    def look(self, left: set[Deadline]) -> None:
        """Count what is done by now, which is all but what is left."""
        self.met += len(self._while_running - left)
        self.made_up += len(self._while_down - left)
        self._while_running &= left
        self._while_down &= left

    def give_up(self, left: set[Deadline]) -> None:
        """Count as missed what is left, once it has had its time; however often, it is missed once."""
        self.missed += [line for line in map(str, sorted(left)) if line not in self.missed]
        self._while_running, self._while_down = set(), set()


def _letters(tables: Tables) -> Iterator[Deadline]:
    """Yield when letters leave; one that waits for another has no deadline of its own."""
    sent = {each.id for each in tables.letters if each.sent_at is not None}
    for letter in tables.letters:
        if letter.due_at is not None and (letter.after_id is None or letter.after_id in sent):
            yield Deadline(LETTER, letter.id, letter.due_at, "deliver", (f"letter {letter.key}",))


def _invitations(tables: Tables) -> Iterator[Deadline]:
    for invitation in tables.invitations:
        if invitation.expires_at is not None and invitation.state in ENDING:
            what, sweep = f"end of {invitation.state} invitation", ENDING[invitation.state]
            yield Deadline(what, invitation.id, invitation.expires_at, sweep)


def _questions(tables: Tables) -> Iterator[Deadline]:
    keys = {letter.key for letter in tables.letters}
    for question in tables.questions:
        own = NUMBERS.of(question.type)
        if question.state == "unposted":
            yield Deadline("end of unposted", question.id, question.created_at + own.unposted_for, "forget_unposted")
        if question.state != "waiting" or question.waiting_since is None:
            continue
        if question.next_look_at is not None:
            yield Deadline(f"next people for {question.type}", question.id, question.next_look_at, "invite")
        since = _waits_from(question)
        if since is not None:
            yield Deadline(f"putting away of {question.type}", question.id, since + own.archived_after, "wait")
            if choices_key(question.id, since) not in keys:
                yield Deadline(f"choices about {question.type}", question.id, since + own.choices_after, "wait")


def _waits_from(question: Question) -> datetime | None:
    """Return since when a request waits in vain: what was needed by a moment does from then on."""
    return question.needed_by or question.waiting_since


def _lists(tables: Tables, until: datetime) -> Iterator[Deadline]:
    """Yield the lists of the day that `until` lies in; a list for a day that is over would help no one."""
    listed_from = datetime.combine(until, time(LISTED_FROM), until.tzinfo)
    kept = {letter.key for letter in tables.letters if letter.key.endswith(f":{until:%Y-%m-%d}")}
    for kind, after in LISTED_AFTER.items():
        if any(key.startswith(f"{kind}:") for key in kept):
            continue
        for question in filter(_waits_in_thread, tables.questions):
            is_listed = kind not in PUBLIC or question.visibility not in _NOT_LISTED
            since = _waits_from(question)
            if is_listed and since is not None:
                yield Deadline(kind, question.id, max(listed_from, since + after(NUMBERS.of(question.type))), "wait")


def _waits_in_thread(question: Question) -> bool:
    return question.state == "waiting" and question.thread_id is not None
