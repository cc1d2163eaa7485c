"""The whole bot in a process of its own, against a stand-in for Discord."""

import asyncio
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.store.engine import Database, create_engine
from reliability import community
from reliability.process import (
    LOG,
    ROOT,
    Process,
    children,
    ended,
    environment_of,
    executed,
    is_alive,
    running,
    started_by,
)
from reliability.standin.server import Call, StandIn, standing_in
from reliability.standin.world import GUILD_ID, HELP_CHANNEL_ID, Interaction, Payload
from tests.nursery import nursery

ASKER = 200_000_000_000_000_000
HELPERS = community.HELPERS[:4]
WAVE = 2
SECOND_MODEL = "second"
"""The folder of the multilingual encoder's model."""
READY = "communities=1"
"""What the bot logs when it is ready."""
LIGHT_ENCODER = {
    "torch": "def set_num_threads(count): pass",
    "py3langid": "def classify(text): return 'en', 0.0",
    "sentence_transformers": """
import numpy as np

class SentenceTransformer:
    max_seq_length = 512
    def __init__(self, *where, **how): pass
    def encode(self, texts, **how): return np.eye(8, dtype=np.float32)[[len(text) % 8 for text in texts]]
""",
}
"""What the encoders' processes import instead of libraries that take seconds and hundreds of MB to load."""


@dataclass(frozen=True)
class House:
    """A migrated database with a few helpers, the stand-in, and what a bot between them is started with."""

    discord: StandIn
    folder: Path
    environment: dict[str, str]

    def bot(self, **settings: str) -> AbstractAsyncContextManager[Process]:
        return running(self.folder, self.environment | settings, "bot", "run")

    async def verb(self, verb: str) -> int:
        return await ended(self.folder, self.environment, "bot", verb)

    async def until_ready(self, times: int = 1) -> None:
        await self.discord.until(lambda: len(self.discord.ready_at) >= times)

    async def ask(self) -> Interaction:
        filled: dict[str, str | list[str]] = {
            "question": community.QUESTION, "tried": "", "kind": ["stuck"], "urgency": ["today"],
        }  # fmt: skip
        return await self.discord.submit(ASKER, "ask1:send:0", filled)

    def invitations(self) -> list[tuple[int, Payload]]:
        """Return what helpers got, each with its reader."""
        return [(each, message) for each in HELPERS for message in self.discord.world.inbox(each)]

    def said(self) -> str:
        return (self.folder / LOG).read_text()

    def waiting(self) -> int:
        """Return how many letters are still to be sent."""
        return self.query("SELECT count(*) FROM outbox WHERE due_at IS NOT NULL")

    def query(self, statement: str) -> int:
        with closing(sqlite3.connect(self.folder / "morsel.sqlite3")) as connection, connection:
            row = connection.execute(statement).fetchone()
            return int(row[0]) if row else 0


@pytest.fixture
def nursed() -> Iterator[None]:
    """Let bots begin with everything imported."""
    with started_by(nursery().start):
        yield


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return settings for a bot with one light encoder, another to switch on, and a database of its own."""
    libraries, model, second = tmp_path / "libraries", tmp_path / "model", tmp_path / SECOND_MODEL
    for folder in (libraries, model, second):
        folder.mkdir()
    for name, source in LIGHT_ENCODER.items():
        (libraries / f"{name}.py").write_text(source)
    return {
        "DATABASE_URL": community.address(tmp_path / "morsel.sqlite3"),
        "ENCODER_MODEL": str(model),
        "MULTILINGUAL_MODEL": "off",
        "SWEEP_SECONDS": "1",
        "PYTHONPATH": f"{libraries}:{ROOT}",
    }


@pytest.fixture
async def house(
    tmp_path: Path, environment: dict[str, str], migrated_sqlite: Path, nursed: None
) -> AsyncIterator[House]:
    """A community of a few helpers whose help channel is chosen."""
    shutil.copyfile(migrated_sqlite, tmp_path / "morsel.sqlite3")
    database = Database(create_engine(environment["DATABASE_URL"]))
    await community.settle(database, GUILD_ID, HELP_CHANNEL_ID, HELPERS)
    await database.close()
    async with standing_in() as discord:
        yield House(discord, tmp_path, environment | discord.environment())


async def test_check_and_migrate_say_how_things_stand(tmp_path: Path, environment: dict[str, str]) -> None:
    async with standing_in() as discord:
        house = House(discord, tmp_path, environment | discord.environment())
        before = await house.verb("check")
        with started_by(nursery().start):
            migrated = await house.verb("migrate")
            after = await house.verb("check")
            refused = await ended(tmp_path, house.environment | {"DISCORD_TOKEN": "another"}, "bot", "check")

    assert (before, migrated, after, refused) == (78, 0, 0, 78)
    assert "run `python -m bot migrate`" in house.said()


async def test_commands_are_told_to_discord_once(house: House) -> None:
    for life, start in enumerate((executed, nursery().start), 1):
        with started_by(start):
            async with house.bot():
                await house.until_ready(life)

    assert house.discord.count("GET", "/commands") == 2
    assert house.discord.count("PUT", "/commands") == 1
    told = {each["name"] for each in house.discord.world.commands}
    assert told >= {"ask", "profile", "stats", "setup", "doctor", "help"}


async def test_a_question_is_acknowledged_posted_and_sent_to_helpers(house: House) -> None:
    async with house.bot():
        await house.until_ready()
        asked = await house.ask()
        await house.discord.until(lambda: len(house.invitations()) == WAVE and asked.replied_at)

    (thread,) = house.discord.world.threads
    assert asked.acknowledged_at is not None
    assert f"<#{thread['id']}>" in asked.replies[-1]["content"]
    assert thread["name"] == community.QUESTION[:99] + "…"
    assert (int(thread["id"]), ASKER) in house.discord.world.members_added
    assert all("because you wrote" in invitation["content"].lower() for _, invitation in house.invitations())


async def test_a_helper_takes_it_after_a_restart(house: House) -> None:
    async with house.bot():
        await house.until_ready()
        await house.ask()
        await house.discord.until(lambda: len(house.invitations()) == WAVE)
    async with house.bot():
        await house.until_ready(2)
        helper, invitation = house.invitations()[0]
        take = invitation["components"][0]["components"][0]["custom_id"]
        pressed = await house.discord.press(helper, invitation, take)
        await house.discord.until(lambda: pressed.replied_at)

    assert pressed.acknowledged_at is not None


async def test_sigterm_ends_the_bot_and_its_encoders(house: House) -> None:
    async with house.bot(MULTILINGUAL_MODEL=str(house.folder / SECOND_MODEL)) as bot:
        await house.until_ready()
        await eventually(lambda: house.said().count("encoder_warm") == 2)
        encoders = children(bot.pid)
        bot.send_signal(signal.SIGTERM)
        exit_code = await bot.wait()

        await eventually(lambda: not any(map(is_alive, encoders)))

    assert exit_code == 0
    assert len(encoders) >= 2


async def test_the_bot_s_children_are_given_no_secret(house: House) -> None:
    async with house.bot(MULTILINGUAL_MODEL=str(house.folder / SECOND_MODEL)) as bot:
        await house.until_ready()
        await eventually(lambda: house.said().count("encoder_warm") == 2)
        given = [environment_of(each) for each in children(bot.pid)]

    assert len(given) >= 2
    for environment in given:
        assert environment["ENCODER_MODEL"] == house.environment["ENCODER_MODEL"]
        assert not {"DISCORD_TOKEN", "DATABASE_URL"} & set(environment)
        assert not {house.environment["DISCORD_TOKEN"], house.environment["DATABASE_URL"]} & set(environment.values())


async def test_a_killed_bot_takes_its_encoders_along(house: House) -> None:
    async with house.bot(MULTILINGUAL_MODEL=str(house.folder / SECOND_MODEL)) as bot:
        await eventually(lambda: house.said().count("encoder_warm") == 2)
        encoders = children(bot.pid)
        bot.kill()
        await eventually(lambda: not any(map(is_alive, encoders)))

    assert len(encoders) >= 2


async def test_both_encoders_read_a_question(house: House) -> None:
    async with house.bot(MULTILINGUAL_MODEL=str(house.folder / SECOND_MODEL)):
        await house.until_ready()
        await eventually(lambda: house.said().count("encoder_warm") == 2)
        await house.ask()
        await house.discord.until(lambda: len(house.invitations()) == WAVE)

    assert house.query("SELECT count(DISTINCT model_id) FROM question_vector") == 2
    assert house.query("SELECT count(*) FROM invitation WHERE wave = 1") == WAVE


@pytest.mark.parametrize(
    ("when", "ending", "time"),
    [
        pytest.param("after", "/messages", 1, id="post written, not known"),
        pytest.param("after", "/threads", 1, id="thread opened, not known"),
        pytest.param("after", "/messages", 2, id="first invitation written, not known"),
        pytest.param("after", "/messages", 3, id="second invitation written, not known"),
    ],
)
async def test_a_bot_killed_while_delivering_delivers_everything_once(
    house: House, when: str, ending: str, time: int
) -> None:
    async with house.bot() as bot:
        await house.until_ready()
        kill_at(house.discord, bot, when, ending, time)
        await house.ask()
        assert await bot.wait() == -signal.SIGKILL
    async with house.bot():
        await eventually(lambda: not house.waiting())

    assert len(house.discord.world.messages[HELP_CHANNEL_ID]) == 1
    assert len(house.discord.world.threads) == 1
    assert len({helper for helper, _ in house.invitations()}) == len(house.invitations()) == WAVE


async def test_a_bot_killed_before_it_kept_the_question_leaves_nothing_behind(house: House) -> None:
    async with house.bot() as bot:
        await house.until_ready()
        kill_at(house.discord, bot, "after", "/callback", 1)
        await house.ask()
        await bot.wait()
    starts = house.said().count(READY)
    async with house.bot():
        await eventually(lambda: house.said().count(READY) > starts)

    assert house.query("SELECT count(*) FROM request") == 0
    assert not house.discord.world.messages


def kill_at(discord: StandIn, bot: Process, when: str, ending: str, time: int) -> None:
    """Kill the bot at its `time`th writing call that ends so: `before` it takes effect, or `after`, unanswered."""

    async def kill(call: Call) -> None:
        if call.method != "GET" and call.path.endswith(ending) and writes(discord, ending) == time:
            setattr(discord, when, unharmed)
            bot.kill()
            await bot.wait()
            raise ConnectionResetError

    unharmed = getattr(discord, when)
    setattr(discord, when, kill)


def writes(discord: StandIn, ending: str) -> int:
    return sum(call.method != "GET" and call.path.endswith(ending) for call in discord.calls)


async def eventually(condition: Callable[[], object]) -> None:
    """Wait for something that announces itself nowhere: a row, a line in a log, a process."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_second_bot_on_the_same_file_leaves_the_first_alone(house: House) -> None:
    async with house.bot():
        await house.until_ready()
        exit_code = await house.verb("run")
        await house.ask()
        await house.discord.until(lambda: len(house.invitations()) == WAVE)

    assert exit_code == 78
    assert "Another Morsel process is using the database" in house.said()
    assert len(house.discord.ready_at) == 1
    assert len(house.discord.world.threads) == 1
