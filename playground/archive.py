"""Open the threads of questions that were answered before the playground, so that others can be led to them."""

from simcord import ChannelHandle

from bot.app import App
from bot.services.requests.contents import Post
from bot.services.requests.letters import RequestLetter
from bot.services.requests.views import request_view
from bot.services.results import Letter
from models.outbox import new_nonce
from playground.community import Community
from playground.setting import GUILD_ID, OPENING
from playground.world import Person


async def open_archive(app: App, help_channel: ChannelHandle, people: dict[str, Person], community: Community) -> None:
    """Post every question of the history whose answer is told, and let its helper give that answer."""
    # They were seeded in this order, into an empty table.
    for row_id, question in enumerate(community.history, start=1):
        if question.answer:
            thread_id = await _post(app, help_channel.id, row_id)
            thread = next(each for each in help_channel.threads if each.id == thread_id)
            await people[question.helper].actor.send(thread, question.answer)
    # Seeding has read the community before any of this was in it.
    app.use_cases.inviting.router.forget(GUILD_ID)


async def _post(app: App, channel_id: int, request_id: int) -> int:
    async with app.database.read() as work:
        question = await work.requests.get(request_id)
        assert question is not None, "it was seeded"  # noqa: S101
        view = await request_view(work, question)
    letter: Letter[Post] = Letter(
        letter_id=0, kind=RequestLetter.POST, nonce=new_nonce(), guild_id=GUILD_ID, attempts=1,
        first_attempt_at=OPENING, user_id=None, channel_id=channel_id, addressee_id=None,
        content=Post(view, is_to_hidden=False),
    )  # fmt: skip
    sent = await app.use_cases.delivering.messenger.send(letter)
    async with app.database.begin() as work:
        held = await work.requests.hold(request_id)
        assert held is not None, "it was there a moment ago"  # noqa: S101
        held.thread_id = sent.channel_id
    return sent.channel_id
