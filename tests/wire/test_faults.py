"""For all that the network does to an answer, a press takes effect once or not at all, and the person reads which."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.texts import say
from reliability.standin.refusals import Cut, Refused, Throttled
from reliability.standin.server import Call
from reliability.standin.world import HELP_CHANNEL_ID, Interaction
from tests.wire.conftest import ASKER, HELPERS, QUESTION, Wired, once, press

LATE = 0.4
"""Seconds for which a rate limit holds an answer back, longer than the stand-in waits for an acknowledgement here."""
TOO_OLD, TAKEN_ALREADY, TOKEN_OVER = Refused(404, 10062), Refused(400, 40060), Refused(401, 50027)


def is_callback(call: Call) -> bool:
    return call.path.endswith("/callback")


def is_follow_up(call: Call) -> bool:
    return call.method == "POST" and call.path.startswith("/webhooks/")


def is_edit(call: Call) -> bool:
    return call.method == "PATCH" and call.path.startswith("/webhooks/")


@dataclass(frozen=True)
class Fault:
    """What goes wrong, where, how often, and whether it was carried out before."""

    wrong: Exception
    where: Callable[[Call], bool]
    is_after: bool = False
    times: int = 1

    def strike(self, wired: Wired) -> None:
        hook = once(self.wrong, self.where, self.times)
        if self.is_after:
            wired.discord.after = hook
        else:
            wired.discord.before = hook


GOT_THROUGH = {
    "callback, request lost": Fault(Cut(), is_callback),
    "callback, response lost": Fault(Cut(), is_callback, is_after=True),
    "callback, Discord's own fault": Fault(Refused(500, 0), is_callback),
    "callback, held back a little": Fault(Throttled(0.05), is_callback),
    "answer, request lost": Fault(Cut(), is_follow_up),
    "answer, response lost": Fault(Cut(), is_follow_up, is_after=True),
    "answer, held back": Fault(Throttled(LATE), is_follow_up),
    "answer, Discord's own fault": Fault(Refused(502, 0), is_follow_up),
}
"""What one more try makes good: the person reads what they would have read anyway."""
NOT_SHOWN = {
    "answer, request lost twice": Fault(Cut(), is_follow_up, times=2),
    "answer, token over": Fault(TOO_OLD, is_follow_up, times=9),
    "answer, webhook gone": Fault(Refused(404, 10015), is_follow_up, times=9),
    "answer, refused": Fault(TOKEN_OVER, is_follow_up, times=9),
    "answer, connection lost for good": Fault(Cut(), is_follow_up, times=99),
}
"""What takes effect, though its answer can't be shown as it was to be."""
NOTHING_DONE = {
    "callback, too old": Fault(TOO_OLD, is_callback, times=9),
    "callback, held back until it is too old": Fault(Throttled(LATE), is_callback),
    "callback, connection lost for good": Fault(Cut(), is_callback, times=99),
    "callback, confirmation lost for good": Fault(Cut(), is_callback, is_after=True, times=99),
    "callback, limited for good": Fault(Refused(429, 0), is_callback, times=99),
}
"""What comes to nothing: words go back to the person."""


@pytest.fixture(autouse=True)
def _in_a_hurry(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.ui.boundary.AGAIN_AFTER", 0)
    wired.discord.world.acknowledged_within = 10


def read(wired: Wired, interaction: Interaction) -> list[str]:
    """Return what a person read of an interaction: as its answers, and by direct message that is no invitation."""
    inbox = [each for each in wired.discord.world.inbox(interaction.user_id) if each is not pressed(interaction)]
    return [each["content"] for each in (*interaction.shown, *inbox)]


def pressed(interaction: Interaction) -> object:
    return interaction.payload.get("message")


def given_back(wired: Wired, interaction: Interaction) -> list[str]:
    """Return the words that a person got back."""
    messages = (*interaction.shown, *wired.discord.world.inbox(interaction.user_id))
    return [each["text"] for message in messages for each in message["attachments"]]


async def sent(wired: Wired, fault: Fault) -> Interaction:
    """Ask while something goes wrong, and wait until all is over."""
    if isinstance(fault.wrong, Throttled) and fault.where is is_callback and fault.wrong.retry_after == LATE:
        wired.discord.world.acknowledged_within = LATE / 2
    fault.strike(wired)
    asking = await wired.ask()
    await wired.until_quiet()
    return asking


@pytest.mark.parametrize("fault", GOT_THROUGH.values(), ids=GOT_THROUGH)
async def test_one_more_try_saves_a_question_and_its_receipt(wired: Wired, fault: Fault) -> None:
    asking = await sent(wired, fault)

    assert await wired.questions() == 1
    assert len(wired.discord.world.threads) == 1
    assert wired.discord.world.threads[0]["id"] in " ".join(read(wired, asking))
    assert not any("broke" in each for each in read(wired, asking))


@pytest.mark.parametrize("fault", NOT_SHOWN.values(), ids=NOT_SHOWN)
async def test_what_is_done_is_called_done(wired: Wired, fault: Fault) -> None:
    asking = await sent(wired, fault)

    assert await wired.questions() == 1
    said = read(wired, asking)
    assert len(said) == 1
    assert say("error.not_shown") in said[0] or "Something broke. Nothing was changed halfway" in said[0]
    assert not given_back(wired, asking), "nobody is led to ask the same again"


@pytest.mark.parametrize("fault", NOTHING_DONE.values(), ids=NOTHING_DONE)
async def test_what_came_to_nothing_gives_the_words_back(wired: Wired, fault: Fault) -> None:
    asking = await sent(wired, fault)

    assert await wired.questions() == 0
    assert not wired.discord.world.threads
    assert given_back(wired, asking) == [QUESTION]
    assert read(wired, asking)[0]


async def test_a_press_that_another_process_answers_is_left_to_it(wired: Wired) -> None:
    asking = await sent(wired, Fault(TAKEN_ALREADY, is_callback))

    assert await wired.questions() == 0
    assert not read(wired, asking)


@pytest.mark.parametrize("fault", [*GOT_THROUGH.values(), *NOT_SHOWN.values()], ids=[*GOT_THROUGH, *NOT_SHOWN])
async def test_a_button_takes_effect_once_and_says_so(wired: Wired, fault: Fault) -> None:
    await wired.asked()
    invitation = wired.invitation(HELPERS[0])
    fault.strike(wired)
    passing = await wired.discord.press(HELPERS[0], invitation, press(invitation, "invitation1:pass") or "")
    await wired.until_quiet()

    assert read(wired, passing)
    assert not any("broke" in each for each in read(wired, passing)) or fault.wrong is TOKEN_OVER


@pytest.mark.parametrize("wrong", [Cut(), Refused(500, 0), Refused(404, 10008), Refused(400, 50083)])
async def test_buttons_that_stay_where_they_are_take_nothing_back(wired: Wired, wrong: Exception) -> None:
    await wired.asked()
    invitation = wired.invitation(HELPERS[0])
    Fault(wrong, is_edit, times=9 if not isinstance(wrong, Refused) or wrong.status < 500 else 1).strike(wired)
    passing = await wired.discord.press(HELPERS[0], invitation, press(invitation, "invitation1:pass") or "")
    await wired.until_quiet()

    assert read(wired, passing) == [say("invitation.passed")]


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("name", ["ask", "help", "mine"])
async def test_every_kind_of_first_answer_is_tried_once_more(wired: Wired, name: str, *, is_after: bool) -> None:
    command = next(each for each in wired.discord.world.commands if each["name"] == name)
    Fault(Cut(), is_callback, is_after=is_after).strike(wired)

    using = await wired.discord.use(ASKER, command, HELP_CHANNEL_ID)

    await wired.discord.until(lambda: using.replied_at)
    assert using.form or read(wired, using)
