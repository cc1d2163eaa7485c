from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.draft_reading import LongestRead
from bot.domain.hours import is_awake
from bot.domain.lifecycle import QuestionKind
from bot.services.people.profiling import LONGEST_LEARNING
from playground.community import Community, CommunityError, load
from playground.seed import Moments
from playground.setting import OPENING

BROKEN = """
moderator = "nobody"

[example]
asker = "amina"
text = "Too short"
tried = ""
answer = ""

[again]
asker = "somebody"
text = "Too short"

[abroad]
asker = "somebody"
text = "Too short"

[unseen]
asker = "somebody"
text = "Too short"
tried = ""
answer = ""

[draft]
author = "somebody"
about = "Too short"
questions = "Is it?"
needed_by = "Fri"
file = "draft.md"
text = "Words"
compare_at = "Mon 17:00"
together = "We agree"
changes = "More speakers"
round_by = "Fri"
round_file = "draft-2.md"
round_text = "More words"

[[draft.feedback]]
summary = "s"
strengths = "s"
answers = "a"
area = "style"
where = "w"
remark = "r"
suggestion = "s"
becomes = "ignored"
note = ""

[[member]]
handle = "amina"
name = "Amina"
hint = ""
timezone = "Mars/Olympus"
languages = []
hours = "20:00-08:00"
rate = "always"
statements = ["Only one"]
learning = ""
reads = { minutes = 20, areas = ["style"] }

[[history]]
asker = "amina"
helper = "amina"
kind = "gossip"
ago = 0
outcome = "unknown"
text = "Why?"
"""

INCOMPLETE = """
member = []
history = []
example = { asker = "a", text = "b", tried = "c", answer = "d" }
again = { asker = "a", text = "b" }
abroad = { asker = "a", text = "b" }
unseen = { asker = "a", text = "b", tried = "", answer = "" }

[draft]
author = "a"
about = ""
questions = ""
needed_by = ""
file = ""
text = ""
compare_at = ""
together = ""
changes = ""
round_by = ""
round_file = ""
round_text = ""
feedback = []
"""


@pytest.fixture
def community() -> Community:
    return load()


def test_the_sample_community_is_as_large_and_varied_as_promised(community: Community) -> None:
    assert len(community.members) == 40
    assert len(community.history) == 12
    assert len({member.timezone for member in community.members}) >= 20
    assert len({language for member in community.members for language in member.languages}) >= 20
    assert {question.kind for question in community.history} == set(QuestionKind)
    assert {member.reads.minutes for member in community.members if member.reads} == set(LongestRead)


def test_most_members_were_never_asked_whether_they_read_drafts(community: Community) -> None:
    assert 10 <= sum(member.reads is not None for member in community.members) < len(community.members) / 2


def test_everybody_fits_into_a_profile(community: Community) -> None:
    for member in community.members:
        assert all(len(statement) <= 200 for statement in member.statements)
        assert len(member.learning) <= LONGEST_LEARNING
        assert ZoneInfo(member.timezone).key == member.timezone


def test_most_helpers_are_awake_at_the_opening(community: Community) -> None:
    helpers = [member for member in community.members if member.is_helper]
    awake = [each for each in helpers if is_awake(OPENING, each.timezone, each.wakes, each.sleeps)]
    assert len(awake) > len(helpers) / 2


def test_the_history_is_over_before_the_opening(community: Community) -> None:
    for question in community.history:
        at = Moments.of(question)
        assert at.asked < at.taken < at.answered < at.settled < OPENING
        assert at == Moments.of(question)
        assert at.asked == OPENING - question.age
        assert question.age < timedelta(weeks=4)


def test_every_mistake_in_a_community_is_named() -> None:
    with pytest.raises(CommunityError) as raised:
        load(BROKEN)
    problems = str(raised.value)
    for part in (
        "Mars/Olympus", "hours", "rate", "statements", "language", "kind", "outcome", "nobody", "20 to 400",
        "longest read", "areas", "draft: somebody", "40 to 3,000", "2 people", "area of a point", "becomes",
    ):  # fmt: skip
        assert part in problems


def test_what_is_missing_from_a_community_is_named() -> None:
    with pytest.raises(CommunityError, match="moderator"):
        load(INCOMPLETE)


def test_a_member_nobody_knows_is_not_found(community: Community) -> None:
    with pytest.raises(LookupError, match="stranger"):
        community.member("stranger")
