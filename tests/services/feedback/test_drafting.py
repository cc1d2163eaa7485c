"""Writing a draft down, choosing what goes with it, and sending it on its way."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.draft_reading import DraftSize
from bot.domain.drafts import Area, Stage
from bot.domain.lifecycle import Visibility
from bot.errors import Conflict, HouseError, Invalid, LimitReached, NotAllowed, NotFound, Unavailable
from bot.services.feedback.contents import Guide
from bot.services.feedback.drafting_results import DraftChoices, DraftPreview, HandedIn, NewDraft
from models import Draft, DraftVector, Invitation, OutboxFile, OutboxLetter, Request
from tests.factories import GUILD_ID
from tests.fakes import QUESTION, House, new_id, values

pytestmark = pytest.mark.both
AUTHOR, OTHER = 77, 78
ABOUT = f"{QUESTION}\nWe think it is the blank symbol."
READS = QUESTION[:200]
"""What readers know about."""
WORDS = b"The blank symbol comes late. " * 200
PDF = b"%PDF-1.7 " + WORDS


def handed_in(content: bytes = WORDS, name: str = "draft.md") -> HandedIn:
    async def fetch() -> bytes:
        return content

    return HandedIn(name, fetch)


def refused(refusal: HouseError) -> HandedIn:
    async def fetch() -> bytes:
        raise refusal

    return HandedIn("draft.pdf", fetch)


def new(**chosen: object) -> NewDraft:
    """Fill in the form; each is a submission of its own."""
    filled = NewDraft(
        GUILD_ID, AUTHOR, new_id(), about=ABOUT, questions="Is section 4 fair?", needed_by="in 2 weeks AoE",
        link="https://example.org/draft",
    )  # fmt: skip
    return replace(filled, **chosen)  # type: ignore[arg-type]  # the fields come last


async def with_file(house: House, content: bytes = WORDS, name: str = "draft.md") -> DraftPreview:
    return await house.drafting.write(new(link="", file=handed_in(content, name)))


async def sized(house: House) -> int:
    """Let the author write a draft with a link down, say how long it is, and return it."""
    written = await house.drafting.write(new())
    await choose(house, written, size=DraftSize.UNDER_1500)
    return written.draft.request_id


async def choose(house: House, written: DraftPreview, **chosen: object) -> DraftPreview:
    return await house.choosing.choose(written.draft.request_id, AUTHOR, DraftChoices(**chosen))  # type: ignore[arg-type]


async def guide(house: House) -> Guide:
    """Send everything, and return what readers were given."""
    await house.settle()
    (letter,) = house.messenger.of("guide")
    assert isinstance(letter.content, Guide)
    return letter.content


async def test_what_was_understood_is_shown_and_nothing_is_sent(house: House) -> None:
    result = await with_file(house)

    assert (result.draft.words, result.whole_words, result.file_name) == (1_000, 1_000, "draft.md")
    assert (result.draft.questions, result.draft.readers) == (("Is section 4 fair?",), 2)
    assert result.draft.visibility is Visibility.MATCHED
    assert result.closes_at > house.clock.now() + timedelta(days=13)
    assert not await house.rows(OutboxLetter)


async def test_the_thread_gets_the_file_which_is_then_forgotten(house: House) -> None:
    await house.helpers(3, READS, longest_read=45)
    written = await with_file(house)

    receipt = await house.drafting.post(written.draft.request_id, AUTHOR)

    assert receipt.invited == 2
    given = await guide(house)
    assert given.file is not None
    assert (given.file.name, given.file.content) == ("draft.md", WORDS)
    assert await house.rows(OutboxFile) == []


async def test_the_same_submission_is_kept_once_and_so_is_the_same_press(house: House) -> None:
    submitted = new(link="", file=handed_in())
    written = [await house.drafting.write(submitted) for _ in range(2)]
    ids = {each.draft.request_id for each in written}
    assert len(ids) == len(await house.rows(Draft)) == len(await house.rows(OutboxFile)) == 1

    await asyncio.gather(*(house.drafting.post(each, AUTHOR) for each in ids for _ in range(3)))

    await house.settle()
    assert len(house.messenger.of("post")) == len(house.messenger.of("guide")) == 1


@pytest.mark.parametrize(
    ("key", "filled"),
    [
        ("feedback.about_too_short", {"about": "Speech"}),
        ("feedback.about_too_long", {"about": "w" * 3_001}),
        ("feedback.no_question", {"questions": " \n-"}),
        ("feedback.too_many_questions", {"questions": "a?\nb?\nc?\nd?"}),
        ("feedback.question_too_long", {"questions": "w" * 301}),
        ("feedback.link_unreadable", {"link": "not a link"}),
        ("feedback.link_unreadable", {"link": "file:///etc/passwd"}),
        ("feedback.link_password", {"link": "https://me:secret@example.org/"}),
        ("feedback.link_too_long", {"link": "https://example.org/" + "w" * 500}),
        ("feedback.one_source", {"file": handed_in()}),
        ("deadline.unreadable", {"needed_by": "soonish"}),
        ("deadline.past", {"needed_by": "2001-01-01 12:00 UTC"}),
        ("deadline.too_far", {"needed_by": "in 60 weeks AoE"}),
        ("deadline.no_zone", {"needed_by": "tomorrow 18:00"}),
    ],
)
async def test_what_cant_be_used_is_refused_before_anything_is_kept(
    house: House, key: str, filled: dict[str, object]
) -> None:
    with pytest.raises((Invalid, LimitReached)) as refusal:
        await house.drafting.write(new(**filled))
    assert refusal.value.key == key
    assert await house.rows(Request) == []


@pytest.mark.parametrize(
    "refusal", [NotFound("file.vanished"), Unavailable("file.unreachable"), Invalid("file.too_large", most=8)]
)
async def test_a_file_that_cant_be_had_is_a_sentence_and_its_author_goes_on(house: House, refusal: HouseError) -> None:
    written = await house.drafting.write(new(link="", file=refused(refusal)))

    assert written.refusal is refusal
    assert (written.draft.has_file, written.whole_words) == (False, 0)
    row = written.draft.request_id
    again = await house.drafting.write(new(changes=row))
    await choose(house, again, size=DraftSize.PAPER)
    assert (await house.drafting.post(row, AUTHOR)).request_id == row
    assert (await guide(house)).question.link == "https://example.org/draft"


@pytest.mark.parametrize(("content", "is_kept"), [(PDF, True), (b"PK\x03\x04", False)])
async def test_a_pdf_that_cant_be_read_is_sent_with_a_length_picked_by_hand(
    house: House, content: bytes, *, is_kept: bool
) -> None:
    house.files.refusal = Invalid("file.encrypted")

    written = await with_file(house, content, "draft.pdf")

    assert written.refusal is house.files.refusal
    assert (written.draft.has_file, written.whole_words) == (is_kept, 0)
    assert (await choose(house, written, size=DraftSize.UNDER_500)).draft.words == 500


async def test_every_choice_is_kept(house: House) -> None:
    written = await with_file(house)

    await choose(house, written, stage=Stage.TALK, areas=(Area.DESIGN,), readers=3, visibility=Visibility.PUBLIC)
    shown = await choose(house, written, co_authors=(OTHER,), may_read=True)

    draft = shown.draft
    assert (draft.stage, draft.areas) == (Stage.TALK, (Area.DESIGN,))
    assert (draft.readers, draft.visibility) == (3, Visibility.PUBLIC)
    assert (set(shown.co_authors), shown.may_read) == ({OTHER}, True)


@pytest.mark.parametrize("chosen", [{"readers": 4}, {"readers": 0}, {"visibility": Visibility.ANONYMOUS}, {"part": 9}])
async def test_a_choice_that_isnt_offered_is_refused(house: House, chosen: dict[str, object]) -> None:
    written = await with_file(house)
    with pytest.raises(Invalid, match=r"error\.choice"):
        await choose(house, written, **chosen)


async def test_a_co_author_is_never_asked(house: House) -> None:
    wrote_too, other = await house.helpers(2, READS, longest_read=45)
    written = await with_file(house)
    await choose(house, written, co_authors=(wrote_too.user_id,))
    assert (await house.drafting.post(written.draft.request_id, AUTHOR)).invited == 1
    assert values(await house.rows(Invitation), "member_id") == [other.id]


async def test_a_long_draft_is_offered_in_parts_along_its_headings(house: House) -> None:
    text = "\n".join(f"# {title}\n{'word ' * 2_500}" for title in ("Introduction", "Methods", "Results"))
    written = await with_file(house, text.encode())
    assert [each.titles for each in written.parts] == [("Introduction", "Methods"), ("Results",)]

    shown = await choose(house, written, part=2)

    assert (shown.draft.part, shown.draft.words, shown.whole_words) == ("2/2: Results", 2_501, 7_506)
    assert (await choose(house, written, part=0)).draft.words == 7_506


async def test_a_link_of_a_whole_paper_is_offered_in_equal_parts(house: House) -> None:
    written = await house.drafting.write(new())
    shown = await choose(house, written, size=DraftSize.PAPER)
    assert sum(each.words for each in shown.parts) == DraftSize.PAPER.words
    assert (await choose(house, written, part=1)).draft.part == f"1/{len(shown.parts)}"


async def test_who_is_to_stay_unknown_sees_what_a_pdf_says_and_may_leave_it_out(house: House) -> None:
    house.files.record = {"Author": "Amina"}
    written = await with_file(house, PDF, "amina.pdf")
    assert written.record is None

    shown = await choose(house, written, visibility=Visibility.MATCHED_ANONYMOUS)

    assert (shown.record, shown.file_name) == ({"Author": "Amina"}, "draft.pdf")
    row = written.draft.request_id
    await house.choosing.clean_file(row, AUTHOR)
    await house.drafting.post(row, AUTHOR)
    given = await guide(house)
    assert given.file is not None
    assert (given.file.name, given.file.content) == ("draft.pdf", PDF + b" (copy)")
    assert given.question.asker_user_id is None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("My draft", "My draft.md"),
        ("../../etc/passwd", "etc passwd.md"),
        ("\u202efdp.exe", "fdp.md"),
        ("**", "draft.md"),
    ],
)
async def test_a_file_is_called_as_its_author_types_and_nothing_else(house: House, typed: str, shown: str) -> None:
    written = await with_file(house)
    assert (await house.choosing.name_file(written.draft.request_id, AUTHOR, typed)).file_name is not None
    kept = values(await house.rows(OutboxFile), "name")
    assert kept[0].removesuffix(".txt").removesuffix(".md") == shown.removesuffix(".md")


async def test_a_review_is_its_words_alone_and_only_where_the_venue_allows_it(house: House) -> None:
    idea = await house.drafting.write(new(link=""))
    row = idea.draft.request_id
    await choose(house, idea, stage=Stage.REVIEW)
    with pytest.raises(Invalid, match=r"feedback\.review_too_short"):
        await house.drafting.post(row, AUTHOR)
    with pytest.raises(Invalid, match=r"feedback\.review_not_allowed"):
        await house.choosing.show_review(row, AUTHOR, "The paper is clear.", is_allowed=False)

    shown = await house.choosing.show_review(row, AUTHOR, "The paper is clear.", is_allowed=True)

    assert (shown.has_review, shown.draft.words) == (True, 4)
    await house.drafting.post(row, AUTHOR)
    assert (await guide(house)).review == "The paper is clear."


async def test_no_paper_is_shown_with_a_review_of_it(house: House) -> None:
    written = await house.drafting.write(new())
    with pytest.raises(Invalid, match=r"feedback\.review_only"):
        await choose(house, written, stage=Stage.REVIEW)
    with pytest.raises(Invalid, match=r"feedback\.review_only"):
        await house.choosing.show_review(written.draft.request_id, AUTHOR, "Clear.", is_allowed=True)


async def test_a_draft_without_a_length_or_anything_to_read_isnt_sent(house: House) -> None:
    written = await house.drafting.write(new())
    with pytest.raises(Invalid, match=r"feedback\.no_size"):
        await house.drafting.post(written.draft.request_id, AUTHOR)
    empty = await house.drafting.write(new(link=""))
    await choose(house, empty, size=DraftSize.UNDER_500)
    with pytest.raises(Invalid, match=r"feedback\.nothing_to_read"):
        await house.drafting.post(empty.draft.request_id, AUTHOR)
    await choose(house, empty, stage=Stage.IDEA)
    await house.drafting.post(empty.draft.request_id, AUTHOR)
    assert len(await house.rows(OutboxLetter, kind="guide")) == 1


async def test_a_deadline_that_passed_before_it_was_sent_is_a_sentence(house: House) -> None:
    row = await sized(house)
    house.clock.advance(timedelta(days=15))
    with pytest.raises(Invalid, match=r"feedback\.deadline_over"):
        await house.drafting.post(row, AUTHOR)
    again = await house.drafting.write(new(changes=row, needed_by="in 1 week AoE"))
    assert again.whole_words == DraftSize.UNDER_1500.words, "the same link is the same draft"
    assert (await house.drafting.written(row, AUTHOR)).questions == ("Is section 4 fair?",)


async def test_what_is_changed_keeps_its_choices_and_its_file(house: House) -> None:
    written = await with_file(house)
    row = written.draft.request_id
    await choose(house, written, readers=3)

    again = await house.drafting.write(new(changes=row, link="", about=ABOUT.upper()))

    assert (again.draft.about, again.draft.readers, again.file_name) == (ABOUT.upper(), 3, "draft.md")
    assert len(await house.rows(Draft)) == 1


async def test_a_dropped_draft_takes_its_file_along(house: House) -> None:
    row = (await with_file(house)).draft.request_id
    for _ in range(2):
        await house.drafting.drop(row, AUTHOR)
    assert await house.rows(Draft) == await house.rows(OutboxFile) == []
    with pytest.raises(NotFound):
        await house.drafting.post(row, AUTHOR)


Act = Callable[[House, int, int], Awaitable[object]]
ACTS: dict[str, Act] = {
    "written": lambda house, row, user: house.drafting.written(row, user),
    "change": lambda house, row, user: house.drafting.write(new(changes=row, user_id=user)),
    "drop": lambda house, row, user: house.drafting.drop(row, user),
    "choose": lambda house, row, user: house.choosing.choose(row, user, DraftChoices(readers=1)),
    "preview": lambda house, row, user: house.drafting.previewing.preview(row, user),
    "review": lambda house, row, user: house.choosing.show_review(row, user, "Clear.", is_allowed=True),
    "name": lambda house, row, user: house.choosing.name_file(row, user, "mine"),
    "copy": lambda house, row, user: house.choosing.clean_file(row, user),
    "post": lambda house, row, user: house.drafting.post(row, user),
}


@pytest.mark.parametrize("name", ACTS)
async def test_a_draft_is_its_authors_alone(house: House, name: str) -> None:
    row = (await with_file(house)).draft.request_id
    before = await house.snapshot()
    with pytest.raises(NotAllowed, match=r"feedback\.not_yours"):
        await ACTS[name](house, row, OTHER)
    assert await house.snapshot() == before


@pytest.mark.parametrize("name", [each for each in ACTS if each != "post"])
async def test_what_is_sent_is_changed_no_more(house: House, name: str) -> None:
    row = (await with_file(house)).draft.request_id
    await house.drafting.post(row, AUTHOR)
    with pytest.raises(Conflict, match=r"feedback\.posted"):
        await ACTS[name](house, row, AUTHOR)


async def test_a_community_without_private_threads_says_so_and_public_works(house: House) -> None:
    house.messenger.is_forum = True
    written = await with_file(house)
    row = written.draft.request_id
    assert not written.takes_private
    with pytest.raises(Unavailable, match=r"draft\.ask\.no_private_threads"):
        await house.drafting.post(row, AUTHOR)
    await choose(house, written, visibility=Visibility.PUBLIC)
    assert (await house.drafting.post(row, AUTHOR)).thread_id is not None


async def test_an_author_waits_for_no_more_than_the_community_allows(house: House) -> None:
    for _ in range(3):
        await house.drafting.post(await sized(house), AUTHOR)
    with pytest.raises(LimitReached, match=r"draft\.ask\.limit"):
        await house.drafting.write(new())


@pytest.mark.parametrize("may_read", [False, True])
async def test_the_text_counts_only_where_its_author_allows_it_and_is_never_kept(
    house: House, *, may_read: bool
) -> None:
    written = await with_file(house, b"Pharmacokinetics of antimalarials " * 300)
    await choose(house, written, may_read=may_read)
    house.files.looks = 0

    await house.drafting.post(written.draft.request_id, AUTHOR)

    assert house.files.looks == int(may_read)
    (kept,) = await house.rows(DraftVector)
    typed = await house.router.read(f"{ABOUT}\nIs section 4 fair?")
    assert (kept["vector"] == typed.vectors[kept["model_id"]].tobytes()) is not may_read
    await house.settle()
    assert "antimalarials" not in repr(await house.snapshot())


async def test_a_draft_that_isnt_sent_is_forgotten_with_its_file(house: House) -> None:
    await with_file(house)
    house.clock.advance(timedelta(days=2))
    assert await house.asking.forget_unposted() == 1
    assert await house.rows(Draft) == await house.rows(OutboxFile) == []


async def test_nobody_is_asked_for_more_than_they_read(house: House) -> None:
    await house.helpers(2, READS, longest_read=15)
    (patient,) = await house.helpers(1, READS, longest_read=45)
    written = await with_file(house, b"word " * 3_000)
    assert (await house.drafting.post(written.draft.request_id, AUTHOR)).invited == 1
    assert values(await house.rows(Invitation), "member_id") == [patient.id]
