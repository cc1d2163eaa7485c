"""Letters as they are written, for tests of what becomes of them."""

from datetime import datetime, timedelta
from typing import Any

from bot.domain.policy import DEFAULT
from bot.services.letters import all_letters
from bot.services.outbox import composing
from bot.services.requests import letters
from bot.services.requests.letters import RequestLetter
from bot.services.results import Letter
from bot.store.unit_of_work import UnitOfWork
from models import Invitation, Member, OutboxLetter, Question
from tests.factories import GUILD_ID, NOW, a_guild, a_member, a_question, a_statement, an_invitation
from tests.fakes import CHANNEL_ID

THREAD_ID = 700
PRIVATE_ID, MODERATORS_ID, PANEL_ID = 701, 702, 703
HOUR = timedelta(hours=1)
LETTERS = all_letters(DEFAULT)
PRIVATE = {kind for kind, description in LETTERS.items() if description.is_private}


async def a_scene(work: UnitOfWork, **chosen: object) -> tuple[Question, Member]:
    """Make a question with a thread, and someone who could help."""
    await a_guild(work, help_channel_id=CHANNEL_ID)
    question = await a_question(work, await a_member(work, user_id=77), **{"thread_id": THREAD_ID, **chosen})
    return question, await a_member(work, user_id=88)


async def newest(work: UnitOfWork, key: str) -> OutboxLetter:
    letter = await work.outbox.find(key)
    assert letter is not None
    return letter


async def compose(work: UnitOfWork, row: OutboxLetter, now: datetime) -> Letter[Any] | None:
    """Compose a letter as its kind is described."""
    return await composing.compose(LETTERS[row.kind], work, row, now)


async def may_be_public(work: UnitOfWork, row: OutboxLetter) -> bool:
    return await LETTERS[row.kind].may_be_public(work, row)


async def composed(work: UnitOfWork, letter: OutboxLetter) -> Letter[Any]:
    made = await compose(work, letter, NOW)
    assert made is not None
    assert (made.letter_id, made.nonce, made.guild_id) == (letter.id, letter.nonce, letter.guild_id)
    return made


async def posted(work: UnitOfWork, question: Question) -> OutboxLetter:
    letters.post_question(work, question, NOW)
    return await newest(work, letters.post_key(question.id))


async def invite(
    work: UnitOfWork, question: Question, helper: Member, source: str = "declared"
) -> tuple[Invitation, OutboxLetter]:
    statement = await a_statement(work, helper, "CTC loss, forced alignment", source=source)
    invitation = await an_invitation(work, question, helper, statement_id=statement.id)
    await letters.invite(work, [(question, invitation)], NOW)
    return invitation, await newest(work, f"invitation:{invitation.id}")


async def a_list(work: UnitOfWork, kind: str) -> Letter[Any] | None:
    assert await letters.list_waiting(work, GUILD_ID, RequestLetter(kind), NOW)
    assert not await letters.list_waiting(work, GUILD_ID, RequestLetter(kind), NOW + HOUR)
    return await compose(work, await newest(work, f"{kind}:{GUILD_ID}:{NOW:%Y-%m-%d}"), NOW)
