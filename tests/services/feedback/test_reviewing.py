"""What readers say about a draft: written bit by bit, for their eyes alone until it is sent."""

from datetime import timedelta

import pytest

from bot.domain.drafts import MOST_POINTS, Missing
from bot.domain.lifecycle import Visibility
from bot.errors import Conflict, Invalid, LimitReached, NotAllowed, NotFound
from bot.services.feedback.reviewing import Written
from models import HelpInteraction
from tests.fakes import House
from tests.services.feedback.reviews import AUTHOR, POINT, SUMMARY, VAGUE, WRITTEN, numbered, reading

_HOUR = timedelta(hours=1)
HIDDEN = Visibility.MATCHED_ANONYMOUS


async def test_what_a_reader_says_stays_theirs_until_they_send_it(house: House) -> None:
    review = await reading(house)
    assert await house.reviewing.own(review.id, review.user(0)) is None

    own = await review.write()

    assert (own.feedback.summary, own.feedback.uses_model, own.feedback.sent_at) == (SUMMARY, True, None)
    assert await house.reviewing.own(review.id, review.user(0)) == own
    await house.settle()
    assert not house.messenger.shown
    assert await house.settling.received(review.id, AUTHOR) == []
    assert await review.state() == "taken"


async def test_writing_again_takes_the_place_of_what_was_there(house: House) -> None:
    review = await reading(house)
    await review.write()

    own = await review.write(written=Written("It says more than that."))

    assert (own.feedback.summary, own.feedback.strengths, own.feedback.uses_model) == (
        "It says more than that.",
        "",
        False,
    )
    assert len(await review.feedback()) == 1


async def test_a_point_is_added_changed_and_removed(house: House) -> None:
    review = await reading(house)
    await review.write()
    own = await review.point()
    (point,) = own.feedback.points
    assert (point.said, own.missing) == (POINT, None)

    changed = await house.reviewing.change_point(point.point_id, review.user(0), VAGUE)
    assert [each.said for each in changed.feedback.points] == [VAGUE]
    assert changed.missing is None, "a hint comes once"
    assert (await house.reviewing.own_point(point.point_id, review.user(0))).said == VAGUE

    left = await house.reviewing.remove_point(point.point_id, review.user(0))
    assert left.feedback.points == ()
    with pytest.raises(NotFound, match=r"feedback\.gone"):
        await house.reviewing.remove_point(point.point_id, review.user(0))


async def test_a_vague_point_gets_one_hint_and_is_sent_all_the_same(house: House) -> None:
    review = await reading(house)
    await review.write()

    own = await review.point(0, VAGUE)
    assert own.missing is Missing.BOTH

    sent = await review.send()
    assert sent.feedback.sent_at == house.clock.now()
    assert [each.said for each in sent.feedback.points] == [VAGUE]


async def test_three_points_are_the_most_and_the_same_one_counts_once(house: House) -> None:
    review = await reading(house)
    await review.write()
    for number in range(MOST_POINTS):
        await review.point(0, numbered(number))
    again = await review.point(0, numbered(0))
    assert len(again.feedback.points) == MOST_POINTS

    with pytest.raises(LimitReached, match=r"feedback\.too_many_points"):
        await review.point(0, numbered(MOST_POINTS))

    await house.reviewing.remove_point(again.feedback.points[1].point_id, review.user(0))
    own = await review.point(0, numbered(MOST_POINTS))
    assert [each.said.remark[-1] for each in own.feedback.points] == ["0", "2", "3"]


async def test_what_was_sent_stays_as_it_is(house: House) -> None:
    review = await reading(house)
    await review.give()
    (point,) = await review.points()

    for change in (
        review.write(),
        review.point(0, VAGUE),
        house.reviewing.own_point(point["id"], review.user(0)),
        house.reviewing.change_point(point["id"], review.user(0), VAGUE),
        house.reviewing.remove_point(point["id"], review.user(0)),
        house.reviewing.own_unsent(review.id, review.user(0)),
        house.reviewing.require_unsent(await review.feedback_of(0), review.user(0)),
    ):
        with pytest.raises(Conflict, match=r"feedback\.sent_before"):
            await change


@pytest.mark.parametrize("visibility", [Visibility.MATCHED, HIDDEN])
async def test_without_a_place_a_private_draft_takes_no_feedback(house: House, visibility: Visibility) -> None:
    review = await reading(house, 1, visibility)
    stranger = await house.person()
    before = await house.snapshot()

    for user_id, refusal in ((stranger.user_id, r"feedback\.no_place"), (AUTHOR, r"feedback\.own_draft")):
        with pytest.raises(NotAllowed, match=refusal):
            await house.reviewing.own(review.id, user_id)
        with pytest.raises(NotAllowed, match=refusal):
            await house.reviewing.keep(review.id, user_id, WRITTEN)

    assert await house.snapshot() == before


async def test_anyone_may_say_something_about_a_public_draft_and_counts_as_a_reader(house: House) -> None:
    review = await reading(house, 1, Visibility.PUBLIC)
    passer_by = 4_242

    assert await house.reviewing.own(review.id, passer_by) is None
    own = await house.reviewing.keep(review.id, passer_by, WRITTEN)
    await house.reviewing.send(own.feedback.feedback_id, passer_by)

    parts = await house.rows(HelpInteraction, request_id=review.id)
    assert [each["answered_at"] is not None for each in parts] == [False, True]


async def test_a_co_author_reads_that_it_is_their_own(house: House) -> None:
    review = await reading(house, 1, Visibility.PUBLIC)
    async with house.database.begin() as work:
        await work.drafts.name_co_authors(review.id, [4_242])

    with pytest.raises(NotAllowed, match=r"feedback\.own_draft"):
        await house.reviewing.own(review.id, 4_242)


async def test_another_reader_touches_nothing_of_it(house: House) -> None:
    review = await reading(house)
    await review.write()
    (point,) = (await review.point()).feedback.points
    feedback_id, other = await review.feedback_of(0), review.user(1)

    for act in (
        house.reviewing.send(feedback_id, other),
        house.reviewing.sent(feedback_id, other),
        house.reviewing.add_point(feedback_id, other, VAGUE),
        house.reviewing.require_unsent(feedback_id, other),
        house.reviewing.own_point(point.point_id, other),
        house.reviewing.change_point(point.point_id, other, VAGUE),
        house.reviewing.remove_point(point.point_id, other),
    ):
        with pytest.raises(NotAllowed, match=r"feedback\.not_reader"):
            await act


async def test_a_draft_that_closes_while_the_form_is_open_says_so(house: House) -> None:
    review = await reading(house)
    await review.write(0)
    feedback_id = await review.feedback_of(0)
    await house.asking.close(review.id, AUTHOR, is_moderator=False)

    for act in (
        review.write(0),
        review.write(1),
        review.point(0),
        house.reviewing.send(feedback_id, review.user(0)),
        house.reviewing.own(review.id, review.user(1)),
    ):
        with pytest.raises(Conflict, match=r"feedback\.over"):
            await act


async def test_a_draft_that_goes_while_the_form_is_open_says_so(house: House) -> None:
    review = await reading(house)
    await review.write(0)
    feedback_id = await review.feedback_of(0)
    async with house.database.begin() as work:
        request = await work.requests.hold(review.id)
        assert request is not None
        request.state = "unposted"
        await work.flush()
        await work.requests.delete_unposted([review.id])

    for act in (
        review.house.reviewing.keep(review.id, review.user(0), WRITTEN),
        house.reviewing.add_point(feedback_id, review.user(0), POINT),
        house.reviewing.send(feedback_id, review.user(0)),
        house.reviewing.own(review.id, review.user(0)),
    ):
        with pytest.raises(NotFound, match=r"feedback\.gone"):
            await act


async def test_nothing_is_no_draft(house: House) -> None:
    asked = await house.ask(AUTHOR)
    for act in (
        house.reviewing.own(asked.request_id, AUTHOR),
        house.reviewing.keep(asked.request_id, AUTHOR, WRITTEN),
        house.reviewing.own_unsent(999, AUTHOR),
        house.settling.received(asked.request_id, AUTHOR),
    ):
        with pytest.raises(NotFound):
            await act


@pytest.mark.parametrize("written", [Written(" "), Written("x" * 401), Written("Fine.", "x" * 601)])
async def test_what_does_not_fit_is_not_kept(house: House, written: Written) -> None:
    review = await reading(house)

    with pytest.raises(Invalid):
        await review.write(written=written)

    assert not await review.feedback()
