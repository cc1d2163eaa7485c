"""What can happen to a request, against a model written as sentences."""

import pytest
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.lifecycle import ANSWERED_STATES, OPEN_STATES, Act, RequestState, after, is_open
from bot.errors import Conflict

REFUSED = {
    *((act, RequestState.DRAFT) for act in Act if act is not Act.POST),
    (Act.POST, RequestState.TAKEN),
    (Act.POST, RequestState.ANSWERED),
    (Act.POST, RequestState.RESOLVED),
    (Act.POST, RequestState.CLOSED),
    (Act.TAKE, RequestState.RESOLVED),
    (Act.TAKE, RequestState.CLOSED),
    (Act.ANSWER, RequestState.CLOSED),
    (Act.RESOLVE, RequestState.CLOSED),
    (Act.ASK_OTHERS, RequestState.CLOSED),
    (Act.CLOSE, RequestState.RESOLVED),
    (Act.CLOSE, RequestState.CLOSED),
}


@pytest.mark.parametrize("state", RequestState)
@pytest.mark.parametrize("act", Act)
def test_every_act_leads_somewhere_or_is_refused(act: Act, state: RequestState) -> None:
    if (act, state) in REFUSED:
        with pytest.raises(Conflict, match=r"request\.over"):
            after(act, state)
    else:
        assert after(act, state) in RequestState


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("state", RequestState)
def test_an_act_twice_is_once(act: Act, state: RequestState) -> None:
    if (act, state) not in REFUSED and act is not Act.CLOSE:
        assert after(act, after(act, state)) == after(act, state)


@pytest.mark.parametrize("state", RequestState)
def test_open_states_are_those_that_count_towards_the_limit(state: RequestState) -> None:
    assert is_open(state) is (state in OPEN_STATES)


@pytest.mark.parametrize("state", RequestState)
def test_others_learn_from_what_was_answered_and_not_from_what_is_open_or_was_closed(state: RequestState) -> None:
    assert (state in ANSWERED_STATES) is (state in {RequestState.ANSWERED, RequestState.RESOLVED})
    assert not (state in ANSWERED_STATES and is_open(state))


class Request(RuleBasedStateMachine):
    """One request; beside its state, what a person would say happened to it."""

    @initialize()
    def write(self) -> None:
        self.state = RequestState.DRAFT
        self.is_over = self.is_posted = self.has_outcome = self.has_answer = self.is_taken = False

    @precondition(lambda self: not self.is_posted)
    @rule()
    def come_too_early(self) -> None:
        for act in set(Act) - {Act.POST}:
            with pytest.raises(Conflict):
                after(act, self.state)

    @rule()
    def post(self) -> None:
        if self.is_over or self.has_outcome or self.has_answer or self.is_taken:
            with pytest.raises(Conflict):
                after(Act.POST, self.state)
        else:
            self.state = after(Act.POST, self.state)
            self.is_posted = True

    @precondition(lambda self: self.is_going_on)
    @rule()
    def take(self) -> None:
        if self.has_outcome:
            with pytest.raises(Conflict):
                after(Act.TAKE, self.state)
        else:
            self.state = after(Act.TAKE, self.state)
            self.is_taken = True

    @precondition(lambda self: self.is_going_on)
    @rule()
    def answer(self) -> None:
        self.state = after(Act.ANSWER, self.state)
        self.has_answer = self.has_answer or not self.has_outcome

    @precondition(lambda self: self.is_going_on)
    @rule()
    def resolve(self) -> None:
        self.state = after(Act.RESOLVE, self.state)
        self.has_outcome = True

    @precondition(lambda self: self.is_going_on)
    @rule()
    def ask_others(self) -> None:
        self.state = after(Act.ASK_OTHERS, self.state)
        self.has_outcome = self.has_answer = self.is_taken = False

    @precondition(lambda self: self.is_going_on)
    @rule()
    def close(self) -> None:
        if self.has_outcome:
            with pytest.raises(Conflict):
                after(Act.CLOSE, self.state)
        else:
            self.state = after(Act.CLOSE, self.state)
            self.is_over = True

    @precondition(lambda self: self.is_over)
    @rule()
    def come_too_late(self) -> None:
        for act in Act:
            with pytest.raises(Conflict):
                after(act, self.state)

    @invariant()
    def the_state_says_what_happened(self) -> None:
        assert self.state == self.expected()
        assert is_open(self.state) is (self.is_going_on and not (self.has_outcome or self.has_answer))

    @property
    def is_going_on(self) -> bool:
        return self.is_posted and not self.is_over

    def expected(self) -> RequestState:
        if not self.is_posted:
            return RequestState.DRAFT
        if self.is_over:
            return RequestState.CLOSED
        if self.has_outcome:
            return RequestState.RESOLVED
        if self.has_answer:
            return RequestState.ANSWERED
        return RequestState.TAKEN if self.is_taken else RequestState.WAITING


TestRequest = Request.TestCase
