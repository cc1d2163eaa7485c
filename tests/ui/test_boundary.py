import pytest
from discord import app_commands
from structlog.testing import capture_logs

from bot.errors import Conflict, Invalid, LimitReached, NotFound, Unavailable
from bot.texts import say
from bot.ui import boundary

PRIVATE = "Why does my loss explode?"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Invalid("ask.too_short", length=5, shortest=20), say("ask.too_short", length=5, shortest=20)),
        (NotFound("request.unknown"), say("request.unknown")),
        (Conflict("request.over"), say("request.over")),
        (LimitReached("ask.limit", limit=3, threads=(7,)), say("ask.limit", limit=3, threads="<#7>")),
        (Unavailable("error.database"), say("error.database")),
        (app_commands.NoPrivateMessage(), say("error.no_guild")),
        (app_commands.AppCommandError(), None),
        (ValueError(PRIVATE), None),
    ],
)
def test_an_error_becomes_a_sentence(error: Exception, text: str | None) -> None:
    with capture_logs() as lines:
        shown = boundary.sentence(error, "en-US")

    assert (text or "Something broke") in shown
    assert len(lines) == (text is None)
    assert all(line["reference"] in shown for line in lines)
    assert PRIVATE not in f"{shown} {lines}"


@pytest.mark.parametrize("is_direct", [True, False])
def test_in_direct_messages_channels_are_addresses(*, is_direct: bool) -> None:
    limit = LimitReached("ask.limit", limit=3, threads=(7, 8), guild_id=5)
    forbidden = Unavailable("ask.channel_forbids", channel=9, guild_id=5)

    for error, channels in ((limit, (7, 8)), (forbidden, (9,))):
        text = boundary.sentence(error, "en", is_direct=is_direct)
        ways = [f"https://discord.com/channels/5/{each}" if is_direct else f"<#{each}>" for each in channels]
        assert all(way in text for way in ways)


def test_a_menu_without_its_message_is_explained() -> None:
    assert boundary.sentence(app_commands.AppCommandError(), "en", is_menu=True) == say("menu.gone")


def test_two_unexpected_errors_have_two_references() -> None:
    with capture_logs():
        assert boundary.sentence(KeyError(), "en") != boundary.sentence(KeyError(), "en")
