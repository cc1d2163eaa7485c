"""What people do to a question's place with Discord's own tools ends what depends on it, with a kind word.

Every place that goes is tried against everything that may be under way.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.lifecycle import Outcome, Visibility
from bot.domain.threads import Thread
from bot.errors import Conflict
from bot.services.ports import LOCKED, TryLater, Undeliverable
from bot.services.requests.noticing import TAKEN_BACK_WITHIN
from bot.services.results import Answer
from bot.store.engine import Database
from models import Fact, GuildSettings, HelpInteraction, Statement
from tests.factories import GUILD_ID
from tests.fakes import CHANNEL_ID, House, part, values
from tests.services.preparing import Prepared, prepared
from tests.services.scenes import ASKER, STRANGER, Scene, begin, elapse, said_to

Act = Callable[[Scene], Awaitable[None]]
SECOND = timedelta(seconds=1)
ALL_OPEN = ("waiting", "taken", "archived")


@pytest.fixture
async def house(database: Database) -> House:
    house = House(database)
    await house.open()
    return house


def changed(scene: Scene, *, said_ago: timedelta = SECOND, is_archived: bool = True, is_locked: bool = False) -> Thread:
    """Describe a question's thread after a change."""
    now, thread_id = scene.house.clock.now(), scene.receipt.thread_id or 0
    return Thread(thread_id, is_archived, is_locked, now, now - said_ago, timedelta(days=7))


async def locked(scene: Scene) -> None:
    await scene.house.watching.thread_changed(changed(scene, is_archived=False, is_locked=True))


async def put_away(scene: Scene) -> None:
    await scene.house.watching.thread_changed(changed(scene))


async def locked_meanwhile(scene: Scene) -> None:
    await away(scene, changed(scene, is_archived=False, is_locked=True))


async def put_away_meanwhile(scene: Scene) -> None:
    await away(scene, changed(scene))


async def deleted_meanwhile(scene: Scene) -> None:
    scene.house.messenger.answers[scene.receipt.thread_id or 0] = Undeliverable("404/10003")
    await scene.house.catching_up.after_gap()


async def away(scene: Scene, thread: Thread) -> None:
    """Let the bot find a thread so on its return."""
    scene.house.messenger.threads[thread.thread_id] = thread
    await scene.house.catching_up.after_gap()


async def thread_deleted(scene: Scene) -> None:
    await scene.house.watching.thread_gone(scene.receipt.thread_id or 0)


async def channel_deleted(scene: Scene) -> None:
    scene.house.messenger.answers[scene.receipt.thread_id or 0] = Undeliverable("404/10003")
    await scene.house.noticing.channel_gone(GUILD_ID, CHANNEL_ID)


async def found_locked(scene: Scene) -> None:
    """Let a line for the thread find it locked."""
    scene.house.messenger.trouble(Undeliverable(LOCKED), kind="notice", times=1)
    with suppress(Conflict):
        await scene.house.following_up.wish_to_talk(scene.id, ASKER)
    await scene.house.settle()
    scene.house.messenger.recover()


MEANWHILE = (locked_meanwhile, put_away_meanwhile, deleted_meanwhile)
WENT = {each.__name__: each for each in (locked, put_away, thread_deleted, channel_deleted, found_locked, *MEANWHILE)}


async def nothing_yet(_scene: Scene) -> None:
    """People were asked, and no one has said anything."""


async def taken(scene: Scene) -> None:
    await scene.take(0)


async def taken_before_anything_left(scene: Scene) -> None:
    await scene.take(0)
    await scene.take(1)


async def two_days_waited(scene: Scene) -> None:
    for place in range(2):
        await scene.pass_on(place)
    await elapse(scene.house, days=2, step=12)


async def answered(scene: Scene) -> None:
    await scene.answer(0)


async def answered_and_told(scene: Scene) -> None:
    await scene.answer(0)
    await scene.house.settle()


async def not_yet(scene: Scene) -> None:
    await scene.answer(0)
    await scene.resolve(Outcome.NOT_YET)


async def settled(scene: Scene) -> None:
    await scene.answer(0)
    await scene.resolve(Outcome.HELPED)


UNDER_WAY = {each.__name__: each for each in (
    nothing_yet, taken, taken_before_anything_left, two_days_waited, answered, answered_and_told, not_yet, settled,
)}  # fmt: skip


_led: dict[Act, tuple[Prepared, Scene]] = {}


async def led(house: House, under_way: Act) -> Scene:
    """Let people have been asked, and this be under way; every place that goes begins with the same."""
    if under_way not in _led:
        scene = await begin(house, 4, Visibility.ANONYMOUS if under_way in {taken, answered} else Visibility.PUBLIC)
        await house.settle()
        await under_way(scene)
        _led[under_way] = await prepared(house), scene
    known, scene = _led[under_way]
    await known.put_into(house)
    return replace(scene, house=house)


@pytest.mark.parametrize("under_way", UNDER_WAY.values(), ids=UNDER_WAY)
@pytest.mark.parametrize("went", WENT.values(), ids=WENT)
async def test_nobody_is_bothered_about_a_place_that_is_gone(house: House, went: Act, under_way: Act) -> None:
    scene = await led(house, under_way)
    before = await scene.state()
    if went in MEANWHILE and before in {"answered", "resolved"}:
        pytest.skip("nobody looks for an answer that is there, or into what is settled")
    if went is found_locked and before in {"answered", "resolved"}:
        pytest.skip("nothing is said there any more")
    await went(scene)
    await house.settle()
    told, invited = len(house.messenger.shown), await scene.invited()

    await elapse(house, days=9, step=36)

    state = await scene.state()
    later = house.messenger.shown[told:]
    if before == "resolved":
        assert state == "resolved"
    elif went in {put_away, put_away_meanwhile}:
        assert state == ("answered" if before == "answered" else "archived")
    else:
        assert state == "closed"
    assert await scene.invited() == invited or before in {"answered", "resolved"}
    assert not [each for each in later if each.kind in {"invitation", "nudge", "choices", "archive", "post"}]
    assert not [each for each in later if each.kind == "notice"], "nobody hears of it twice, or again in the thread"
    if state in {"closed", "archived"} and before not in {"resolved", "closed"}:
        assert [each for each in said_to(house, ASKER) if (part(each, "text") or "").startswith("asker.")]


@pytest.mark.both
@pytest.mark.parametrize("went", WENT.values(), ids=WENT)
async def test_whoever_took_it_is_told_once(house: House, went: Act) -> None:
    scene = await begin(house, 2)
    await house.settle()
    await scene.take(0)
    await went(scene)
    await went(scene)
    await house.settle()
    await elapse(house, days=2, step=6)

    told = [each.content.text for each in said_to(house, scene.helpers[0].user_id) if each.kind == "notice"]
    assert told == ["claim.over"]


@pytest.mark.both
@pytest.mark.parametrize("is_locked", [True, False])
async def test_a_press_finds_what_was_closed_meanwhile(house: House, *, is_locked: bool) -> None:
    scene = await begin(house, 2)
    await house.settle()
    thread = changed(scene, is_locked=is_locked)
    house.messenger.threads[thread.thread_id] = thread
    if is_locked:
        with pytest.raises(Conflict):
            await scene.take(0)
    else:
        await scene.take(0)
    assert await scene.state() == ("closed" if is_locked else "taken")


async def test_what_was_closed_before_it_waits_again_ends_nothing(house: House) -> None:
    scene = await begin(house, 2)
    await scene.answer(0)
    thread = changed(scene)
    house.messenger.threads[thread.thread_id] = thread
    house.clock.advance(SECOND)
    await scene.resolve(Outcome.NOT_YET)
    assert await scene.state() == "waiting"

    await house.catching_up.after_gap()

    assert await scene.state() == "waiting", "the line on its way opens the thread"


async def test_an_answer_counts_though_the_thread_was_locked_after_it(house: House) -> None:
    scene = await begin(house, 2)
    await house.settle()
    thread = changed(scene, is_locked=True)
    house.messenger.threads[thread.thread_id] = thread
    house.messenger.answers[thread.thread_id] = Answer(thread.thread_id, STRANGER, house.clock.now())
    await house.catching_up.after_gap()
    assert await scene.facts("answered")
    assert await scene.state() == "closed"


async def test_discord_s_own_archiving_ends_nothing(house: House) -> None:
    scene = await begin(house, 2)
    before = await house.snapshot()
    await house.watching.thread_changed(changed(scene, said_ago=timedelta(days=7)))
    await house.watching.thread_changed(changed(scene, is_archived=False))
    assert await house.snapshot() == before


async def test_a_thread_that_is_no_question_s_is_no_concern(house: House) -> None:
    await begin(house, 2)
    before = await house.snapshot()
    for is_locked in (True, False):
        await house.watching.thread_changed(
            Thread(1, True, is_locked, house.clock.now(), house.clock.now(), timedelta(days=7))  # noqa: FBT003
        )
    await house.noticing.said_is_gone(1, [house.clock.now()])
    assert await house.snapshot() == before


async def test_what_a_person_put_away_is_opened_by_a_reply(house: House) -> None:
    scene = await begin(house, 2)
    await put_away(scene)
    house.clock.advance(timedelta(hours=1))
    assert await scene.write(STRANGER)
    assert await scene.state() == "answered"


@pytest.mark.both
async def test_an_answer_that_is_deleted_at_once_was_none(house: House) -> None:
    scene = await begin(house, 4)
    await house.settle()
    await scene.answer(0)
    said_at = house.clock.now()
    house.clock.advance(timedelta(minutes=1))

    await house.noticing.said_is_gone(scene.receipt.thread_id or 0, [said_at])
    await house.settle()

    assert await scene.state() == "waiting"
    assert await scene.facts("answered") == []
    assert list((await scene.invited()).values()).count("asked") >= 1
    assert not house.messenger.of("outcome"), "nobody is asked how an answer was that is gone"
    assert [each.content.text for each in said_to(house, ASKER)] == ["asker.answer_gone"]
    house.clock.advance(timedelta(minutes=1))
    assert await scene.answer(0), "the next message is an answer as any other"
    assert await scene.state() == "answered"


async def test_whoever_had_taken_it_has_it_still(house: House) -> None:
    scene = await begin(house, 2)
    await house.settle()
    await scene.take(0)
    await scene.answer(0)
    said_at = house.clock.now()
    await house.noticing.said_is_gone(scene.receipt.thread_id or 0, [said_at])
    assert await scene.state() == "taken"
    await elapse(house, days=1, hours=1, step=1)
    assert await scene.state() == "waiting", "a claim runs out as always"


async def test_only_a_quick_deletion_counts(house: House) -> None:
    scene = await begin(house, 2)
    await scene.answer(0)
    said_at = house.clock.now()
    house.clock.advance(TAKEN_BACK_WITHIN + SECOND)
    before = await house.snapshot()
    await house.noticing.said_is_gone(scene.receipt.thread_id or 0, [said_at])
    assert await house.snapshot() == before


async def test_another_message_of_theirs_is_the_answer_instead(house: House) -> None:
    scene = await begin(house, 2)
    thread_id, helper = scene.receipt.thread_id or 0, scene.helpers[0]
    await scene.answer(0)
    said_at = house.clock.now()
    house.messenger.answers[thread_id] = Answer(thread_id, helper.user_id, said_at + SECOND)
    house.clock.advance(timedelta(minutes=2))
    await house.noticing.said_is_gone(thread_id, [said_at])

    assert await scene.state() == "answered"
    assert values(await house.rows(HelpInteraction, request_id=scene.id), "answered_at") == [said_at + SECOND]


async def test_somebody_else_s_answer_stands(house: House) -> None:
    scene = await begin(house, 2)
    thread_id = scene.receipt.thread_id or 0
    await scene.answer(0)
    said_at = house.clock.now()
    house.clock.advance(SECOND)
    await scene.answer(1)
    house.messenger.answers[thread_id] = Answer(thread_id, scene.helpers[1].user_id, said_at + SECOND)
    await house.noticing.said_is_gone(thread_id, [said_at])

    assert await scene.state() == "answered"
    assert values(await house.rows(HelpInteraction, request_id=scene.id), "answered_at") == [None, said_at + SECOND]


@pytest.mark.parametrize("error", [TryLater("503/0"), Undeliverable("404/10003")])
async def test_where_nobody_can_look_a_deletion_is_believed(house: House, error: Exception) -> None:
    scene = await begin(house, 2)
    await scene.answer(0)
    house.messenger.answers[scene.receipt.thread_id or 0] = error  # type: ignore[assignment]
    await house.noticing.said_is_gone(scene.receipt.thread_id or 0, [house.clock.now()])
    assert await scene.state() == ("waiting" if isinstance(error, TryLater) else "answered")


@pytest.mark.both
async def test_what_was_learned_from_a_deleted_answer_is_forgotten(house: House) -> None:
    scene = await begin(house, 1, learns_from_help=True)
    await scene.answer(0)
    assert len(await house.rows(Statement, member_id=scene.helpers[0].id)) == 2
    await house.noticing.said_is_gone(scene.receipt.thread_id or 0, [house.clock.now()])
    assert len(await house.rows(Statement, member_id=scene.helpers[0].id)) == 1


async def test_an_answer_that_helped_is_never_taken_back(house: House) -> None:
    scene = await begin(house, 1)
    await scene.answer(0)
    await scene.resolve(Outcome.HELPED)
    before = await house.snapshot()
    await house.noticing.said_is_gone(scene.receipt.thread_id or 0, [house.clock.now()])
    assert await house.snapshot() == before


CHOSEN = ["help", "private", "moderator", "meeting", "room", "panel"]


@pytest.mark.parametrize("name", CHOSEN)
async def test_a_deleted_channel_is_chosen_no_longer(database: Database, name: str) -> None:
    house = House(database)
    columns = {f"{each}_channel_id": 100 + number for number, each in enumerate(CHOSEN)}
    await house.open(**columns, panel_message_id=9)
    await house.noticing.channel_gone(GUILD_ID, columns[f"{name}_channel_id"])

    (row,) = await house.rows(GuildSettings)
    assert {each: row[each] for each in columns} == {**columns, f"{name}_channel_id": None}
    assert (row["panel_message_id"] is None) == (name == "panel")


async def test_threads_elsewhere_outlive_a_channel(house: House) -> None:
    scene = await begin(house, 2)
    await house.noticing.channel_gone(GUILD_ID, 5)
    house.messenger.answers[scene.receipt.thread_id or 0] = TryLater("503/0")
    await house.noticing.channel_gone(GUILD_ID, 6)
    assert await scene.state() == "waiting"
    assert values(await house.rows(GuildSettings), "help_channel_id") == [CHANNEL_ID]


@pytest.mark.both
async def test_what_waited_for_a_channel_leaves_as_soon_as_it_opens(house: House) -> None:
    house.messenger.trouble(TryLater("403/50001"), kind="post")
    scene = await begin(house, 2)
    for _ in range(8):
        house.clock.advance(timedelta(minutes=10))
        await house.settle()
    house.messenger.recover()
    house.clock.advance(SECOND)
    assert not await house.settle(), "it waits a while between two tries"

    await house.noticing.channel_opened(GUILD_ID, CHANNEL_ID, was_hidden=True)
    assert await house.settle()
    assert (await scene.request())["thread_id"] is not None
    assert not await house.rows(Fact, type="closed")
