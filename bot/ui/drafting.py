"""A draft as its author sees it before it is sent; pure, apart from needing a running event loop for views."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

import discord

from bot.calendars.deadlines import AOE
from bot.domain.draft_reading import DraftPart, DraftSize, band
from bot.domain.drafts import CONFIDENTIAL, MOST_CO_AUTHORS, MOST_READERS, Area, Stage
from bot.domain.lifecycle import FOR_DRAFTS
from bot.errors import Invalid
from bot.services.feedback.drafting_results import DraftChoices, DraftPreview
from bot.services.feedback.inspecting import part_name
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Item, Press, button, custom_ids, option, payload, pick, select, values, view
from bot.ui.looks import whole
from bot.ui.render import SUCCESS, Rendered, fitting, words
from bot.ui.written import inline, plain

_Choice = TypeVar("_Choice")
_STAGES, _AREAS, _SIZES, _READERS = tuple(Stage), tuple(Area), tuple(DraftSize), tuple(range(1, MOST_READERS + 1))
_PICKED = {each.words: each for each in _SIZES}
"""What is said of so many words: a draft of exactly so many has been picked so, or reads the same."""


def preview(result: DraftPreview, locale: str, *, has_more: bool = False) -> Rendered:
    """Return what was understood, with what can be chosen: what matters most, or what else there is."""
    items = _more(result, locale) if has_more else _first(result, locale)
    embed = whole(result.draft, locale, None)
    return Rendered(fitting(list(_lines(result, locale))), embed=embed, view=view(*items))


def chosen(interaction: discord.Interaction) -> DraftChoices:
    """Return what was chosen in one of the selects.

    Raises:
        Invalid: something that isn't offered there, as no client sends.
    """
    press = Press.parse(str(payload(interaction).get("custom_id", "")))
    if press is None or press.verb not in _CHOSEN:
        raise Invalid("error.choice")
    return _CHOSEN[press.verb](interaction)


def is_on_more(interaction: discord.Interaction) -> bool:
    """Tell whether what was pressed is among the further choices."""
    shown = interaction.message.components if interaction.message else ()
    return any(each.startswith("drafting1:back:") for each in custom_ids(shown))


def _lines(result: DraftPreview, locale: str) -> list[str]:
    """Return what an author reads above the draft."""
    draft = result.draft
    notes = {
        "feedback.preview.moved": result.is_moved,
        "feedback.preview.short_notice": result.is_short_notice,
        "feedback.preview.in_parts": bool(result.parts) and not draft.part,
        "feedback.preview.venue": draft.stage in CONFIDENTIAL,
        "feedback.preview.no_review": draft.stage is Stage.REVIEW and not result.has_review,
        "feedback.preview.nothing": not result.has_text and draft.stage not in {Stage.REVIEW, Stage.IDEA},
        "feedback.preview.no_private": not result.takes_private and draft.visibility.is_private,
        "feedback.preview.hidden": draft.visibility.is_hidden,
    }
    return [
        say("feedback.preview.understood", locale),
        *([words(result.refusal.key, locale, result.refusal.params)] if result.refusal else []),
        _closes(result, locale),
        *_length(result, locale),
        *(say(key, locale) for key, is_so in notes.items() if is_so),
        *_file(result, locale),
        *_co_authors(result, locale),
        say("feedback.authorship", locale),
    ]


def _closes(result: DraftPreview, locale: str) -> str:
    at, anywhere = int(result.closes_at.timestamp()), result.closes_at.astimezone(AOE)
    if (anywhere.hour, anywhere.minute) == (0, 0):
        last = anywhere - timedelta(days=1)
        return say("feedback.preview.closes", locale, at=at, day=f"{last.day} {last:%b}")
    return say("feedback.preview.closes_at", locale, at=at, moment=f"{anywhere.day} {anywhere:%b %H:%M}")


def _length(result: DraftPreview, locale: str) -> list[str]:
    words = result.draft.words
    if not words:
        is_asked = result.draft.stage is Stage.IDEA or (result.has_text and result.draft.stage is not Stage.REVIEW)
        return [say("feedback.preview.no_length", locale)] if is_asked else []
    fewest, most = band(words)
    if words in _PICKED and not result.draft.part:
        size = say(f"draft.size.{_PICKED[words]}", locale)
        return [say("feedback.preview.length_picked", locale, size=size, fewest=fewest, most=most)]
    return [say("feedback.preview.length", locale, words=f"{words:,}", fewest=fewest, most=most)]


def _file(result: DraftPreview, locale: str) -> list[str]:
    if result.file_name is None:
        return []
    lines = [say("feedback.preview.file", locale, name=inline(result.file_name, 100))]
    if result.record:
        said = "; ".join(f"{plain(name, 30)}: {plain(value, 60)}" for name, value in result.record.items())
        lines.append(say("feedback.preview.record", locale, record=inline(said, 300)))
    elif result.is_record_open:
        lines.append(say("feedback.preview.record_open", locale))
    elif result.record is not None:
        lines.append(say("feedback.preview.record_none", locale))
    return lines


def _co_authors(result: DraftPreview, locale: str) -> list[str]:
    if not result.co_authors:
        return []
    people = ", ".join(f"<@{each}>" for each in sorted(result.co_authors))
    return [say("feedback.preview.co_authors", locale, people=people)]


def _first(result: DraftPreview, locale: str) -> list[Item]:
    row, is_review = result.draft.request_id, result.draft.stage is Stage.REVIEW
    paste = button(Press("drafting", "review", row), say("feedback.review_form.button", locale))
    return [
        _stage(result, locale),
        _areas(result, locale),
        _visibility(result, locale),
        _fourth(result, locale),
        button(Press("drafting", "post", row), say("feedback.confirm.button", locale), SUCCESS),
        *([paste] if is_review else []),
        button(Press("drafting", "change", row), say("feedback.change.button", locale)),
        button(Press("drafting", "more", row), say("feedback.more.button", locale)),
        button(Press("drafting", "drop", row), say("feedback.drop.button", locale)),
    ]


def _fourth(result: DraftPreview, locale: str) -> Item:
    """Return the choice that a draft needs most beside those of any: its length, a part of it, or its readers."""
    if not result.whole_words and result.draft.stage is not Stage.REVIEW:
        return _size(result, locale)
    return _part(result, locale) if result.parts else _readers(result, locale)


def _more(result: DraftPreview, locale: str) -> list[Item]:
    row, has_file = result.draft.request_id, result.draft.has_file
    items: list[Item] = [_readers(result, locale), _people(result, locale)]
    if has_file:
        items.append(_may_read(result, locale))
    if result.draft.stage is not Stage.REVIEW:
        items.append(_size(result, locale))
    items.append(button(Press("drafting", "back", row), say("feedback.back.button", locale)))
    if has_file and not result.draft.visibility.is_hidden:
        items.append(button(Press("drafting", "name", row), say("feedback.name_form.button", locale)))
    if result.is_record_open or result.record:
        items.append(button(Press("drafting", "copy", row), say("feedback.copy.button", locale)))
    return items


def _offered(result: DraftPreview, verb: str, placeholder: str, labels: Mapping[_Choice, str], marked: object) -> Item:
    """Return a select of one of some, numbered from 0."""
    return pick(Press("drafting", verb, result.draft.request_id), placeholder, _options(labels, [marked]))


def _options(labels: Mapping[_Choice, str], marked: Sequence[object]) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(label=label, value=str(place), default=each in marked)
        for place, (each, label) in enumerate(labels.items())
    ]


def _stage(result: DraftPreview, locale: str) -> Item:
    labels = {each: say(f"draft.stage.{each}", locale) for each in _STAGES}
    return _offered(result, "stage", say("feedback.stage_pick.placeholder", locale), labels, result.draft.stage)


def _areas(result: DraftPreview, locale: str) -> Item:
    labels = {each: say(f"draft.area.{each}", locale) for each in _AREAS}
    press = Press("drafting", "areas", result.draft.request_id)
    options = _options(labels, result.draft.areas)
    return select(press, say("feedback.areas_pick.placeholder", locale), options, can_be_empty=True)


def _visibility(result: DraftPreview, locale: str) -> Item:
    labels = {each: say(f"draft.visibility.{each}", locale) for each in FOR_DRAFTS}
    placeholder = say("feedback.visibility_pick.placeholder", locale)
    return _offered(result, "visibility", placeholder, labels, result.draft.visibility)


def _size(result: DraftPreview, locale: str) -> Item:
    labels = {each: say(f"draft.size.{each}", locale) for each in _SIZES}
    is_picked = _PICKED.get(result.whole_words)
    return _offered(result, "size", say("feedback.size_pick.placeholder", locale), labels, is_picked)


def _readers(result: DraftPreview, locale: str) -> Item:
    labels = {each: say(f"feedback.readers_pick.{each}", locale) for each in _READERS}
    return _offered(result, "readers", say("feedback.readers_pick.placeholder", locale), labels, result.draft.readers)


def _may_read(result: DraftPreview, locale: str) -> Item:
    labels = {False: say("feedback.may_read_pick.no", locale), True: say("feedback.may_read_pick.yes", locale)}
    return _offered(result, "may_read", say("feedback.may_read_pick.placeholder", locale), labels, result.may_read)


def _part(result: DraftPreview, locale: str) -> Item:
    shortest, longest = band(result.whole_words)
    labels = {0: say("feedback.part_pick.whole", locale, fewest=shortest, most=longest)}
    for number, each in enumerate(result.parts[: limits.SELECT_OPTIONS - 1], start=1):
        labels[number] = _part_label(each, number, len(result.parts), locale)
    names = [part_name(number, result.parts) for number in range(1, len(result.parts) + 1)]
    marked = names.index(result.draft.part) + 1 if result.draft.part in names else 0
    return _offered(result, "part", say("feedback.part_pick.placeholder", locale), labels, marked)


def _part_label(part: DraftPart, number: int, parts: int, locale: str) -> str:
    fewest, most = band(part.words)
    said = say("feedback.part_pick.part", locale, part=number, parts=parts, fewest=fewest, most=most)
    titles = ", ".join(each for each in part.titles if each)
    return plain(f"{said} ({titles})" if titles else said, limits.OPTION_LABEL)


def _people(result: DraftPreview, locale: str) -> Item:
    return discord.ui.UserSelect(
        custom_id=str(Press("drafting", "co_authors", result.draft.request_id)),
        placeholder=say("feedback.co_authors_pick.placeholder", locale),
        min_values=0,
        max_values=MOST_CO_AUTHORS,
        default_values=[discord.Object(each, type=discord.User) for each in sorted(result.co_authors)],
    )


def _of(interaction: discord.Interaction, offered: Sequence[_Choice]) -> _Choice:
    return offered[option(interaction, len(offered))]


def _areas_of(interaction: discord.Interaction) -> tuple[Area, ...]:
    places = values(interaction)
    if any(each not in range(len(_AREAS)) for each in places):
        raise Invalid("error.choice")
    return tuple(_AREAS[each] for each in sorted(set(places)))


_CHOSEN: Mapping[str, Callable[[discord.Interaction], DraftChoices]] = {
    "stage": lambda interaction: DraftChoices(stage=_of(interaction, _STAGES)),
    "areas": lambda interaction: DraftChoices(areas=_areas_of(interaction)),
    "visibility": lambda interaction: DraftChoices(visibility=_of(interaction, FOR_DRAFTS)),
    "size": lambda interaction: DraftChoices(size=_of(interaction, _SIZES)),
    "readers": lambda interaction: DraftChoices(readers=_of(interaction, _READERS)),
    "may_read": lambda interaction: DraftChoices(may_read=bool(option(interaction, 2))),
    "part": lambda interaction: DraftChoices(part=option(interaction, limits.SELECT_OPTIONS)),
    "co_authors": lambda interaction: DraftChoices(co_authors=tuple(values(interaction))),
}
"""What each select means, by its verb."""
