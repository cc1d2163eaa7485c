"""The forms that an author fills in after a round of a draft."""

import discord

from bot.calendars.typed import LONGEST_TEXT
from bot.domain.draft_reading import DraftSize
from bot.domain.links import LONGEST_LINK
from bot.services.feedback.rounds import LONGEST_CHANGES, LONGEST_PART
from bot.texts import say
from bot.ui.form_parts import PARAGRAPH, SHORT, choice, form, labelled, text_input
from bot.ui.items import Press

Label = discord.ui.Label[discord.ui.Modal]


def later_form(draft_id: int, locale: str) -> discord.ui.Modal:
    """Return the form for another date."""
    return form(say("feedback.round.title", locale), Press("round", "set_later", draft_id), _needed_by(locale))


def smaller_form(draft_id: int, locale: str) -> discord.ui.Modal:
    """Return the form for a part of a draft."""
    part: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(custom_id="part", max_length=LONGEST_PART)
    return form(
        say("feedback.round.title", locale),
        Press("round", "set_smaller", draft_id),
        labelled(say("feedback.round.part_label", locale), part, say("feedback.round.part_description", locale)),
        _size(locale),
        _needed_by(locale),
    )


def version_form(draft_id: int, locale: str) -> discord.ui.Modal:
    """Return the form for a new version."""
    changes: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="changes", style=PARAGRAPH, max_length=LONGEST_CHANGES
    )
    link = text_input("link", "", None, LONGEST_LINK, SHORT)
    about_changes = say("feedback.round.changes_description", locale)
    return form(
        say("feedback.round.title", locale),
        Press("round", "set_new", draft_id),
        labelled(say("feedback.round.changes_label", locale), changes, about_changes),
        labelled(say("feedback.round.link_label", locale), link, say("feedback.round.link_description", locale)),
        _size(locale),
        _needed_by(locale),
    )


def _size(locale: str) -> Label:
    sizes = {each: say(f"draft.size.{each}", locale) for each in DraftSize}
    return labelled(say("feedback.round.size_label", locale), choice("size", sizes, DraftSize.UNDER_1500))


def _needed_by(locale: str) -> Label:
    needed_by: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="needed_by", max_length=LONGEST_TEXT
    )
    return labelled(
        say("feedback.needed_by_field.label", locale), needed_by, say("feedback.needed_by_field.description", locale)
    )
