"""The forms of readers and authors around feedback, and what was filled into them."""

from collections.abc import Mapping

import discord

from bot.calendars.typed import LONGEST_TEXT
from bot.domain import drafts
from bot.domain.drafts import Area, Confidence, Point, PointOutcome
from bot.services.feedback import comparing
from bot.services.feedback.comparing import Together
from bot.services.feedback.reviewing import Written
from bot.services.feedback.reviewing_results import FeedbackView, PointView
from bot.texts import say
from bot.ui.form_parts import PARAGRAPH, SHORT, choice, chosen_in, form, labelled, options, text_input
from bot.ui.items import Press

_NO, _YES = "no", "yes"
_NOTE = "words"
_PLAIN = Point(Area.PRESENTATION, "", Confidence.FAIRLY_SURE)
"""What stands in the form of a point before anyone writes into it."""


def feedback_form(draft_id: int, before: FeedbackView | None, locale: str) -> discord.ui.Modal:
    """Return the form of what a reader says beside their points, with what they said before."""
    filled = before or FeedbackView(0, 0, 0, "")
    summary: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="summary", style=PARAGRAPH, default=filled.summary or None, max_length=drafts.LONGEST_SUMMARY
    )
    strengths = text_input("strengths", "", filled.strengths, drafts.LONGEST_STRENGTHS, PARAGRAPH)
    answers = text_input("answers", "", filled.answers, drafts.LONGEST_ANSWERS, PARAGRAPH)
    said = {_NO: say("feedback.form.model_no", locale), _YES: say("feedback.form.model_yes", locale)}
    model: discord.ui.Select[discord.ui.Modal] = discord.ui.Select(
        custom_id="model", options=options(said, {_YES if filled.uses_model else _NO})
    )
    return form(
        say("feedback.form.title", locale),
        Press("reading", "keep", draft_id),
        labelled(
            say("feedback.summary_field.label", locale), summary, say("feedback.summary_field.description", locale)
        ),
        labelled(say("feedback.strengths_field.label", locale), strengths),
        labelled(
            say("feedback.answers_field.label", locale), answers, say("feedback.answers_field.description", locale)
        ),
        labelled(say("feedback.model_field.label", locale), model),
    )


def written(filled: Mapping[str, str]) -> Written:
    """Return what was filled into `feedback_form`."""
    return Written(
        filled.get("summary", ""),
        filled.get("strengths", ""),
        filled.get("answers", ""),
        uses_model=filled.get("model") == _YES,
    )


def point_form(press: Press, locale: str, said: Point = _PLAIN) -> discord.ui.Modal:
    """Return the form of one point, with what was said before."""
    areas = {each: say(f"draft.area.{each}", locale) for each in Area}
    sure = {each: say(f"draft.confidence.{each}", locale) for each in Confidence}
    remark: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="remark", style=PARAGRAPH, default=said.remark or None, max_length=drafts.LONGEST_REMARK
    )
    location = text_input("location", "", said.location, drafts.LONGEST_LOCATION, SHORT)
    suggestion = text_input("suggestion", "", said.suggestion, drafts.LONGEST_SUGGESTION, PARAGRAPH)
    return form(
        say("feedback.point_form.title", locale),
        press,
        labelled(say("feedback.area_field.label", locale), choice("area", areas, said.area)),
        labelled(
            say("feedback.location_field.label", locale), location, say("feedback.location_field.description", locale)
        ),
        labelled(say("feedback.remark_field.label", locale), remark),
        labelled(say("feedback.suggestion_field.label", locale), suggestion),
        labelled(say("feedback.sure_field.label", locale), choice("sure", sure, said.confidence)),
    )


def point(filled: Mapping[str, str]) -> Point:
    """Return what was filled into `point_form`.

    Raises:
        Invalid: it says nothing, a part is too long, or a choice isn't in the form.
    """
    return drafts.clean_point(
        chosen_in(filled, "area", _PLAIN.area),
        filled.get("remark", ""),
        chosen_in(filled, "sure", _PLAIN.confidence),
        filled.get("location", ""),
        filled.get("suggestion", ""),
    )


def word_form(point: PointView, locale: str) -> discord.ui.Modal:
    """Return the form in which an author says what became of a point, with a word about it."""
    outcomes = {each: say(f"feedback.became.{each}", locale) for each in PointOutcome}
    word = text_input("words", "", point.note, drafts.LONGEST_NOTE, PARAGRAPH)
    return form(
        say("feedback.word_form.title", locale),
        Press("point", "say", point.point_id),
        labelled(
            say("feedback.became_field.label", locale),
            choice("outcome", outcomes, point.outcome or PointOutcome.CHANGED),
        ),
        labelled(say("feedback.word_field.label", locale), word, say("feedback.word_field.description", locale)),
    )


def outcome(filled: Mapping[str, str]) -> PointOutcome:
    """Return which outcome was chosen in `word_form`.

    Raises:
        Invalid: none of them.
    """
    return chosen_in(filled, "outcome", PointOutcome.CHANGED)


def compare_form(draft_id: int, locale: str) -> discord.ui.Modal:
    """Return the form in which a reader proposes a time to compare notes."""
    when: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="when",
        style=SHORT,
        placeholder=say("feedback.when_field.placeholder", locale),
        max_length=LONGEST_TEXT,
    )
    label, description = say("feedback.when_field.label", locale), say("feedback.when_field.description", locale)
    return form(
        say("feedback.compare.title", locale), Press("reading", "propose", draft_id), labelled(label, when, description)
    )


def note_form(draft_id: int, there: Together, locale: str) -> discord.ui.Modal:
    """Return the form of what readers say together, with what is there; its field is called by that."""
    note: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id=f"{_NOTE}{there.version}", style=PARAGRAPH, default=there.words or None, max_length=comparing.LONGEST
    )
    label, description = say("feedback.note_field.label", locale), say("feedback.note_field.description", locale)
    return form(
        say("feedback.note.title", locale), Press("reading", "say", draft_id), labelled(label, note, description)
    )


def note(filled: Mapping[str, str]) -> tuple[str, str]:
    """Return what was filled into `note_form`, and the version of what stood in it."""
    name = next((each for each in filled if each.startswith(_NOTE)), _NOTE)
    return filled.get(name, ""), name.removeprefix(_NOTE)
