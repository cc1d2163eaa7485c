"""What people write looks like nothing else, in every message: no mention, link, command, moment or heading."""

import inspect
from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.policy import DEFAULT
from bot.domain.wording import clean_line, clean_paragraph, is_said, without_turns
from bot.services.letters import all_letters
from bot.ui import letters
from bot.ui.render import Rendered
from bot.ui.written import block, inline, plain, quoted
from tests.ui.reader import Seen, escaping, live, visible
from tests.ui.shown import check_limits, contents, letter
from tests.ui.spoken import (
    MADE_OF_WORDS,
    MODULES,
    WITHOUT_A_WORD,
    event,
    file,
    markdown,
    messages,
)
from tests.ui.spoken import plain as plain_texts

INSTANCES = (
    "[a](b) [Press here](https://evil.example)", "<@123456789012345678>", "<@!1>", "<@&1>", "@everyone", "@here",
    "</cmd:1>", "<t:1700000000:R>", "<#123456789012345678>", "<id:customize>", "<:blob:1>", "<a:blob:1>",
    "<https://evil.example>", "<mailto:a@b.example>", "<+15551234567>", "<a@b.example>", "# big", "## big",
    "-# small", "- item", "* item", "+ item", "1. item", "1) item", "> quote", ">>> quote", "||hidden||", "**bold**",
    "__under__", "*it*", "_it_", "~~gone~~", "`code`", "``co`de``", "```\nblock\n```", "```py\nx = 1\n```", "```",
    "`", "\\", "[", "](", "](https://evil.example)", "[Press here](", "<", ">", "@", ":", "//",
    "https://evil.example", "steam://run/1", "discord://-/channels/1", "HTTPS://EVIL.example/a_b", "\n", "\n\n", " ",
    "\t", "\u2028", "\u2029", "\u0085", "\r\n", "\u202a", "\u202b", "\u202d", "\u202e", "\u202c", "\u2066", "\u2067",
    "\u2068", "\u2069", "\u200f", "\u200b", "x", "שלום", "\u3164", "\u2800", "\u115f", "\u00ad",
)  # fmt: skip
ADVERSARIAL = st.lists(st.sampled_from(INSTANCES), min_size=1, max_size=40).map("".join)
ANYTHING = ADVERSARIAL | st.text(max_size=300)
HARMLESS = "a word"
DECORATED = {"bold", "italics", "underline", "strike", "code", "code block"}
"""What may stand around people's words, so that it differs with them."""


Live = tuple[set[Seen], Counter[str]]


@cache
def our_own() -> dict[str, list[Live]]:
    """Return what is live in each message, text by text, where people write nothing that is."""
    return {name: [of_ours(live(text)) for text in markdown(shown)] for name, shown in messages(HARMLESS)}


def of_ours(found: list[Seen]) -> Live:
    """Return what is live, and how often it is decorated, for any content."""
    return {each for each in found if each.kind not in DECORATED}, Counter(
        each.kind for each in found if each.kind in DECORATED
    )


@given(ANYTHING)
def test_nothing_that_a_person_writes_is_live(words: str) -> None:
    for shown in (inline(words), block(words, 4_096), quoted(words, 2_000), block(words, 100), quoted(words, 60)):
        assert live(shown) == []
        assert escaping(shown) == []


@pytest.mark.parametrize("words", INSTANCES)
def test_each_sign_by_itself_at_every_place_of_a_line(words: str) -> None:
    for text in (
        words,
        f"a {words}",
        f"{words} b",
        f"a{words}b",
        f"{words}{words}",
        f"`{words}`",
        f"```\n{words}\n```",
    ):
        for shown in (inline(text), block(text, 4_096), quoted(text, 2_000)):
            assert live(shown) == []
            assert escaping(shown) == []


@given(ANYTHING)
def test_words_in_a_sentence_are_all_there(words: str) -> None:
    line = clean_line(without_turns(words))
    expected = line if is_said(line) and len(line) <= 2_000 else "…"
    assert visible(inline(words, 2_000)) == f"\u2068{expected}\u2069"


@given(ANYTHING)
def test_no_word_of_a_text_is_lost(words: str) -> None:
    text = clean_paragraph(without_turns(words)) or "…"
    shown = visible(block(words, 8_000))
    assert "".join(shown.split()).replace("`", "") == "".join(text.split()).replace("`", "")


@given(ANYTHING, st.integers(20, 400))
def test_a_length_is_that_of_what_is_sent(words: str, longest: int) -> None:
    assert 1 <= len(block(words, longest)) <= longest
    assert 1 <= len(quoted(words, longest)) <= longest
    assert 1 <= len(plain(words, longest)) <= longest
    assert len(inline(words, longest)) <= 2 * longest + 2


@given(st.text("*`<a\n", min_size=1_000, max_size=1_500))
async def test_the_longest_words_are_whole_wherever_all_of_them_have_to_be_read(words: str) -> None:
    for kind in ("post", "invitation", "reply", "keep", "thanks"):
        for content in contents(words)[kind]:
            shown = letters.letter(letter(kind, content))
            check_limits(shown)
            assert not any("…" in text for text in markdown(shown)), kind


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("the *labels*, see `blank_id`", "the \\*labels\\*, see `blank_id`"),
        ("x\n```py\nprint(1)\n```\ny", "x\n```py\nprint(1)\n```\ny"),
        ("so ```x = 1``` it is", "so \n```\nx = 1\n```\n it is"),
        ("Read https://arxiv.org/abs/1706.03762.", "Read <https://arxiv.org/abs/1706.03762>."),
        ("__init__ and a_b", "\\_\\_init\\_\\_ and a\\_b"),
    ],
)
def test_code_and_addresses_stay_readable(words: str, shown: str) -> None:
    assert block(words, 4_096) == shown


def test_an_address_that_goes_on_with_other_letters_is_no_link() -> None:
    assert live(block("https://good.example.аvil.com/x", 400)) == []
    assert "<http" not in block("https://good.example.\u0430vil.com/x", 400)


@settings(max_examples=25)
@given(ADVERSARIAL)
async def test_in_every_message_only_the_bot_s_own_words_are_live(words: str) -> None:
    ours = our_own()
    for name, shown in messages(words):
        check_limits(shown) if isinstance(shown, Rendered) else None
        for text, (allowed, most) in zip(markdown(shown), ours[name], strict=True):
            found, decorated = of_ours(live(text))
            assert found <= allowed, name
            assert decorated <= most, name
            assert escaping(text) == [], name
        for text in plain_texts(shown):
            assert is_said(text), name
            assert "\n" not in text, name
            assert escaping(text) == [], name


@given(ADVERSARIAL)
def test_events_and_files_say_what_was_written_and_do_no_more(words: str) -> None:
    assert {each.kind for each in live(event(words))} <= {"user", "code"}
    assert escaping(event(words)) == []
    assert not set(file(words)) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


async def test_every_message_is_looked_at() -> None:
    made = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in MODULES
        for name, found in inspect.getmembers(module, inspect.isfunction)
        if found.__module__ == module.__name__ and not name.startswith("_")
    } - {"booking.times_items", "boundary.answer"}
    known = MADE_OF_WORDS.keys() | WITHOUT_A_WORD
    assert made <= known, "say in tests/ui/spoken.py whether it shows what people wrote"
    assert known - {"booking.times_items"} <= made, "what is gone needs no look"
    assert set(contents(HARMLESS)) == set(all_letters(DEFAULT)) - {"event", "room_over", "removal"}, (
        "an event is looked at above"
    )
