"""Letters that carry what people wrote: at their longest, whole, and pinging no one that a person merely named."""

import itertools
import re

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import drafts
from bot.domain.ask_well import Hint
from bot.domain.lifecycle import Visibility
from bot.domain.policy import DEFAULT
from bot.domain.wording import clean_paragraph, without_turns
from bot.services.letters import all_letters
from bot.services.requests import asking, replying, revealing, thanking
from bot.services.requests.contents import BeingAsked, HiddenReply, Post, Thanks, ToKeep
from bot.services.results import Exchange, Receipt, SimilarQuestion
from bot.texts import say
from bot.ui import forms, letters, render
from bot.ui.items import Press
from bot.ui.render import Rendered
from bot.ui.written import inline
from tests.ui.reader import visible
from tests.ui.shown import (
    EXTREMES,
    LONGEST_ID,
    about_drafts,
    check_all,
    check_limits,
    contents,
    draft_again,
    letter,
    question,
)

NAMING = "@everyone @here <@111111111111111111> <@!222222222222222222> <@&333333333333333333>, why is my loss late?"
LINES = ["x\n" * 750, "\n> " * 500, "```\n" * 375, "# a\n" * 375, "-# b\n" * 300]
LONGEST = [*((each * 10)[: asking.LONGEST] for each in EXTREMES), *LINES]
NO_MESSAGE = {"event", "room_over", "removal"}
"""Kinds of letters that are no message: an event, a thread that is put away, and a message that goes."""
OF_TIMES = {"which_clock", "booking", "reminder", "check_in", "check", "slot_offer", "room"}
"""What office hours send, which is about no question."""
MEETING = {LONGEST_ID, LONGEST_ID - 1}
"""Two who meet."""
KINDS = sorted(contents("Why?"))


def written(kind: str, words: str, *, is_direct: bool = True, **chosen: object) -> list[Rendered]:
    """Return letters of this kind in which everything that a person writes is `words`."""
    where = {"user_id": 5} if is_direct else {"user_id": None, "channel_id": 6}
    asked = question(words[: asking.LONGEST], words[: asking.LONGEST_TRIED], **chosen)
    made_of = contents(words, asked)[kind]
    return [letters.letter(letter(kind, each, tells_closed=True, **where)) for each in made_of]


def test_every_kind_that_is_a_message_is_looked_at() -> None:
    assert set(KINDS) == set(all_letters(DEFAULT)) - NO_MESSAGE


@pytest.mark.parametrize("kind", KINDS)
async def test_every_letter_fits_at_its_longest(kind: str) -> None:
    def check(words: str, is_direct: bool) -> None:  # noqa: FBT001
        hidden = written(kind, words, is_direct=is_direct, asker_user_id=None, visibility=Visibility.ANONYMOUS)
        for shown in [*written(kind, words, is_direct=is_direct), *hidden]:
            check_limits(shown)

    check_all(check, itertools.product(LONGEST, (True, False)))


@pytest.mark.parametrize("sample", [*EXTREMES, *LINES, "a_b " * 50, "a\\_{b} c\n" * 50])
async def test_a_draft_fits_at_its_longest(sample: str) -> None:
    words = (sample * 20)[: drafts.LONGEST_REVIEW]
    again = draft_again(words, question()), False
    made = {**about_drafts(words, question(), is_to_hidden=False), "post": (Post(*again),)}
    made["invitation"] = (BeingAsked(*again, LONGEST_ID, words[:200]),)
    for kind, each in ((kind, each) for kind, some in made.items() for each in some):
        check_limits(letters.letter(letter(kind, each)))


@pytest.mark.parametrize("is_direct", [True, False])
async def test_nobody_is_pinged_for_being_named(*, is_direct: bool) -> None:
    made = ((kind, each) for kind in KINDS for each in written(kind, NAMING, is_direct=is_direct))
    for kind, shown in made:
        allowed = shown.allowed_mentions.to_dict()
        assert allowed["parse"] == [], kind
        assert set(allowed.get("users", ())) <= {5, *(MEETING if kind in {"room", "compare"} else ())}, kind
        assert not allowed.get("roles"), kind


@pytest.mark.parametrize("kind", sorted(set(KINDS) - OF_TIMES))
async def test_a_hidden_asker_is_named_by_no_letter(kind: str) -> None:
    for shown in written(kind, "Why?", is_direct=False, asker_user_id=None, visibility=Visibility.ANONYMOUS):
        named = re.findall(r"<@!?(\d+)>", shown.content + str(shown.embed.to_dict() if shown.embed else ""))
        assert set(named) <= {"5", str(LONGEST_ID)}, "only the addressee and whoever referred them"


def said(shown: str) -> str:
    """Return what is left to be read of a message, without spaces and the signs of code and quotes."""
    return "".join(re.sub(r"[`\u02cb>]", "", visible(shown)).split())


@given(st.text(min_size=1, max_size=replying.LONGEST))
def test_a_reply_is_said_whole(words: str) -> None:
    content = letters.letter(letter("reply", HiddenReply(question(), is_to_hidden=False, words=words))).content

    assert len(content) <= 2_000
    assert "".join(clean_paragraph(without_turns(words)).replace("`", "").replace(">", "").split()) in said(content)


@pytest.mark.parametrize("words", [each[: replying.LONGEST] for each in LONGEST])
async def test_a_reply_of_many_lines_is_said_whole(words: str) -> None:
    content = letters.letter(letter("reply", HiddenReply(question(), is_to_hidden=False, words=words))).content

    assert content.count("x") >= words.count("x")
    assert "…" not in content


@pytest.mark.parametrize("words", [each[: thanking.LONGEST_NOTE] for each in LONGEST])
async def test_a_note_is_whole_and_leads_to_the_thread(words: str) -> None:
    content = letters.letter(letter("thanks", Thanks(question(), is_to_hidden=False, words=words))).content

    assert len(content) <= 2_000
    assert "…" not in content
    assert content.endswith(render.link(LONGEST_ID, LONGEST_ID - 2))


@pytest.mark.parametrize("words", LONGEST)
async def test_nobody_agrees_to_words_they_have_not_seen(words: str) -> None:
    asked, answer = words[: asking.LONGEST], words[-thanking.LONGEST_ANSWER :]

    shown = letters.letter(letter("keep", ToKeep(question(), is_to_hidden=False, exchange=Exchange(1, asked, answer))))

    check_limits(shown)
    assert shown.embed is not None
    for each in (asked, answer):
        assert "".join(each.replace("`", "").replace(">", "").split()) in said(shown.embed.description or "")


@pytest.mark.parametrize("text", LONGEST)
async def test_a_list_keeps_every_link_and_says_how_many_more(text: str) -> None:
    for kind in ("digest", "moderator_digest"):
        (content,) = (each.content for each in written(kind, text))
        assert content.count(f"/{LONGEST_ID}") == 5
        assert content.endswith(say("digest.more", count=10**6))


@pytest.mark.parametrize("text", LONGEST)
@pytest.mark.parametrize("hint", [None, *Hint])
async def test_what_is_worth_a_look_fits_with_all_of_it(text: str, hint: Hint | None) -> None:
    similar = tuple(SimilarQuestion(LONGEST_ID - place, text, text) for place in range(3))
    receipt = Receipt(10**18 - 1, 0, None, is_fallback=False, similar=similar, hint=hint)

    shown = render.before_posting(receipt, LONGEST_ID, "en")

    check_limits(shown)
    assert shown.content.endswith(say("similar.ask"))
    assert shown.content.count("https://discord.com/channels/") == 3
    assert hint is None or say(f"advice.example_{hint}") in shown.content


async def test_short_words_are_not_shortened_before_posting() -> None:
    similar = tuple(SimilarQuestion(place, "w" * 150, "v" * 150) for place in range(3))

    content = render.before_posting(Receipt(1, 0, None, is_fallback=False, similar=similar), 1, "en").content

    assert content.count(inline("w" * 150)) == content.count(inline("v" * 150)) == 3


async def test_what_is_sent_after_a_press_fits() -> None:
    for view in (
        render.after_help(10**18 - 1, "en"), render.after_taking(10**18 - 1, 10**18 - 1, "en"),
        render.outcome_view(10**18 - 1, "en"), render.off_topic_view(10**18 - 1, "en"),
    ):  # fmt: skip
        check_limits(Rendered("", view=view))
    check_limits(render.whom(10**18 - 1, "en"))


@pytest.mark.parametrize("text", LONGEST)
async def test_every_form_fits(text: str) -> None:
    asked = question(text[: asking.LONGEST], text[: asking.LONGEST_TRIED], visibility=Visibility.ANONYMOUS)
    kept = Exchange(10**18 - 1, text[: asking.LONGEST], text[: thanking.LONGEST_ANSWER])
    words = {"reply": replying.LONGEST, "thanks": thanking.LONGEST_NOTE, "reveal": revealing.LONGEST}
    shown = [
        forms.ask_again_form(asked, "en"),
        forms.keep_form(kept, "en"),
        *(
            forms.words_form(Press(kind, "send", 10**18 - 1), say(f"{kind}.title"), say(f"{kind}.field.label"), longest)
            for kind, longest in words.items()
        ),
    ]

    for form in shown:
        assert form.is_finished(), "discord.py keeps none of them"
        assert len(form.title) <= 45
        assert 1 <= len(form.children) <= 5
        for label in form.children:
            assert isinstance(label, discord.ui.Label)
            check_field(label)


def check_field(label: discord.ui.Label[discord.ui.Modal]) -> None:
    assert len(label.text) <= 45
    assert len(label.description or "") <= 100
    if isinstance(label.component, discord.ui.TextInput):
        assert len(label.component.default or "") <= (label.component.max_length or 4_000) <= 4_000
        assert len(label.component.placeholder or "") <= 100
