"""The forms people fill in; what they fill in is read by `bot.ui.items.fields`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

import discord

from bot.domain.lifecycle import QuestionKind, Urgency
from bot.domain.policy import Rate
from bot.services import asking, profiling
from bot.services.languages import write_languages
from bot.services.results import ProfileCard
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Press

_Choice = TypeVar("_Choice", bound=StrEnum)
PARAGRAPH, SHORT = discord.TextStyle.paragraph, discord.TextStyle.short
LANGUAGES = 200
"""Characters of the field for languages."""


def ask_form(locale: str, text: str = "") -> discord.ui.Modal:
    """Return the form of `/ask`, with a question already in it where there is one."""
    question: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="question",
        style=PARAGRAPH,
        placeholder=say("ask.question.placeholder", locale),
        default=text[: asking.LONGEST] or None,
        min_length=asking.SHORTEST,
        max_length=asking.LONGEST,
    )
    tried = _text("tried", say("ask.tried_field.placeholder", locale), None, asking.LONGEST_TRIED, PARAGRAPH)
    kinds = {each: say(f"kind.{each}", locale) for each in QuestionKind}
    urgencies = {each: say(f"urgency.{each}", locale) for each in Urgency}
    return _form(
        say("ask.title", locale),
        Press("ask", "send"),
        _label(say("ask.question.label", locale), question, say("ask.question.description", locale)),
        _label(say("ask.tried_field.label", locale), tried),
        _label(say("ask.kind_field.label", locale), _choice("kind", kinds, QuestionKind.CONCEPT)),
        _label(
            say("ask.urgency_field.label", locale),
            _choice("urgency", urgencies, Urgency.THIS_WEEK),
            say("ask.urgency_field.description", locale),
        ),
    )


def profile_form(card: ProfileCard, locale: str) -> discord.ui.Modal:
    """Return the form of `/profile`, filled with what is kept, and a zone guessed from the reader's language."""
    statements = _text(
        "statements", say("profile.help_field.placeholder", locale), _declared(card), limits.TEXT_INPUT, PARAGRAPH
    )
    learning = _text(
        "learning", say("profile.learning_field.placeholder", locale), card.learning, profiling.LONGEST_LEARNING, SHORT
    )
    languages = _text(
        "languages", say("profile.languages_field.placeholder", locale), _languages(card, locale), LANGUAGES, SHORT
    )
    clock = _text(
        "clock", say("profile.clock_field.placeholder", locale), profiling.write_clock(card, locale), 80, SHORT
    )
    rates = {each: say(f"rate.{each}", locale) for each in Rate}
    return _form(
        say("profile.title", locale),
        Press("profile", "save"),
        _label(say("profile.help_field.label", locale), statements, say("profile.help_field.description", locale)),
        _label(say("profile.learning_field.label", locale), learning),
        _label(say("profile.languages_field.label", locale), languages),
        _label(say("profile.clock_field.label", locale), clock),
        _label(say("profile.rate_field.label", locale), _choice("rate", rates, card.rate)),
    )


def filled_profile(filled: Mapping[str, str]) -> profiling.ProfileForm:
    """Return what was filled into `profile_form`; what isn't there is empty, or the default.

    Raises:
        ValueError: a choice that isn't in the form, as no client sends.
    """
    return profiling.ProfileForm(
        statements=filled.get("statements", ""),
        learning=filled.get("learning", ""),
        languages=filled.get("languages", ""),
        clock=filled.get("clock", ""),
        rate=Rate(filled.get("rate") or Rate.ONE_A_DAY),
    )


def _form(title: str, press: Press, *labels: discord.ui.Label[discord.ui.Modal]) -> discord.ui.Modal:
    modal = discord.ui.Modal(title=title, custom_id=str(press))
    for label in labels:
        modal.add_item(label)
    # A stopped form is sent and forgotten: its answer comes back by its custom_id, also after a restart.
    modal.stop()
    return modal


def _label(
    text: str, component: discord.ui.Item[discord.ui.Modal], description: str | None = None
) -> discord.ui.Label[discord.ui.Modal]:
    return discord.ui.Label(text=text, description=description, component=component)


def _text(
    name: str, placeholder: str, value: str | None, longest: int, style: discord.TextStyle
) -> discord.ui.TextInput[discord.ui.Modal]:
    return discord.ui.TextInput(
        custom_id=name,
        style=style,
        placeholder=placeholder,
        default=value or None,
        required=False,
        max_length=longest,
    )


def _choice(name: str, labels: Mapping[_Choice, str], chosen: _Choice) -> discord.ui.Select[discord.ui.Modal]:
    options = [
        discord.SelectOption(label=label, value=value, default=value == chosen) for value, label in labels.items()
    ]
    return discord.ui.Select(custom_id=name, options=options)


def _declared(card: ProfileCard) -> str:
    return "\n".join(line.text for line in card.statements if not line.is_learned)


def _languages(card: ProfileCard, locale: str) -> str:
    tags = card.languages or (locale.partition("-")[0],)
    return write_languages(tags, locale, LANGUAGES)
