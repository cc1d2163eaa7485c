"""How many are asked at once, and when others are: the table of the product, and all that may happen to a request."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.lifecycle import InvitationState, Urgency
from bot.domain.policy import DEFAULT, Policy, Seats, Wave

State = InvitationState
WAVES = {
    "today": "2 → 30 min → 2 → 2 h → 3 → 2 h",
    "this week, whenever": "2 → 4 h → 2 → 6 h → 3 → 8 h",
}
"""People, then the wait, then people, and so on, as docs/ARCHITECTURE.md writes it; the last comes again and again."""
HISTORIES = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(State)), max_size=20)
URGENCIES = st.sampled_from(Urgency)
PLENTY = 100


def written(urgencies: str) -> list[Urgency]:
    return [Urgency(each.replace(" ", "_")) for each in urgencies.split(", ")]


@pytest.mark.parametrize(("urgencies", "row"), WAVES.items())
def test_the_waves_are_those_of_the_page(urgencies: str, row: str) -> None:
    for urgency in written(urgencies):
        waves = range(1, len(DEFAULT.waves[urgency]) + 1)
        steps = (f"{DEFAULT.size(urgency, wave)} → {_in_words(DEFAULT.wait(urgency, wave))}" for wave in waves)
        assert " → ".join(steps) == row


def _in_words(wait: timedelta) -> str:
    minutes = wait // timedelta(minutes=1)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"


def test_every_urgency_has_waves_and_nobody_waits_shorter_in_a_later_one() -> None:
    assert sorted(each for urgencies in WAVES for each in written(urgencies)) == sorted(Urgency)
    assert DEFAULT.waves.keys() == set(Urgency)
    for waves in DEFAULT.waves.values():
        assert [each.wait for each in waves] == sorted(each.wait for each in waves)
        assert sum(each.size for each in waves) < DEFAULT.most_invitations == 15
        assert max(each.size for each in waves) == 3


@pytest.mark.parametrize("urgency", Urgency)
def test_silence_alone_asks_two_then_two_then_three_at_a_time_then_nobody(urgency: Urgency) -> None:
    asked: list[tuple[int, State]] = []
    filled = []
    for _ in range(7):
        seats = DEFAULT.seats(urgency, asked)
        filled.append((seats.wave, seats.free))
        asked += [(seats.wave, State.EXPIRED)] * seats.free
    assert filled == [(1, 2), (2, 2), (3, 3), (3, 3), (3, 3), (3, 2), (3, 0)]


@pytest.mark.parametrize("urgency", Urgency)
@pytest.mark.parametrize("state", [State.PASSED, State.OFF_TOPIC, State.UNDELIVERED, State.WITHDRAWN])
def test_passes_alone_ask_everybody_in_the_first_wave(urgency: Urgency, state: State) -> None:
    for times in range(16):
        seats = DEFAULT.seats(urgency, [(1, state)] * times)
        assert seats == Seats(wave=1, free=min(2, 15 - times), filled=times)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([], Seats(1, 2, 0)),
        ([(1, State.ASKED)], Seats(1, 1, 1)),
        ([(1, State.ASKED)] * 2, Seats(1, 0, 2)),
        ([(1, State.PASSED), (1, State.ASKED)], Seats(1, 1, 2)),
        ([(1, State.EXPIRED), (1, State.ASKED)], Seats(2, 1, 0)),
        ([(1, State.RELEASED), (1, State.ASKED)], Seats(2, 1, 0)),
        ([(1, State.EXPIRED), (1, State.EXPIRED)], Seats(2, 2, 0)),
        ([(1, State.EXPIRED), (1, State.EXPIRED), (2, State.ASKED)], Seats(2, 1, 1)),
        ([(1, State.EXPIRED), (1, State.ASKED), (2, State.EXPIRED)], Seats(3, 2, 0)),
        ([(1, State.TAKEN), (1, State.ASKED)], Seats(1, 1, 2)),
        ([(1, State.REFERRED), (1, State.ASKED)], Seats(1, 1, 2)),
    ],
)
def test_the_free_places_of_a_request(asked: list[tuple[int, State]], expected: Seats) -> None:
    for urgency in Urgency:
        assert DEFAULT.seats(urgency, asked) == expected
        assert DEFAULT.seats(urgency, asked[::-1]) == expected


def test_a_pass_that_comes_late_but_before_anybody_else_was_asked_is_a_pass() -> None:
    in_time = [(1, State.EXPIRED), (1, State.ASKED)]
    assert DEFAULT.seats(Urgency.TODAY, in_time).wave == 2
    assert DEFAULT.seats(Urgency.TODAY, [(1, State.PASSED), (1, State.ASKED)]) == Seats(1, 1, 2)


@given(URGENCIES, HISTORIES, st.integers(0, 6), st.integers(0, 3))
def test_whatever_happened_there_are_never_too_many_and_wanting_more_never_means_fewer(
    urgency: Urgency, asked: list[tuple[int, State]], extra: int, more: int
) -> None:
    seats = DEFAULT.seats(urgency, asked, extra)
    considering = sum(state is State.ASKED for _, state in asked)
    assert 0 <= seats.free <= 3
    assert not seats.free or considering + seats.free <= DEFAULT.size(urgency, seats.wave)
    assert not seats.free or len(asked) + seats.free <= DEFAULT.most_invitations + extra
    assert max((wave for wave, _ in asked), default=1) <= seats.wave <= 3
    assert seats.filled == sum(wave == seats.wave for wave, _ in asked)
    assert seats.free <= DEFAULT.seats(urgency, asked, extra + more).free <= seats.free + more


def test_a_community_may_have_numbers_of_its_own() -> None:
    waves = {urgency: (Wave(1, timedelta(hours=1)), Wave(4, timedelta(hours=5))) for urgency in Urgency}
    own = Policy(waves=waves, most_invitations=4)
    assert (own.size(Urgency.TODAY, 2), own.wait(Urgency.TODAY, 2)) == (4, timedelta(hours=5))
    assert own.seats(Urgency.TODAY, []) == Seats(1, 1, 0)
    assert own.seats(Urgency.TODAY, [(1, State.EXPIRED)]) == Seats(2, 3, 0)
    # The numbers may change while a request waits that was in a wave which is no more.
    for state in (State.EXPIRED, State.PASSED):
        assert own.seats(Urgency.TODAY, [(3, state)]) == Seats(2, 3, 0)


class Waiting(RuleBasedStateMachine):
    """One request that looks for someone, as the sentences of the product say it goes."""

    numbers = Policy(exploratory_percent=100)
    sizes = (2, 2, 3)

    @initialize(urgency=URGENCIES)
    def ask(self, urgency: Urgency) -> None:
        self.urgency = urgency
        self.asked: list[tuple[int, State]] = []
        self.kept: list[tuple[int, int]] = []
        """The wave of each kept place, and how many of that wave were asked before it."""
        self.reached, self.extra, self.reachable = 1, 0, PLENTY
        self.is_put_away = False
        self.claims: set[int] = set()
        self.fill()

    def fill(self) -> None:
        """Ask as many as there are places, or as there are people; no one is asked while someone has it."""
        if self.claims or self.is_put_away:
            return
        seats = self.numbers.seats(self.urgency, self.asked, self.extra)
        assert seats.wave == self.reached
        places = self.numbers.exploratory_places(1, seats, self.numbers.size(self.urgency, seats.wave))
        for place in range(min(seats.free, self.reachable)):
            if place in places:
                self.kept.append((seats.wave, self.asked_in(seats.wave)))
            self.asked.append((seats.wave, State.ASKED))
        self.reachable -= min(seats.free, self.reachable)

    def leave(self, place: int, state: State) -> int:
        """Let someone's invitation end, fill the places, and return how many were asked for that."""
        before = len(self.asked)
        self.asked[place] = (self.asked[place][0], state)
        self.fill()
        return len(self.asked) - before

    @precondition(lambda self: self.considering)
    @rule(data=st.data(), state=st.sampled_from([State.PASSED, State.OFF_TOPIC, State.UNDELIVERED, State.WITHDRAWN]))
    def pass_on(self, data: st.DataObject, state: State) -> None:
        wave, expected = self.reached, min(1, self.left) if self.is_full and self.is_looking else None
        asked = self.leave(data.draw(st.sampled_from(self.considering)), state)
        assert expected in {None, asked}
        assert {each for each, _ in self.asked[len(self.asked) - asked :]} <= {wave}

    @precondition(lambda self: self.considering)
    @rule(data=st.data())
    def run_out(self, data: st.DataObject) -> None:
        self.run_out_in(data.draw(st.sampled_from(self.considering)), State.EXPIRED)

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(sorted(self.claims)))
        self.claims.remove(place)
        self.run_out_in(place, State.RELEASED)

    def run_out_in(self, place: int, state: State) -> None:
        if self.asked[place][0] == self.reached:
            self.reached = min(self.reached + 1, 3)
        asked = self.leave(place, state)
        assert {wave for wave, _ in self.asked[len(self.asked) - asked :]} <= {self.reached}

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(sorted(self.claims)))
        self.claims.remove(place)
        self.leave(place, State.PASSED)

    @precondition(lambda self: self.considering)
    @rule(data=st.data())
    def take(self, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(self.considering))
        self.claims.add(place)
        assert self.leave(place, State.TAKEN) == 0

    @rule()
    def ask_others(self) -> None:
        """What was taken was answered, and didn't help yet: no one has it any more."""
        self.claims.clear()
        self.is_put_away = False
        self.fill()

    @precondition(lambda self: self.answered_late)
    @rule(data=st.data(), state=st.sampled_from([State.PASSED, State.OFF_TOPIC, State.TAKEN]))
    def answer_late(self, data: st.DataObject, state: State) -> None:
        place = data.draw(st.sampled_from(self.answered_late))
        if state is State.TAKEN:
            self.claims.add(place)
        self.leave(place, state)

    @precondition(lambda self: self.left == 0)
    @rule()
    def want_more(self) -> None:
        self.extra += 3
        self.fill()

    @precondition(lambda self: not self.claims)
    @rule()
    def put_away(self) -> None:
        self.is_put_away = True
        for place in self.considering:
            self.leave(place, State.WITHDRAWN)

    @rule(people=st.integers(0, 3) | st.just(PLENTY))
    def let_time_go_by(self, people: int) -> None:
        """A person who slept may be awake, and one who was awake asleep."""
        self.reachable = people
        self.fill()

    @invariant()
    def nobody_is_asked_beyond_the_wave(self) -> None:
        assert len(self.considering) <= self.sizes[self.last_asked - 1] <= 3
        assert len(self.asked) <= DEFAULT.most_invitations + self.extra

    @invariant()
    def waves_are_never_gone_back_to(self) -> None:
        waves = [wave for wave, _ in self.asked]
        assert waves == sorted(waves)
        assert self.last_asked <= self.reached

    @invariant()
    def places_are_free_only_where_nobody_can_be_asked(self) -> None:
        assert not self.is_looking or self.is_full or not self.left

    @invariant()
    def one_place_of_a_wave_is_kept_and_it_is_the_last_of_those_it_begins_with(self) -> None:
        sizes = {wave: self.sizes[wave - 1] for wave in (1, 2, 3)}
        assert self.kept == [(wave, sizes[wave] - 1) for wave in (1, 2, 3) if self.asked_in(wave) >= sizes[wave]]

    def asked_in(self, wave: int) -> int:
        return sum(each == wave for each, _ in self.asked)

    @property
    def last_asked(self) -> int:
        return self.asked[-1][0] if self.asked else 1

    @property
    def considering(self) -> list[int]:
        return [place for place, (_, state) in enumerate(self.asked) if state is State.ASKED]

    @property
    def answered_late(self) -> list[int]:
        """Return whose time was over before a later wave was asked, so that their answer opens and closes nothing."""
        ended = [place for place, (_, state) in enumerate(self.asked) if state is State.EXPIRED]
        return [place for place in ended if self.asked[place][0] < self.last_asked]

    @property
    def left(self) -> int:
        return DEFAULT.most_invitations + self.extra - len(self.asked)

    @property
    def is_looking(self) -> bool:
        return not self.claims and not self.is_put_away and self.reachable > 0

    @property
    def is_full(self) -> bool:
        return len(self.considering) == self.sizes[self.reached - 1]


TestWaiting = Waiting.TestCase
