"""A rule holds at every gate: whose a row is, in which community, and who may decide about others.

Every press that a door answers is tried, so that a new one is tried by itself.
"""

from dataclasses import replace

import discord
import pytest

from bot.domain.rows import Row
from bot.texts import say
from bot.ui import doors
from bot.ui.items import Press
from tests.cogs.conftest import World
from tests.cogs.gates import Gates, Place, answer, arrive_all, gates
from tests.cogs.presses import BUTTON, CHOICE, COMMAND, FORM, LABEL, PERSON, PRESS, TEXT, Sent, arrive
from tests.factories import a_draft, a_member

FOR_ALL = {
    "question:reopen",
    "browse:queue",
    "queue:join",
    "queue:send",
    "hours:stay",
    "hours:move",
    "thanks:write",
    "book:send",
    "round:new",
    "round:later",
    "round:smaller",
    "drafting:name",
    "drafting:review",
}
"""What is open to all: queues, what was put away, and forms that open without a look at whose they are."""
NAMES = ("question", "kind", "urgency", "visibility", "rate", "manner", "words", "when", "answer")
"""The fields of forms."""
NOT_HERE, NOT_MODERATOR = say("error.not_here"), say("error.not_moderator")


@pytest.fixture
async def two(world: World) -> Gates:
    return await gates(world)


def moderators(two: Gates) -> list[doors.Entrance]:
    return [each for each in two.world.app.client.presses if each.needs != doors.NOTHING]


def test_a_row_of_every_kind_is_tried(two: Gates) -> None:
    assert two.rows.keys() == set(Row)


async def test_nothing_is_found_from_another_server_whoever_presses(two: Gates) -> None:
    before = await two.snapshot()

    for caller in (two.asker_there, two.stranger_there):
        said = await two.answers(caller, two.elsewhere, two.entrances())
        assert {press: words for press, words in said.items() if words != {NOT_HERE}} == {}

    assert await two.snapshot() == before


@pytest.mark.parametrize("is_direct", [False, True])
async def test_what_is_one_persons_nobody_else_changes(two: Gates, *, is_direct: bool) -> None:
    before = await two.snapshot()
    own = [each for each in two.entrances() if f"{each.kind}:{each.verb}" not in FOR_ALL]

    for caller in (two.bystander, two.stranger):
        who, where = (caller.user, caller.user.dm_channel) if is_direct else (caller, two.world.channel)
        said = await two.answers(who, where, own)
        assert {press for press, words in said.items() if NOT_HERE in words} == set()
        assert {press for press, words in said.items() if "" in words} == set()

    assert await two.snapshot() == before


@pytest.mark.parametrize("state", ["unposted", "taken"])
async def test_what_is_a_drafts_authors_or_readers_nobody_else_changes(two: Gates, state: str) -> None:
    async with two.world.app.database.begin() as work:
        author = await a_member(work, two.world.guild.id, two.world.asker.id)
        draft = await a_draft(work, author, state=state, visibility="matched")
    about_draft = replace(two, rows={**two.rows, Row.QUESTION: draft.id})
    before = await two.snapshot()
    own = [each for each in two.entrances() if each.kind in {"drafting", "reading", "round"}]

    for who, where in ((two.bystander, two.world.channel), (two.stranger.user, two.stranger.user.dm_channel)):
        said = await about_draft.answers(who, where, own)
        assert {press for press, words in said.items() if "" in words} <= FOR_ALL

    assert await two.snapshot() == before


async def test_what_moderators_decide_takes_their_permission_at_the_press(two: Gates) -> None:
    before = await two.snapshot()
    deciding = moderators(two)
    assert {each.kind for each in deciding} == {"meeting", "question", "reveal", "stats"}

    moderator = two.world.moderator.user
    places: list[Place] = [
        (two.bystander, two.world.channel),
        (two.stranger, two.world.channel),
        (two.stranger.user, two.stranger.user.dm_channel),
        (moderator, moderator.dm_channel),
    ]
    for caller, channel in places:
        said = await two.answers(caller, channel, deciding)
        assert {press: words for press, words in said.items() if words != {NOT_MODERATOR}} == {}

    assert await two.snapshot() == before


async def test_a_moderator_of_another_server_closes_no_question_here(two: Gates) -> None:
    close = [each for each in two.entrances() if each.kind == "question" and "close" in each.verb]
    moderator = two.world.moderator.user
    places: list[Place] = [
        (two.stranger_there, two.elsewhere),
        (two.stranger, two.world.channel),
        (two.stranger.user, two.stranger.user.dm_channel),
        (moderator, moderator.dm_channel),
    ]
    before = await two.snapshot()
    for caller, channel in places:
        await two.answers(caller, channel, close)
    assert await two.snapshot() == before

    await two.answers(two.world.moderator, two.world.channel, close)
    assert await two.snapshot() != before


async def test_what_is_no_rows_needs_a_server(two: Gates) -> None:
    before, asker = await two.snapshot(), two.world.asker.user
    rowless = [each for each in two.world.app.client.presses if each not in two.entrances()]

    said = await two.answers(asker, asker.dm_channel, [each for each in rowless if each.needs == doors.NOTHING])

    assert {press: words for press, words in said.items() if words != {say("error.no_guild")}} == {}
    assert await two.snapshot() == before


async def test_a_number_beyond_all_rows_is_no_choice(two: Gates) -> None:
    choosing = [each for each in two.entrances() if each.row is None]
    forged = replace(two, rows=dict.fromkeys(Row, 2**80))

    said = await forged.answers(two.world.asker, two.world.channel, choosing)

    assert {press: words for press, words in said.items() if words != {say("error.choice")}} == {}


CHOSEN: list[object] = [
    None, [], "12", ["x"], ["1", "2"], [""], ["-1"], ["0"], ["99"], [str(2**63 - 1)], [str(2**80)], [None], [["1"]],
]  # fmt: skip
"""What a forged select may bring."""
FILLED: list[object] = [
    [],
    [{"type": LABEL, "id": 1}],
    [{"type": LABEL, "id": 1, "component": {"type": TEXT, "custom_id": "words", "value": ""}}],
    [{"type": LABEL, "id": 1, "component": {"type": CHOICE, "custom_id": name, "values": []}} for name in NAMES],
    [{"type": LABEL, "id": 1, "component": {"type": CHOICE, "custom_id": name, "values": ["x"]}} for name in NAMES],
]
"""What a forged form may bring."""
SHARES = 4
"""Tests that share the forged presses: each press is slower the more came before it in the same event loop."""


def forged(two: Gates, entrance: doors.Entrance, row: int) -> list[Sent]:
    """Return one press of everything that no client of Discord's sends."""
    who, where = two.world.asker, two.world.channel
    custom_id = str(Press(entrance.kind, entrance.verb, row))
    pressed = [{"component_type": kind, "values": chosen} for kind in (CHOICE, PERSON) for chosen in CHOSEN]
    pressed += [{"component_type": BUTTON}, {"component_type": CHOICE}]
    sent = [Sent(who, where, PRESS, {"custom_id": custom_id, **each}) for each in pressed]
    return sent + [Sent(who, where, FORM, {"custom_id": custom_id, "components": each}) for each in FILLED]


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("is_known", [True, False])
async def test_whatever_a_forged_press_brings_it_is_answered_with_a_sentence(
    two: Gates, share: int, *, is_known: bool
) -> None:
    broken = say("error.unexpected", reference="").partition("Nothing")[0]
    found = set[str]()
    # Where a press is about no row, there is none to be unknown.
    tried = [each for each in two.world.app.client.presses if is_known or each.row]
    for entrance in tried[share::SHARES]:
        row = two.rows[entrance.row] if entrance.row and is_known else 0 if entrance.row is None else 10**18 - 1
        results = await arrive_all(forged(two, entrance, row))
        if any(answer(each).startswith(broken) for each in results):
            found.add(f"{entrance.kind}:{entrance.verb}")
    assert found == set()


def commands(world: World) -> list[discord.app_commands.Command]:  # type: ignore[type-arg]
    return [each for each in world.app.client.tree.walk_commands() if isinstance(each, discord.app_commands.Command)]


async def test_a_command_for_moderators_takes_their_permission_whoever_was_shown_it(two: Gates) -> None:
    before = await two.snapshot()
    restricted = [each for each in commands(two.world) if each.default_permissions]
    assert {each.name for each in restricted} == {"doctor", "reveal", "setup", "stats"}

    for caller in (two.bystander, two.stranger):
        sent = [command(caller, two.world, each.name) for each in restricted]
        assert {answer(each) for each in await arrive(*sent)} == {NOT_MODERATOR}

    assert await two.snapshot() == before


async def test_every_command_but_help_and_ones_own_things_needs_a_server(two: Gates) -> None:
    asker = two.world.asker.user
    sent = {each.name: command(asker, two.world, each.name) for each in commands(two.world)}
    results = await arrive(*sent.values())
    said = {name: answer(each) for name, each in zip(sent, results, strict=True)}

    assert {name for name, words in said.items() if words != say("error.no_guild")} == {
        "help", "mine", "pause", "profile",
    }  # fmt: skip


@pytest.mark.parametrize("option", ["channel", "private_channel", "moderator_channel", "meeting_channel"])
async def test_setup_takes_no_channel_of_another_server(two: Gates, option: str) -> None:
    before = await two.snapshot()
    channel = {"id": str(two.elsewhere.id), "type": 0, "name": "help", "permissions": "0"}
    sent = command(two.world.moderator, two.world, "setup")
    sent.payload["data"] |= {
        "options": [{"name": option, "type": 7, "value": channel["id"]}],
        "resolved": {"channels": {channel["id"]: channel}},
    }

    (result,) = await arrive(sent)

    assert answer(result) == say("setup.channel_elsewhere")
    assert len(two.world.env.errors) == 1
    assert await two.snapshot() == before


def command(caller: object, world: World, name: str) -> Sent:
    is_member = hasattr(caller, "guild")
    channel = world.channel if is_member else caller.dm_channel  # type: ignore[attr-defined]
    return Sent(caller, channel, COMMAND, {"id": "1", "name": name, "type": 1})  # type: ignore[arg-type]
