"""Open the playground: the database, the encoder, the bot and its simulated Discord, and close them again."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import simcord
from pydantic import SecretStr, ValidationError

from bot.app import App, application
from bot.errors import Unavailable
from bot.keeping import migrate
from bot.routing.process import EncoderProcess
from bot.settings import Settings
from playground.community import Community, load
from playground.pristine import Pristine
from playground.seed import seed
from playground.setting import PlaygroundClock, PlaygroundError
from playground.town import Town, build_town

FOLDER: Final = Path(__file__).resolve().parent.parent / ".playground"
"""Where the seeded database is kept between two starts."""

SETTLE_TIMEOUT: Final = 15.0
"""Seconds the bot may take for one thing a person did; simcord's own 5 are short for a busy machine."""

Say = Callable[[str], None]
"""Shows a line of progress."""


@asynccontextmanager
async def opened(say: Say, folder: Path = FOLDER) -> AsyncIterator[Town]:
    """Open the sample community with the unmodified bot in it; everything it did is forgotten afterwards.

    Raises:
        PlaygroundError: the folder or a setting can't be used, or the simulated Discord isn't as expected.
    """
    with _place(folder) as file:
        settings, clock = _settings(file), PlaygroundClock()
        pristine = Pristine(folder, settings.encoder_model)
        is_seeded = pristine.copy_to(file)
        await migrate(settings)
        async with application(settings, clock) as app:
            community = load()
            is_warm = await _warm(app, say)
            if not is_seeded:
                await _seed(app, community, say)
            if is_warm and not is_seeded:
                pristine.keep(file)
            async with simcord.run(app.client, check_errors=False, settle_timeout=SETTLE_TIMEOUT) as env:
                clock.env = env
                yield await build_town(env, app, community)


@contextmanager
def _place(folder: Path) -> Iterator[Path]:
    """Give a new database its place, and take it away afterwards."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = TemporaryDirectory(prefix="open-", dir=folder)
    except OSError as error:
        msg = f"The playground keeps its database in {folder}, which can't be written: make that possible."
        raise PlaygroundError(msg) from error
    with place:
        yield Path(place.name) / "morsel.sqlite3"


def _settings(file: Path) -> Settings:
    try:
        # The .env of a bot for a real server is none of the playground's business.
        return Settings(_env_file=None, database_url=SecretStr(f"sqlite+aiosqlite:///{file}"))
    except ValidationError as error:
        names = ", ".join(str(each["loc"][0]).upper() for each in error.errors())
        msg = f"{names} in the environment can't be used: .env.example shows how, or unset it."
        raise PlaygroundError(msg) from error


async def _warm(app: App, say: Say) -> bool:
    """Wait for the encoders, and return whether they came; without them the bot matches by words alone."""
    encoders = [each for each in app.use_cases.inviting.router.encoders if isinstance(each, EncoderProcess)]
    say(f"Loading the language models {' and '.join(each.model_id for each in encoders)}, which takes some seconds.")
    began = time.perf_counter()
    try:
        for encoder in encoders:
            await encoder.wait_warm()
    except Unavailable as refusal:
        say(f"{refusal.params['reason']} Until then the playground matches by words alone.")
        return False
    say(f"Loaded in {time.perf_counter() - began:.1f} s.")
    return bool(encoders)


async def _seed(app: App, community: Community, say: Say) -> None:
    say(f"Introducing {len(community.members)} people and {len(community.history)} earlier questions.")
    began = time.perf_counter()
    await seed(app, community)
    say(f"Introduced in {time.perf_counter() - began:.1f} s.")
