"""A draft that its author takes back is gone: from every table, and from the bot's own messages."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.lifecycle import Visibility
from bot.errors import Conflict, NotAllowed, NotFound
from bot.services.feedback import letters
from bot.services.ports import TryLater
from bot.ui.letters import letter
from models import CoAuthor, DraftVector, Feedback, FeedbackPoint, JointNote, OutboxFile, OutboxLetter
from tests.factories import GUILD_ID, NOW
from tests.fakes import QUESTION, House, values
from tests.services.drafts import DraftScene, begin_draft
from tests.services.scenes import ASKER, STRANGER, elapse, said_to

pytestmark = pytest.mark.both
SECRET = "zebrafinch"
LINK = "https://example.org/zebrafinch"


async def begin(house: House, helpers: int = 3, **chosen: object) -> DraftScene:
    """Let a draft with all that may hang on one be in its thread, where people were asked to read it."""
    chosen = {"about": f"{QUESTION}\n{SECRET}", "questions": [f"Is {SECRET} fair?"], "link": LINK, **chosen}
    scene = await begin_draft(house, helpers, **chosen)  # type: ignore[arg-type]
    async with house.database.begin() as work:
        draft = await work.drafts.get(scene.id)
        assert draft is not None
        draft.review_text, draft.changes, draft.part = SECRET, SECRET, SECRET
        await work.drafts.name_co_authors(draft.id, [3])
        await letters.guide_readers(work, draft, house.clock.now())
        key = letters.guide_key(draft.id, 1)
        work.outbox_files.add(OutboxFile(key=key, request_id=draft.id, name="draft.pdf", content=SECRET.encode()))
        session = work.members._session
        for reader, read_at in zip(scene.helpers, (None, NOW, None), strict=False):
            said = Feedback(draft_id=draft.id, reader_id=reader.id, round=1, created_at=NOW, read_at=read_at)
            said.summary = "Read" if read_at else SECRET
            session.add(said)
            await work.flush()
            session.add(FeedbackPoint(feedback_id=said.id, ordinal=1, remark=said.summary))
        session.add(JointNote(draft_id=draft.id, round=1, words=SECRET, written_at=NOW))
    return scene


async def withdraw(scene: DraftScene) -> None:
    await scene.house.withdrawing.withdraw(scene.id, ASKER)


async def require_gone(scene: DraftScene) -> None:
    """Look through every row of every table for anything of the draft."""
    found = {
        name: rows
        for name, rows in (await scene.house.snapshot()).items()
        if any(SECRET in repr(row) or QUESTION in repr(row) for row in rows)
    }
    assert found == {}


def shows_draft(each: Any) -> bool:  # noqa: ANN401
    shown = letter(each)
    return SECRET in repr((shown.content, shown.title, shown.embed and shown.embed.to_dict()))


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.MATCHED, Visibility.MATCHED_ANONYMOUS])
async def test_nothing_of_it_is_left_in_any_table_or_message(house: House, visibility: Visibility) -> None:
    scene = await begin(house, visibility=visibility)
    await house.settle()
    await scene.take(0)
    await house.settle()
    assert any(shows_draft(each) for each in house.messenger.visible())
    await withdraw(scene)
    await require_gone(scene)
    await house.settle()
    await require_gone(scene)
    for table in (CoAuthor, DraftVector, JointNote, OutboxFile):
        assert await house.rows(table) == []
    stays = {each.kind for each in house.messenger.visible() if shows_draft(each)}
    assert stays == {"post"}
    (refreshed,) = house.messenger.of("refresh")
    shown = letter(refreshed)
    assert (shown.renames, shown.embed, shown.view) == (True, None, None)
    assert SECRET not in repr(shown)


async def test_what_its_author_has_read_stays(house: House) -> None:
    scene = await begin(house)
    await withdraw(scene)
    assert values(await house.rows(Feedback), "summary") == ["Read"]
    assert values(await house.rows(FeedbackPoint), "remark") == ["Read"]


async def test_those_who_read_it_are_told_once_and_no_one_else(house: House) -> None:
    scene = await begin(house)
    await house.settle()
    taken, asked = await scene.places("asked")
    await scene.take(taken)
    before = len(said_to(house, scene.helpers[asked].user_id))
    await withdraw(scene)
    await withdraw(scene)
    await house.settle()
    told = [each for each in house.messenger.of("notice") if each.content.text == "feedback.withdrawn.reader"]
    assert [each.addressee_id for each in told] == [scene.helpers[taken].user_id]
    assert len(said_to(house, scene.helpers[asked].user_id)) == before
    assert (await scene.states())[asked] == "withdrawn"


async def test_what_had_not_left_never_does(house: House) -> None:
    scene = await begin(house)
    await withdraw(scene)
    await house.settle()
    assert {each.kind for each in house.messenger.shown} == {"post", "refresh"}
    assert house.messenger.removed == set()


async def test_a_message_on_its_way_is_removed_once_it_has_arrived(house: House) -> None:
    scene = await begin(house)
    house.messenger.trouble(TryLater("503"), kind="invitation", times=2)
    await house.settle()
    await withdraw(scene)
    # The first attempt did arrive, though Discord said otherwise.
    await elapse(house, hours=3)
    assert not any(shows_draft(each) for each in house.messenger.visible() if each.kind != "post")
    assert [each for each in await house.rows(OutboxLetter) if each["due_at"] is not None] == []


async def test_removing_is_tried_again_until_discord_lets_it(house: House) -> None:
    scene = await begin(house)
    await house.settle()
    house.messenger.trouble(TryLater("503"), kind="removal", times=3)
    await withdraw(scene)
    await elapse(house, hours=3, step=0.25)
    assert not any(shows_draft(each) for each in house.messenger.visible() if each.kind != "post")


async def test_messages_of_months_ago_are_found_too(house: House) -> None:
    scene = await begin(house, left=timedelta(days=200))
    await house.settle()
    house.clock.advance(timedelta(days=100))
    await house.delivering.forget_old()
    await withdraw(scene)
    await house.settle()
    assert not any(shows_draft(each) for each in house.messenger.visible() if each.kind != "post")
    house.clock.advance(timedelta(days=60))
    await house.delivering.forget_old()
    assert await house.rows(OutboxLetter) == []


@pytest.mark.parametrize("state", ["answered", "resolved", "archived", "closed"])
async def test_it_may_be_taken_back_wherever_it_stands(house: House, state: str) -> None:
    scene = await begin(house)
    await house.settle()
    async with house.database.begin() as work:
        draft = await work.drafts.get(scene.id)
        assert draft is not None
        draft.state = state
    await withdraw(scene)
    await house.settle()
    await require_gone(scene)
    assert (await scene.request())["close_reason"] == "withdrawn"


async def test_it_is_never_opened_again(house: House) -> None:
    scene = await begin(house)
    await house.settle()
    await withdraw(scene)
    with pytest.raises(Conflict):
        await house.following_up.reopen(scene.id, ASKER)
    with pytest.raises(Conflict):
        await scene.take(0)
    await scene.write(scene.helpers[0].user_id)
    await elapse(house, days=10, step=12)
    assert await scene.state() == "closed"
    assert (await house.tracking.mine(GUILD_ID, ASKER)).questions == ()


async def test_only_its_author_takes_it_back(house: House) -> None:
    scene = await begin(house)
    with pytest.raises(NotAllowed):
        await house.withdrawing.withdraw(scene.id, STRANGER)
    with pytest.raises(NotFound):
        await house.withdrawing.withdraw(99, ASKER)
    question = await house.ask(ASKER)
    with pytest.raises(NotFound):
        await house.withdrawing.withdraw(question.request_id, ASKER)
