"""A draft with a file over Discord's wire: from the form to its thread, to a reader's feedback, and back again."""

from datetime import timedelta

from bot.clock import SystemClock
from bot.texts import say
from reliability.standin.world import GUILD_ID, HELP_CHANNEL_ID, Interaction, Payload, leaves
from tests.factories import a_member
from tests.wire.conftest import ASKER, HELPERS, Wired, press

ABOUT = "CTC loss and forced alignment of speech\nWe compare two losses, and find that labels and frames matter most."
WORDS = b"# Aligning speech\n" + b"The blank symbol comes late. " * 100
ASKED = {"about": ABOUT, "link": "", "questions": "Is section 4 fair?"}
TWO_WEEKS = timedelta(weeks=2)
SUMMARY = "It compares two losses on one data set."
FILE = 19
"""Source: https://discord.com/developers/docs/components/reference#component-object-component-types"""


async def let_read(wired: Wired) -> None:
    """Let the helpers read drafts, too."""
    async with wired.app.database.begin() as work:
        for each in HELPERS:
            member = await a_member(work, GUILD_ID, each)
            member.longest_read = 45


async def ended(wired: Wired, interaction: Interaction) -> Interaction:
    await wired.discord.until(lambda: interaction.acknowledged_at or interaction.replied_at)
    await wired.until_quiet()
    return interaction


async def pressed(wired: Wired, user_id: int, message: Payload, beginning: str) -> Interaction:
    custom_id = press(message, beginning)
    assert custom_id is not None, beginning
    return await ended(wired, await wired.discord.press(user_id, message, custom_id))


async def previewed(wired: Wired) -> Payload:
    """Hand in the form of `/feedback` with a file, and return what its author sees before anything is sent."""
    opened = await ended(wired, await wired.discord.use(ASKER, command(wired, "feedback"), HELP_CHANNEL_ID))
    assert opened.form is not None
    attached = wired.discord.attach("my-paper.md", WORDS)
    # While it is another day Anywhere on Earth, "in 2 weeks AoE" is asked about.
    asked = {**ASKED, "needed_by": f"<t:{int((SystemClock().now() + TWO_WEEKS).timestamp())}:F>"}
    fields = [{"type": 4, "id": 1, "custom_id": name, "value": value} for name, value in asked.items()]
    fields.append({"type": FILE, "id": 1, "custom_id": "file", "values": [attached["id"]]})
    form = {
        "custom_id": opened.form["custom_id"],
        "components": [{"type": 18, "id": 1, "component": each} for each in fields],
        "resolved": {"attachments": {attached["id"]: attached}},
    }
    handed_in = await ended(wired, await wired.discord.send_form(ASKER, form))
    return handed_in.shown[-1]


def thread_messages(wired: Wired) -> list[Payload]:
    (thread,) = wired.discord.world.threads
    return wired.discord.world.messages[int(thread["id"])]


async def test_from_the_form_to_the_thread_to_feedback_to_taking_it_back(wired: Wired) -> None:
    await let_read(wired)
    preview = await previewed(wired)
    assert say("feedback.preview.understood") in preview["content"]
    assert not wired.discord.world.threads

    await pressed(wired, ASKER, preview, "drafting1:post")
    await wired.settle()
    (thread,) = wired.discord.world.threads
    assert thread["name"] == ABOUT.splitlines()[0]
    guide = thread_messages(wired)[-1]
    (file,) = guide["attachments"]
    assert (file["filename"], file["text"]) == ("my-paper.md", WORDS.decode())

    reader = HELPERS[0]
    await pressed(wired, reader, wired.invitation(reader), "invitation1:take")
    begun = await pressed(wired, reader, guide, "reading1:write")
    assert begun.form is not None
    written = await wired.discord.submit(
        reader, begun.form["custom_id"], {"summary": SUMMARY, "strengths": "", "answers": "", "model": ["no"]}, guide
    )
    page = (await ended(wired, written)).shown[-1]
    await pressed(wired, reader, page, "feedback1:send")
    await wired.settle()
    received = wired.discord.world.inbox(ASKER)[-1]
    assert SUMMARY in str(received["embeds"])

    mine = await ended(wired, await wired.discord.use(ASKER, command(wired, "mine"), HELP_CHANNEL_ID))
    (menu,) = [each for each in leaves_of(mine.shown[-1]) if each["custom_id"].startswith("mine1:question")]
    choice = {"custom_id": menu["custom_id"], "component_type": 3, "id": 1, "values": [menu["options"][0]["value"]]}
    own = await ended(wired, await wired.discord.choose(ASKER, mine.shown[-1], choice))
    sure = await pressed(wired, ASKER, own.shown[-1], "round1:withdraw")
    gone = await pressed(wired, ASKER, sure.shown[-1], "round1:go")
    await wired.settle()

    assert gone.shown[-1]["content"] == say("feedback.withdrawn.author")
    assert wired.discord.world.threads[0]["name"] == say("draft.withdrawn_title")
    left = [*thread_messages(wired), *wired.discord.world.inbox(ASKER), *wired.discord.world.inbox(reader)]
    assert not any(ABOUT.splitlines()[0] in str(each) or SUMMARY in str(each) for each in left)
    assert not any(each["attachments"] for each in left)


def command(wired: Wired, name: str) -> Payload:
    return next(each for each in wired.discord.world.commands if each["name"] == name)


def leaves_of(message: Payload) -> list[Payload]:
    return [each for each in leaves(message["components"]) if "custom_id" in each]
