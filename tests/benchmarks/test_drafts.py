"""What past drafts cost a new one is measured on two whole communities, of which one has a past."""

from pathlib import Path

from sqlalchemy import func, select

from benchmarks import drafts
from benchmarks.history import READERS, Size, grow
from benchmarks.ranking import ENGLISH, MULTILINGUAL
from models import Draft, DraftVector, Feedback, FeedbackPoint, Invitation
from reliability.community import opened


async def test_both_communities_ask_and_ask_again() -> None:
    figures = await drafts.measure(past=3, people=20, repeats=2, warm_up=1)
    assert [each.name for each in figures] == [f"{name}, after 3 drafts" for name in (drafts.POST, drafts.SWEEP)]
    assert all(each.ratio and each.ratio.low <= each.ratio.middle <= each.ratio.high for each in figures)


async def test_a_past_draft_has_all_that_a_draft_leaves_behind(tmp_path: Path) -> None:
    database = await opened(tmp_path / "morsel.sqlite3")
    await grow(database, 1, 1, Size(people=8, drafts=3), (ENGLISH, MULTILINGUAL))
    async with database.engine.connect() as connection:
        counts = [
            await connection.scalar(select(func.count()).select_from(table))
            for table in (Draft, DraftVector, Invitation, Feedback, FeedbackPoint)
        ]
    await database.close()
    assert counts == [3, 3 * 2, 3 * 4, 3 * READERS, 3 * READERS * 3]
