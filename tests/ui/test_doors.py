import discord
import pytest

from bot.ui.doors import Door, Presses, on


class Lamp(Door):
    """A door with two marked methods, one of them for two presses."""

    @on("lamp", "on")
    async def light(self, interaction: discord.Interaction, row: int) -> None:
        """Answer nothing."""

    @on("lamp", "off")
    @on("lamp", "out")
    async def darken(self, interaction: discord.Interaction, row: int) -> None:
        """Answer nothing."""


async def test_a_door_answers_while_it_is_loaded() -> None:
    presses = Presses()
    lamp = Lamp(presses)
    assert ("lamp", "on") not in presses

    await lamp.cog_load()
    assert all(("lamp", verb) in presses for verb in ("on", "off", "out"))

    await lamp.cog_unload()
    assert not any(("lamp", verb) in presses for verb in ("on", "off", "out"))


async def test_a_press_has_one_answer() -> None:
    presses = Presses()
    await Lamp(presses).cog_load()

    with pytest.raises(ValueError, match="has an answer already"):
        await Lamp(presses).cog_load()
