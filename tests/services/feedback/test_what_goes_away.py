"""Of a draft that is taken back, or whose people are gone, no words stay: in no table, and in no message of the bot."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.drafts import PointOutcome
from bot.domain.lifecycle import Visibility
from bot.domain.policy import DEFAULT
from bot.services.feedback import letters
from bot.services.feedback.versions import NewVersion
from bot.services.people.erasing import Erasing
from bot.services.results import Letter
from bot.ui.letters import letter
from models import Draft, JointNote, Member, OutboxFile, Request
from tests.factories import GUILD_ID, WEEK
from tests.fakes import QUESTION, House
from tests.services.drafts import DraftScene, begin_draft, keep_draft
from tests.services.feedback.reviews import AUTHOR, POINT, WRITTEN
from tests.services.requests.test_anonymity import body

pytestmark = pytest.mark.both
WORDS, SAID = "zebrafinch", "quokka"
"""What stands in everything that the author writes, and in everything that the reader does."""
CHOSEN: dict[str, Any] = {
    "about": f"{WORDS}: {QUESTION}", "questions": [f"Is the {WORDS} fair?"], "readers": 1,
    "link": f"https://example.org/{WORDS}", "part": WORDS,
}  # fmt: skip
STATES = ["waiting", "taken", "answered", "resolved", "archived", "closed", "round 2"]
VISIBILITIES = [Visibility.MATCHED, Visibility.MATCHED_ANONYMOUS, Visibility.PUBLIC]


@dataclass
class Told:
    """A draft with all that people said about it."""

    house: House
    scene: DraftScene
    reader: Member

    async def tables(self, words: str) -> list[str]:
        """Return the tables in which words are."""
        found = await self.house.snapshot()
        return [name for name, rows in found.items() if any(words in repr(row) for row in rows)]

    def messages(self, words: str) -> list[str]:
        """Return the kinds of those messages of the bot that show words and weren't taken back."""
        shown = self.house.messenger.visible()
        # What rewrites the message that opened the thread is that message.
        is_there = any(each.kind == "post" for each in shown)
        posts = [each for each in shown if each.kind in {"post", "refresh"} and is_there][-1:]
        others = [each for each in shown if each.kind not in {"post", "refresh"}]
        return [each.kind for each in [*others, *posts] if shows(each, words)]

    async def act(self, act: str) -> None:
        house = self.house
        erasing = Erasing(house.database.begin, house.database.read, house.clock)
        match act:
            case "withdraw":
                await house.withdrawing.withdraw(self.scene.id, AUTHOR)
            case "author leaves":
                await house.belonging.left(GUILD_ID, AUTHOR)
            case "author erased":
                await erasing.erase(AUTHOR, DEFAULT)
            case "reader erased":
                await erasing.erase(self.reader.user_id, DEFAULT)
        await house.settle()


def shows(each: Letter[Any], words: str) -> bool:
    return words in repr(body(each)) or words in letter(each).title


async def told(house: House, visibility: Visibility, state: str) -> Told:
    """Let a draft stand so on which a reader said all they can, and an author all they can about that."""
    scene = await begin_draft(house, 2, visibility=visibility, **CHOSEN)
    async with house.database.begin() as work:
        draft = await work.drafts.get(scene.id)
        assert draft is not None
        await letters.guide_readers(work, draft, house.clock.now())
    await house.settle()
    (place,) = (await scene.places("asked"))[:1]
    await scene.take(place)
    reader = scene.helpers[place]
    if state not in {"waiting", "taken"}:
        await say_all(house, scene, reader)
    if state == "round 2":
        new = NewVersion(f"<t:{int((house.clock.now() + WEEK).timestamp())}:F>", f"A shorter {WORDS}.")
        await house.rounds.next(scene.id, AUTHOR, new)
    else:
        async with house.database.begin() as work:
            await work.members._session.execute(update(Request).where(Request.id == scene.id).values(state=state))
    await house.settle()
    return Told(house, scene, reader)


async def say_all(house: House, scene: DraftScene, reader: Member) -> None:
    said = replace(WRITTEN, summary=f"It is about a {SAID}.", strengths=SAID, answers=SAID)
    own = await house.reviewing.keep(scene.id, reader.user_id, said)
    point = replace(POINT, remark=SAID, location=SAID, suggestion=SAID)
    await house.reviewing.add_point(own.feedback.feedback_id, reader.user_id, point)
    sent = await house.reviewing.send(own.feedback.feedback_id, reader.user_id)
    await house.settle()
    (shown,) = sent.feedback.points
    await house.settling.received(scene.id, AUTHOR)
    await house.settling.settle(shown.point_id, AUTHOR, PointOutcome.CHANGED, f"The {WORDS} is better now.")
    await house.settling.tell(sent.feedback.feedback_id, AUTHOR)
    other = await house.helper()
    async with house.database.begin() as work:
        draft = await work.drafts.get(scene.id)
        assert draft is not None
        now = house.clock.now()
        work.feedback.add(JointNote(draft_id=draft.id, round=1, words=f"We liked the {SAID}.", written_at=now))
        await letters.tell_note(work, draft, reader.id, [draft.asker_id, other.id], now)
    await house.settle()
    house.clock.advance(WEEK / 100)
    await house.settle()


@pytest.mark.parametrize("act", ["withdraw", "author leaves", "author erased"])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("visibility", VISIBILITIES)
async def test_nothing_stays_of_an_author_s_words(house: House, visibility: Visibility, state: str, act: str) -> None:
    scene = await told(house, visibility, state)
    assert "draft" in await scene.tables(WORDS)
    assert set(scene.messages(WORDS)) >= {"invitation", "guide"}

    await scene.act(act)

    assert await scene.tables(WORDS) == []
    assert scene.messages(WORDS) == []
    assert scene.messages(SAID) == []


@pytest.mark.parametrize("state", ["answered", "resolved", "closed", "round 2"])
@pytest.mark.parametrize("visibility", VISIBILITIES)
async def test_nothing_stays_of_an_erased_reader_s_words(house: House, visibility: Visibility, state: str) -> None:
    scene = await told(house, visibility, state)
    assert set(await scene.tables(SAID)) >= {"feedback", "feedback_point", "joint_note"}
    assert scene.messages(SAID)

    await scene.act("reader erased")

    assert await scene.tables(SAID) == []
    assert scene.messages(SAID) == []
    assert {"post", "refresh"} & set(scene.messages(WORDS))


@pytest.mark.parametrize("act", ["drop", "author leaves", "author erased"])
async def test_nothing_stays_of_a_draft_that_was_only_kept(house: House, act: str) -> None:
    draft_id = await keep_draft(house, AUTHOR, **CHOSEN)
    async with house.database.begin() as work:
        key = letters.guide_key(draft_id, 1)
        work.outbox_files.add(OutboxFile(key=key, request_id=draft_id, name="a.md", content=WORDS.encode()))
    scene = Told(house, None, None)  # type: ignore[arg-type]
    if act == "drop":
        await house.drafting.drop(draft_id, AUTHOR)
    else:
        await scene.act(act)
    assert await scene.tables(WORDS) == []
    assert await house.rows(Draft) == await house.rows(OutboxFile) == []
