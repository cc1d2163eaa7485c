"""`/doctor`: what is in order and what is missing, each with its fix."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord
import pytest

from bot.routing.ports import Role, Vectors
from bot.texts import say
from tests.cogs.conftest import QUESTION, STATEMENT, World, said
from tests.hashing import HashingEmbedder

ENGLISH_ONLY = f"✗ {say('doctor.english_only')}"
"""What a community without a second model reads, as these tests' communities are."""
NO_MODERATORS = f"✗ {say('doctor.no_moderator_channel')}"
NO_PRIVATE_THREADS = f"✗ {say('doctor.no_private_threads')}"
NOTHING_WAITS = [say("doctor.encoded", all=0), say("doctor.letters_fine")]
FAILURE = "There is no model folder at /x."


@dataclass
class Encoder:
    """A model that is warm, warming, or down for a reason."""

    is_warm: bool
    failure: str | None = None
    model_id: str = "another-model"
    dimension: int = HashingEmbedder.dimension

    async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
        return await HashingEmbedder().embed(texts, role)


@dataclass
class Multilingual(Encoder):
    """A second model, to which everything is English."""

    model_id: str = "a-second-model"

    async def are_english(self, texts: Sequence[str]) -> list[bool]:
        return [True] * len(texts)


async def lines(world: World) -> list[str]:
    """Return what `/doctor` lists, without its heading."""
    heading, *found = said(await world.moderator.slash(world.channel, "doctor")).splitlines()
    assert heading == say("doctor.heading")
    return found


def fine(*texts: str) -> list[str]:
    return [f"✓ {text}" for text in texts]


def faults(found: list[str]) -> list[str]:
    """Return what is to be mended, but for the second model and the moderators' channel that no one here has."""
    return [line for line in found if line.startswith("✗") and line not in {ENGLISH_ONLY, NO_MODERATORS}]


async def test_nothing_is_set_up(fresh: World) -> None:
    assert await lines(fresh) == [f"✗ {say('doctor.not_set_up')}", ENGLISH_ONLY, *fine(*NOTHING_WAITS)]


async def test_everything_is_in_order(world: World) -> None:
    moderators = world.guild.create_text_channel("moderators")
    await world.moderator.slash(world.channel, "setup", moderator_channel=moderators)
    await world.restart(Encoder(is_warm=True), Multilingual(is_warm=True))

    assert await lines(world) == fine(
        say("doctor.channel_fine", channel=f"<#{world.channel.id}>"),
        say("doctor.panel_fine"),
        say("doctor.private_threads_fine"),
        say("doctor.moderator_channel_fine", channel=f"<#{moderators.id}>"),
        say("doctor.events_fine"),
        say("doctor.encoder_warm"),
        say("doctor.multilingual_warm"),
        *NOTHING_WAITS,
    )


async def test_a_hidden_channel_and_the_way_out(world: World) -> None:
    world.deny(world.channel, "view_channel")
    hidden, panel, *_ = await lines(world)

    assert hidden == f"✗ {say('doctor.channel_hidden', channel=f'<#{world.channel.id}>')}"
    assert panel == f"✓ {say('doctor.panel_fine')}", "what can't be seen isn't said to be missing"
    world.deny(world.channel)
    assert not faults(await lines(world))


async def test_a_deleted_channel_is_hidden(world: World) -> None:
    elsewhere = world.guild.create_text_channel("elsewhere")
    world.env.backend.delete_channel(world.channel.id)

    answer = said(await world.moderator.slash(elsewhere, "doctor"))

    assert say("doctor.channel_hidden", channel=f"<#{world.channel.id}>") in answer


@pytest.mark.parametrize(
    ("denied", "missing"),
    [
        ("send_messages", ["send_messages", "embed_links"]),
        ("send_messages_in_threads", ["send_messages_in_threads"]),
        ("create_public_threads", ["create_public_threads"]),
        ("read_message_history", ["read_message_history"]),
        ("embed_links", ["embed_links"]),
    ],
)
async def test_each_missing_permission_is_named_with_its_fix(world: World, denied: str, missing: list[str]) -> None:
    world.deny(world.channel, denied)

    found = await lines(world)

    where = f"<#{world.channel.id}>"
    assert [line for line in faults(found) if line != NO_PRIVATE_THREADS] == [
        f"✗ {say('doctor.permission_missing', channel=where, permission=say(f'permission.{each}'))}" for each in missing
    ]


@pytest.mark.parametrize("denied", ["create_private_threads", "send_messages_in_threads", "embed_links"])
async def test_private_threads_need_a_place(world: World, denied: str) -> None:
    elsewhere = world.guild.create_text_channel("elsewhere")
    world.deny(world.channel, denied)
    before = await lines(world)

    await world.moderator.slash(world.channel, "setup", private_channel=elsewhere)

    assert NO_PRIVATE_THREADS in before
    assert f"✓ {say('doctor.private_threads_fine')}" in await lines(world)


async def test_a_forum_has_no_private_threads(world: World) -> None:
    forum = world.guild.create_forum_channel("questions")
    await world.moderator.slash(world.channel, "setup", channel=forum)

    assert NO_PRIVATE_THREADS in await lines(world)


async def test_without_a_moderators_channel_it_says_how_to_get_one(world: World) -> None:
    assert NO_MODERATORS in await lines(world)


@pytest.mark.parametrize(
    ("option", "denied", "missing"),
    [
        ("moderator_channel", "send_messages", ["send_messages"]),
        ("moderator_channel", "read_message_history", ["read_message_history"]),
        ("private_channel", "create_private_threads", ["create_private_threads"]),
        ("private_channel", "embed_links", ["embed_links"]),
    ],
)
async def test_each_channel_is_looked_at_for_what_it_takes_there(
    world: World, option: str, denied: str, missing: list[str]
) -> None:
    elsewhere = world.guild.create_text_channel("elsewhere")
    await world.moderator.slash(world.channel, "setup", **{option: elsewhere})
    assert not faults(await lines(world))

    world.deny(elsewhere, denied)

    where = f"<#{elsewhere.id}>"
    assert faults(await lines(world)) == [
        f"✗ {say('doctor.permission_missing', channel=where, permission=say(f'permission.{each}'))}" for each in missing
    ]
    world.deny(elsewhere, "view_channel")
    assert faults(await lines(world)) == [f"✗ {say(f'doctor.{option}_hidden', channel=where)}"]


async def test_a_deleted_panel_is_missing_until_setup_runs_again(world: World) -> None:
    await world.moderator.delete(world.channel.pinned_messages()[0])

    before = await lines(world)
    await world.moderator.slash(world.channel, "setup")
    after = await lines(world)

    assert f"✗ {say('doctor.panel_missing')}" in before
    assert f"✓ {say('doctor.panel_fine')}" in after


async def test_a_panel_that_never_came_is_missing_and_the_letter_is_on_its_way(fresh: World) -> None:
    fresh.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=2)
    await fresh.moderator.slash(fresh.channel, "setup", channel=fresh.channel)
    await fresh.pass_time(seconds=10)

    found = await lines(fresh)

    assert f"✗ {say('doctor.panel_missing')}" in found
    assert f"✗ {say('doctor.letters_retried', retried=1, due=0)}" in found
    await fresh.pass_time(hours=1)
    assert fresh.channel.pinned_messages()
    assert not faults(await lines(fresh))


@pytest.mark.parametrize(
    ("is_warm", "failure", "sign", "state"),
    [(True, None, "✓", "warm"), (False, None, "✗", "warming"), (False, FAILURE, "✗", "down")],
)
async def test_each_language_model(world: World, failure: str | None, sign: str, state: str, *, is_warm: bool) -> None:
    said_of_it = {"failure": f"\u2068{failure}\u2069"}

    await world.restart(Encoder(is_warm, failure), Multilingual(is_warm=True))
    first = await lines(world)
    await world.restart(Encoder(is_warm=True), Multilingual(is_warm, failure))
    second = await lines(world)

    assert f"{sign} {say(f'doctor.encoder_{state}', **said_of_it)}" in first
    assert f"✓ {say('doctor.multilingual_warm')}" in first
    assert f"{sign} {say(f'doctor.multilingual_{state}', **said_of_it)}" in second
    assert f"✓ {say('doctor.encoder_warm')}" in second
    assert ENGLISH_ONLY not in first + second


async def test_without_a_second_model_only_english_is_matched_well(world: World) -> None:
    await world.restart(Encoder(is_warm=True))

    found = await lines(world)

    assert f"✓ {say('doctor.encoder_warm')}" in found
    assert ENGLISH_ONLY in found


async def test_what_waits_to_be_read_is_counted_over_both_models(world: World) -> None:
    await world.helper("joaquim", f"{STATEMENT}\nGrant writing")
    await world.restart(Encoder(is_warm=True))
    await world.helper("nadia", "Diffusion models")
    assert f"✗ {say('doctor.encoding', done=1, all=3, percent=33)}" in await lines(world)

    await world.restart(Encoder(is_warm=True), Multilingual(is_warm=True))
    await world.ask(QUESTION)

    assert f"✗ {say('doctor.encoding', done=3, all=8, percent=37)}" in await lines(world)


async def test_a_database_that_is_down_is_a_sentence(world: World) -> None:
    async with world.app.database.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE statement RENAME TO elsewhere")

    assert said(await world.moderator.slash(world.channel, "doctor")) == say("error.database")
    assert len(world.env.errors) == 1


async def test_only_those_who_manage_the_server_see_it(world: World) -> None:
    role = world.guild.create_role("Helpers", permissions=discord.Permissions(manage_messages=True))
    helper = world.guild.add_member(world.env.create_user("nadia"), roles=[role])

    assert "doctor" in world.moderator.available_commands(world.channel)
    assert "doctor" not in helper.available_commands(world.channel)
    assert "doctor" not in world.moderator.user.available_commands()
