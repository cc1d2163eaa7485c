"""Discord refuses a whole sync for one bad name, so names are checked before it sees them."""

import re

from tests.house.commands import commands

LONGEST_NAME = 32
LONGEST_DESCRIPTION = 100
"""Characters. Source: https://discord.com/developers/docs/interactions/application-commands"""


def test_every_slash_command_has_a_name_discord_takes() -> None:
    odd = [command for command in commands() if command.description is not None and not is_slash_name(command.name)]
    assert not odd


def test_every_context_menu_has_a_name_discord_takes() -> None:
    odd = [command for command in commands() if not 1 <= len(command.name) <= LONGEST_NAME]
    assert not odd


def test_every_slash_command_is_described() -> None:
    described = {command.place: command.description for command in commands() if command.description is not None}
    assert described
    assert not {place: text for place, text in described.items() if not 1 <= len(text) <= LONGEST_DESCRIPTION}


def is_slash_name(name: str) -> bool:
    return name == name.lower() and re.fullmatch(rf"[-_\w]{{1,{LONGEST_NAME}}}", name) is not None
