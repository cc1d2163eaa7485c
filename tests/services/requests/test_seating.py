"""Filling places: everyone's attention is shared by all requests, and no one's night or absence is used up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain import policy
from bot.domain.lifecycle import Urgency
from bot.domain.policy import DEFAULT, Policy, Seats
from bot.routing.ports import Evidence, Match
from bot.services.requests.seating import LOOK_AGAIN, Filled, fill_seats
from bot.store.engine import Database
from models import Fact, Invitation, Member, OutboxLetter, Question, Request
from tests.factories import NOW, a_helper, a_member, a_question, a_statement, an_invitation
from tests.fakes import House, a_new_question, values

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ALWAYS = {"begins": time(0), "ends": time(0)}
"""Awake around the clock."""
EVERYBODY = Policy(exploratory_percent=0)
LAST_IS_KEPT = Policy(exploratory_percent=100)


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def questions(house: House, count: int, **chosen: object) -> list[Question]:
    """Let so many people wait for answers."""
    async with house.database.begin() as work:
        return [await a_question(work, await a_member(work), **chosen) for _ in range(count)]


async def people(house: House, *rates: str, **chosen: object) -> list[Member]:
    async with house.database.begin() as work:
        return [await a_helper(work, **{"rate": rate, **chosen}) for rate in rates]  # type: ignore[arg-type]


def matching(*members: Member, best: float = 9.0) -> list[Match]:
    """Rank members in this order."""
    return [Match(each.id, 0, best - place / 10) for place, each in enumerate(members)]


async def fill(
    house: House, asked: Sequence[Question], matches: Sequence[Match], numbers: Policy = EVERYBODY
) -> dict[int, Filled]:
    """Fill the places of all these questions in one transaction."""
    async with house.database.begin() as work:
        return await fill_seats(work, numbers, {each.id: matches for each in asked}, house.clock.now())


async def invited(house: House) -> dict[int, list[int]]:
    """Return the members who were asked, by request, in that order."""
    found: dict[int, list[int]] = {}
    for row in await house.rows(Invitation):
        found.setdefault(row["request_id"], []).append(row["member_id"])
    return found


async def next_looks(house: House) -> list[object]:
    return values(await house.rows(Request), "next_look_at")


class TestBudgets:
    """One budget over everything, also within one transaction."""

    async def test_several_questions_in_one_transaction_share_everybody_s_budget(self, house: House) -> None:
        daily, weekly, often = await people(house, "one_a_day", "one_a_week", "more")
        asked = await questions(house, 5)

        filled = await fill(house, asked, matching(daily, weekly, often))

        first, second, third, *rest = [each.id for each in asked]
        assert await invited(house) == {first: [daily.id, weekly.id], second: [often.id], third: [often.id],
                                        rest[0]: [often.id]}  # fmt: skip
        assert [filled[each.id].invited for each in asked] == [2, 1, 1, 1, 0]
        assert await next_looks(house) == [None, *[NOW + LOOK_AGAIN] * 4]

    async def test_what_was_asked_before_by_whatever_request_counts(self, house: House) -> None:
        daily, weekly = await people(house, "one_a_day", "one_a_week")
        (before, *asked) = await questions(house, 2)
        async with house.database.begin() as work:
            await an_invitation(work, before, daily, created_at=NOW - timedelta(hours=23), state="passed")
            await an_invitation(work, before, weekly, created_at=NOW - timedelta(days=6), state="expired")

        await fill(house, asked, matching(daily, weekly))
        assert asked[0].id not in await invited(house)

        house.clock.advance(HOUR)
        await fill(house, asked, matching(daily, weekly))
        assert (await invited(house))[asked[0].id] == [daily.id]

    async def test_whoever_was_asked_just_now_is_less_fresh_for_the_next_question(self, house: House) -> None:
        one, two, three = await people(house, "more", "more", "more")
        asked = await questions(house, 2)

        await fill(house, asked, [Match(each.id, 0, 2.0) for each in (one, two, three)])

        assert await invited(house) == {asked[0].id: [one.id, two.id], asked[1].id: [three.id, one.id]}
        freshness = values(await house.rows(Invitation), "freshness")
        assert freshness == [1, 1, 1, pytest.approx(2**-DEFAULT.freshness)]

    async def test_each_question_has_its_own_matches(self, house: House) -> None:
        one, two = await people(house, "more", "more")
        first, second = await questions(house, 2)
        async with house.database.begin() as work:
            ranked = {first.id: matching(two), second.id: matching(one, two)}
            filled = await fill_seats(work, EVERYBODY, ranked, NOW)
        assert await invited(house) == {first.id: [two.id], second.id: [one.id, two.id]}
        assert {each: some.invited for each, some in filled.items()} == {first.id: 1, second.id: 2}


class TestWhoIsLeftOut:
    """What changed between ranking and asking is seen inside the transaction."""

    async def test_nothing_is_done_for_what_does_not_wait(self, house: House) -> None:
        helpers = await people(house, "more", "more")
        (waiting,), (taken,) = await questions(house, 1), await questions(house, 1, state="taken")

        assert set(await fill(house, [taken, waiting], matching(*helpers))) == {waiting.id}
        assert await fill(house, [taken], matching(*helpers)) == {}
        assert set(await invited(house)) == {waiting.id}

    async def test_the_asker_and_whoever_has_a_part_are_not_asked(self, house: House) -> None:
        asked_before, helping, other = await people(house, "more", "more", "more")
        async with house.database.begin() as work:
            asker = await a_helper(work)
            question = await a_question(work, asker)
            await an_invitation(work, question, asked_before, state="passed")
            await work.help_interactions.ensure(question, helping.id)

        await fill(house, [question], matching(asker, asked_before, helping, other))

        assert await invited(house) == {question.id: [asked_before.id, other.id]}

    @pytest.mark.parametrize("side", ["asker", "helper"])
    async def test_nobody_is_asked_who_keeps_the_other_away(self, house: House, side: str) -> None:
        away, other = await people(house, "more", "more")
        first, second = await questions(house, 2)
        async with house.database.begin() as work:
            pair = (first.asker_id, away.id) if side == "asker" else (away.id, first.asker_id)
            await work.blocks.add(*pair, NOW)

        await fill(house, [first, second], matching(away, other))

        assert await invited(house) == {first.id: [other.id], second.id: [away.id, other.id]}

    @pytest.mark.parametrize(
        "chosen",
        [
            {"is_helper": False},
            {"rate": "never"},
            {"paused_at": NOW},
            {"paused_at": NOW, "paused_until": NOW + MINUTE},
            {"begins": time(13), "ends": time(14)},
            {"zone": "Pacific/Auckland"},
            {"languages": ["sw"]},
        ],
        ids=str,
    )
    async def test_whoever_may_not_be_asked_is_passed_over(self, house: House, chosen: dict[str, object]) -> None:
        (left_out,) = await people(house, "more", **chosen)
        (other,) = await people(house, "more")
        async with house.database.begin() as work:
            question = await a_question(work, await a_member(work, languages=["fr", "en"]))

        await fill(house, [question], matching(left_out, other))

        assert await invited(house) == {question.id: [other.id]}

    async def test_a_pause_that_is_over_and_a_language_nobody_gave_are_no_hindrance(self, house: House) -> None:
        (back,) = await people(house, "more", paused_at=NOW - HOUR, paused_until=NOW, languages=["fr"])
        (asked,) = await questions(house, 1)
        await fill(house, [asked], matching(back))
        assert await invited(house) == {asked.id: [back.id]}

    async def test_below_the_floor_nobody_is_asked(self, house: House) -> None:
        helpers = await people(house, "more", "more")
        (asked,) = await questions(house, 1)
        matches = [Match(helpers[0].id, 0, 1.5), Match(helpers[1].id, 0, 1.4)]
        await fill(house, [asked], matches, replace(EVERYBODY, floor=1.5))
        assert await invited(house) == {asked.id: [helpers[0].id]}

    async def test_a_statement_deleted_after_ranking_leaves_the_invitation_without_a_reason(self, house: House) -> None:
        one, two = await people(house, "more", "more")
        (asked,) = await questions(house, 1)
        async with house.database.begin() as work:
            gone, kept = await a_statement(work, one), await a_statement(work, two)
            await work.statements.delete([gone.id])

        await fill(house, [asked], [Match(one.id, gone.id, 2.0), Match(two.id, kept.id, 1.0)])

        assert values(await house.rows(Invitation), "statement_id") == [None, kept.id]


async def test_a_decision_is_kept_with_the_letter_and_the_fact(house: House) -> None:
    (helper,) = await people(house, "more")
    (asked,) = await questions(house, 1)

    await fill(house, [asked], [Match(helper.id, 0, 3.0, 0.5, Evidence(1.0, -1.0, 2.0, 0.25))])

    (row,) = await house.rows(Invitation)
    assert (row["expertise"], row["availability"], row["freshness"]) == (3.0, 0.5, 1.0)
    assert (row["dense"], row["profile"], row["bm25"], row["tfidf"]) == (1.0, -1.0, 2.0, 0.25)
    assert (row["wave"], row["policy_version"], row["is_exploratory"]) == (1, policy.VERSION, False)
    assert values(await house.rows(Fact), "type") == ["invited"]
    assert values(await house.rows(OutboxLetter), "key") == [f"invitation:{row['id']}"]


class TestKeptSeat:
    """The seat for someone seldom asked."""

    async def test_it_goes_to_the_least_asked_however_far_down_the_ranking(self, house: House) -> None:
        known = await people(house, *["more"] * 9)
        (newcomer,) = await people(house, "one_a_day")
        (asked,) = await questions(house, 1)
        async with house.database.begin() as work:
            for each in known:
                for ago in (20, 21):
                    question = await a_question(work, await a_member(work), state="closed")
                    await an_invitation(work, question, each, created_at=NOW - timedelta(days=ago))

        await fill(house, [asked], matching(*known, newcomer, best=5.0), LAST_IS_KEPT)

        rows = await house.rows(Invitation, request_id=asked.id)
        assert values(rows, "member_id") == [known[0].id, newcomer.id]
        assert values(rows, "is_exploratory") == [False, True]

    async def test_a_place_that_comes_free_again_is_no_kept_one(self, house: House) -> None:
        helpers = await people(house, *["more"] * 4)
        (asked,) = await questions(house, 1)
        await fill(house, [asked], matching(*helpers), LAST_IS_KEPT)
        async with house.database.begin() as work:
            for each in await work.invitations.of(asked.id):
                each.state = "passed"

        await fill(house, [asked], matching(*helpers), LAST_IS_KEPT)

        assert values(await house.rows(Invitation), "is_exploratory") == [False, True, False, False]

    async def test_it_is_drawn_by_request_so_that_a_second_look_decides_the_same(self, house: House) -> None:
        asked = await questions(house, 40)
        drawn = [bool(DEFAULT.exploratory_places(each.id, Seats(1, 2, 0), 2)) for each in asked]
        helpers = await people(house, *["more"] * 60)

        await fill(house, asked, matching(*helpers, best=20.0), DEFAULT)

        kept = {each.id: False for each in asked}
        for row in await house.rows(Invitation):
            kept[row["request_id"]] |= row["is_exploratory"]
        assert list(kept.values()) == drawn
        assert 0 < sum(drawn) < 40


class TestNobodyAwake:
    """The asker is told when the first one is."""

    async def test_a_receipt_says_when_the_first_match_wakes_up(self, house: House) -> None:
        await house.helper(zone="Pacific/Auckland")
        await house.helper(begins=time(14), ends=time(16))
        await house.helper("كتابة الأبحاث", begins=time(13), ends=time(16))
        receipt = await house.ask()
        assert receipt.first_chance == NOW.replace(hour=14)
        assert receipt.invited == 0
        assert await next_looks(house) == [NOW + LOOK_AGAIN]

    @pytest.mark.parametrize(
        ("chosen", "is_promised"),
        [
            ({}, True),
            ({"rate": "never"}, False),
            ({"is_helper": False}, False),
            ({"paused_at": NOW}, False),
            ({"languages": ["sw"]}, False),
        ],
        ids=str,
    )
    async def test_nothing_is_promised_in_the_name_of_somebody_who_won_t_be_asked(
        self, house: House, chosen: dict[str, object], *, is_promised: bool
    ) -> None:
        await house.helper(begins=time(13), ends=time(16), **chosen)
        await house.person(user_id=77, languages=["en"])
        assert ((await house.ask(77)).first_chance is not None) is is_promised

    async def test_while_somebody_is_asked_nothing_is_promised(self, house: House) -> None:
        await house.helper()
        await house.helper(begins=time(13), ends=time(16))
        receipt = await house.ask()
        assert (receipt.invited, receipt.first_chance) == (1, None)

    async def test_a_draft_that_is_posted_says_it_too(self, house: House) -> None:
        await house.helper(begins=time(13), ends=time(16))
        new = await house.ask(77, "I have a question, can I ask somebody about it?")
        assert new.hint is not None
        assert new.first_chance is None
        receipt = await house.posting.post(new.request_id, 77)
        assert receipt.first_chance == NOW.replace(hour=13)

    @pytest.mark.parametrize(
        ("begins", "look"),
        [(time(12, 10), NOW + 10 * MINUTE), (time(13), NOW + LOOK_AGAIN), (time(14), NOW + LOOK_AGAIN)],
    )
    async def test_the_next_look_comes_as_soon_as_somebody_wakes_up_and_in_an_hour_at_the_latest(
        self, house: House, begins: time, look: datetime
    ) -> None:
        sleeper = await house.helper(begins=begins, ends=time(20))
        await house.ask()
        assert await next_looks(house) == [look]
        house.clock.moment = look - timedelta(seconds=1)
        assert await house.inviting.sweep() == 0
        house.clock.moment = max(look, datetime.combine(NOW, begins, UTC))
        assert await house.inviting.sweep() == 1
        assert values(await house.rows(Invitation), "member_id") == [sleeper.id]

    async def test_a_full_wave_needs_no_look(self, house: House) -> None:
        await house.helpers(3)
        await house.ask()
        assert await next_looks(house) == [None]


class TestWaits:
    """A place is kept for so much of someone's waking time."""

    @pytest.mark.parametrize(
        ("chosen", "urgency", "ends"),
        [
            (ALWAYS, Urgency.TODAY, NOW + 30 * MINUTE),
            (ALWAYS, Urgency.THIS_WEEK, NOW + 4 * HOUR),
            ({"begins": time(11), "ends": time(12, 10)}, Urgency.TODAY, NOW + timedelta(days=1) - 40 * MINUTE),
            ({"begins": time(12), "ends": time(13)}, Urgency.WHENEVER, NOW + timedelta(days=3, hours=1)),
            # Until ten in the evening; and an hour until ten, with three more from eight in the morning.
            ({"zone": "Asia/Dhaka"}, Urgency.THIS_WEEK, NOW + 4 * HOUR),
            ({"zone": "Asia/Tokyo"}, Urgency.THIS_WEEK, NOW + timedelta(hours=14)),
        ],
        ids=str,
    )
    async def test_their_nights_are_not_counted(
        self, house: House, chosen: dict[str, object], urgency: Urgency, ends: datetime
    ) -> None:
        await house.helper(**chosen)
        await house.asking.ask(replace(a_new_question(), urgency=urgency))
        assert values(await house.rows(Invitation), "expires_at") == [ends]

    async def test_each_of_a_wave_has_their_own_end(self, house: House) -> None:
        await house.helper(**ALWAYS)
        await house.helper(begins=time(12), ends=time(13))
        await house.ask()
        assert values(await house.rows(Invitation), "expires_at") == [
            NOW + 4 * HOUR, NOW + timedelta(days=3, hours=1),
        ]  # fmt: skip
