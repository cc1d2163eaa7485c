"""Whole conversations at random, against what a person who watched them would say."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bot.domain.lifecycle import Outcome
from bot.domain.policy import Rate
from bot.errors import Conflict, LimitReached
from bot.services.asking import DRAFTS_LAST
from bot.services.ports import MailboxClosed, TryLater
from bot.store.engine import Database, create_engine
from models import Event, Invitation, Member, OutboxLetter, Request
from tests.conftest import sqlite_address
from tests.factories import GUILD_ID
from tests.fakes import House

T = TypeVar("T")
RATES = (Rate.MORE, Rate.ONE_A_DAY, Rate.ONE_A_DAY, Rate.ONE_A_WEEK)
MOST_A_DAY = {Rate.MORE: 3, Rate.ONE_A_DAY: 1, Rate.ONE_A_WEEK: 1}
MOST_A_WEEK = {Rate.MORE: 10, Rate.ONE_A_DAY: 3, Rate.ONE_A_WEEK: 1}
OPEN, SOLVED = {"waiting", "taken"}, {"answered", "resolved"}
ANY = st.integers(0, 99)
"""Picks one of however many there are."""


@dataclass
class Watched:
    """What a person would remember of one question."""

    id: int
    asker: int
    thread_id: int | None
    asked_at: datetime
    """Of a draft, when it was written."""
    state: str = "waiting"
    is_taken: bool = False
    answered_after: timedelta | None = None
    outcome: Outcome | None = None
    answerers: set[int] = field(default_factory=set)


class Conversations(RuleBasedStateMachine):
    """Two askers and four helpers over one database, with time passing and Discord failing."""

    migrated: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "morsel.sqlite3"
        shutil.copyfile(self.migrated, file)
        self.runner = asyncio.Runner()
        self.house = House(Database(create_engine(sqlite_address(file))))
        self.watched: list[Watched] = []
        self.run(self.house.open())
        self.helpers = [self.run(self.house.helper(rate=rate)) for rate in RATES]
        self.learner = self.helpers[0].user_id
        self.run(self.house.profiling.set_learning(GUILD_ID, self.learner, learns_from_help=True))
        self.people = [self.run(self.house.person()).user_id, *(each.user_id for each in self.helpers)]

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(act)

    def teardown(self) -> None:
        self.everything_arrives_in_the_end()
        self.run(self.house.database.close())
        self.runner.close()
        self.folder.cleanup()

    @rule(pick=ANY)
    def ask(self, pick: int) -> None:
        asker = self.people[pick % 2]
        if self.waits_for_three(asker):
            with pytest.raises(LimitReached):
                self.run(self.house.ask(asker))
            return
        solved = [each for each in self.watched if each.state in SOLVED and each.thread_id is not None]
        receipt = self.run(self.house.ask(asker))
        assert len(receipt.similar) == min(len(solved), 3)
        state = "draft" if solved else "waiting"
        self.watched.append(Watched(receipt.request_id, asker, receipt.thread_id, self.house.clock.now(), state))

    def waits_for_three(self, asker: int) -> bool:
        return sum(each.asker == asker and each.state in OPEN for each in self.watched) >= 3

    @precondition(lambda self: self.watched)
    @rule(pick=ANY)
    def post(self, pick: int) -> None:
        question = self.watched[pick % len(self.watched)]
        press = self.house.asking.post(question.id, question.asker)
        if question.state == "draft" and self.waits_for_three(question.asker):
            with pytest.raises(LimitReached):
                self.run(press)
            return
        self.run(press)
        if question.state == "draft":
            question.state, question.asked_at = "waiting", self.house.clock.now()
        self.look_for_threads()

    @precondition(lambda self: self.watched)
    @rule(pick=ANY)
    def drop(self, pick: int) -> None:
        question = self.watched[pick % len(self.watched)]
        press = self.house.asking.drop(question.id, question.asker)
        if question.state != "draft":
            with pytest.raises(Conflict):
                self.run(press)
            return
        self.run(press)
        self.watched.remove(question)

    @rule()
    def forget_drafts(self) -> None:
        before = self.house.clock.now() - DRAFTS_LAST
        old = [each for each in self.watched if each.state == "draft" and each.asked_at < before]
        assert self.run(self.house.asking.forget_drafts()) == len(old)
        self.watched = [each for each in self.watched if each not in old]

    @precondition(lambda self: self.watched)
    @rule(pick=ANY, verb=st.sampled_from(["take", "pass_on", "off_topic"]))
    def decide(self, pick: int, verb: str) -> None:
        invitations = self.run(self.house.rows(Invitation))
        if not invitations:
            return
        invitation = invitations[pick % len(invitations)]
        (question,) = [each for each in self.watched if each.id == invitation["request_id"]]
        (helper,) = [each for each in self.helpers if each.id == invitation["member_id"]]
        press = getattr(self.house.helping, verb)(invitation["id"], helper.user_id)
        was_taken, is_taken = invitation["state"] == "taken", verb == "take"
        if question.state in {"resolved", "closed"} or (was_taken and not is_taken):
            with pytest.raises(Conflict):
                self.run(press)
            return
        self.run(press)
        if is_taken and not was_taken:
            question.is_taken = True
            question.state = "taken" if question.state in OPEN else question.state

    @precondition(lambda self: self.watched)
    @rule(pick=ANY, who=ANY)
    def write(self, pick: int, who: int) -> None:
        question = self.watched[pick % len(self.watched)]
        if question.thread_id is None:
            return
        person = self.people[who % len(self.people)]
        is_news = person != question.asker and person not in question.answerers and question.state != "closed"
        assert self.run(self.house.answer(question.thread_id, person)) is is_news
        if is_news:
            question.answerers.add(person)
        if is_news and question.state in OPEN:
            question.state = "answered"
            question.answered_after = question.answered_after or self.house.clock.now() - question.asked_at

    @precondition(lambda self: self.watched)
    @rule(pick=ANY, outcome=st.sampled_from(Outcome))
    def resolve(self, pick: int, outcome: Outcome) -> None:
        question = self.watched[pick % len(self.watched)]
        press = self.house.helping.resolve(question.id, question.asker, outcome)
        is_settled = question.state == "resolved" and question.thread_id is None and outcome is Outcome.NOT_YET
        if question.state in {"closed", "draft"} or is_settled:
            with pytest.raises(Conflict):
                self.run(press)
            return
        self.run(press)
        question.outcome = outcome
        question.state = "waiting" if outcome is Outcome.NOT_YET else "resolved"

    @precondition(lambda self: self.watched)
    @rule(pick=ANY, is_moderator=st.booleans())
    def close(self, pick: int, *, is_moderator: bool) -> None:
        question = self.watched[pick % len(self.watched)]
        person = 1 if is_moderator else question.asker
        press = self.house.asking.close(question.id, person, is_moderator=is_moderator)
        if question.state in {"resolved", "draft"}:
            with pytest.raises(Conflict):
                self.run(press)
            return
        self.run(press)
        question.state = "closed"

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        for _ in range(hours):
            self.house.clock.advance(timedelta(hours=1))
            self.run(self.house.settle())
        self.look_for_threads()

    @rule()
    def sweep(self) -> None:
        self.run(self.house.inviting.sweep())

    @rule()
    def deliver(self) -> None:
        self.run(self.house.settle())
        self.look_for_threads()

    @rule(pick=ANY)
    def lose_a_letter_for_now(self, pick: int) -> None:
        self.house.messenger.trouble(TryLater("503"), user_id=self.people[pick % len(self.people)], times=1)

    @rule(pick=ANY)
    def close_a_mailbox(self, pick: int) -> None:
        self.house.messenger.trouble(MailboxClosed("50007"), user_id=self.people[pick % len(self.people)])

    @precondition(lambda self: not self.house.messenger.is_troubled("post"))
    @rule()
    def lose_a_post_for_now(self) -> None:
        self.house.messenger.trouble(TryLater("503"), kind="post", times=1)

    def look_for_threads(self) -> None:
        threads = {row["id"]: row["thread_id"] for row in self.run(self.house.rows(Request))}
        for question in self.watched:
            question.thread_id = threads[question.id]

    @invariant()
    def questions_stand_where_the_watcher_says(self) -> None:
        rows = {row["id"]: row for row in self.run(self.house.rows(Request))}
        assert {id: row["state"] for id, row in rows.items()} == {each.id: each.state for each in self.watched}

    @invariant()
    def nobody_is_asked_too_much(self) -> None:
        rows = self.run(self.house.rows(Invitation))
        pairs = Counter((row["request_id"], row["member_id"]) for row in rows)
        assert set(pairs.values()) <= {1}
        assert max(Counter(row["request_id"] for row in rows).values(), default=0) <= 7
        considering = Counter(row["request_id"] for row in rows if row["state"] == "asked")
        assert max(considering.values(), default=0) <= 2
        for helper in self.helpers:
            moments = [row["created_at"] for row in rows if row["member_id"] == helper.id]
            self.fits_the_budget(helper, moments)

    def fits_the_budget(self, helper: Member, moments: list[datetime]) -> None:
        rate = Rate(helper.rate)
        for last in moments:
            before = [last - each for each in moments if each <= last]
            assert sum(age < timedelta(days=1) for age in before) <= MOST_A_DAY[rate]
            assert sum(age < timedelta(days=7) for age in before) <= MOST_A_WEEK[rate]

    @invariant()
    def every_answered_question_asks_how_it_went(self) -> None:
        answered = {row["request_id"] for row in self.run(self.house.rows(Event, type="answered"))}
        letters = self.run(self.house.rows(OutboxLetter))
        asked_how = {row["request_id"] for row in letters if row["kind"] == "outcome"}
        assert answered == asked_how == {each.id for each in self.watched if each.answered_after is not None}
        keys = [row["key"] for row in letters]
        assert len(keys) == len(set(keys))

    @invariant()
    def statistics_say_what_the_watcher_saw(self) -> None:
        now = self.run(self.house.counting.summarise(GUILD_ID, 52)).now
        waits = [each.answered_after for each in self.watched if each.answered_after is not None]
        assert now.asked == sum(each.state != "draft" for each in self.watched)
        assert now.taken == sum(each.is_taken for each in self.watched)
        assert now.answered == len(waits)
        assert now.helped == sum(each.outcome is Outcome.HELPED for each in self.watched)
        assert now.open == sum(each.state in OPEN for each in self.watched)
        assert now.median_wait == (timedelta(seconds=median(each.total_seconds() for each in waits)) if waits else None)

    @invariant()
    def only_those_who_consent_are_learned_from(self) -> None:
        rows = self.run(self.house.rows(Invitation, state="off_topic"))
        for helper in self.helpers:
            own, *learned = self.run(self.house.profiling.card(GUILD_ID, helper.user_id)).statements
            has_answered = any(helper.user_id in each.answerers for each in self.watched)
            assert len(learned) == (helper.user_id == self.learner and has_answered)
            if helper.user_id != self.learner:
                said = sum(row["member_id"] == helper.id for row in rows)
                assert own.weight == max(0.5**said, 0.1)

    @invariant()
    def no_message_is_shown_twice(self) -> None:
        shown = [letter.letter_id for letter in self.house.messenger.shown]
        assert len(shown) == len(set(shown))

    def everything_arrives_in_the_end(self) -> None:
        self.wait(8)
        letters = self.run(self.house.rows(OutboxLetter))
        lost = [row for row in letters if row["due_at"] is not None or row["failure"] not in {None, "moot"}]
        assert lost == []


def test_conversations(migrated_sqlite: Path) -> None:
    Conversations.migrated = migrated_sqlite
    run_state_machine_as_test(Conversations, settings=settings(max_examples=8, stateful_step_count=25, deadline=None))
