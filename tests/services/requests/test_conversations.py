"""Whole conversations at random, of every kind of request, against what a person who watched them would say."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import time, timedelta
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bot.domain.attention import Rate
from bot.domain.lifecycle import InvitationState, Outcome, Urgency
from bot.errors import Conflict, HouseError, LimitReached, NotAllowed
from bot.services.ports import MailboxClosed, TryLater
from bot.store.engine import Database
from models import Fact, Invitation, Member, OutboxLetter, Referral, Request
from tests.conftest import kept_engine
from tests.factories import GUILD_ID
from tests.fakes import House
from tests.services.errands import SAMPLES, Sample, laid_table
from tests.services.scenes import counted, sweep
from tests.services.watching import OPEN, OVER, SOLVED, Judge, Memory, Row, Watched
from tests.services.written import PRIVATE

T = TypeVar("T")
HELPERS: tuple[dict[str, Any], ...] = (
    {"rate": Rate.MORE, "begins": time(), "ends": time()},
    {"rate": Rate.ONE_A_DAY},
    {"rate": Rate.ONE_A_DAY, "zone": "Pacific/Auckland"},
    {"rate": Rate.ONE_A_WEEK, "begins": time(11), "ends": time(13)},
    {"rate": Rate.MORE, "zone": "America/Lima"},
)
ANY = st.integers(0, 99)
"""Picks one of however many there are."""


class Conversations(RuleBasedStateMachine):
    """Two askers and five helpers over one database, with time passing and Discord failing."""

    sample: ClassVar[Sample]
    """How to ask for something of the kind that is talked about."""
    fresh: ClassVar[Callable[[], str]]
    """Returns the address of a migrated database without a row."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.house = House(Database(kept_engine(type(self).fresh())))
        self.table = laid_table(self.house.database.engine)
        self.runner.run(self.table.__aenter__())
        self.memory = Memory(
            lambda table: self.runner.run(self.house.rows(table)),
            lambda user_id: self.runner.run(self.house.profiling.card(GUILD_ID, user_id)),
        )
        self.watched: list[Watched] = []
        self.blocks: set[tuple[int, int]] = set()
        self.judge = Judge()
        self.run(self.house.open())
        self.helpers = [self.run(self.house.helper(**chosen)) for chosen in HELPERS]
        self.learner = self.helpers[0].user_id
        self.run(self.house.profiling.set_learning(GUILD_ID, self.learner, learns_from_help=True))
        self.people = [self.run(self.house.person()).user_id, *(each.user_id for each in self.helpers)]

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        """Do something, and look at once who was asked by that."""
        self.memory.known.clear()
        try:
            return self.runner.run(act)
        finally:
            self.judge_invitations()

    def refused(self, act: Coroutine[Any, Any, object], *refusals: type[HouseError]) -> None:
        with pytest.raises(refusals):
            self.run(act)

    def rows(self, table: type[Any], **where: object) -> list[dict[str, Any]]:
        return self.memory.rows(table, **where)

    def judge_invitations(self) -> None:
        members = self.rows(Member)
        user_ids = {row["id"]: row["user_id"] for row in members}
        askers = {row["id"]: user_ids[row["asker_id"]] for row in self.rows(Request)}
        self.judge.look(self.rows(Invitation), members, askers, self.blocks, self.house.clock.now())

    def teardown(self) -> None:
        try:
            self.everything_arrives_in_the_end()
        finally:
            self.runner.run(self.table.__aexit__(None, None, None))
            self.runner.run(self.house.database.close())
            self.runner.close()

    @rule(pick=ANY)
    def ask(self, pick: int) -> None:
        asker, now = self.people[pick % 2], self.house.clock.now()
        if self.waits_for_three(asker):
            self.refused(self.sample.write(self.house, asker, later=False), LimitReached)
            return
        solved = [each for each in self.watched if each.state in SOLVED and each.thread_id is not None]
        receipt = self.run(self.sample.write(self.house, asker, later=pick % 3 == 0))
        assert len(receipt.similar) == (min(len(solved), 3) if self.sample.teaches else 0)
        state = "waiting" if receipt.is_posted else "unposted"
        assert receipt.is_posted is not (bool(solved) if self.sample.teaches else pick % 3 == 0)
        self.watched.append(Watched(receipt.request_id, asker, receipt.thread_id, now, state, now, self.sample.numbers))

    def waits_for_three(self, asker: int) -> bool:
        return sum(each.asker == asker and each.state in OPEN for each in self.watched) >= 3

    @precondition(lambda self: self.watched)
    @rule(pick=ANY)
    def post(self, pick: int) -> None:
        question = self.watched[pick % len(self.watched)]
        press = self.house.posting.post(question.id, question.asker)
        if question.state == "unposted" and self.waits_for_three(question.asker):
            self.refused(press, LimitReached)
            return
        self.run(press)
        if question.state == "unposted":
            question.post(self.house.clock.now())
        self.look_for_threads()

    @precondition(lambda self: self.watched)
    @rule(pick=ANY)
    def drop(self, pick: int) -> None:
        question = self.watched[pick % len(self.watched)]
        press = self.house.asking.drop(question.id, question.asker)
        if question.state != "unposted":
            self.refused(press, Conflict)
            return
        self.run(press)
        self.watched.remove(question)

    @rule()
    def forget_unposted(self) -> None:
        before = self.house.clock.now() - self.sample.numbers.unposted_for
        old = [each for each in self.watched if each.state == "unposted" and each.asked_at < before]
        assert self.run(self.house.asking.forget_unposted()) == len(old)
        self.watched = [each for each in self.watched if each not in old]

    def pick_invitation(self, pick: int) -> tuple[Row, Watched, Member] | None:
        """Return some invitation, its question, and whose it is."""
        invitations = self.rows(Invitation)
        if not invitations:
            return None
        invitation = invitations[pick % len(invitations)]
        (question,) = [each for each in self.watched if each.id == invitation["request_id"]]
        (helper,) = [each for each in self.helpers if each.id == invitation["member_id"]]
        return invitation, question, helper

    @rule(pick=ANY, verb=st.sampled_from(["take", "take", "pass_on", "off_topic"]))
    def decide(self, pick: int, verb: str) -> None:
        picked = self.pick_invitation(pick)
        if picked is None:
            return
        invitation, question, helper = picked
        press = getattr(self.house.helping, verb)(invitation["id"], helper.user_id)
        was_taken, is_taken = invitation["state"] == "taken", verb == "take"
        if question.state in OVER or (was_taken and not is_taken):
            self.refused(press, Conflict)
            return
        self.run(press)
        is_wanted_again = invitation["expires_at"] is None and question.state in OPEN | {"archived"}
        if is_taken and (not was_taken or is_wanted_again):
            question.take(invitation["id"], self.house.clock.now())

    @rule(pick=ANY)
    def give_back(self, pick: int) -> None:
        picked = self.pick_invitation(pick)
        if picked is not None:
            invitation, question, helper = picked
            self.run(self.house.claiming.give_back(invitation["id"], helper.user_id))
            question.give_back(invitation["id"])

    @rule(pick=ANY, who=ANY)
    def know_someone(self, pick: int, who: int) -> None:
        picked = self.pick_invitation(pick)
        if picked is None:
            return
        invitation, question, helper = picked
        named = [each for each in self.people if each != helper.user_id][who % (len(self.people) - 1)]
        press = self.house.referring.refer(invitation["id"], helper.user_id, named)
        if question.state in OVER or invitation["state"] == "taken":
            self.refused(press, Conflict)
            return
        self.run(press)

    @precondition(lambda self: self.watched)
    @rule(pick=ANY, who=ANY)
    def write(self, pick: int, who: int) -> None:
        question = self.watched[pick % len(self.watched)]
        if question.thread_id is None:
            return
        person = self.people[who % len(self.people)]
        own = [each.id for each in self.helpers if each.user_id == person]
        invitations = [row for row in self.rows(Invitation, request_id=question.id) if row["member_id"] in own]
        invitation_id = invitations[0]["id"] if invitations else None
        is_news = question.hear(person, invitation_id, self.house.clock.now())
        assert self.run(self.house.answer(question.thread_id, person)) is is_news

    @precondition(lambda self: self.watched)
    @rule(pick=ANY, outcome=st.sampled_from(Outcome))
    def resolve(self, pick: int, outcome: Outcome) -> None:
        question = self.watched[pick % len(self.watched)]
        press = self.house.resolving.resolve(question.id, question.asker, outcome)
        is_settled = question.state == "resolved" and question.thread_id is None and outcome is Outcome.NOT_YET
        if question.state in {"closed", "unposted"} or is_settled:
            self.refused(press, Conflict)
            return
        self.run(press)
        question.resolve(outcome, self.house.clock.now())

    @precondition(lambda self: self.watched)
    @rule(pick=ANY, is_moderator=st.booleans())
    def close(self, pick: int, *, is_moderator: bool) -> None:
        question = self.watched[pick % len(self.watched)]
        person = 1 if is_moderator else question.asker
        press = self.house.asking.close(question.id, person, is_moderator=is_moderator)
        if question.state in {"resolved", "unposted"}:
            self.refused(press, Conflict)
            return
        question.is_moderated = is_moderator if question.state != "closed" else question.is_moderated
        self.run(press)
        question.end("closed")

    @precondition(lambda self: self.watched)
    @rule(pick=ANY, is_own=st.booleans())
    def reopen(self, pick: int, *, is_own: bool) -> None:
        question = self.watched[pick % len(self.watched)]
        press = self.house.following_up.reopen(question.id, question.asker if is_own else 1)
        is_put_away = question.state == "archived"
        may_open = is_put_away or (is_own and question.state == "closed")
        if question.state == "closed" and question.is_moderated:
            self.refused(press, Conflict)
        elif question.state == "closed" and not is_own:
            self.refused(press, NotAllowed)
        elif question.thread_id is None or question.state in {"unposted", "resolved"}:
            self.refused(press, Conflict)
        elif may_open and is_own and self.waits_for_three(question.asker):
            self.refused(press, LimitReached)
        else:
            assert self.run(press) == question.thread_id
            if may_open:
                question.wait_again(self.house.clock.now())

    @precondition(lambda self: self.watched)
    @rule(pick=ANY)
    def ask_more(self, pick: int) -> None:
        question = self.watched[pick % len(self.watched)]
        press = self.house.following_up.ask_more(question.id, question.asker)
        is_put_away = question.state == "archived"
        if question.state in OVER | {"unposted"} or (is_put_away and question.thread_id is None):
            self.refused(press, Conflict)
        elif is_put_away and self.waits_for_three(question.asker):
            self.refused(press, LimitReached)
        else:
            self.run(press)
            question.wait_again(self.house.clock.now())

    @rule(pick=ANY, days=st.none() | st.integers(1, 9))
    def pause(self, pick: int, days: int | None) -> None:
        length = timedelta(days=days) if days else None
        self.run(self.house.pausing.pause_for(GUILD_ID, self.helpers[pick % len(self.helpers)].user_id, length))

    @rule(pick=ANY)
    def end_pause(self, pick: int) -> None:
        helper = self.helpers[pick % len(self.helpers)]
        assert not self.run(self.house.pausing.end(helper.id, helper.user_id)).is_paused

    @rule(pick=ANY, who=ANY)
    def block(self, pick: int, who: int) -> None:
        person = self.people[pick % len(self.people)]
        other = [each for each in self.people if each != person][who % (len(self.people) - 1)]
        self.blocks.add((person, other))
        self.run(self.house.blocking.block(GUILD_ID, person, other))

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        self.elapse(timedelta(hours=hours), timedelta(hours=2))

    @rule(days=st.integers(2, 8))
    def be_silent(self, days: int) -> None:
        self.elapse(timedelta(days=days), timedelta(hours=12))

    def elapse(self, length: timedelta, step: timedelta) -> None:
        end = self.house.clock.now() + length
        while self.house.clock.now() < end:
            self.house.clock.moment = min(self.house.clock.now() + step, end)
            self.sweep()

    @rule()
    def sweep(self) -> None:
        self.run(sweep(self.house))
        for question in self.watched:
            question.pass_time(self.house.clock.now())
        self.look_for_threads()

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
        threads = {row["id"]: row["thread_id"] for row in self.rows(Request)}
        for question in self.watched:
            question.thread_id = threads[question.id]

    @invariant()
    def questions_stand_where_the_watcher_says(self) -> None:
        rows = {row["id"]: row["state"] for row in self.rows(Request)}
        assert rows == {each.id: each.state for each in self.watched}

    @invariant()
    def no_question_asks_too_many_and_none_is_forgotten(self) -> None:
        waiting_for = {row["request_id"] for row in self.rows(Referral)}
        for request in self.rows(Request):
            rows = self.rows(Invitation, request_id=request["id"])
            assert len({row["member_id"] for row in rows}) == len(rows)
            routed = [(row["wave"], InvitationState(row["state"])) for row in rows if row["referrer_id"] is None]
            assert len(routed) <= 7 + request["extra_invitations"]
            assert sum(state == "asked" for _, state in routed) <= 3
            seats = self.sample.numbers.seats(Urgency(request["urgency"]), routed, request["extra_invitations"])
            is_looked_at = request["next_look_at"] is not None
            needs_look = seats.free > 0 or request["id"] in waiting_for
            assert request["state"] != "waiting" or is_looked_at or not needs_look

    @invariant()
    def every_answered_question_asks_how_it_went(self) -> None:
        answered = {row["request_id"] for row in self.rows(Fact, type="answered")}
        letters = self.rows(OutboxLetter)
        asked_how = {row["request_id"] for row in letters if row["kind"] == "outcome"}
        assert answered == asked_how == {each.id for each in self.watched if each.answered_after is not None}
        keys = [row["key"] for row in letters]
        assert len(keys) == len(set(keys))

    @invariant()
    def statistics_say_what_the_watcher_saw(self) -> None:
        now = self.runner.run(counted(self.house, self.sample.name))
        waits = sorted(each.answered_after for each in self.watched if each.answered_after is not None)
        assert now.asked == sum(each.state != "unposted" for each in self.watched)
        assert now.taken == sum(each.is_taken for each in self.watched)
        assert now.helped == sum(each.outcome is Outcome.HELPED for each in self.watched)
        assert now.open == sum(each.state in OPEN for each in self.watched)
        assert (now.answered, sorted(now.waits)) == (len(waits), waits)

    @invariant()
    def only_those_who_consent_are_learned_from(self) -> None:
        rows = self.rows(Invitation, state="off_topic")
        for helper in self.helpers:
            own, *learned = self.memory.lines(helper.user_id)
            has_answered = any(helper.user_id in each.answerers for each in self.watched)
            assert len(learned) == (helper.user_id == self.learner and has_answered and self.sample.teaches)
            if helper.user_id != self.learner:
                said = sum(row["member_id"] == helper.id for row in rows)
                assert own.weight == max(0.5**said, 0.1)

    @invariant()
    def no_message_is_shown_twice(self) -> None:
        shown = [letter.letter_id for letter in self.house.messenger.shown]
        assert len(shown) == len(set(shown))

    def everything_arrives_in_the_end(self) -> None:
        # Reminders are written a day ahead; no one looks any more at what would write new ones.
        end = self.house.clock.now() + timedelta(hours=48)
        self.run(self.house.settle())
        while (now := self.house.clock.now()) < end:
            due = [row["due_at"] for row in self.rows(OutboxLetter) if row["due_at"] is not None]
            self.house.clock.moment = min([moment for moment in due if moment > now] + [end])
            self.run(self.house.settle())
        letters = [row for row in self.rows(OutboxLetter) if row["failure"] != "moot" and row["sent_at"] is None]
        assert {row["failure"] for row in letters} <= {"closed"}
        assert {row["kind"] for row in letters} <= PRIVATE


@pytest.mark.both
@pytest.mark.parametrize("sample", SAMPLES, ids=[each.name for each in SAMPLES])
def test_conversations(sample: Sample, fresh: Callable[[], str], dialect: str) -> None:
    talk = type("Talk", (Conversations,), {"sample": sample, "fresh": staticmethod(fresh)})
    # What differs by kind or database shows soon; what takes long to show is the same for all.
    examples = 6 if (sample.name, dialect) == ("question", "sqlite") else 2
    run_state_machine_as_test(talk, settings=settings(max_examples=examples, stateful_step_count=30, deadline=None))
