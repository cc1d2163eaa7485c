from collections.abc import Sequence

import discord
import pytest

from bot.domain.rows import Row
from bot.ui.doors import Door, Presses, on


async def admit(rows: Sequence[tuple[Row, int]], guild_id: int | None, user_id: int) -> None:
    """Let everyone in."""


class Lamp(Door):
    """A door with two marked methods, one of them for two presses."""

    @on("lamp", "on", None)
    async def light(self, interaction: discord.Interaction, row: int) -> None:
        """Answer nothing."""

    @on("lamp", "off", None)
    @on("lamp", "out", None)
    async def darken(self, interaction: discord.Interaction, row: int) -> None:
        """Answer nothing."""


async def test_a_door_answers_while_it_is_loaded() -> None:
    presses = Presses(admit)
    lamp = Lamp(presses)
    assert ("lamp", "on") not in presses

    await lamp.cog_load()
    assert all(("lamp", verb) in presses for verb in ("on", "off", "out"))

    await lamp.cog_unload()
    assert not any(("lamp", verb) in presses for verb in ("on", "off", "out"))


async def test_a_press_has_one_answer() -> None:
    presses = Presses(admit)
    await Lamp(presses).cog_load()

    with pytest.raises(ValueError, match="has an answer already"):
        await Lamp(presses).cog_load()
