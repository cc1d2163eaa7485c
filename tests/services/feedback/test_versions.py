"""New versions: what authors hand in for the next round, and what their readers hear of the round before."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.draft_reading import DraftSize
from bot.domain.drafts import PointOutcome
from bot.domain.lifecycle import Visibility
from bot.errors import Conflict, HouseError, Invalid, NotAllowed, NotFound
from bot.services.feedback.contents import BecameOf, Guide
from bot.services.feedback.drafting_results import HandedIn
from bot.services.feedback.letters import TOLD_AFTER, guide_readers
from bot.services.feedback.versions import NewVersion
from bot.ui import letters
from models import Draft, OutboxFile, OutboxLetter
from tests.fakes import House, values
from tests.services.feedback.reviews import AUTHOR, POINT, VAGUE, Review, reading, thread_lines
from tests.services.feedback.test_drafting import PDF, WORDS, handed_in, refused

pytestmark = pytest.mark.both
NEW = NewVersion("in 6 days AoE", "The comparison is fair now.")
HIDDEN = Visibility.MATCHED_ANONYMOUS


@pytest.fixture
async def review(house: House) -> Review:
    """Let two people have read a draft, and its author have settled a point of one of them."""
    review = await reading(house, whole_words=900, words=900, link="https://example.org/first")
    await review.give(0, POINT, VAGUE)
    await review.give(1)
    await review.settle_point(0, PointOutcome.CHANGED, "Trained again.")
    return review


async def begin_next(review: Review, /, **chosen: object) -> None:
    """Let the next round begin an hour later."""
    review.house.clock.advance(timedelta(hours=1))
    await review.house.rounds.next(review.id, AUTHOR, replace(NEW, **chosen))  # type: ignore[arg-type]


async def wait(house: House, length: timedelta) -> None:
    house.clock.advance(length)
    await house.settle()


def guide(house: House) -> Guide:
    """Return what the thread read last of how to give feedback."""
    content = house.messenger.of("guide")[-1].content
    assert isinstance(content, Guide)
    return content


def shown(each: Any) -> str:  # noqa: ANN401
    """Return every word of a letter."""
    seen = letters.letter(each)
    return repr((seen.content, seen.embed and seen.embed.to_dict()))


async def test_a_file_waits_until_the_thread_of_the_draft_has_it(review: Review) -> None:
    house = review.house
    await begin_next(review, file=handed_in(WORDS, "second.md"))
    (kept,) = await house.rows(OutboxFile)
    assert (kept["key"], kept["name"], kept["content"]) == (f"guide:{review.id}:2", "second.md", WORDS)
    draft = await review.draft()
    assert (draft["link"], draft["file_format"], draft["words"], draft["whole_words"]) == (None, "text", 1_000, 1_000)

    await house.settle()

    file = guide(house).file
    assert file is not None
    assert (file.name, file.content) == ("second.md", WORDS)
    assert await house.rows(OutboxFile) == []
    assert "The comparison is fair now." in shown(house.messenger.of("guide")[-1])


async def test_without_a_text_readers_look_at_the_same_one(house: House) -> None:
    review = await reading(house, words=300, whole_words=900, part="1/3", file_format="pdf")
    await review.give(0)
    await review.give(1)
    await begin_next(review)
    await house.settle()
    draft = await review.draft()
    assert (draft["file_format"], draft["words"], draft["part"], draft["round"]) == ("pdf", 900, None, 2)
    assert guide(house).file is None
    assert "further up in this thread" in shown(house.messenger.of("guide")[-1])


async def test_the_thread_reads_that_there_is_a_new_version_however_long_that_takes(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = review.house.clock

    def passing() -> datetime:
        clock.advance(timedelta(milliseconds=1))
        return clock.moment

    monkeypatch.setattr(clock, "now", passing)
    await begin_next(review)
    await review.house.settle()
    assert thread_lines(review.house)[-1] == "feedback.new_round"


async def test_a_link_takes_the_place_of_a_file_and_a_picked_length_counts(house: House) -> None:
    review = await reading(house, words=900, whole_words=900, file_format="pdf")
    await review.give(0)
    await review.give(1)
    await begin_next(review, link="https://example.org/second", size=DraftSize.UNDER_500)
    draft = await review.draft()
    assert (draft["link"], draft["file_format"]) == ("https://example.org/second", None)
    assert draft["words"] == DraftSize.UNDER_500.words


async def test_a_hidden_author_s_file_says_nothing_of_them(house: House) -> None:
    review = await reading(house, visibility=HIDDEN)
    await review.give(0)
    await review.give(1)
    house.files.record = {"Author": "Amina"}
    await begin_next(review, file=handed_in(PDF, "amina.pdf"))
    (kept,) = await house.rows(OutboxFile)
    assert kept["name"] == "draft.pdf"
    assert kept["content"] == await house.files.without_record(PDF)
    await house.settle()
    assert "amina" not in repr(house.messenger.of("guide")[-1]).casefold()


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        ({"changes": " "}, "no_changes"),
        ({"needed_by": "yesterday"}, "."),
        ({"link": "no link"}, "link"),
        ({"link": "https://example.org/a", "file": handed_in()}, "one_source"),
        ({"file": refused(NotFound("file.vanished"))}, "vanished"),
        ({"review": "It is thin."}, "choice"),
    ],
)
async def test_what_can_t_be_used_changes_nothing(review: Review, chosen: dict[str, object], refusal: str) -> None:
    before = await review.house.snapshot()
    with pytest.raises(HouseError, match=refusal):
        await begin_next(review, **chosen)
    after = await review.house.snapshot()
    # Each file that is fetched is counted, whatever becomes of it.
    assert len(after.pop("done")) - len(before.pop("done")) == (refusal == "vanished")
    assert after == before


async def test_a_pdf_that_can_t_be_read_goes_with_a_length_typed_by_hand(review: Review) -> None:
    review.house.files.refusal = Invalid("file.broken")
    with pytest.raises(Invalid, match=r"file\.broken"):
        await begin_next(review, file=handed_in(PDF, "second.pdf"))
    await begin_next(review, file=handed_in(PDF, "second.pdf"), size=DraftSize.UNDER_1500)
    assert (await review.draft())["words"] == DraftSize.UNDER_1500.words
    assert values(await review.house.rows(OutboxFile), "name") == ["second.pdf"]


async def test_a_file_is_fetched_only_where_a_round_may_begin(house: House) -> None:
    review = await reading(house)
    fetched: list[bytes] = []

    async def fetch() -> bytes:
        fetched.append(WORDS)
        return WORDS

    for user_id, refusal in ((AUTHOR, Conflict), (review.user(0), NotAllowed)):
        with pytest.raises(refusal):
            await house.rounds.next(review.id, user_id, replace(NEW, file=HandedIn("a.md", fetch)))
        with pytest.raises(refusal):
            await house.rounds.stage(review.id, user_id)
    assert fetched == []


async def test_a_review_s_next_round_takes_its_words_and_nothing_else(house: House) -> None:
    review = await reading(house, stage="review", review_text="It is thin.", may_show=True, words=3, whole_words=3)
    await review.give(0)
    await review.give(1)
    with pytest.raises(Invalid, match="review_only"):
        await begin_next(review, link="https://example.org/paper")
    with pytest.raises(Invalid, match="review_only"):
        await begin_next(review, file=handed_in())
    await begin_next(review, review="It is thin, and here is why.")
    await house.settle()
    assert guide(house).review == "It is thin, and here is why."
    assert (await review.draft())["words"] == 7


async def test_a_review_whose_words_are_gone_needs_them_again(house: House) -> None:
    review = await reading(house, stage="review", review_text=None, may_show=True, words=3, whole_words=3)
    await review.give(0)
    await review.give(1)
    with pytest.raises(Invalid, match="review_too_short"):
        await begin_next(review)
    await begin_next(review, review="It is thin.")
    assert (await review.draft())["review_text"] == "It is thin."


async def test_once_all_who_took_it_have_sent_theirs_its_author_may_go_on(house: House) -> None:
    review = await one_of_two(house)
    assert await review.state() == "waiting"
    await begin_next(review)
    assert (await review.draft())["round"] == 2


async def one_of_two(house: House) -> Review:
    """Let one person have read a draft that has room for two."""
    review = await reading(house, 1)
    async with house.database.begin() as work:
        draft = await work.drafts.get(review.id)
        assert isinstance(draft, Draft)
        draft.readers = 2
    await review.give(0)
    return review


async def test_each_reader_reads_what_became_of_their_points_and_what_goes_on(review: Review) -> None:
    house = review.house
    await begin_next(review)
    await house.settle()
    (first,), (second,) = (review.told(review.user(place), "became") for place in (0, 1))
    assert isinstance(first.content, BecameOf)
    assert [(each.outcome, each.is_carried) for each in first.content.feedback.points] == [
        (PointOutcome.CHANGED, False),
        (None, True),
    ]
    assert "Trained again." in shown(first)
    assert "still open, so it goes on to the new version" in shown(first)
    assert [each.is_carried for each in second.content.feedback.points] == [True]
    assert VAGUE.remark not in shown(second), "one reader's points are no other's to read"


async def test_who_was_told_before_isn_t_told_again(review: Review) -> None:
    house = review.house
    await review.settle_point(1, PointOutcome.DIFFERENTLY)
    await wait(house, TOLD_AFTER)
    assert len(review.told(review.user(0), "became")) == 1
    await begin_next(review)
    await wait(house, TOLD_AFTER)
    assert len(review.told(review.user(0), "became")) == 1
    (row,) = [each for each in await review.feedback() if each["reader_id"] == review.readers[0].id]
    assert row["closed_at"] is not None
    with pytest.raises(Conflict, match="told_before"):
        await review.settle_point(0, PointOutcome.PARTLY)


async def test_what_is_told_in_a_while_and_what_a_new_round_tells_are_one(review: Review) -> None:
    await review.settle_point(1, PointOutcome.DIFFERENTLY)
    review.house.clock.advance(timedelta(minutes=1))
    await review.house.rounds.next(review.id, AUTHOR, NEW)
    await review.house.settle()
    await wait(review.house, TOLD_AFTER)
    assert len(review.told(review.user(0), "became")) == 1


async def test_its_author_settles_open_points_in_the_next_round_and_their_reader_hears_of_it(review: Review) -> None:
    house = review.house
    await review.house.settling.tell(await review.feedback_of(0), AUTHOR)
    await begin_next(review)
    await house.settle()
    received = {
        each.feedback.reader_user_id: each.feedback for each in await house.settling.received(review.id, AUTHOR)
    }
    open_points = [each for said in received.values() for each in said.points if each.is_carried]
    assert len(open_points) == 2
    assert not any(said.is_closed or said.is_settled for said in received.values())

    settled = await review.settle_point(1, PointOutcome.NOT_NOW, "In the long version.")
    assert settled.feedback.is_settled
    await wait(house, TOLD_AFTER)

    (_, again) = review.told(review.user(0), "became")
    assert "In the long version." in shown(again)
    assert await house.reviewing.carried(review.id, review.user(0)) == ()


async def test_what_was_put_off_is_open_again_and_settled_by_saying_so_once_more(review: Review) -> None:
    await review.settle_point(2, PointOutcome.NOT_NOW)
    await wait(review.house, TOLD_AFTER)
    await begin_next(review)
    (point,) = await review.house.reviewing.carried(review.id, review.user(1))
    assert point.outcome is PointOutcome.NOT_NOW
    assert not (await review.house.settling.received(review.id, AUTHOR))[1].feedback.is_settled
    assert (await review.settle_point(2, PointOutcome.NOT_NOW)).feedback.is_settled
    await begin_next_after_all_sent(review)
    assert [each.outcome for each in await review.house.reviewing.carried(review.id, review.user(1))] == [
        PointOutcome.NOT_NOW
    ]


async def begin_next_after_all_sent(review: Review) -> None:
    """Let the third round begin once the date of the second has passed."""
    review.house.clock.advance(timedelta(days=9))
    await begin_next(review)


async def test_a_reader_sees_their_own_open_points_and_no_other_s(review: Review) -> None:
    house = review.house
    await begin_next(review)
    (own,) = await house.reviewing.carried(review.id, review.user(0))
    (other,) = await house.reviewing.carried(review.id, review.user(1))
    assert (own.said, other.said) == (VAGUE, POINT)
    page = await review.write(0)
    assert [each.said for each in page.carried] == [VAGUE]
    with pytest.raises(NotAllowed):
        await house.reviewing.carried(review.id, AUTHOR)
    stranger = await house.person()
    with pytest.raises(NotAllowed):
        await house.reviewing.carried(review.id, stranger.user_id)
    await house.settle()
    for remark in (POINT.remark, VAGUE.remark):
        assert remark not in shown(house.messenger.of("guide")[-1]), "the thread is read by all readers"


async def test_a_guide_that_waited_for_its_thread_too_long_says_nothing(review: Review) -> None:
    house = review.house
    await begin_next(review, file=handed_in(WORDS, "second.md"))
    async with house.database.begin() as work:
        draft = await work.drafts.get(review.id)
        assert draft is not None
        draft.round += 1
    await house.settle()
    assert house.messenger.of("guide") == []
    assert await house.rows(OutboxFile) == []


async def test_taking_a_draft_back_in_its_second_round_takes_both_rounds_back(house: House) -> None:
    review = await reading(house, link="https://example.org/first")
    async with house.database.begin() as work:
        draft = await work.drafts.get(review.id)
        assert draft is not None
        await guide_readers(work, draft, house.clock.now())
    await house.settle()
    await review.give(0)
    await review.give(1)
    await begin_next(review, file=handed_in(WORDS, "second.md"), changes="A zebrafinch.")
    await house.settle()
    assert len(house.messenger.of("guide")) == 2
    await begin_next_with_waiting_file(review)
    await house.withdrawing.withdraw(review.id, AUTHOR)
    assert await house.rows(OutboxFile) == []
    await house.settle()
    left = [each for each in house.messenger.visible() if each.kind in {"guide", "became", "invitation"}]
    assert left == []
    assert not any("zebrafinch" in shown(each) for each in house.messenger.visible() if each.kind == "notice")
    assert not any("zebrafinch" in repr(row) for rows in (await house.snapshot()).values() for row in rows)


async def begin_next_with_waiting_file(review: Review) -> None:
    """Let the third round begin with a file that its thread hasn't got yet."""
    review.house.clock.advance(timedelta(days=9))
    await begin_next(review, file=handed_in(WORDS, "third.md"))
    assert len(await review.house.rows(OutboxFile)) == 1
    assert [row for row in await review.house.rows(OutboxLetter, kind="guide") if row["due_at"]]
