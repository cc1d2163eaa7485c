"""What can happen to a request, against a model written as sentences."""

import pytest
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.lifecycle import (
    ANSWERED_STATES,
    OPEN_STATES,
    Act,
    RequestState,
    after,
    awaits_answer,
    is_open,
    require_thread,
)
from bot.errors import Conflict

_S = RequestState
REFUSED = {
    *((act, _S.UNPOSTED) for act in Act if act is not Act.POST),
    *((act, _S.CLOSED) for act in Act if act not in {Act.REOPEN, Act.WITHDRAW}),
    *((act, _S.RESOLVED) for act in (Act.POST, Act.TAKE, Act.CLOSE, Act.RELEASE, Act.ARCHIVE, Act.REOPEN)),
    *((act, _S.ANSWERED) for act in (Act.POST, Act.ARCHIVE, Act.REOPEN)),
    *((act, _S.TAKEN) for act in (Act.POST, Act.REOPEN)),
    *((act, _S.ARCHIVED) for act in (Act.POST, Act.RELEASE, Act.ARCHIVE)),
}
ONCE_ONLY = {Act.CLOSE, Act.ARCHIVE}
"""Acts that can't follow themselves; the caller looks first."""


def end(act: Act, state: RequestState) -> RequestState | None:
    """Return where an act leads, or None where it is refused."""
    try:
        return after(act, state)
    except Conflict as refusal:
        assert refusal.key == "request.over"  # noqa: PT017
        return None


def test_every_act_leads_somewhere_or_is_refused() -> None:
    assert {(act, state) for act in Act for state in RequestState if end(act, state) is None} == REFUSED


@pytest.mark.parametrize("act", Act)
def test_an_act_twice_is_once_or_refused(act: Act) -> None:
    once = {state: after(act, state) for state in RequestState if (act, state) not in REFUSED}
    twice = {state: end(act, first) for state, first in once.items()}
    assert twice == (dict.fromkeys(once) if act in ONCE_ONLY else once)


def test_open_states_are_those_that_count_towards_the_limit() -> None:
    assert {state for state in RequestState if is_open(state)} == set(OPEN_STATES)


def test_the_next_answer_is_a_first_one_while_the_asker_waits_or_has_given_up_waiting() -> None:
    awaiting = {state for state in RequestState if awaits_answer(state)}
    assert awaiting == {_S.WAITING, _S.TAKEN, _S.ARCHIVED}
    assert awaiting >= set(OPEN_STATES)


def test_others_learn_from_what_was_answered_and_not_from_what_is_open_or_was_closed() -> None:
    assert set(ANSWERED_STATES) == {_S.ANSWERED, _S.RESOLVED}
    assert not any(awaits_answer(state) for state in ANSWERED_STATES)


def test_whatever_was_posted_can_wait_again() -> None:
    later = set(Act) - {Act.POST}
    assert {state for state in RequestState for act in later if end(act, state) is _S.WAITING} == {*_S} - {_S.UNPOSTED}


def test_nobody_is_led_to_a_thread_that_is_gone() -> None:
    require_thread(1)
    with pytest.raises(Conflict, match=r"request\.over"):
        require_thread(None)


class Request(RuleBasedStateMachine):
    """One request; beside its state, what a person would say happened to it."""

    @initialize()
    def write(self) -> None:
        self.state = RequestState.UNPOSTED
        self.is_posted = False
        self.forget()

    def forget(self) -> None:
        """Let it wait as if it had just been asked."""
        self.is_over = self.is_put_away = self.has_outcome = self.has_answer = self.is_taken = False

    def do(self, act: Act) -> None:
        self.state = after(act, self.state)

    def refuse(self, *acts: Act) -> None:
        for act in acts:
            with pytest.raises(Conflict):
                after(act, self.state)

    @precondition(lambda self: not self.is_posted)
    @rule()
    def come_too_early(self) -> None:
        self.refuse(*(set(Act) - {Act.POST}))

    @rule()
    def post(self) -> None:
        if self.is_waiting or not self.is_posted:
            self.do(Act.POST)
            self.is_posted = True
        else:
            self.refuse(Act.POST)

    @precondition(lambda self: self.is_going_on)
    @rule()
    def take(self) -> None:
        if self.has_outcome:
            self.refuse(Act.TAKE)
        else:
            self.do(Act.TAKE)
            self.is_taken, self.is_put_away = True, False

    @precondition(lambda self: self.is_going_on)
    @rule()
    def release(self) -> None:
        """Its helper didn't get to it: no one has it any more, which changes nothing where it was answered."""
        if self.has_outcome or self.is_put_away:
            self.refuse(Act.RELEASE)
        else:
            self.do(Act.RELEASE)
            self.is_taken = False

    @precondition(lambda self: self.is_going_on)
    @rule()
    def answer(self) -> None:
        """Someone replies for the first time: also where no one waits for it any more."""
        self.do(Act.ANSWER)
        self.has_answer, self.is_put_away = True, False

    @precondition(lambda self: self.is_going_on)
    @rule()
    def resolve(self) -> None:
        self.do(Act.RESOLVE)
        self.has_outcome, self.is_put_away = True, False

    @precondition(lambda self: self.is_going_on)
    @rule()
    def ask_others(self) -> None:
        self.do(Act.ASK_OTHERS)
        self.forget()

    @precondition(lambda self: self.is_going_on)
    @rule()
    def put_away(self) -> None:
        if self.is_waiting or self.is_only_taken:
            self.do(Act.ARCHIVE)
            self.is_put_away, self.is_taken = True, False
        else:
            self.refuse(Act.ARCHIVE)

    @precondition(lambda self: self.is_going_on or self.is_over)
    @rule()
    def open_again(self) -> None:
        """By the asker's own reply, or the button; where someone has it, or has answered it, there is no need."""
        if self.is_over or self.is_put_away or self.is_waiting:
            self.do(Act.REOPEN)
            self.forget()
        else:
            self.refuse(Act.REOPEN)

    @precondition(lambda self: self.is_going_on)
    @rule()
    def close(self) -> None:
        if self.has_outcome:
            self.refuse(Act.CLOSE)
        else:
            self.do(Act.CLOSE)
            self.is_over = True

    @precondition(lambda self: self.is_posted)
    @rule()
    def take_back(self) -> None:
        """At any time, also once it is over."""
        self.do(Act.WITHDRAW)
        self.is_over = True

    @precondition(lambda self: self.is_over)
    @rule()
    def come_too_late(self) -> None:
        self.refuse(*(set(Act) - {Act.REOPEN, Act.WITHDRAW}))

    @invariant()
    def the_state_says_what_happened(self) -> None:
        assert self.state == self.expected()
        still_wanted = self.is_going_on and not (self.has_outcome or self.has_answer)
        assert awaits_answer(self.state) is still_wanted
        assert is_open(self.state) is (still_wanted and not self.is_put_away)

    @property
    def is_going_on(self) -> bool:
        return self.is_posted and not self.is_over

    @property
    def is_only_taken(self) -> bool:
        return self.is_going_on and self.is_taken and not (self.is_put_away or self.has_outcome or self.has_answer)

    @property
    def is_waiting(self) -> bool:
        """Tell whether no one has it, has answered it or has put it away."""
        return self.is_going_on and not (self.is_put_away or self.has_outcome or self.has_answer or self.is_taken)

    def expected(self) -> RequestState:
        """Return the state that says the most of what happened."""
        so_far = {
            RequestState.UNPOSTED: not self.is_posted,
            RequestState.CLOSED: self.is_over,
            RequestState.RESOLVED: self.has_outcome,
            RequestState.ANSWERED: self.has_answer,
            RequestState.ARCHIVED: self.is_put_away,
            RequestState.TAKEN: self.is_taken,
        }
        return next((state for state, holds in so_far.items() if holds), RequestState.WAITING)


TestRequest = Request.TestCase
