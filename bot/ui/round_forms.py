"""The forms that an author fills in after a round of a draft."""

import discord

from bot.calendars.typed import LONGEST_TEXT
from bot.domain import drafts
from bot.domain.draft_reading import DraftSize
from bot.domain.drafts import Stage
from bot.domain.links import LONGEST_LINK
from bot.services.feedback.rounds import LONGEST_PART
from bot.services.feedback.versions import LONGEST_CHANGES, NewVersion
from bot.texts import say
from bot.ui.attachments import handed_in
from bot.ui.form_parts import PARAGRAPH, SHORT, choice, chosen_in, form, labelled, text_input
from bot.ui.items import Press, fields

Label = discord.ui.Label[discord.ui.Modal]
_FILE, _SAME = "file", "same"


def later_form(draft_id: int, locale: str) -> discord.ui.Modal:
    """Return the form for another date."""
    return form(say("feedback.round.title", locale), Press("round", "set_later", draft_id), _needed_by(locale))


def smaller_form(draft_id: int, locale: str) -> discord.ui.Modal:
    """Return the form for a part of a draft."""
    part: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(custom_id="part", max_length=LONGEST_PART)
    sizes = {each: say(f"draft.size.{each}", locale) for each in DraftSize}
    return form(
        say("feedback.round.title", locale),
        Press("round", "set_smaller", draft_id),
        labelled(say("feedback.round.part_label", locale), part, say("feedback.round.part_description", locale)),
        labelled(say("feedback.round.size_label", locale), choice("size", sizes, DraftSize.UNDER_1500)),
        _needed_by(locale),
    )


def version_form(draft_id: int, stage: Stage, locale: str) -> discord.ui.Modal:
    """Return the form for a new version; of a review, only its words are taken."""
    changes: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="changes", style=PARAGRAPH, max_length=LONGEST_CHANGES
    )
    about_changes = say("feedback.round.changes_description", locale)
    return form(
        say("feedback.round.title", locale),
        Press("round", "set_new", draft_id),
        labelled(say("feedback.round.changes_label", locale), changes, about_changes),
        *(_review(locale) if stage is Stage.REVIEW else _source(locale)),
        _needed_by(locale),
    )


def filled_version(interaction: discord.Interaction) -> NewVersion:
    """Return what was filled into `version_form`; a link to a file of Discord's is that file.

    Raises:
        Invalid: a choice that isn't in the form, as no client sends.
    """
    filled = fields(interaction)
    file, link = handed_in(interaction, _FILE, filled.get("link", ""))
    is_picked = filled.get("size", _SAME) != _SAME
    return NewVersion(
        needed_by=filled.get("needed_by", ""),
        changes=filled.get("changes", ""),
        link=link,
        file=file,
        size=chosen_in(filled, "size", DraftSize.UNDER_1500) if is_picked else None,
        review=filled.get("review", ""),
    )


def _source(locale: str) -> list[Label]:
    link = text_input("link", "", None, LONGEST_LINK, SHORT)
    file: discord.ui.FileUpload[discord.ui.Modal] = discord.ui.FileUpload(custom_id=_FILE, required=False)
    labels: dict[str, str] = {_SAME: say("feedback.round.same_size", locale)}
    labels |= {each: say(f"draft.size.{each}", locale) for each in DraftSize}
    return [
        labelled(say("feedback.round.link_label", locale), link, say("feedback.round.link_description", locale)),
        labelled(say("feedback.file_field.label", locale), file, say("feedback.round.file_description", locale)),
        labelled(say("feedback.round.size_label", locale), choice("size", labels, _SAME)),
    ]


def _review(locale: str) -> list[Label]:
    words = text_input("review", "", None, drafts.LONGEST_REVIEW, PARAGRAPH)
    about = say("feedback.round.review_description", locale)
    return [labelled(say("feedback.round.review_label", locale), words, about)]


def _needed_by(locale: str) -> Label:
    needed_by: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="needed_by", max_length=LONGEST_TEXT
    )
    return labelled(
        say("feedback.needed_by_field.label", locale), needed_by, say("feedback.needed_by_field.description", locale)
    )
