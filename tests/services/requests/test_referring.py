"""*I know someone*: asked in the referrer's name once they may be, beside routing, and the referrer learns nothing."""

import pytest

from bot.domain.lifecycle import Outcome, Visibility
from bot.domain.policy import DEFAULT
from bot.errors import Conflict, Invalid, NotAllowed, NotFound
from bot.store.engine import Database
from models import Fact, Invitation, Member, Referral
from tests.factories import GUILD_ID
from tests.fakes import House, part, values
from tests.services.scenes import ASKER, STRANGER, Scene, ask, at_once, begin, elapse, said_to

UNRELATED = "كتابة الأبحاث"
"""What a friend offers that routing would never ask for this."""


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


@pytest.fixture
async def scene(house: House) -> Scene:
    return await begin(house, 4)


async def refer(scene: Scene, named: int, place: int = 0) -> None:
    """Let a helper who was asked name someone, and make sure that they learn nothing by what comes back."""
    referring = scene.house.referring
    answer = await referring.refer(await scene.invitation_of(place), scene.helpers[place].user_id, named)  # type: ignore[func-returns-value]
    assert answer is None


async def friend_of(scene: Scene, **chosen: object) -> Member:
    return await scene.house.helper(UNRELATED, **chosen)


async def test_whoever_is_named_is_asked_in_the_referrer_s_name(scene: Scene) -> None:
    friend = await friend_of(scene)
    await refer(scene, friend.user_id)
    (row,) = await scene.house.rows(Invitation, member_id=friend.id)
    assert (row["state"], row["referrer_id"]) == ("asked", scene.helpers[0].id)
    await scene.house.settle()
    (letter,) = said_to(scene.house, friend.user_id)
    assert (letter.kind, letter.user_id) == ("invitation", friend.user_id)
    assert letter.content.referrer_user_id == scene.helpers[0].user_id
    assert {part(each, "referrer_user_id") for each in scene.house.messenger.shown if each is not letter} == {None}
    assert await scene.house.rows(Referral) == []


async def test_the_referrer_s_own_place_goes_to_the_next_person(scene: Scene) -> None:
    friend = await friend_of(scene)
    await refer(scene, friend.user_id)
    first, second, third, _ = scene.helpers
    assert await scene.invited() == {
        first.id: "referred",
        second.id: "asked",
        friend.id: "asked",
        third.id: "asked",
    }
    assert await scene.facts() == ["referred"]


async def test_naming_twice_is_once(scene: Scene) -> None:
    friend = await friend_of(scene)
    await refer(scene, friend.user_id)
    before = await scene.house.snapshot()
    await refer(scene, friend.user_id)
    after = await scene.house.snapshot()
    assert [name for name in after if after[name] != before[name]] in ([], ["request"])


async def test_two_people_may_be_named(scene: Scene) -> None:
    friends = [await friend_of(scene) for _ in range(2)]
    for friend in friends:
        await refer(scene, friend.user_id)
    assert {each.id for each in friends} <= set(await scene.invited())
    assert await scene.facts() == ["referred"]


async def test_a_friend_of_routing_s_own_choice_is_asked_with_the_reason_kept(house: House) -> None:
    scene = await begin(house, 4)
    await refer(scene, scene.helpers[3].user_id)
    (row,) = await house.rows(Invitation, member_id=scene.helpers[3].id)
    assert row["referrer_id"] == scene.helpers[0].id
    assert row["statement_id"] is not None


async def test_nobody_is_asked_who_did_not_opt_in_until_they_do(scene: Scene) -> None:
    person = await scene.house.person()
    await refer(scene, person.user_id)
    await elapse(scene.house, hours=6)
    assert said_to(scene.house, person.user_id) == []
    async with scene.house.database.begin() as work:
        member = await work.members.hold(person.id)
        assert member is not None
        member.is_helper = True
    await elapse(scene.house, hours=1)
    assert [each.kind for each in said_to(scene.house, person.user_id)] == ["invitation"]


async def test_somebody_nobody_met_is_named_and_left_in_peace(scene: Scene) -> None:
    await refer(scene, STRANGER)
    await elapse(scene.house, days=2, step=6)
    assert said_to(scene.house, STRANGER) == []
    assert values(await scene.house.rows(Member, user_id=STRANGER), "is_helper") == [False]


async def test_whoever_sleeps_is_asked_when_they_are_awake(scene: Scene) -> None:
    sleeper = await friend_of(scene, zone="Pacific/Auckland")
    await refer(scene, sleeper.user_id)
    await elapse(scene.house, hours=6)
    assert said_to(scene.house, sleeper.user_id) == []
    await elapse(scene.house, hours=2)
    (letter,) = said_to(scene.house, sleeper.user_id)
    assert letter.content.referrer_user_id == scene.helpers[0].user_id


async def test_whoever_has_no_attention_left_is_asked_when_they_have(scene: Scene) -> None:
    busy = await scene.house.helper("Proofs by induction over trees", UNRELATED)
    other = await ask(scene.house, STRANGER, text="Why do proofs by induction over trees work at all?")
    assert other.invited
    await refer(scene, busy.user_id)
    await elapse(scene.house, hours=19)
    asked = [each for each in said_to(scene.house, busy.user_id) if part(each, "referrer_user_id")]
    assert asked == []
    await elapse(scene.house, hours=6)
    assert len([each for each in said_to(scene.house, busy.user_id) if part(each, "referrer_user_id")]) == 1


async def test_whoever_is_paused_is_asked_when_they_are_back(scene: Scene) -> None:
    friend = await friend_of(scene)
    await scene.house.pausing.pause_for(GUILD_ID, friend.user_id, None)
    await refer(scene, friend.user_id)
    await elapse(scene.house, hours=3)
    assert said_to(scene.house, friend.user_id) == []
    await scene.house.pausing.end(friend.id, friend.user_id)
    await elapse(scene.house, hours=1)
    assert len(said_to(scene.house, friend.user_id)) == 1


@pytest.mark.parametrize("pair", ["asker friend", "friend asker", "referrer friend", "friend referrer"])
async def test_whoever_is_kept_away_is_never_asked(scene: Scene, pair: str) -> None:
    friend = await friend_of(scene)
    people = {"asker": ASKER, "friend": friend.user_id, "referrer": scene.helpers[0].user_id}
    by, away = pair.split()
    await scene.house.blocking.block(GUILD_ID, people[by], people[away])
    await refer(scene, friend.user_id)
    await elapse(scene.house, days=3, step=6)
    assert said_to(scene.house, friend.user_id) == []
    assert friend.id not in await scene.invited()


async def test_friends_are_asked_beyond_the_usual_number_and_beside_the_waves(house: House) -> None:
    most = DEFAULT.most_invitations
    scene = await begin(house, most + 5)
    friends = [await friend_of(scene) for _ in range(3)]
    for place in range(most - 1):
        await scene.pass_on(place)
    await refer(scene, friends[0].user_id, most - 1)
    await refer(scene, friends[1].user_id, most - 2)
    invited = await scene.invited()
    assert len(invited) == most + 2
    waves = {row["wave"] for row in await house.rows(Invitation)}
    assert waves == {1}
    await house.helping.pass_on(values(await house.rows(Invitation), "id")[-1], friends[1].user_id)
    await refer(scene, friends[2].user_id, 4)
    assert len(await scene.invited()) == most + 3
    assert await house.following_up.ask_more(scene.id, ASKER) == 2


async def test_a_friend_s_silence_opens_no_wave_and_their_place_is_no_seat(house: House) -> None:
    scene = await begin(house, 6)
    friend = await friend_of(scene)
    await refer(scene, friend.user_id)
    assert list((await scene.invited()).values()).count("asked") == 3
    await scene.pass_on(1)
    routed = [row["state"] for row in await house.rows(Invitation) if row["referrer_id"] is None]
    assert routed.count("asked") == 2


async def test_being_named_counts_in_the_one_budget(scene: Scene) -> None:
    friend = await scene.house.helper("Proofs by induction over trees", UNRELATED)
    await refer(scene, friend.user_id)
    other = await ask(scene.house, STRANGER, text="Why do proofs by induction over trees work at all?")
    assert other.invited == 0
    assert (await scene.house.tracking.mine(GUILD_ID, friend.user_id)).asked_last_day == 1


@pytest.mark.parametrize(
    ("who", "times"), [("asked already", 1), ("passed before", 1), ("answered unasked", 0), ("the asker", 0)]
)
async def test_naming_somebody_who_has_a_part_already_asks_nobody_twice(scene: Scene, who: str, times: int) -> None:
    await scene.house.settle()
    volunteer = await friend_of(scene)
    named = {
        "asked already": scene.helpers[1].user_id,
        "passed before": scene.helpers[1].user_id,
        "answered unasked": volunteer.user_id,
        "the asker": ASKER,
    }[who]
    if who == "passed before":
        await scene.pass_on(1)
    if who == "answered unasked":
        await scene.write(volunteer.user_id)
        await scene.resolve(Outcome.NOT_YET)
    await refer(scene, named)
    await elapse(scene.house, hours=2)
    invitations = [each for each in said_to(scene.house, named) if each.kind == "invitation"]
    assert len(invitations) == times
    assert await scene.house.rows(Referral) == []


@pytest.mark.parametrize("named", [ASKER, STRANGER])
async def test_naming_the_asker_nobody_is_to_know_looks_like_naming_anybody(house: House, named: int) -> None:
    scene = await begin(house, 4, Visibility.ANONYMOUS)
    await house.settle()
    await refer(scene, named)
    await elapse(house, hours=2)
    referrer = scene.helpers[0]
    assert [(each.kind, part(each, "text")) for each in said_to(house, referrer.user_id)] == [("invitation", None)]
    assert (await scene.invited())[referrer.id] == "referred"
    assert [each for each in said_to(house, named) if each.kind == "invitation"] == []


@pytest.mark.parametrize("named", ["opted in", "not opted in", "stranger", "blocked", "asked already", "the asker"])
async def test_the_referrer_hears_nothing_more_whoever_they_named(scene: Scene, named: str) -> None:
    friend, person = await friend_of(scene), await scene.house.person()
    user_id = {
        "opted in": friend.user_id,
        "not opted in": person.user_id,
        "stranger": STRANGER,
        "blocked": friend.user_id,
        "asked already": scene.helpers[1].user_id,
        "the asker": ASKER,
    }[named]
    if named == "blocked":
        await scene.house.blocking.block(GUILD_ID, friend.user_id, scene.helpers[0].user_id)
    await scene.house.settle()
    referrer = scene.helpers[0].user_id
    before = said_to(scene.house, referrer)
    await refer(scene, user_id)
    await elapse(scene.house, hours=5)
    assert said_to(scene.house, referrer) == before
    mine = await scene.house.tracking.mine(GUILD_ID, referrer)
    assert (mine.duties, mine.asked_last_day) == ((), 1)


async def test_while_somebody_has_it_whoever_was_named_waits(scene: Scene) -> None:
    friend = await friend_of(scene)
    await scene.take(1)
    await refer(scene, friend.user_id)
    assert friend.id not in await scene.invited()
    await scene.give_back(1)
    assert (await scene.invited())[friend.id] == "asked"


async def test_what_is_no_topic_of_theirs_stays_so_when_they_know_someone(scene: Scene) -> None:
    friend = await friend_of(scene)
    await scene.house.helping.off_topic(await scene.invitation_of(0), scene.helpers[0].user_id)
    await refer(scene, friend.user_id)
    assert (await scene.invited())[scene.helpers[0].id] == "off_topic"
    assert (await scene.invited())[friend.id] == "asked"


async def test_somebody_who_passed_may_still_know_someone(scene: Scene) -> None:
    friend = await friend_of(scene)
    await scene.pass_on(0)
    await refer(scene, friend.user_id)
    assert (await scene.invited())[friend.id] == "asked"
    assert await scene.facts() == ["passed", "referred"]


async def test_an_invitation_is_its_addressee_s_alone(scene: Scene) -> None:
    friend, invitation = await friend_of(scene), await scene.invitation_of(0)
    before = await scene.house.snapshot()
    for user_id in (STRANGER, ASKER, scene.helpers[1].user_id):
        with pytest.raises(NotAllowed, match=r"invitation\.not_yours"):
            await scene.house.referring.refer(invitation, user_id, friend.user_id)
    with pytest.raises(NotFound, match=r"invitation\.unknown"):
        await scene.house.referring.refer(10**9, scene.helpers[0].user_id, friend.user_id)
    with pytest.raises(Invalid, match=r"referral\.yourself"):
        await refer(scene, scene.helpers[0].user_id)
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize(
    ("way", "key"), [("taken", "invitation.taken_before"), ("closed", "request.over"), ("settled", "request.over")]
)
async def test_whoever_took_it_or_comes_too_late_names_nobody(scene: Scene, way: str, key: str) -> None:
    friend = await friend_of(scene)
    await (scene.take(0) if way == "taken" else scene.end(way))
    before = await scene.house.snapshot()
    with pytest.raises(Conflict, match=key):
        await refer(scene, friend.user_id)
    assert await scene.house.snapshot() == before


async def test_many_who_name_the_same_friend_at_once_have_them_asked_once(house: House) -> None:
    scene = await begin(house, 6)
    friend = await friend_of(scene)
    acts = [refer(scene, friend.user_id, place) for _ in range(4) for place in (0, 1)]
    assert await at_once([*acts, house.inviting.sweep(), refer(scene, STRANGER)]) == {}
    assert len(await house.rows(Invitation, member_id=friend.id)) == 1
    assert await scene.facts() == ["referred", "referred"]
    states = await scene.invited()
    assert list(states.values()).count("asked") == 3


async def test_one_friend_named_for_two_questions_at_once_is_asked_for_one_of_them(house: House) -> None:
    first = await begin(house, 2)
    helpers = await house.helpers(2)
    other = await ask(house, STRANGER)
    second = Scene(house, helpers, other)
    friend = await friend_of(first)
    assert await at_once([refer(first, friend.user_id), refer(second, friend.user_id)]) == {}
    assert len(await house.rows(Invitation, member_id=friend.id)) == 1
    await elapse(house, hours=25)
    assert len(await house.rows(Invitation, member_id=friend.id)) == 2
    assert len(await house.rows(Fact, member_id=friend.id, type="invited")) == 2


async def test_once_the_question_is_answered_nobody_is_asked_for_it_in_anybody_s_name(scene: Scene) -> None:
    sleeper = await friend_of(scene, zone="Pacific/Auckland")
    await refer(scene, sleeper.user_id)
    await scene.answer(1)
    await elapse(scene.house, days=2, step=6)
    assert said_to(scene.house, sleeper.user_id) == []


async def test_whoever_may_not_name_anybody_reads_so_before_they_choose(scene: Scene) -> None:
    referring, row = scene.house.referring, await scene.invitation_of(0)
    await referring.require_asked(row, scene.helpers[0].user_id)
    for user_id in (STRANGER, ASKER, scene.helpers[1].user_id):
        with pytest.raises(NotAllowed, match=r"invitation\.not_yours"):
            await referring.require_asked(row, user_id)
    with pytest.raises(NotFound, match=r"invitation\.unknown"):
        await referring.require_asked(10**9, scene.helpers[0].user_id)
    await scene.take(0)
    with pytest.raises(Conflict, match=r"invitation\.taken_before"):
        await referring.require_asked(row, scene.helpers[0].user_id)
    await scene.close()
    with pytest.raises(Conflict, match=r"request\.over"):
        await referring.require_asked(row, scene.helpers[0].user_id)
