"""Pauses: until a moment, until the end of a day on one's own clock, or until one says so; one tap ends them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Invalid, NotAllowed, NotFound
from bot.services.requests.pausing import FROM_INVITATION, LONGEST
from bot.services.results import Pause
from bot.store.engine import Database
from models import Member
from tests.factories import GUILD_ID, NOW
from tests.fakes import House, values
from tests.services.scenes import ASKER, STRANGER, Scene, ask, at_once, begin, elapse, said_to, sweep

DAY = timedelta(days=1)


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


async def member(house: House, user_id: int) -> dict[str, object]:
    (row,) = await house.rows(Member, user_id=user_id)
    return row


async def test_nobody_is_paused_who_never_said_so(house: House) -> None:
    helper = await house.helper()
    assert await house.pausing.state(GUILD_ID, STRANGER) == Pause(0, is_paused=False)
    assert await house.pausing.state(GUILD_ID, helper.user_id) == Pause(helper.id, is_paused=False)
    assert await house.rows(Member, user_id=STRANGER) == []


async def test_a_pause_has_an_end_and_ends_by_itself(house: House) -> None:
    helper = await house.helper()
    paused = Pause(helper.id, is_paused=True, until=NOW + DAY)
    assert await house.pausing.pause_for(GUILD_ID, helper.user_id, DAY) == paused
    assert await house.pausing.state(GUILD_ID, helper.user_id) == paused
    await ask(house, ASKER)
    await elapse(house, hours=23, step=1)
    assert said_to(house, helper.user_id) == []
    await elapse(house, hours=2)
    assert [letter.kind for letter in said_to(house, helper.user_id)] == ["invitation"]
    assert await house.pausing.state(GUILD_ID, helper.user_id) == Pause(helper.id, is_paused=False)


async def test_an_open_pause_ends_only_by_a_word(house: House) -> None:
    helper = await house.helper()
    paused = Pause(helper.id, is_paused=True, until=None)
    assert await house.pausing.pause_for(GUILD_ID, helper.user_id, None) == paused
    house.clock.advance(DAY * 400)
    await ask(house, ASKER)
    await elapse(house, days=6, step=12)
    assert said_to(house, helper.user_id) == []
    assert await house.pausing.end(helper.id, helper.user_id) == Pause(helper.id, is_paused=False)
    await elapse(house, hours=1)
    assert [letter.kind for letter in said_to(house, helper.user_id)] == ["invitation"]


async def test_ending_a_pause_twice_is_once(house: House) -> None:
    helper = await house.helper()
    await house.pausing.pause_for(GUILD_ID, helper.user_id, None)
    await house.pausing.end(helper.id, helper.user_id)
    before = await house.snapshot()
    assert await house.pausing.end(helper.id, helper.user_id) == Pause(helper.id, is_paused=False)
    assert await house.snapshot() == before


async def test_the_last_pause_counts(house: House) -> None:
    helper = await house.helper()
    await house.pausing.pause_for(GUILD_ID, helper.user_id, None)
    paused = await house.pausing.pause_for(GUILD_ID, helper.user_id, DAY)
    assert (paused.until, await house.pausing.state(GUILD_ID, helper.user_id)) == (NOW + DAY, paused)


async def test_somebody_nobody_met_may_pause_and_is_not_opted_in_by_that(house: House) -> None:
    paused = await house.pausing.pause_for(GUILD_ID, STRANGER, DAY)
    row = await member(house, STRANGER)
    assert (row["id"], row["is_helper"], paused.is_paused) == (paused.member_id, False, True)


@pytest.mark.parametrize(
    ("zone", "written", "until"),
    [
        (None, "2026-11-02", datetime(2026, 11, 3, tzinfo=UTC)),
        (None, " 2027-11-03 ", datetime(2027, 11, 4, tzinfo=UTC)),
        (None, "tomorrow", datetime(2026, 11, 4, tzinfo=UTC)),
        (None, "until tomorrow", datetime(2026, 11, 4, tzinfo=UTC)),
        (None, "jusqu'à demain", datetime(2026, 11, 4, tzinfo=UTC)),
        (None, "until Friday", datetime(2026, 11, 7, tzinfo=UTC)),
        (None, "until 31/01/2027", datetime(2027, 2, 1, tzinfo=UTC)),
        ("Europe/Paris", "in 3 days", datetime(2026, 11, 5, 23, tzinfo=UTC)),
        ("Pacific/Auckland", "2026-11-03", datetime(2026, 11, 3, 11, tzinfo=UTC)),
        ("America/Bogota", "2026-11-02", datetime(2026, 11, 3, 5, tzinfo=UTC)),
        ("Europe/Paris", "2027-03-28", datetime(2027, 3, 28, 22, tzinfo=UTC)),
        ("Europe/Paris", "2027-10-31", datetime(2027, 10, 31, 23, tzinfo=UTC)),
    ],
)
async def test_a_day_ends_on_the_person_s_own_clock(
    house: House, zone: str | None, written: str, until: datetime
) -> None:
    helper = await house.helper(zone=zone)
    paused = await house.pausing.pause_until(GUILD_ID, helper.user_id, written)
    assert (paused.is_paused, paused.until) == (True, until)
    assert (await house.pausing.state(GUILD_ID, helper.user_id)).until == until
    house.clock.moment = until - timedelta(seconds=1)
    assert (await house.pausing.state(GUILD_ID, helper.user_id)).is_paused
    house.clock.moment = until
    assert not (await house.pausing.state(GUILD_ID, helper.user_id)).is_paused


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        (None, ""),
        (None, "yesterday"),
        (None, "Fri and Sat"),
        (None, "Fri 18:00"),
        (None, "3 times Fri"),
        (None, "weekly"),
        (None, "until"),
        (None, "Christmas"),
        (None, "2027-02-29"),
        (None, "2026-11-01"),
        (None, "2027-11-04"),
        (None, "9999-12-31"),
        (None, "x" * 4_000),
        ("Pacific/Auckland", "2026-11-02"),
        ("America/Bogota", "2027-11-04"),
    ],
)
async def test_what_is_no_day_within_a_year_changes_nothing(house: House, zone: str | None, written: str) -> None:
    helper = await house.helper(zone=zone)
    before = await house.snapshot()
    with pytest.raises(Invalid, match=r"pause\.unknown_day") as refusal:
        await house.pausing.pause_until(GUILD_ID, helper.user_id, written)
    assert refusal.value.params["day"] == written[:30]
    assert await house.snapshot() == before
    await house.pausing.pause_until(GUILD_ID, helper.user_id, str(refusal.value.params["example"]))


async def test_the_longest_pause_is_a_year(house: House) -> None:
    helper = await house.helper()
    last = (NOW + LONGEST).date().isoformat()
    assert (await house.pausing.pause_until(GUILD_ID, helper.user_id, last)).is_paused


async def test_from_an_invitation_it_is_passed_and_the_next_person_asked(house: House) -> None:
    scene = await begin(house, 3)
    first, second, third = scene.helpers
    paused = await house.pausing.from_invitation(await scene.invitation_of(0), first.user_id)
    assert paused == Pause(first.id, is_paused=True, until=NOW + FROM_INVITATION)
    assert await scene.invited() == {first.id: "passed", second.id: "asked", third.id: "asked"}
    assert await scene.facts() == ["passed"]
    await house.settle()
    assert house.messenger.texts() == []


async def test_from_an_invitation_twice_is_once(house: House) -> None:
    scene = await begin(house, 3)
    press = (await scene.invitation_of(0), scene.helpers[0].user_id)
    await house.pausing.from_invitation(*press)
    before = await house.snapshot()
    await house.pausing.from_invitation(*press)
    after = await house.snapshot()
    assert [name for name in after if after[name] != before[name]] in ([], ["member"])
    assert await scene.facts() == ["passed"]


@pytest.mark.parametrize("way", ["taken", "off_topic", "closed", "settled"])
async def test_an_old_invitation_still_pauses_and_stays_as_it_is(house: House, way: str) -> None:
    scene = await begin(house, 3)
    invitation, helper = await scene.invitation_of(0), scene.helpers[0]
    match way:
        case "taken":
            await scene.take(0)
        case "off_topic":
            await house.helping.off_topic(invitation, helper.user_id)
        case _:
            await scene.end(way)
    before = await scene.invited()
    assert (await house.pausing.from_invitation(invitation, helper.user_id)).is_paused
    assert await scene.invited() == before


async def test_what_was_taken_stays_taken_in_a_pause(house: House) -> None:
    scene = await begin(house, 2)
    await scene.take(0)
    await house.pausing.pause_for(GUILD_ID, scene.helpers[0].user_id, None)
    (duty,) = (await house.tracking.mine(GUILD_ID, scene.helpers[0].user_id)).duties
    assert (duty.state, duty.until) == ("taken", NOW + DAY)
    await scene.answer(0)
    assert await scene.state() == "answered"


async def test_an_invitation_that_runs_out_in_a_pause_is_no_silence(house: House) -> None:
    scene = await begin(house, 2)
    await house.settle()
    await house.pausing.pause_for(GUILD_ID, scene.helpers[0].user_id, DAY)
    await elapse(house, hours=5)
    assert list((await scene.invited()).values()) == ["withdrawn", "expired"]
    assert values(await house.rows(Member, is_helper=True), "silences") == [0, 1]


async def silent(house: House, before: int) -> Scene:
    """Let someone who was silent so often before be silent once more."""
    scene = await begin(house, 1, silences=before, rate="more")
    await house.settle()
    await elapse(house, hours=5)
    return scene


async def test_after_five_silences_one_friendly_word_and_one_tap_back(house: House) -> None:
    scene = await silent(house, 4)
    helper = scene.helpers[0]
    state = await house.pausing.state(GUILD_ID, helper.user_id)
    assert state == Pause(helper.id, is_paused=True, until=None, is_after_silences=True)
    (letter,) = house.messenger.of("silence")
    assert (letter.user_id, letter.content.member_id, letter.channel_id) == (helper.user_id, helper.id, None)
    await elapse(house, days=3, step=6)
    assert len(house.messenger.of("silence")) == 1
    assert await house.pausing.end(helper.id, helper.user_id) == Pause(helper.id, is_paused=False)
    assert (await member(house, helper.user_id))["silences"] == 0
    await ask(house, STRANGER)
    assert len([each for each in said_to(house, helper.user_id) if each.kind == "invitation"]) == 1
    await sweep(house)
    assert len([each for each in said_to(house, helper.user_id) if each.kind == "invitation"]) == 2


async def test_four_silences_are_no_pause_yet(house: House) -> None:
    scene = await silent(house, 3)
    assert not (await house.pausing.state(GUILD_ID, scene.helpers[0].user_id)).is_paused
    assert house.messenger.of("silence") == []


async def test_a_word_about_silence_is_never_said_in_public(house: House) -> None:
    scene = await begin(house, 1, silences=4, direct_messages="closed")
    await house.settle()
    await elapse(house, hours=5)
    (letter,) = house.messenger.of("silence")
    assert (letter.user_id, letter.channel_id) == (scene.helpers[0].user_id, None)


async def test_a_pause_of_one_s_own_choice_is_a_word_and_ends_the_silences(house: House) -> None:
    helper = await house.helper(silences=3)
    paused = await house.pausing.pause_for(GUILD_ID, helper.user_id, DAY)
    assert not paused.is_after_silences
    assert (await member(house, helper.user_id))["silences"] == 0


async def test_a_word_that_comes_back_before_the_note_leaves_makes_it_moot(house: House) -> None:
    scene = await begin(house, 1, silences=4)
    await house.settle()
    house.clock.advance(timedelta(hours=5))
    await house.inviting.sweep()
    await house.pausing.end(scene.helpers[0].id, scene.helpers[0].user_id)
    await house.settle()
    assert house.messenger.of("silence") == []


async def test_a_pause_is_its_owner_s_alone(house: House) -> None:
    scene = await begin(house, 2)
    first, second = scene.helpers
    invitation = await scene.invitation_of(0)
    before = await house.snapshot()
    for user_id in (STRANGER, ASKER, second.user_id):
        with pytest.raises(NotAllowed, match=r"profile\.not_yours"):
            await house.pausing.end(first.id, user_id)
        with pytest.raises(NotAllowed, match=r"invitation\.not_yours"):
            await house.pausing.from_invitation(invitation, user_id)
    with pytest.raises(NotFound, match=r"profile\.unknown"):
        await house.pausing.end(10**9, STRANGER)
    with pytest.raises(NotFound, match=r"invitation\.unknown"):
        await house.pausing.from_invitation(10**9, STRANGER)
    assert await house.snapshot() == before


async def test_presses_at_once_leave_one_pause_and_one_pass(house: House) -> None:
    scene = await begin(house, 4)
    helper, invitation = scene.helpers[0], await scene.invitation_of(0)
    acts = [
        act
        for _ in range(4)
        for act in (
            house.pausing.from_invitation(invitation, helper.user_id),
            house.pausing.pause_for(GUILD_ID, helper.user_id, FROM_INVITATION),
            house.inviting.sweep(),
        )
    ]
    assert await at_once(acts) == {}
    assert await scene.facts() == ["passed"]
    assert (await house.pausing.state(GUILD_ID, helper.user_id)).until == NOW + FROM_INVITATION
    assert list((await scene.invited()).values()) == ["passed", "asked", "asked"]
