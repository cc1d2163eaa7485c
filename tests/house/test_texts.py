"""Every word a person reads is in a catalogue, whole in each language, used, and short enough for Discord."""

import re

import pytest

from bot.services.requests.kinds import KINDS
from bot.ui.looks import REVIEW
from tests.house.texts import beginnings, catalogue, demanded, literals, locales, placeholders

PUT_TOGETHER: tuple[str, ...] = (
    "advice.",
    "advice.example_",
    "book.booked_",
    "draft.area.",
    "draft.confidence.",
    "draft.size.",
    "draft.visibility.",
    "feedback.readers_pick.",
    "feedback.venue_field.",
    "draft.longest.",
    "draft.seat.",
    "draft.stage.",
    "feedback.became.",
    "feedback.missing.",
    "kind.",
    "pause.length.",
    "permission.",
    "profile.messages.",
    "rate.",
    "rule.nth.",
    "state.",
    "stats.",
    "stats.archive.",
    "stats.axis.",
    "stats.band.",
    "stats.by.",
    "stats.clock.",
    "stats.digest.",
    "stats.drafts.",
    "stats.fairness.",
    "stats.hours.",
    "stats.invitations.",
    "stats.office_hours.",
    "stats.office_hours.said_",
    "stats.panel.",
    "stats.picture.",
    "stats.topics.",
    "stats.urgency.",
    "stats.weeks.",
    "stats.when.covered.",
    "stats.when.most.",
    "urgency.",
    "visibility.",
    "why.habit.",
    "why.meaning.",
    "why.words.",
)
"""Beginnings of keys that the code completes while running, such as "kind." in f"kind.{kind}"."""

WORDS = sorted({REVIEW, *(each.words for each in KINDS.values())} - {""})
"""Beginnings of the texts that kinds of requests, and reviews, have in the place of others."""

NOT_KEYS: frozenset[str] = frozenset({"draft.md", "draft.pdf", "draft.txt"})
"""Literals that look like a key of a section and are none."""

MESSAGE = 2_000
"""Characters. Source: https://discord.com/developers/docs/resources/message#create-message"""

SHORT = {"label": 45, "title": 45, "description": 100, "placeholder": 100, "button": 80}
"""Characters, by the last word of the key.

Source: https://discord.com/developers/docs/components/reference and
https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal
"""

ITALIC = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
ELSEWHERE = frozenset({"Delete Message", "Create Events", "Manage Channels"})
"""What Discord itself calls something that no text of ours names."""

GENEROUS = 20
"""Characters a placeholder is taken to become."""

PLAIN = re.compile(r"[`*_|~<>\[\]#\\]")
"""What Discord formats in messages, and shows as it stands in names, labels, descriptions and buttons."""

SHOWN_PLAIN = (
    "draft.confidence.",
    "feedback.became.",
    "draft.size.",
    "draft.visibility.",
    "feedback.readers_pick.",
    "feedback.venue_field.",
    "draft.area.",
    "draft.longest.",
    "draft.stage.",
    "kind.",
    "urgency.",
    "visibility.",
    "rate.",
    "pause.length.",
)
"""Sections whose texts are choices, and so shown as they stand."""

EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")

each_locale = pytest.mark.parametrize("locale", locales())


@each_locale
def test_locale_has_the_keys_of_english(locale: str) -> None:
    assert catalogue(locale).keys() == catalogue("en").keys()


@each_locale
def test_locale_leaves_open_what_english_leaves_open(locale: str) -> None:
    english = catalogue("en")
    differing = {
        key: text for key, text in catalogue(locale).items() if placeholders(text) != placeholders(english[key])
    }
    assert not differing


def test_every_key_in_the_code_has_a_text() -> None:
    sections = {key.partition(".")[0] for key in catalogue("en")}
    looking = {place: key for key, place in literals() if key.partition(".")[0] in sections and key not in NOT_KEYS}
    asked = {place: key for key, place in demanded()} | looking
    assert asked
    assert not {place: key for place, key in asked.items() if key not in catalogue("en")}


def test_every_text_is_used() -> None:
    used = {key for key, _ in literals()} | {key for key, _ in demanded()}
    used |= {f"{words}.{key}" for key in used for words in WORDS}
    completed = (*PUT_TOGETHER, *(f"{words}.{beginning}" for words in WORDS for beginning in PUT_TOGETHER))
    unused = {key for key in catalogue("en").keys() - used if not key.startswith(completed)}
    assert not unused


def test_keys_are_put_together_only_where_declared() -> None:
    sections = {key.partition(".")[0] for key in catalogue("en")}
    found = {beginning: place for beginning, place in beginnings() if beginning.partition(".")[0] in sections}
    assert found.keys() == set(PUT_TOGETHER)
    assert all(any(key.startswith(beginning) for key in catalogue("en")) for beginning in PUT_TOGETHER)


@each_locale
def test_every_text_fits_where_discord_shows_it(locale: str) -> None:
    too_long = {
        key: length
        for key, text in catalogue(locale).items()
        if (length := longest(text)) > SHORT.get(key.rpartition(".")[2], MESSAGE)
    }
    assert not too_long


@each_locale
def test_what_a_text_tells_people_to_press_is_called_so(locale: str) -> None:
    texts = catalogue(locale)
    labels = {text for key, text in texts.items() if key.endswith(".button") or key.startswith("permission.")}
    names = labels | {texts["ask.menu"]} | ELSEWHERE
    told = {
        key: {name for name in ITALIC.findall(text) if "{" not in name}
        for key, text in texts.items()
        if not key.startswith("advice.example_")
    }
    assert any(told.values())
    assert not {key: unknown for key, said in told.items() if (unknown := said - names)}


@each_locale
def test_every_text_says_something_calmly(locale: str) -> None:
    odd = {key: text for key, text in catalogue(locale).items() if text.strip() != text or not text}
    loud = {key: text for key, text in catalogue(locale).items() if EMOJI.search(text) or "@everyone" in text}
    assert not odd
    assert not loud


@each_locale
def test_what_discord_shows_as_it_stands_has_no_marks(locale: str) -> None:
    plain = {
        key: text
        for key, text in catalogue(locale).items()
        if key.rpartition(".")[2] in {*SHORT, "name"} or key.startswith(SHOWN_PLAIN)
    }
    assert not {key: text for key, text in plain.items() if PLAIN.search(re.sub(r"\{[^{}]*\}", "", text))}


@each_locale
def test_a_kinds_own_text_fills_no_other_gaps_than_the_one_it_replaces(locale: str) -> None:
    texts = catalogue(locale)
    replaced = {key: f"{words}.{key}" for words in WORDS for key in texts if f"{words}.{key}" in texts}
    assert replaced
    assert not {own for key, own in replaced.items() if not placeholders(texts[own]) <= placeholders(texts[key])}


def longest(text: str) -> int:
    return len(re.sub(r"\{[^{}]*\}", "x" * GENEROUS, text))
