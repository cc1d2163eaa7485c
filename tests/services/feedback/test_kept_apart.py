"""An author and a reader who block each other half-way: the place goes to another reader, and neither reads why."""

from datetime import timedelta

import pytest

from bot.domain.drafts import PointOutcome
from bot.domain.lifecycle import Visibility
from bot.errors import Conflict, NotFound
from bot.services.feedback.comparing import Together
from tests.factories import GUILD_ID, an_invitation
from tests.fakes import House
from tests.services.drafts import DraftScene, begin_draft
from tests.services.feedback.reviews import THREAD_ID, Review, reading, thread_lines
from tests.services.scenes import ASKER, elapse, said_to

pytestmark = pytest.mark.both
AUTHOR = ASKER
NAMED = [Visibility.MATCHED, Visibility.PUBLIC]
BOTH_WAYS = pytest.mark.parametrize("is_authors", [True, False])


async def block(house: House, reader_id: int, *, is_authors: bool) -> None:
    one, other = (AUTHOR, reader_id) if is_authors else (reader_id, AUTHOR)
    await house.blocking.block(GUILD_ID, one, other)
    await house.settle()


async def taken(house: House, visibility: Visibility, helpers: int = 3) -> tuple[DraftScene, int]:
    """Let a draft for one reader be taken; return it, and the place of its reader."""
    scene = await begin_draft(house, helpers, visibility=visibility, readers=1)
    await house.settle()
    (place,) = (await scene.places("asked"))[:1]
    await scene.take(place)
    await house.settle()
    return scene, place


@BOTH_WAYS
@pytest.mark.parametrize("visibility", NAMED)
async def test_the_place_goes_to_another_reader_at_once(
    house: House, visibility: Visibility, *, is_authors: bool
) -> None:
    scene, place = await taken(house, visibility)
    reader = scene.helpers[place].user_id
    before = len(said_to(house, reader))

    await block(house, reader, is_authors=is_authors)

    assert (await scene.states())[place] == "released"
    assert await scene.state() == "waiting"
    assert len(await scene.places("asked")) > 0
    assert len(said_to(house, reader)) == before
    assert (await house.tracking.mine(GUILD_ID, reader)).duties == ()
    lines = [each.content.text for each in said_to(house, AUTHOR) if each.kind == "notice"]
    assert lines == ["asker.asking_others"]


async def test_an_alternate_has_the_place_at_once(house: House) -> None:
    review = await reading(house, 1)
    other = await house.helper()
    async with house.database.begin() as work:
        draft = await work.requests.get(review.id)
        assert draft is not None
        await an_invitation(work, draft, other, state="alternate")
    await block(house, review.user(0), is_authors=True)
    (duty,) = (await house.tracking.mine(GUILD_ID, other.user_id)).duties
    assert duty.state == "taken"
    assert await review.state() == "taken"


async def test_a_hidden_author_s_block_ends_it_and_tells_the_reader_nothing(house: House) -> None:
    scene, place = await taken(house, Visibility.MATCHED_ANONYMOUS)
    await block(house, scene.helpers[place].user_id, is_authors=True)
    assert (await scene.states())[place] == "released"


async def test_a_reader_s_own_block_never_tells_who_a_hidden_author_is(house: House) -> None:
    scene, place = await taken(house, Visibility.MATCHED_ANONYMOUS)
    reader = scene.helpers[place].user_id
    before = await house.tracking.mine(GUILD_ID, reader)

    await block(house, reader, is_authors=False)

    assert await house.tracking.mine(GUILD_ID, reader) == before
    await elapse(house, hours=72)
    assert (await scene.states())[place] == "released"


@BOTH_WAYS
@pytest.mark.parametrize("visibility", [*NAMED, Visibility.MATCHED_ANONYMOUS])
async def test_what_is_sent_afterwards_reaches_no_author_and_fills_no_place(
    house: House, visibility: Visibility, *, is_authors: bool
) -> None:
    review = await reading(house, 1, visibility)
    await review.write()
    await review.point()
    await block(house, review.user(0), is_authors=is_authors)

    own = await review.send()
    await house.settle()

    assert own.feedback.sent_at is not None
    assert await review.state() == "waiting"
    assert await house.settling.received(review.id, AUTHOR) == []
    assert {each.kind for each in said_to(house, AUTHOR)} <= {"notice"}
    found = (await house.tracking.request(review.id, AUTHOR)).draft
    assert found is not None
    assert not found.has_feedback
    await elapse(house, days=4, step=12)
    assert {each.kind for each in said_to(house, AUTHOR)} <= {"notice"}
    # The reader reads what they would read anyway, unless they know who is kept away.
    is_seen = is_authors or visibility is Visibility.MATCHED_ANONYMOUS
    assert thread_lines(house).count("thread.feedback_sent") == is_seen


@BOTH_WAYS
async def test_what_was_sent_before_is_out_of_sight_and_so_is_what_becomes_of_it(
    house: House, *, is_authors: bool
) -> None:
    review = await reading(house, 2)
    first = await review.give(0)
    await review.give(1)
    await house.comparing.write(review.id, review.user(0), "We both stumbled.")

    await block(house, review.user(0), is_authors=is_authors)
    house.clock.advance(timedelta(minutes=10))
    await review.settle_point(0, PointOutcome.CHANGED, "Thank you")
    await house.settling.tell(first, AUTHOR)
    await house.settle()

    assert [each.feedback.reader_user_id for each in await house.settling.received(review.id, AUTHOR)] == [
        review.user(1)
    ]
    assert await house.settling.together(review.id, AUTHOR) == ""
    assert review.told(AUTHOR, "joint") == []
    assert review.told(review.user(0), "became") == []
    assert not (await house.reviewing.sent(first, review.user(0))).feedback.is_closed


async def test_readers_who_are_kept_apart_see_and_agree_to_nothing_of_each_other(house: House) -> None:
    review: Review = await reading(house, 3)
    for place in range(3):
        await review.give(place)
    await house.blocking.block(GUILD_ID, review.user(0), review.user(1))
    at = await house.comparing.propose(review.id, review.user(0), "Fri 17:00 UTC")
    await house.comparing.write(review.id, review.user(0), "We all stumbled.")

    assert await house.comparing.together(review.id, review.user(1)) == Together()
    with pytest.raises(NotFound, match=r"feedback\.no_time"):
        await house.comparing.agree(review.id, review.user(1), 0)
    assert (await house.comparing.together(review.id, review.user(2))).words == "We all stumbled."
    assert await house.comparing.agree(review.id, review.user(2), 0) == at


async def test_readers_who_are_kept_apart_compare_no_notes(house: House) -> None:
    review: Review = await reading(house, 3)
    for place in range(3):
        await review.give(place)
    await house.blocking.block(GUILD_ID, review.user(0), review.user(1))

    at = await house.comparing.propose(review.id, review.user(0), "Fri 17:00 UTC")
    await house.comparing.agree(review.id, review.user(2), 0)
    await house.comparing.write(review.id, review.user(0), "We all stumbled.")
    house.clock.moment = at
    await house.settle()

    compared = house.messenger.of("compare")
    assert {each.content.readers for each in compared if each.content.reader_user_id == review.user(0)} == {
        (review.user(0), review.user(2))
    }
    assert review.told(review.user(1), "joint") == []
    assert len(review.told(review.user(2), "joint")) == 1
    assert {each.channel_id for each in compared} == {THREAD_ID}


async def test_a_reader_who_is_kept_apart_writes_over_nothing_that_they_cant_see(house: House) -> None:
    review: Review = await reading(house, 3)
    for place in range(3):
        await review.give(place)
    await house.blocking.block(GUILD_ID, review.user(0), review.user(1))
    at = await house.comparing.propose(review.id, review.user(0), "Fri 17:00 UTC")
    await house.comparing.write(review.id, review.user(0), "We all stumbled.")

    form = await house.comparing.together(review.id, review.user(1))
    with pytest.raises(Conflict, match=r"feedback\.note_changed"):
        await house.comparing.write(review.id, review.user(1), "I didn't.", form.version)
    with pytest.raises(Conflict, match=r"feedback\.time_taken"):
        await house.comparing.propose(review.id, review.user(1), "Sat 17:00 UTC")

    kept = await house.comparing.together(review.id, review.user(2))
    assert (kept.words, kept.meets_at) == ("We all stumbled.", at)
    house.clock.moment = at
    await house.comparing.propose(review.id, review.user(1), "Sun 17:00 UTC")


@BOTH_WAYS
@pytest.mark.parametrize("visibility", NAMED)
async def test_an_invitation_from_before_is_taken_no_more_and_others_are_asked(
    house: House, visibility: Visibility, *, is_authors: bool
) -> None:
    scene = await begin_draft(house, 3, visibility=visibility, readers=1)
    await house.settle()
    place, *_ = await scene.places("asked")
    asked = set(await scene.places("asked"))
    await block(house, scene.helpers[place].user_id, is_authors=is_authors)
    lines = thread_lines(house)

    for _ in range(2):
        with pytest.raises(Conflict, match=r"invitation\.others_asked"):
            await scene.take(place)
    await house.settle()

    assert (await scene.states())[place] == "expired"
    assert await scene.state() == "waiting"
    assert set(await scene.places("asked")) - asked, "another reader is asked at once"
    assert thread_lines(house) == lines
    await house.blocking.unblock(GUILD_ID, *await pair(house, scene, place, is_authors=is_authors))
    await scene.take(place)
    assert (await scene.states())[place] == "taken"


async def pair(house: House, scene: DraftScene, place: int, *, is_authors: bool) -> tuple[int, list[int]]:
    """Return who blocked, and the member they blocked."""
    reader = scene.helpers[place]
    if not is_authors:
        return reader.user_id, list(await house.blocking.blocked(GUILD_ID, reader.user_id))
    return AUTHOR, [reader.id]


@BOTH_WAYS
async def test_a_hidden_author_is_told_from_no_other_by_taking_their_draft(house: House, *, is_authors: bool) -> None:
    scene = await begin_draft(house, 3, visibility=Visibility.MATCHED_ANONYMOUS, readers=1)
    await house.settle()
    place, *_ = await scene.places("asked")
    await block(house, scene.helpers[place].user_id, is_authors=is_authors)
    if is_authors:
        with pytest.raises(Conflict, match=r"invitation\.others_asked"):
            await scene.take(place)
    else:
        await scene.take(place)
        assert (await scene.states())[place] == "taken"
