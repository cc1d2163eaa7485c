"""In a thread without a name, what the bot does in public is the same for each person who did something."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.lifecycle import Outcome, RequestState, Visibility
from bot.services.ports import MailboxClosed
from bot.services.requests.unmasking import BURST
from bot.services.results import Answer, Letter
from bot.store.engine import Database
from bot.texts import say
from bot.ui import letters
from bot.ui.items import custom_ids
from models import HelpInteraction, Member
from tests.fakes import House, part
from tests.services.preparing import Prepared, prepared
from tests.services.scenes import ASKER, MODERATORS_ID, STRANGER, Scene, begin, elapse

WROTE = "asker.wrote"
SECOND = timedelta(seconds=1)
Lead = Callable[[Scene], Awaitable[object]]


async def leave(_scene: Scene) -> None:
    """Leave it waiting."""


async def take(scene: Scene) -> None:
    await scene.take(1)


async def answer(scene: Scene) -> None:
    await scene.answer(1)


async def settle(scene: Scene) -> None:
    await scene.answer(1)
    await scene.resolve(Outcome.HELPED)


async def ask_again(scene: Scene) -> None:
    await scene.answer(1)
    await scene.resolve(Outcome.NOT_YET)


LEADS: dict[str, Lead] = {
    "waiting": leave,
    "taken": take,
    "answered": answer,
    "waiting again": ask_again,
    "archived": Scene.put_away,
    "closed": Scene.close,
    "resolved": settle,
}
"""Ways into each state that a posted question can be in."""


async def write(scene: Scene, actor: int) -> None:
    await scene.write(actor)


async def write_twice(scene: Scene, actor: int) -> None:
    await scene.write(actor)
    await scene.house.settle()
    await scene.write(actor)


async def write_and_delete(scene: Scene, actor: int) -> None:
    at = scene.house.clock.now()
    await scene.write(actor)
    await scene.house.settle()
    scene.house.clock.advance(timedelta(minutes=2))
    await scene.house.noticing.said_is_gone(scene.receipt.thread_id or 0, [at])


async def write_and_delete_one_of_two(scene: Scene, actor: int) -> None:
    first = scene.house.clock.now()
    written = [Answer(scene.receipt.thread_id or 0, actor, first + number * SECOND) for number in range(2)]
    for each in written:
        await scene.house.watching.notice(each)
    await scene.house.settle()
    await delete(scene, first, *written[1:])


async def write_before_a_helper_deletes(scene: Scene, actor: int) -> None:
    await scene.write(actor)
    await _answer_and_delete(scene, actor)


async def write_after_a_helper_who_deletes(scene: Scene, actor: int) -> None:
    await _answer_and_delete(scene, actor, is_first=True)


async def _answer_and_delete(scene: Scene, actor: int, *, is_first: bool = False) -> None:
    at, thread_id = scene.house.clock.now() + SECOND, scene.receipt.thread_id or 0
    await scene.house.watching.notice(Answer(thread_id, scene.helpers[2].user_id, at))
    later = [Answer(thread_id, actor, at + SECOND)] if is_first else []
    for each in later:
        await scene.house.watching.notice(each)
    await scene.house.settle()
    await delete(scene, at, *later)


async def write_and_delete_before_another(scene: Scene, actor: int) -> None:
    at, thread_id = scene.house.clock.now(), scene.receipt.thread_id or 0
    another = Answer(thread_id, scene.helpers[2].user_id, at + SECOND)
    for each in (Answer(thread_id, actor, at), another):
        await scene.house.watching.notice(each)
    await scene.house.settle()
    await delete(scene, at, another)


async def delete(scene: Scene, at: datetime, *still_there: Answer) -> None:
    """Let the message of a moment be deleted, two minutes later."""
    thread_id = scene.receipt.thread_id or 0
    scene.house.messenger.answers[thread_id] = still_there
    scene.house.clock.advance(timedelta(minutes=2))
    await scene.house.noticing.said_is_gone(thread_id, [at])


async def write_while_the_bot_is_away(scene: Scene, actor: int) -> None:
    thread_id = scene.receipt.thread_id or 0
    scene.house.messenger.answers[thread_id] = Answer(thread_id, actor, scene.house.clock.now())
    await scene.house.catching_up.after_gap()


async def reopen(scene: Scene, actor: int) -> None:
    await scene.house.following_up.reopen(scene.id, actor)


ACTS = {
    "write": write,
    "write twice": write_twice,
    "write and delete": write_and_delete,
    "write and delete one of two": write_and_delete_one_of_two,
    "write before a helper deletes": write_before_a_helper_deletes,
    "write after a helper who deletes": write_after_a_helper_who_deletes,
    "write and delete before another": write_and_delete_before_another,
    "write while the bot is away": write_while_the_bot_is_away,
    "reopen": reopen,
}
CASES = [*((state, act) for state in LEADS for act in ACTS if act != "reopen"), ("archived", "reopen")]
"""What is closed, only its asker opens again: that is theirs to do, and says nothing of who they are."""


@dataclass(frozen=True)
class Public:
    """What everyone sees of one message of the bot's."""

    kind: str
    text: str | None
    place: str
    named: int | None
    """Which of the helpers."""
    listed: int


def seen(letters: list[Letter[Any]], thread_id: int | None, helpers: list[int]) -> list[Public]:
    """Return what others see of these letters, in order."""
    return [
        Public(
            each.kind,
            part(each, "text"),
            "thread" if each.channel_id == thread_id else "elsewhere",
            _place(helpers, (part(each, "params") or {}).get("helper", each.addressee_id)),
            len(part(each, "waiting") or ()),
        )
        for each in letters
        if each.user_id is None
    ]


def _place(helpers: list[int], user_id: object) -> int | None:
    return helpers.index(user_id) if isinstance(user_id, int) else None


@dataclass(frozen=True)
class Led:
    """A question that has come to a state."""

    prepared: Prepared
    scene: Scene
    unreachable: list[Member]
    """Where direct messages are closed people are asked in the thread, and everyone sees who and when."""


_led: dict[str, Led] = {}
"""By state; every actor and every act begins with the same."""


async def led(database: Database, state: str) -> Led:
    """Bring a question to a state, in an empty database, unless that was done before."""
    if state not in _led:
        house = House(database)
        await house.open(moderator_channel_id=MODERATORS_ID)
        scene = await begin(house, 3, Visibility.ANONYMOUS)
        unreachable = [await house.helper(direct_messages="closed") for _ in range(2)]
        await house.settle()
        await LEADS[state](scene)
        await house.settle()
        _led[state] = Led(await prepared(house), scene, unreachable)
    return _led[state]


async def watched(database: Database, state: str, act: str, actor: str) -> list[Public]:
    """Let someone do something, and return what the bot did in public at once and in the eight days after."""
    known = await led(database, state)
    house = House(database)
    await known.prepared.put_into(house)
    scene = replace(known.scene, house=house)
    before = len(house.messenger.shown)
    people = {"asker": ASKER, "bystander": STRANGER, "helper": scene.helpers[0].user_id}
    house.clock.advance(timedelta(minutes=1))
    await ACTS[act](scene, people[actor])
    await elapse(house, days=8, step=16)
    helpers = [each.user_id for each in (*scene.helpers, *known.unreachable)]
    return seen(house.messenger.shown[before:], scene.receipt.thread_id, helpers)


@pytest.mark.parametrize(("state", "act"), CASES)
async def test_what_the_bot_does_in_public_is_the_same_whoever_acted(database: Database, state: str, act: str) -> None:
    actors = ("bystander", "asker", "helper")
    found = {actor: await watched(database, state, act, actor) for actor in actors}
    assert found["asker"] == found["bystander"] == found["helper"]


@pytest.fixture
async def scene(database: Database) -> Scene:
    house = House(database)
    await house.open(moderator_channel_id=MODERATORS_ID)
    scene = await begin(house, 3, Visibility.ANONYMOUS)
    await house.settle()
    return scene


def warned(scene: Scene) -> list[tuple[int | None, int | None]]:
    """Return where each word about what the asker typed went."""
    return [
        (each.user_id, each.channel_id) for each in scene.house.messenger.of("notice") if each.content.text == WROTE
    ]


@pytest.mark.parametrize("state", ["waiting", "taken", "archived"])
async def test_what_an_asker_typed_while_the_bot_was_away_is_told_them_and_hides_no_answer(
    scene: Scene, state: str
) -> None:
    await LEADS[state](scene)
    scene.house.clock.advance(SECOND)
    thread_id, now = scene.receipt.thread_id or 0, scene.house.clock.now()
    scene.house.messenger.answers[thread_id] = [
        Answer(thread_id, ASKER, now),
        Answer(thread_id, STRANGER, now + SECOND),
    ]
    assert await scene.house.catching_up.after_gap() == 1
    await scene.house.settle()
    assert warned(scene) == [(ASKER, None)]
    assert await scene.state() == RequestState.ANSWERED
    assert [each.user_id for each in scene.house.messenger.of("outcome")] == [ASKER]


@pytest.mark.parametrize("state", LEADS)
async def test_the_asker_alone_reads_that_their_name_is_there(scene: Scene, state: str) -> None:
    await LEADS[state](scene)
    await scene.write(STRANGER)
    await scene.write(scene.helpers[0].user_id)
    await scene.house.settle()
    assert warned(scene) == []
    assert not await scene.write(ASKER)
    await scene.house.settle()
    assert warned(scene) == [(ASKER, None)]


async def test_messages_in_a_row_bring_one_word_and_a_later_one_another(scene: Scene) -> None:
    for _ in range(5):
        await scene.write(ASKER)
        scene.house.clock.advance(timedelta(seconds=70))
        await scene.house.settle()
    assert len(warned(scene)) == 1
    scene.house.clock.advance(2 * BURST)
    await scene.write(ASKER)
    await scene.house.settle()
    assert len(warned(scene)) == 2


async def test_closed_direct_messages_leave_the_word_unsaid(scene: Scene) -> None:
    scene.house.messenger.trouble(MailboxClosed("50007"), user_id=ASKER)
    await scene.write(ASKER)
    await elapse(scene.house, hours=30, step=10)
    assert warned(scene) == []


async def test_a_word_says_what_it_counts_as_and_how_to_stay_unknown(scene: Scene) -> None:
    await scene.write(ASKER)
    await scene.house.settle()
    (told,) = [each for each in scene.house.messenger.of("notice") if each.content.text == WROTE]
    shown = letters.letter(told)
    assert all(say(key) in shown.content for key in ("asker.wrote", "asker.wrote_counts", "reply.hint"))
    assert shown.view is not None
    assert custom_ids(shown.view.children) == [f"question1:more:{scene.id}", f"reply1:write:{scene.id}"]
    assert await scene.house.following_up.ask_more(scene.id, ASKER) >= 0
    assert await scene.state() == RequestState.WAITING


async def test_what_an_asker_typed_is_no_help_and_the_next_answer_is_told(scene: Scene) -> None:
    await scene.write(ASKER)
    assert await scene.state() == RequestState.ANSWERED
    assert await scene.house.rows(HelpInteraction) == []
    assert await scene.write(STRANGER)
    await scene.house.settle()
    (told,) = scene.house.messenger.of("outcome")
    assert (told.user_id, told.content.is_to_hidden) == (ASKER, True)
    assert await scene.facts("answered") == ["answered", "answered"]


async def test_in_an_open_thread_the_asker_s_own_words_stay_their_own(database: Database) -> None:
    house = House(database)
    await house.open()
    scene = await begin(house, 3)
    await scene.write(ASKER)
    await house.settle()
    assert (await scene.state(), warned(scene)) == (RequestState.WAITING, [])
    await scene.put_away()
    await scene.write(ASKER)
    assert await scene.state() == RequestState.WAITING
