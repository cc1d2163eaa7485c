"""Pictures of `/stats` over a simulated year: each panel as a moderator sees it, at both widths, on dark and on light.

`make screenshots` makes them with the system's Chromium; the message around a panel only looks like Discord's.
"""

import asyncio
import base64
import html
import io
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from bot.domain.statistics import PanelName, PanelWish, StatsPanel
from bot.statistics.worker import counted
from bot.store.engine import Database, create_engine
from bot.ui.statistics import panel
from models import Base
from playground.year import keep, year

FOLDER = Path(__file__).with_name("pictures") / "stats"
WIDTHS = {"phone": 390, "desktop": 1280}
THEMES = {"dark": ("#313338", "#dbdee1", "#2b2d31"), "light": ("#ffffff", "#313338", "#f2f3f5")}
"""Discord's colours of the ground, the words and of what stands in lines of one width."""
COMMUNITY, UNTIL = 7, datetime(2026, 11, 30, tzinfo=UTC)
COLOURS = 64
_TIMESTAMP, _BOLD, _ITALIC = re.compile(r"<t:(\d+):D>"), re.compile(r"\*\*(.+?)\*\*"), re.compile(r"\*(.+?)\*")
_PAGE = """<style>
body {{ background: {ground}; color: {words}; font: 16px/1.4 "gg sans", "Noto Sans", sans-serif; margin: 16px; }}
pre {{ background: {lines}; padding: 8px; border-radius: 4px; font: 14px/1.3 monospace; width: fit-content; }}
img {{ max-width: min(100%, 550px); border-radius: 8px; }}
</style>{said}<img alt="{told}" src="data:image/png;base64,{picture}">"""


def main() -> None:
    """Make all pictures anew."""
    panels = asyncio.run(_panels())
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width_name, width in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": 100})
            for theme in THEMES:
                for shown in panels:
                    page.set_content(_written(shown, theme))
                    _keep(page.screenshot(full_page=True), f"{shown.name}-{width_name}-{theme}.png")
        browser.close()


async def _panels() -> list[StatsPanel]:
    with TemporaryDirectory() as folder:
        database = Database(create_engine(f"sqlite+aiosqlite:///{folder}/year.sqlite3"))
        async with database.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await keep(database, year(COMMUNITY, UNTIL))
        wishes = [PanelWish(COMMUNITY, name, 12, UNTIL, "Africa/Nairobi", "en") for name in PanelName]
        panels = [await counted(database, each) for each in wishes]
        await database.close()
    return panels


def _written(shown: StatsPanel, theme: str) -> str:
    """Return a page with a message of a panel."""
    message, (ground, words, lines) = panel(shown, "en"), THEMES[theme]
    file = message.attachment
    picture, told = (base64.b64encode(file.content).decode(), file.description or "") if file else ("", "")
    said = "".join(_parts(message.content))
    return _PAGE.format(ground=ground, words=words, lines=lines, said=said, told=html.escape(told), picture=picture)


def _parts(content: str) -> Iterator[str]:
    """Return Discord's marks as HTML: what stands between three backticks keeps its lines."""
    for number, part in enumerate(content.split("```")):
        text = html.escape(_TIMESTAMP.sub(_day, part.strip("\n")))
        if number % 2:
            yield f"<pre>{text}</pre>"
        else:
            marked = _ITALIC.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", text))
            yield f"<p>{marked}</p>".replace("\n", "<br>")


def _day(found: re.Match[str]) -> str:
    return f"{datetime.fromtimestamp(int(found[1]), UTC):%d %B %Y}"


def _keep(png: bytes, name: str) -> None:
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(COLOURS).save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
