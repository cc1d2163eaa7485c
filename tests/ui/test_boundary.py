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


def test_a_menu_without_its_message_is_explained() -> None:
    assert boundary.sentence(app_commands.AppCommandError(), "en", is_menu=True) == say("menu.gone")


def test_two_unexpected_errors_have_two_references() -> None:
    with capture_logs():
        assert boundary.sentence(KeyError(), "en") != boundary.sentence(KeyError(), "en")
