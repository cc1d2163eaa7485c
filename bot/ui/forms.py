"""The forms people fill in; what they fill in is read by `bot.ui.items.fields`."""

from enum import StrEnum

import discord

from bot.domain.lifecycle import QuestionKind, Urgency
from bot.domain.policy import Rate
from bot.services import asking, profiling
from bot.services.languages import language_name
from bot.services.results import ProfileCard
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Press

PARAGRAPH, SHORT = discord.TextStyle.paragraph, discord.TextStyle.short


def ask_form(locale: str, text: str = "") -> discord.ui.Modal:
    """Return the form of `/ask`, with a question already in it where there is one."""
    return _form(
        say("ask.title", locale),
        Press("ask", "send"),
        discord.ui.Label(
            text=say("ask.question.label", locale),
            description=say("ask.question.hint", locale),
            component=discord.ui.TextInput(
                custom_id="question",
                style=PARAGRAPH,
                placeholder=say("ask.question.placeholder", locale)[:100],
                default=text[: asking.LONGEST] or None,
                min_length=asking.SHORTEST,
                max_length=asking.LONGEST,
            ),
        ),
        discord.ui.Label(
            text=say("ask.tried_field.label", locale),
            component=discord.ui.TextInput(
                custom_id="tried",
                style=PARAGRAPH,
                placeholder=say("ask.tried_field.placeholder", locale),
                required=False,
                max_length=asking.LONGEST_TRIED,
            ),
        ),
        _choice("ask.kind_field", "kind", QuestionKind, QuestionKind.CONCEPT, locale),
        _choice("ask.urgency_field", "urgency", Urgency, Urgency.THIS_WEEK, locale),
    )


def profile_form(card: ProfileCard, locale: str) -> discord.ui.Modal:
    """Return the form of `/profile`, filled with what is kept, and a zone guessed from the reader's language."""
    return _form(
        say("profile.title", locale),
        Press("profile", "save"),
        _text("profile.help_field", "statements", locale, _declared(card), limits.TEXT_INPUT, PARAGRAPH),
        _text("profile.learning_field", "learning", locale, card.learning, profiling.LONGEST_LEARNING, PARAGRAPH),
        _text("profile.languages_field", "languages", locale, _languages(card, locale), 200, SHORT),
        _text("profile.clock_field", "clock", locale, profiling.write_clock(card, locale), 80, SHORT),
        _choice("profile.rate_field", "rate", Rate, card.rate, locale),
    )


def _form(title: str, press: Press, *labels: discord.ui.Label[discord.ui.Modal]) -> discord.ui.Modal:
    modal = discord.ui.Modal(title=title, custom_id=str(press))
    for label in labels:
        modal.add_item(label)
    # A stopped form is sent and forgotten: its answer comes back by its custom_id, also after a restart.
    modal.stop()
    return modal


def _text(
    key: str, name: str, locale: str, value: str | None, longest: int, style: discord.TextStyle
) -> discord.ui.Label[discord.ui.Modal]:
    return discord.ui.Label(
        text=say(f"{key}.label", locale),
        component=discord.ui.TextInput(
            custom_id=name,
            style=style,
            placeholder=say(f"{key}.placeholder", locale),
            default=value or None,
            required=False,
            max_length=longest,
        ),
    )


def _choice(
    key: str, name: str, values: type[StrEnum], chosen: StrEnum, locale: str
) -> discord.ui.Label[discord.ui.Modal]:
    prefix = {"kind": "kind", "urgency": "urgency", "rate": "rate"}[name]
    options = [
        discord.SelectOption(label=say(f"{prefix}.{each}", locale), value=each, default=each == chosen)
        for each in values
    ]
    return discord.ui.Label(
        text=say(f"{key}.label", locale), component=discord.ui.Select(custom_id=name, options=options)
    )


def _declared(card: ProfileCard) -> str:
    return "\n".join(line.text for line in card.statements if not line.is_learned)


def _languages(card: ProfileCard, locale: str) -> str:
    tags = card.languages or (locale.partition("-")[0],)
    return ", ".join(language_name(tag, locale) for tag in tags)
