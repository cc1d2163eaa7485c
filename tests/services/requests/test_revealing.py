"""Who asked anonymously: two moderators, a written reason, seven days, and the asker is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.lifecycle import Visibility
from bot.errors import Conflict, HouseError, Invalid, NotAllowed, NotFound
from bot.services.ports import DeliveryError, MailboxClosed, TryLater, Undeliverable
from bot.services.requests.revealing import LONGEST, OPEN_FOR, SHORTEST, Moderator
from bot.services.results import Unveiled
from bot.store.engine import Database
from bot.texts import say
from bot.ui.unveiled import unveiled
from models import Fact, Member, OutboxLetter, Reveal
from tests.factories import GUILD_ID
from tests.fakes import House, new_id, values
from tests.services.scenes import ASKER, MODERATORS_ID, STRANGER, Scene, at_once, begin, elapse, said_to

FIRST, SECOND, THIRD = (Moderator(GUILD_ID, user_id, is_moderator=True) for user_id in (31, 32, 33))
OWN = "Another reason that is long enough."
REASON = "Somebody is threatened in this question, and I'd like to talk to them."


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open(moderator_channel_id=MODERATORS_ID)
    return house


@pytest.fixture
async def scene(house: House) -> Scene:
    scene = await begin(house, 2, Visibility.ANONYMOUS)
    await house.settle()
    return scene


async def want(scene: Scene, moderator: Moderator = FIRST, reason: str = REASON) -> Unveiled:
    return await scene.house.revealing.want(moderator, scene.receipt.thread_id or 0, reason)


async def look(scene: Scene, moderator: Moderator) -> Unveiled | None:
    return await scene.house.revealing.look(moderator, scene.receipt.thread_id or 0)


async def revealed(scene: Scene) -> Unveiled:
    wish = await want(scene)
    return await scene.house.revealing.agree(SECOND, wish.reveal_id)


async def test_one_moderator_s_wish_tells_nobody_who_asked(scene: Scene) -> None:
    assert await look(scene, FIRST) is None
    wish = await want(scene)
    assert wish == Unveiled(wish.reveal_id, REASON, is_own=True, is_revealed=False, asker_user_id=None, is_told=None)
    assert await look(scene, FIRST) == wish
    other = replace(wish, is_own=False)
    for moderator in (SECOND, THIRD):
        assert await look(scene, moderator) == await scene.house.revealing.look_at(moderator, wish.reveal_id) == other
    assert await scene.facts("revealed") == []


async def test_the_moderators_read_that_one_of_them_has_a_reason_and_neither_who_nor_why(scene: Scene) -> None:
    wish = await want(scene)
    await scene.house.settle()
    (letter,) = scene.house.messenger.of("reveal")
    assert (letter.channel_id, letter.user_id, letter.addressee_id) == (MODERATORS_ID, None, None)
    assert letter.content.reveal_id == wish.reveal_id
    assert letter.content.question is not None
    assert letter.content.question.asker_user_id is None


async def test_without_a_moderators_channel_the_second_one_comes_by_themselves(scene: Scene) -> None:
    await scene.house.open(moderator_channel_id=None)
    wish = await want(scene)
    await scene.house.settle()
    assert scene.house.messenger.of("reveal") == []
    assert (await scene.house.revealing.agree(SECOND, wish.reveal_id)).asker_user_id == ASKER


async def test_two_moderators_learn_who_asked_and_nobody_else_ever(scene: Scene) -> None:
    found = await revealed(scene)
    assert found == Unveiled(found.reveal_id, REASON, is_own=False, is_revealed=True, asker_user_id=ASKER, is_told=True)
    assert await look(scene, FIRST) == replace(found, is_own=True)
    assert await look(scene, SECOND) == found
    unknown = replace(found, asker_user_id=None)
    for look_again in (
        await look(scene, THIRD),
        await scene.house.revealing.look_at(THIRD, found.reveal_id),
        await scene.house.revealing.agree(THIRD, found.reveal_id),
        await want(scene, THIRD, "I am curious about this, and that is all there is."),
    ):
        assert look_again == unknown
    assert len(await scene.house.rows(Reveal)) == 1


async def test_whoever_asked_is_no_second_moderator_and_nothing_gives_them_away(scene: Scene) -> None:
    asker = Moderator(GUILD_ID, ASKER, is_moderator=True)
    wish = await want(scene)
    before = await scene.house.snapshot()
    with pytest.raises(Conflict, match=r"reveal\.own_question"):
        await scene.house.revealing.agree(asker, wish.reveal_id)
    assert await scene.house.snapshot() == before
    assert await look(scene, asker) == replace(wish, is_own=False)
    assert (await scene.house.revealing.agree(SECOND, wish.reveal_id)).asker_user_id == ASKER
    assert (await scene.house.revealing.agree(asker, wish.reveal_id)).asker_user_id is None


async def test_the_audit_keeps_both_moderators_the_reason_and_the_moment(scene: Scene) -> None:
    await want(scene)
    scene.house.clock.advance(timedelta(days=2))
    (row,) = await scene.house.rows(Reveal)
    await scene.house.revealing.agree(SECOND, row["id"])
    (row,) = await scene.house.rows(Reveal)
    people = {member["id"]: member["user_id"] for member in await scene.house.rows(Member)}
    assert (people[row["moderator_id"]], people[row["second_moderator_id"]]) == (31, 32)
    assert (row["reason"], row["revealed_at"]) == (REASON, scene.house.clock.now())
    (fact,) = await scene.house.rows(Fact, type="revealed")
    assert (fact["request_id"], fact["member_id"], fact["at"]) == (scene.id, None, scene.house.clock.now())


async def test_the_asker_is_told_with_the_reason_and_by_nobody_s_name(scene: Scene) -> None:
    await revealed(scene)
    await scene.house.settle()
    (letter,) = said_to(scene.house, ASKER)
    assert (letter.content.text, letter.user_id, letter.channel_id) == ("asker.revealed", ASKER, None)
    assert letter.content.params == {"reason": REASON}
    assert values(await scene.house.rows(OutboxLetter, text="asker.revealed"), "params") == [{}]


async def test_the_asker_is_told_in_private_or_not_at_all(scene: Scene) -> None:
    async with scene.house.database.begin() as work:
        asker = await work.members.find(GUILD_ID, ASKER)
        assert asker is not None
        asker.direct_messages = "closed"
    await revealed(scene)
    await scene.house.settle()
    assert [(letter.user_id, letter.channel_id) for letter in said_to(scene.house, ASKER)] == [(ASKER, None)]


async def test_agreeing_twice_is_once(scene: Scene) -> None:
    found = await revealed(scene)
    before = await scene.house.snapshot()
    assert await scene.house.revealing.agree(SECOND, found.reveal_id) == found
    assert await scene.house.revealing.agree(FIRST, found.reveal_id) == replace(found, is_own=True)
    assert await scene.house.snapshot() == before


async def test_wanting_twice_is_once(scene: Scene) -> None:
    wish = await want(scene)
    before = await scene.house.rows(Reveal)
    assert await want(scene, FIRST, OWN) == wish
    assert await scene.house.rows(Reveal) == before


async def test_a_second_moderator_s_own_reason_is_kept_and_the_asker_reads_both(scene: Scene) -> None:
    wish = await want(scene)
    for _ in range(2):
        assert await want(scene, SECOND, OWN) == replace(wish, is_own=False)
    assert values(await scene.house.rows(Reveal), "reason") == [REASON, OWN]
    await scene.house.settle()
    assert len(scene.house.messenger.of("reveal")) == 1
    assert (await scene.house.revealing.agree(SECOND, wish.reveal_id)).asker_user_id == ASKER
    await scene.house.settle()
    (letter,) = said_to(scene.house, ASKER)
    assert (letter.content.text, letter.content.params) == (
        "asker.revealed_both",
        {"reason": REASON, "other_reason": OWN},
    )
    assert (await scene.house.tracking.request(scene.id, ASKER)).revealed_because == (REASON, OWN)


async def test_a_third_moderator_who_agrees_brings_in_no_reason_of_the_second(scene: Scene) -> None:
    wish = await want(scene)
    await want(scene, SECOND, OWN)
    assert (await scene.house.revealing.agree(THIRD, wish.reveal_id)).asker_user_id == ASKER
    assert (await scene.house.tracking.request(scene.id, ASKER)).revealed_because == (REASON,)
    seen = await look(scene, SECOND)
    assert seen is not None
    assert seen.asker_user_id is None


async def test_a_second_wish_outlives_the_first_one(scene: Scene) -> None:
    await want(scene)
    scene.house.clock.advance(OPEN_FOR - timedelta(hours=1))
    await want(scene, SECOND, OWN)
    scene.house.clock.advance(timedelta(hours=2))
    current = await look(scene, THIRD)
    assert current is not None
    assert current.reason == OWN
    assert (await scene.house.revealing.agree(THIRD, current.reveal_id)).asker_user_id == ASKER
    assert (await scene.house.tracking.request(scene.id, ASKER)).revealed_because == (OWN,)


async def test_whoever_asked_is_never_one_of_the_two(scene: Scene) -> None:
    asker = Moderator(GUILD_ID, ASKER, is_moderator=True)
    before = await scene.house.snapshot()
    with pytest.raises(Conflict, match=r"reveal\.own_question"):
        await want(scene, asker)
    assert await scene.house.snapshot() == before
    async with scene.house.database.begin() as work:
        member = await work.members.ensure(GUILD_ID, ASKER, scene.house.clock.now())
        work.reveals.add(
            Reveal(request_id=scene.id, reason=OWN, created_at=scene.house.clock.now(), moderator_id=member.id)
        )
    (row,) = await scene.house.rows(Reveal)
    assert await look(scene, SECOND) is None
    with pytest.raises(NotFound, match=r"reveal\.unknown"):
        await scene.house.revealing.agree(SECOND, row["id"])
    assert (await want(scene)).reason == REASON


async def test_moderators_read_that_the_asker_was_told_only_where_that_is_so(scene: Scene) -> None:
    house = scene.house
    house.messenger.trouble(TryLater("503"), user_id=ASKER, times=1)
    found = await revealed(scene)
    assert (found.asker_user_id, found.is_told) == (ASKER, None)
    await elapse(house, hours=1, step=0.5)
    assert await look(scene, SECOND) == replace(found, is_told=True)


@pytest.mark.parametrize("error", [MailboxClosed("50007"), Undeliverable("10013")])
async def test_moderators_read_that_the_asker_could_not_be_told(scene: Scene, error: DeliveryError) -> None:
    scene.house.messenger.trouble(error, user_id=ASKER)
    found = await revealed(scene)
    assert (found.asker_user_id, found.is_told) == (ASKER, False)
    assert (await scene.house.tracking.request(scene.id, ASKER)).revealed_because == (REASON,)


@pytest.mark.parametrize(
    ("is_told", "key"), [(True, "reveal.told"), (None, "reveal.telling"), (False, "reveal.untold")]
)
async def test_what_is_said_of_the_asker_s_message_is_so(key: str, *, is_told: bool | None) -> None:
    found = Unveiled(1, REASON, is_own=True, is_revealed=True, asker_user_id=ASKER, is_told=is_told)
    assert unveiled(found, "en").content == say(key, asker=f"<@{ASKER}>")


async def test_nobody_agrees_with_themselves(scene: Scene) -> None:
    wish = await want(scene)
    before = await scene.house.snapshot()
    with pytest.raises(Conflict, match=r"reveal\.needs_another"):
        await scene.house.revealing.agree(FIRST, wish.reveal_id)
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize("user_id", [ASKER, STRANGER, 31])
async def test_whoever_is_no_moderator_learns_nothing(scene: Scene, user_id: int) -> None:
    wish = await want(scene)
    nobody = Moderator(GUILD_ID, user_id, is_moderator=False)
    before = await scene.house.snapshot()
    for act in (
        look(scene, nobody),
        want(scene, nobody),
        scene.house.revealing.look_at(nobody, wish.reveal_id),
        scene.house.revealing.agree(nobody, wish.reveal_id),
    ):
        with pytest.raises(NotAllowed, match=r"error\.not_moderator"):
            await act
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize(
    ("reason", "key"),
    [
        ("", "reveal.reason_too_short"),
        ("x" * (SHORTEST - 1), "reveal.reason_too_short"),
        (" " * 40, "reveal.reason_too_short"),
        ("x" * (LONGEST + 1), "reveal.reason_too_long"),
    ],
)
async def test_a_reason_is_a_sentence_or_two(scene: Scene, reason: str, key: str) -> None:
    before = await scene.house.snapshot()
    with pytest.raises(Invalid, match=key):
        await want(scene, reason=reason)
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize("length", [SHORTEST, LONGEST])
async def test_the_shortest_and_the_longest_reason_do(scene: Scene, length: int) -> None:
    assert (await want(scene, reason="x" * length)).reason == "x" * length


async def test_a_wish_is_open_for_a_week(scene: Scene) -> None:
    wish = await want(scene)
    scene.house.clock.advance(OPEN_FOR - timedelta(seconds=1))
    assert await look(scene, SECOND) is not None
    scene.house.clock.advance(timedelta(seconds=1))
    before = await scene.house.snapshot()
    assert await look(scene, SECOND) is None
    with pytest.raises(NotFound, match=r"reveal\.unknown"):
        await scene.house.revealing.look_at(SECOND, wish.reveal_id)
    with pytest.raises(NotFound, match=r"reveal\.unknown"):
        await scene.house.revealing.agree(SECOND, wish.reveal_id)
    assert await scene.house.snapshot() == before


async def test_after_a_week_a_wish_begins_anew_and_the_old_one_stays_in_the_audit(scene: Scene) -> None:
    old = await want(scene)
    scene.house.clock.advance(OPEN_FOR)
    new = await want(scene, SECOND, OWN)
    assert (new.is_own, new.reason) == (True, OWN)
    assert new.reveal_id != old.reveal_id
    assert values(await scene.house.rows(Reveal), "reason") == [REASON, new.reason]
    assert (await scene.house.revealing.agree(FIRST, new.reveal_id)).asker_user_id == ASKER


async def test_what_was_revealed_stays_known_to_both(scene: Scene) -> None:
    found = await revealed(scene)
    scene.house.clock.advance(timedelta(days=400))
    assert await look(scene, SECOND) == await scene.house.revealing.look_at(SECOND, found.reveal_id) == found


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.MATCHED])
async def test_where_everybody_knows_there_is_nothing_to_learn(house: House, visibility: Visibility) -> None:
    scene = await begin(house, 2, visibility)
    before = await house.snapshot()
    for act in (look(scene, FIRST), want(scene)):
        with pytest.raises(Conflict, match=r"reveal\.open"):
            await act
    assert await house.snapshot() == before


async def test_there_is_nothing_to_learn_where_no_question_is_or_in_another_community(scene: Scene) -> None:
    wish, elsewhere = await want(scene), Moderator(GUILD_ID + 1, 32, is_moderator=True)
    before = await scene.house.snapshot()
    refused: list[str] = []
    for act in (
        scene.house.revealing.look(FIRST, new_id()),
        scene.house.revealing.want(FIRST, new_id(), REASON),
        look(scene, elsewhere),
        want(scene, elsewhere),
        scene.house.revealing.look_at(elsewhere, wish.reveal_id),
        scene.house.revealing.agree(elsewhere, wish.reveal_id),
        scene.house.revealing.look_at(FIRST, 10**9),
        scene.house.revealing.agree(SECOND, 10**9),
    ):
        with pytest.raises(NotFound) as refusal:
            await act
        refused.append(refusal.value.key)
    assert refused == ["reveal.no_question"] * 4 + ["reveal.unknown"] * 4
    assert await scene.house.snapshot() == before


@pytest.mark.parametrize("way", ["closed", "settled", "archived"])
async def test_a_question_that_is_over_may_still_have_to_be_known(scene: Scene, way: str) -> None:
    await (scene.put_away() if way == "archived" else scene.end(way))
    assert (await revealed(scene)).asker_user_id == ASKER
    await scene.house.settle()
    assert "asker.revealed" in scene.house.messenger.texts()


async def test_a_wish_that_was_granted_is_not_announced_any_more(scene: Scene) -> None:
    await revealed(scene)
    await elapse(scene.house, hours=1)
    assert scene.house.messenger.of("reveal") == []


async def test_moderators_who_press_at_once_reveal_once(scene: Scene) -> None:
    wishes = await at_once(want(scene, moderator) for moderator in (FIRST, SECOND, THIRD) * 3)
    assert wishes == {}
    row = (await scene.house.rows(Reveal))[0]
    assert values(await scene.house.rows(Reveal), "moderator_id").count(row["moderator_id"]) == 1
    acts = [scene.house.revealing.agree(moderator, row["id"]) for moderator in (FIRST, SECOND, THIRD) * 3]
    refused = await at_once(acts)
    assert set(refused) <= {Conflict}
    (row,) = [each for each in await scene.house.rows(Reveal) if each["revealed_at"]]
    assert row["moderator_id"] != row["second_moderator_id"] is not None
    await scene.house.settle()
    assert len(scene.house.messenger.of("reveal")) + len(await scene.facts("revealed")) <= 2
    assert await scene.facts("revealed") == ["revealed"]
    assert scene.house.messenger.texts().count("asker.revealed_both") == 1
    known = [each.asker_user_id for each in [await look(scene, one) for one in (FIRST, SECOND, THIRD)] if each]
    assert sorted(map(str, known)) == ["77", "77", "None"]


async def test_a_refusal_never_tells_who_asked(scene: Scene) -> None:
    wish = await want(scene)
    for act in (scene.house.revealing.agree(FIRST, wish.reveal_id), look(scene, replace(FIRST, is_moderator=False))):
        with pytest.raises(HouseError) as refusal:
            await act
        assert str(ASKER) not in repr(refusal.value.params) + str(refusal.value)
