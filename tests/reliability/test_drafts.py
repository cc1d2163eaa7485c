"""What becomes of drafts while the bot is killed: judged by what it told people, beside what it kept."""

from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from bot.attachments.reading import Attachments
from bot.texts import say
from reliability.command_line import DRAFTS, crash
from reliability.deadlines import due
from reliability.drafts import crowded, lost_drafts
from reliability.papers import pdf
from reliability.standin.server import standing_in
from reliability.standin.world import COMPONENT, HELP_CHANNEL_ID, Interaction, World
from reliability.tables import DraftRow, Invitation, Letter, Question, Said, Tables, WaitingFile
from tests.factories import NOW
from tests.fakes import ManualClock

AUTHOR, READER = 5, 6
GUIDE = "guide:1:1"


class Community:
    """One draft that its thread has with its file, and that a person reads, to be damaged."""

    def __init__(self) -> None:
        self.world = World(ManualClock())
        self.world.direct_channel(READER)
        self.answered: list[Interaction] = []
        body = {"content": "", "nonce": "guide", "enforce_nonce": True, "files": {"draft.md": "words"}}
        self.message, _ = self.world.write(HELP_CHANNEL_ID, body)
        self.tables = Tables(
            letters=[
                Letter(
                    id=1, kind="guide", key=GUIDE, nonce="guide", sent_at=NOW, request_id=1,
                    channel_id=HELP_CHANNEL_ID, message_id=int(self.message["id"]),
                )
            ],
            questions=[
                Question(
                    id=1, type="draft", user_id=AUTHOR, created_at=NOW, waiting_since=NOW,
                    needed_by=NOW + timedelta(days=3),
                )
            ],
            invitations=[Invitation(id=7, request_id=1, user_id=READER, state="taken", expires_at=NOW)],
            events=[],
            drafts=[DraftRow(id=1, readers=1, file_format="markdown")],
        )  # fmt: skip

    def told(self, custom_id: str, key: str, user_id: int = READER, **params: str) -> None:
        interaction = self.world.interact(COMPONENT, user_id, {"custom_id": custom_id})
        interaction.reply({"content": say(key, **params)})
        self.answered.append(interaction)

    def lost(self) -> list[str]:
        return list(lost_drafts(self.tables, self.world, self.answered))

    def withdraw(self) -> None:
        self.tables.questions[0] = replace(self.tables.questions[0], state="closed", close_reason="withdrawn")
        self.tables.drafts[0] = replace(self.tables.drafts[0], file_format=None, has_words=0)


@pytest.fixture
def community() -> Community:
    return Community()


@pytest.mark.usefixtures("nursed")
async def test_a_bot_killed_around_drafts_loses_and_doubles_nothing() -> None:
    report = await crash(kills=2, seed=3, play=DRAFTS)
    assert report.is_clean, str(report)
    assert report.kills == 2


def test_a_draft_that_its_readers_have_is_whole(community: Community) -> None:
    community.told("drafting1:post:1", "draft.receipt.posted", AUTHOR, thread="there")
    assert community.lost() == []
    assert list(crowded(community.tables)) == []


def test_a_draft_without_its_file_is_lost(community: Community) -> None:
    community.message["attachments"] = []
    assert community.lost() == ["draft 1 was posted without its file"]
    community.tables.drafts[0] = replace(community.tables.drafts[0], file_format=None)
    assert community.lost() == []


def test_a_file_that_is_gone_before_its_letter_has_left_is_lost(community: Community) -> None:
    community.tables.letters[0] = replace(community.tables.letters[0], sent_at=None, message_id=None, due_at=NOW)
    assert community.lost() == ["draft 1 has lost its file before its thread had it"]
    community.tables.files.append(WaitingFile(key=GUIDE, request_id=1))
    assert community.lost() == []
    community.tables.letters.clear()
    assert "draft 1 was posted, and its readers have no guide for round 1" in community.lost()


def test_a_file_that_stays_behind_is_said(community: Community) -> None:
    community.tables.files.append(WaitingFile(key=GUIDE, request_id=1))
    assert community.lost() == [f"the file of {GUIDE} is kept for nothing"]


def test_the_file_of_a_draft_that_was_never_posted_waits_as_long_as_the_draft(community: Community) -> None:
    community.tables.letters.clear()
    community.tables.questions[0] = replace(community.tables.questions[0], state="unposted")
    community.tables.files.append(WaitingFile(key=GUIDE, request_id=1))
    assert community.lost() == []
    community.tables.files[0] = WaitingFile(key="guide:2:1", request_id=2)
    assert community.lost() == ["the file of guide:2:1 is kept for nothing"]


def test_what_was_taken_back_is_gone_with_all_that_showed_it(community: Community) -> None:
    community.withdraw()
    assert community.lost() == [f"draft 1 was taken back, and {GUIDE} still shows it"]
    community.world.delete(HELP_CHANNEL_ID, int(community.message["id"]))
    community.told("round1:go:1", "feedback.withdrawn.author", AUTHOR)
    assert community.lost() == []
    community.tables.drafts[0] = replace(community.tables.drafts[0], has_words=1)
    assert community.lost() == ["draft 1 was taken back, and says what it was about"]


@pytest.mark.parametrize(
    ("custom_id", "key", "changes"),
    [
        ("drafting1:post:1", "draft.receipt.posting", {"state": "unposted"}),
        ("drafting1:drop:1", "feedback.preview.dropped", {}),
        ("round1:go:1", "feedback.withdrawn.author", {}),
    ],
)
def test_what_an_author_was_told_and_is_not_so_is_lost(
    custom_id: str, key: str, changes: dict[str, str], community: Community
) -> None:
    community.tables.questions[0] = replace(community.tables.questions[0], **changes)  # type: ignore[arg-type]
    community.told(custom_id, key, AUTHOR, channel="there")
    assert len(community.lost()) == 1


def test_another_date_that_was_set_and_is_not_kept_is_lost(community: Community) -> None:
    community.told("round1:set_later:1", "feedback.asked_some", AUTHOR)
    assert community.lost() == []
    community.tables.questions[0] = replace(community.tables.questions[0], needed_by=NOW - timedelta(days=1))
    assert len(community.lost()) == 1


def test_feedback_that_was_sent_and_is_not_kept_so_is_lost(community: Community) -> None:
    community.tables.feedback.append(Said(id=3, draft_id=1, sent_at=NOW))
    community.told("feedback1:send:3", "feedback.page.sent")
    assert community.lost() == []
    community.tables.feedback[0] = Said(id=3, draft_id=1)
    assert len(community.lost()) == 1


def test_each_round_has_its_guide(community: Community) -> None:
    community.tables.drafts[0] = replace(community.tables.drafts[0], round=2)
    assert community.lost() == ["draft 1 was posted, and its readers have no guide for round 2"]


def test_a_new_version_s_file_is_in_the_thread(community: Community) -> None:
    body = {"content": "", "nonce": "second", "enforce_nonce": True, "files": {"second.pdf": "words"}}
    second, _ = community.world.write(HELP_CHANNEL_ID, body)
    first = community.tables.letters[0]
    facts = {"id": 2, "key": "guide:1:2", "nonce": "second", "message_id": int(second["id"])}
    community.tables.letters.append(replace(first, **facts))  # type: ignore[arg-type]
    community.tables.drafts[0] = replace(community.tables.drafts[0], round=2)
    community.told("round1:set_new:1", "feedback.asked_none", AUTHOR)
    community.answered[0].payload["data"]["resolved"] = {"attachments": {"9": {}}}
    assert community.lost() == []
    second["attachments"] = []
    assert community.lost() == ["draft 1 was given 1 new files, and its thread has 0"]
    community.tables.letters[1] = replace(community.tables.letters[1], sent_at=None, due_at=NOW)
    assert community.lost() == [], "it is on its way"


def test_readers_of_a_round_that_is_over_hear_what_became_of_their_points(community: Community) -> None:
    first = community.tables.letters[0]
    community.tables.letters.append(replace(first, id=2, key="guide:1:2"))
    community.tables.feedback.append(Said(id=3, draft_id=1, sent_at=NOW, has_points=1))
    assert community.lost() == []
    community.tables.drafts[0] = replace(community.tables.drafts[0], round=2, file_format=None)
    untold = "feedback 3 on draft 1 is of a round that is over, and its reader wasn't told"
    assert community.lost() == [untold]
    community.tables.letters.append(replace(first, id=3, kind="became", key="became_now:3:1", sent_at=None, due_at=NOW))
    assert community.lost() == []
    community.tables.feedback[0] = replace(community.tables.feedback[0], id=31)
    assert community.lost() == [untold.replace("3 on", "31 on")]
    community.tables.feedback[0] = replace(community.tables.feedback[0], has_points=0)
    assert community.lost() == []


def test_the_words_of_a_review_go_from_the_thread_too(community: Community) -> None:
    review = replace(community.tables.drafts[0], stage="review", file_format=None, has_review=1)
    community.tables.drafts[0] = review
    assert community.lost() == []
    community.tables.drafts[0] = replace(review, has_review=0)
    assert community.lost() == [f"the words of review 1 are gone, and {GUIDE} still shows them"]
    community.world.delete(HELP_CHANNEL_ID, int(community.message["id"]))
    assert community.lost() == []


def test_the_words_of_a_review_are_due_to_go_two_weeks_after_its_date(community: Community) -> None:
    community.tables.drafts[0] = replace(community.tables.drafts[0], stage="review", has_review=1)
    gone = "end of a review's words"
    for days, is_due in ((16, False), (17, True)):
        assert (gone in {each.what for each in due(community.tables, NOW + timedelta(days=days))}) is is_due


def test_moderators_are_due_to_hear_of_a_draft_at_three_quarters_until_its_date(community: Community) -> None:
    heard = "moderators hear of a draft"
    for hours, is_due in ((53, False), (54, True), (71, True), (72, False)):
        assert (heard in {each.what for each in due(community.tables, NOW + timedelta(hours=hours))}) is is_due
    needed_by = community.tables.questions[0].needed_by
    told = replace(community.tables.letters[0], id=2, kind="unread", key=f"unread:1:{needed_by:%Y%m%d%H%M%S}")
    community.tables.letters.append(told)
    assert heard not in {each.what for each in due(community.tables, NOW + timedelta(hours=60))}


def test_a_second_round_has_three_quarters_of_its_own(community: Community) -> None:
    community.tables.drafts[0] = replace(community.tables.drafts[0], round=2, round_at=NOW + timedelta(hours=60))
    heard = "moderators hear of a draft"
    for hours, is_due in ((68, False), (69, True)):
        assert (heard in {each.what for each in due(community.tables, NOW + timedelta(hours=hours))}) is is_due


async def test_an_author_s_pdf_is_one_that_can_be_read() -> None:
    attachments = Attachments()
    found = await attachments.inspect(pdf("word " * 300), wants_text=False)
    await attachments.close()
    assert (found.format, found.words) == ("pdf", 300)


def test_a_person_who_waits_for_a_place_and_is_not_kept_is_lost(community: Community) -> None:
    community.told("invitation1:take:7", "draft.places_taken")
    assert community.lost() == []
    community.tables.invitations[0] = replace(community.tables.invitations[0], state="asked")
    assert len(community.lost()) == 1


def test_more_people_in_a_draft_than_it_has_places_contradict_it(community: Community) -> None:
    second = replace(community.tables.invitations[0], id=8, user_id=8)
    community.tables.invitations.append(second)
    assert list(crowded(community.tables)) == ["draft 1 was kept for 2 people, and is for 1"]
    community.tables.invitations[1] = replace(second, state="released", expires_at=None)
    assert list(crowded(community.tables)) == []


def test_a_draft_waits_in_vain_from_its_date_on(community: Community) -> None:
    community.tables.invitations.clear()
    choices, away = "choices about draft", "putting away of draft"
    for days, expected in ((2, set()), (3, {choices}), (10, {choices, away})):
        found = {each.what for each in due(community.tables, NOW + timedelta(days=days))}
        assert found == expected


async def test_a_file_is_served_as_a_person_uploaded_it() -> None:
    async with standing_in() as discord, aiohttp.ClientSession() as session:
        attached = discord.attach("draft.md", b"# Notes")
        async with session.get(attached["url"]) as response:
            assert await response.read() == b"# Notes"
    assert attached["size"] == 7
