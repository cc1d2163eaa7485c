"""The forms in which authors say what they would like feedback on."""

from datetime import datetime
from enum import StrEnum

import discord

from bot.calendars.deadlines import AOE
from bot.calendars.typed import LONGEST_TEXT
from bot.domain import drafts
from bot.domain.hours import own_clock
from bot.domain.links import LONGEST_LINK
from bot.services.feedback.drafting_results import DraftTyped, NewDraft
from bot.services.feedback.inspecting import LONGEST_NAME
from bot.texts import say
from bot.ui.attachments import handed_in
from bot.ui.form_parts import PARAGRAPH, SHORT, choice, chosen_in, form, labelled, least, text_input
from bot.ui.items import Press, fields

_FILE = "file"


class _Allowed(StrEnum):
    """Whether a venue allows to show a review."""

    NO = "no"
    YES = "yes"


def draft_form(locale: str, link: str = "", about: str = "") -> discord.ui.Modal:
    """Return the form of `/feedback`, with what a message had in it where it is about one."""
    return _draft_form(0, about, "", link if len(link) <= LONGEST_LINK else "", "", locale)


def draft_again_form(typed: DraftTyped, locale: str) -> discord.ui.Modal:
    """Return the form of `/feedback`, filled with a draft that isn't posted; its file stays unless one comes."""
    when = _typed(typed.closes_at, typed.zone)
    return _draft_form(typed.draft_id, typed.about, "\n".join(typed.questions), typed.link or "", when, locale)


def filled_draft(interaction: discord.Interaction, changes: int) -> NewDraft:
    """Return what was filled into the form of `/feedback`; a link to a file of Discord's is that file."""
    filled = fields(interaction)
    file, link = handed_in(interaction, _FILE, filled.get("link", ""))
    return NewDraft(
        guild_id=interaction.guild_id or 0,
        user_id=interaction.user.id,
        interaction_id=interaction.id,
        about=filled.get("about", ""),
        questions=filled.get("questions", ""),
        needed_by=filled.get("needed_by", ""),
        link=link,
        file=file,
        changes=changes or None,
    )


def review_form(draft_id: int, locale: str) -> discord.ui.Modal:
    """Return the form for the words of a review."""
    allowed = {each: say(f"feedback.venue_field.{each}", locale) for each in _Allowed}
    words: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="words", style=PARAGRAPH, max_length=drafts.LONGEST_REVIEW
    )
    return form(
        say("feedback.review_form.title", locale),
        Press("drafting", "show_review", draft_id),
        labelled(say("feedback.review_field.label", locale), words, say("feedback.review_field.description", locale)),
        labelled(
            say("feedback.venue_field.label", locale),
            choice("allowed", allowed, _Allowed.NO),
            say("feedback.venue_field.description", locale),
        ),
    )


def filled_review(interaction: discord.Interaction) -> tuple[str, bool]:
    """Return the words of a review, and whether its author says that they may be shown.

    Raises:
        Invalid: a choice that isn't in the form, as no client sends.
    """
    filled = fields(interaction)
    return filled.get("words", ""), chosen_in(filled, "allowed", _Allowed.NO) is _Allowed.YES


def name_form(draft_id: int, locale: str) -> discord.ui.Modal:
    """Return the form for a file's name."""
    name: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="name", style=SHORT, max_length=LONGEST_NAME
    )
    label = labelled(say("feedback.name_field.label", locale), name)
    return form(say("feedback.name_form.title", locale), Press("drafting", "named", draft_id), label)


def _draft_form(draft_id: int, about: str, questions: str, link: str, needed_by: str, locale: str) -> discord.ui.Modal:
    described: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="about",
        style=PARAGRAPH,
        placeholder=say("feedback.about_field.placeholder", locale),
        default=about[: drafts.LONGEST_ABOUT] or None,
        min_length=least(about, drafts.SHORTEST_ABOUT),
        max_length=drafts.LONGEST_ABOUT,
    )
    asked: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="questions",
        style=PARAGRAPH,
        placeholder=say("feedback.questions_field.placeholder", locale),
        default=questions or None,
        max_length=drafts.LONGEST_QUESTIONS,
    )
    when: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id="needed_by",
        style=SHORT,
        placeholder=say("feedback.needed_by_field.placeholder", locale),
        default=needed_by or None,
        max_length=LONGEST_TEXT,
    )
    file: discord.ui.FileUpload[discord.ui.Modal] = discord.ui.FileUpload(custom_id=_FILE, required=False)
    return form(
        say("feedback.ask.title", locale),
        Press("drafting", "send", draft_id),
        labelled(say("feedback.about_field.label", locale), described, say("feedback.about_field.description", locale)),
        labelled(
            say("feedback.link_field.label", locale),
            text_input("link", "", link, LONGEST_LINK, SHORT),
            say("feedback.link_field.description", locale),
        ),
        labelled(say("feedback.file_field.label", locale), file, say("feedback.file_field.description", locale)),
        labelled(
            say("feedback.questions_field.label", locale), asked, say("feedback.questions_field.description", locale)
        ),
        labelled(
            say("feedback.needed_by_field.label", locale), when, say("feedback.needed_by_field.description", locale)
        ),
    )


def _typed(moment: datetime, zone: str | None) -> str:
    """Return a deadline as its author may type it again: on their own clock, or else Anywhere on Earth."""
    on_clock = moment.astimezone(own_clock(zone) if zone else AOE)
    return f"{on_clock.day} {on_clock:%b %Y %H:%M}{'' if zone else ' AoE'}"
