"""The forms people fill in; what they fill in is read by `bot.ui.items.fields`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import discord

from bot.calendars.typed import LONGEST_TEXT
from bot.domain.attention import Rate
from bot.domain.draft_reading import LongestRead
from bot.domain.drafts import Area
from bot.domain.lifecycle import FOR_QUESTIONS, QuestionKind, Urgency, Visibility
from bot.errors import Invalid
from bot.services.office_hours import offering
from bot.services.people import profiling
from bot.services.people.languages import write_languages
from bot.services.requests import asking, thanking
from bot.services.results import Exchange, ProfileCard, QuestionView
from bot.texts import say
from bot.ui import limits
from bot.ui.form_parts import PARAGRAPH, SHORT, choice, chosen_in, form, labelled, least, options, text_input
from bot.ui.items import Press, choices, fields

LANGUAGES = 200
"""Characters of the field for languages."""


def ask_form(locale: str, text: str = "") -> discord.ui.Modal:
    """Return the form of `/ask`, with a question already in it where there is one."""
    return _ask_form(AskDefaults(text=text), locale)


def ask_again_form(question: QuestionView, locale: str) -> discord.ui.Modal:
    """Return the form of `/ask`, filled with a question that what is sent will take the place of."""
    return _ask_form(
        AskDefaults(
            question.text, question.tried or "", question.kind, question.urgency, question.visibility,
            question.request_id,
        ),
        locale,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskDefaults:
    """What stands in the form of `/ask` before anyone writes into it."""

    text: str = field(repr=False, default="")
    tried: str = field(repr=False, default="")
    kind: QuestionKind = QuestionKind.CONCEPT
    urgency: Urgency = Urgency.THIS_WEEK
    visibility: Visibility = Visibility.PUBLIC
    replaces: int = 0
    """The question that what is sent takes the place of; 0: none."""


def filled_question(filled: Mapping[str, str], replaces: int, interaction: discord.Interaction) -> asking.NewQuestion:
    """Return what was filled into the form of `/ask`; what isn't there is empty, or the default.

    Raises:
        Invalid: a choice that isn't in the form, as no client sends.
    """
    return asking.NewQuestion(
        guild_id=interaction.guild_id or 0,
        asker_user_id=interaction.user.id,
        interaction_id=interaction.id,
        text=filled.get("question", ""),
        tried=filled.get("tried", ""),
        kind=chosen_in(filled, "kind", QuestionKind.CONCEPT),
        urgency=chosen_in(filled, "urgency", Urgency.THIS_WEEK),
        visibility=chosen_in(filled, "visibility", Visibility.PUBLIC),
        replaces=replaces or None,
    )


def _ask_form(filled: AskDefaults, locale: str) -> discord.ui.Modal:
    question: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="question",
        style=PARAGRAPH,
        placeholder=say("ask.question.placeholder", locale),
        default=filled.text[: asking.LONGEST] or None,
        min_length=least(filled.text, asking.SHORTEST),
        max_length=asking.LONGEST,
    )
    tried = text_input(
        "tried", say("ask.tried_field.placeholder", locale), filled.tried or None, asking.LONGEST_TRIED, PARAGRAPH
    )
    kinds = {each: say(f"kind.{each}", locale) for each in QuestionKind}
    urgencies = {each: say(f"urgency.{each}", locale) for each in Urgency}
    sights = {each: say(f"visibility.{each}", locale) for each in FOR_QUESTIONS}
    return form(
        say("ask.title", locale),
        Press("ask", "send", filled.replaces),
        labelled(say("ask.question.label", locale), question, say("ask.question.description", locale)),
        labelled(say("ask.tried_field.label", locale), tried),
        labelled(say("ask.kind_field.label", locale), choice("kind", kinds, filled.kind)),
        labelled(
            say("ask.urgency_field.label", locale),
            choice("urgency", urgencies, filled.urgency),
            say("ask.urgency_field.description", locale),
        ),
        labelled(say("ask.visibility_field.label", locale), choice("visibility", sights, filled.visibility)),
    )


def words_form(press: Press, title: str, label: str, longest: int, description: str | None = None) -> discord.ui.Modal:
    """Return a form of one paragraph, called `words`; the texts are in the reader's language already."""
    words: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="words", style=PARAGRAPH, max_length=longest
    )
    return form(title, press, labelled(label, words, description))


def book_form(locale: str, text: str = "", request_id: int = 0) -> discord.ui.Modal:
    """Return the form of `/book`, with the words of the member's own question or draft in it where there is one."""
    question: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="question",
        style=PARAGRAPH,
        placeholder=say("book.field.placeholder", locale),
        default=text[: asking.LONGEST] or None,
        min_length=least(text, asking.SHORTEST),
        max_length=asking.LONGEST,
    )
    label = labelled(say("book.field.label", locale), question, say("book.field.description", locale))
    return form(say("book.title", locale), Press("book", "send", request_id), label)


def note_form(press: Press, written: str | None, longest: int, locale: str) -> discord.ui.Modal:
    """Return the form of a private note, filled with what was written before; empty forgets it."""
    note = text_input("words", "", written, longest, PARAGRAPH)
    label, description = say("meeting.note.label", locale), say("meeting.note.description", locale)
    return form(say("meeting.note.title", locale), press, labelled(label, note, description))


def close_form(request_id: int, locale: str) -> discord.ui.Modal:
    """Return the form in which a moderator confirms that another person's question ends."""
    word = text_input("words", say("close.form.placeholder", locale), None, asking.LONGEST_CLOSING, PARAGRAPH)
    label = labelled(say("close.form.label", locale), word, say("close.form.description", locale))
    return form(say("close.form.title", locale), Press("question", "close_for", request_id), label)


class _Manner(StrEnum):
    """How an hour takes place."""

    SLOTS = "slots"
    WALK_IN = "walk_in"


def offer_form(
    locale: str, series_id: int = 0, when: str = "", topics: str = "", *, is_walk_in: bool = False
) -> discord.ui.Modal:
    """Return the form of offered time, with what was typed before where it takes the place of that."""
    about = text_input(
        "topics", say("offer_time.topics_field.placeholder", locale), topics, offering.LONGEST_TOPICS, PARAGRAPH
    )
    manners = {
        _Manner.SLOTS: say("offer_time.manner.slots", locale),
        _Manner.WALK_IN: say("offer_time.manner.walk_in", locale),
    }
    chosen = _Manner.WALK_IN if is_walk_in else _Manner.SLOTS
    return form(
        say("offer_time.form.title", locale),
        Press("offer", "send", series_id),
        labelled(
            say("offer_time.when_field.label", locale), _when(say("offer_time.when_field.placeholder", locale), when)
        ),
        labelled(say("offer_time.topics_field.label", locale), about),
        labelled(say("offer_time.manner.label", locale), choice("manner", manners, chosen)),
    )


def filled_offer(filled: Mapping[str, str], replaces: int, interaction: discord.Interaction) -> offering.NewOffer:
    """Return what was filled into the form of offered time."""
    return offering.NewOffer(
        guild_id=interaction.guild_id or 0,
        user_id=interaction.user.id,
        interaction_id=interaction.id,
        when=filled.get("when", ""),
        topics=filled.get("topics", ""),
        is_walk_in=filled.get("manner") == _Manner.WALK_IN,
        replaces=replaces,
    )


def time_form(press: Press, locale: str, when: str = "") -> discord.ui.Modal:
    """Return the form of a new time for hours that are offered."""
    written = _when(say("hours.form_field.placeholder", locale), when)
    return form(say("hours.form.title", locale), press, labelled(say("hours.form_field.label", locale), written))


def keep_form(exchange: Exchange, locale: str) -> discord.ui.Modal:
    """Return the form in which one of two people may change what is to be kept of their exchange."""
    question = text_input("question", "", exchange.question, asking.LONGEST, PARAGRAPH)
    answer = text_input(
        "answer", say("keep.answer_field.placeholder", locale), exchange.answer, thanking.LONGEST_ANSWER, PARAGRAPH
    )
    return form(
        say("keep.title", locale),
        Press("keep", "send", exchange.request_id),
        labelled(say("keep.question_field.label", locale), question),
        labelled(say("keep.answer_field.label", locale), answer),
    )


def profile_form(card: ProfileCard, locale: str, member_id: int = 0) -> discord.ui.Modal:
    """Return the form of `/profile`, filled with what is kept, and a zone guessed from the reader's language."""
    statements = text_input(
        "statements", say("profile.help_field.placeholder", locale), _declared(card), limits.TEXT_INPUT, PARAGRAPH
    )
    learning = text_input(
        "learning", say("profile.learning_field.placeholder", locale), card.learning, profiling.LONGEST_LEARNING, SHORT
    )
    languages = text_input(
        "languages", say("profile.languages_field.placeholder", locale), _languages(card, locale), LANGUAGES, SHORT
    )
    clock = text_input(
        "clock", say("profile.clock_field.placeholder", locale), profiling.write_clock(card, locale), 80, SHORT
    )
    rates = {each: say(f"rate.{each}", locale) for each in Rate}
    return form(
        say("profile.title", locale),
        Press("profile", "save", member_id),
        labelled(say("profile.help_field.label", locale), statements, say("profile.help_field.description", locale)),
        labelled(say("profile.learning_field.label", locale), learning),
        labelled(say("profile.languages_field.label", locale), languages),
        labelled(say("profile.clock_field.label", locale), clock),
        labelled(say("profile.rate_field.label", locale), choice("rate", rates, card.rate)),
    )


def filled_profile(filled: Mapping[str, str]) -> profiling.ProfileForm:
    """Return what was filled into `profile_form`; what isn't there is empty, or the default.

    Raises:
        Invalid: a choice that isn't in the form, as no client sends.
    """
    return profiling.ProfileForm(
        statements=filled.get("statements", ""),
        learning=filled.get("learning", ""),
        languages=filled.get("languages", ""),
        clock=filled.get("clock", ""),
        rate=chosen_in(filled, "rate", Rate.ONE_A_DAY),
    )


def reader_form(card: ProfileCard, locale: str, member_id: int = 0) -> discord.ui.Modal:
    """Return the form in which a member says which drafts they would read, with what they said before chosen."""
    lengths = {0: say("draft.longest.0", locale)} | {each: say(f"draft.longest.{each}", locale) for each in LongestRead}
    longest: discord.ui.Select[discord.ui.Modal] = discord.ui.Select(
        custom_id="longest", options=options(lengths, {card.longest_read or 0})
    )
    areas: discord.ui.Select[discord.ui.Modal] = discord.ui.Select(
        custom_id="areas",
        placeholder=say("profile.reads_areas_field.placeholder", locale),
        options=options({each: say(f"draft.area.{each}", locale) for each in Area}, set(card.read_areas)),
        required=False,
        min_values=0,
        max_values=len(Area),
    )
    return form(
        say("profile.reads.title", locale),
        Press("reader", "save", member_id),
        labelled(say("profile.reads_field.label", locale), longest, say("profile.reads_field.description", locale)),
        labelled(
            say("profile.reads_areas_field.label", locale), areas, say("profile.reads_areas_field.description", locale)
        ),
    )


def filled_reader(interaction: discord.Interaction) -> tuple[LongestRead | None, tuple[Area, ...]]:
    """Return what was chosen in `reader_form`: the longest read, where there is one, and the areas.

    Raises:
        Invalid: a choice that isn't in the form, as no client sends.
    """
    try:
        minutes = int(fields(interaction).get("longest") or 0)
        return LongestRead(minutes) if minutes else None, tuple(map(Area, choices(interaction, "areas")))
    except ValueError:
        raise Invalid("error.choice") from None


def _when(placeholder: str, when: str) -> discord.ui.TextInput[discord.ui.Modal]:
    return discord.ui.TextInput(
        custom_id="when", style=SHORT, placeholder=placeholder, default=when or None, max_length=LONGEST_TEXT
    )


def _declared(card: ProfileCard) -> str:
    return "\n".join(line.text for line in card.statements if not line.is_learned)


def _languages(card: ProfileCard, locale: str) -> str:
    tags = card.languages or (locale.partition("-")[0],)
    return write_languages(tags, locale, LANGUAGES)
