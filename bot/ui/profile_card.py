"""What a member sees of themselves, and the buttons under it; pure, apart from needing a running event loop."""

from collections.abc import Sequence

import discord

from bot.domain.hours import write_hours
from bot.domain.learning import is_lowered, is_raised
from bot.services.people.languages import language_name
from bot.services.results import ProfileCard, StatementLine
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Item, Press, button, select, view
from bot.ui.mine import pause
from bot.ui.render import PRIMARY, Rendered
from bot.ui.written import inline, plain


def profile_card(card: ProfileCard, locale: str, member_id: int = 0) -> Rendered:
    """Return what a member sees of themselves; with a member id, buttons that work in direct messages too."""
    if not card.statements and not card.is_helper:
        lines = [say("profile.empty", locale)]
        if card.zone:
            lines.append(_clock(card, locale))
        begin = button(Press("profile", "edit", member_id), say("profile.begin.button", locale), PRIMARY)
        return Rendered("\n".join(lines), view=view(begin))
    status = "profile.open" if card.is_helper else "profile.paused"
    facts = [
        say(status, locale, rate=say(f"rate.{card.rate}", locale)),
        *([pause(card.pause, locale)] if card.pause and card.pause.is_paused else []),
        *_learning_and_languages(card, locale),
        _clock(card, locale),
        say(f"profile.messages.{card.direct_messages}", locale),
        say("profile.learns_on" if card.learns_from_help else "profile.learns_off", locale),
        _reads(card, locale),
        say("profile.statements", locale),
    ]
    content = "\n".join(facts)
    return Rendered(_with_statements(content, card, locale), view=_buttons(card, member_id, locale))


def _learning_and_languages(card: ProfileCard, locale: str) -> list[str]:
    lines = []
    if card.learning:
        lines.append(say("profile.learns", locale, learning=inline(card.learning, 300)))
    if card.languages:
        names = ", ".join(language_name(tag, locale) for tag in card.languages)
        lines.append(say("profile.languages", locale, languages=names))
    return lines


def _clock(card: ProfileCard, locale: str) -> str:
    if card.zone is None or card.local is None:
        return say("profile.no_zone", locale)
    where = {"zone": card.zone, "now": f"{card.local:%H:%M}"}
    if card.begins is None or card.ends is None:
        return say("profile.zone_only", locale, **where)
    begins, ends = write_hours(card.begins, card.ends)
    return say("profile.clock", locale, **where, begins=begins, ends=ends)


def _reads(card: ProfileCard, locale: str) -> str:
    """Say which drafts a member may be asked to read."""
    if card.longest_read is None:
        return say("profile.reads_none", locale)
    if not card.read_areas:
        return say("profile.reads_anything", locale, minutes=card.longest_read.value)
    areas = ", ".join(say(f"draft.area.{each}", locale) for each in card.read_areas)
    return say("profile.reads_areas", locale, minutes=card.longest_read.value, areas=areas)


def _with_statements(content: str, card: ProfileCard, locale: str) -> str:
    """Add as many statements as a message holds, their own first; the rest stays in the form and the selects."""
    for line in (*_declared(card), *_learned(card)):
        entry = " ".join(["\n-", inline(line.text), *_marks(line, locale, is_used=card.learns_from_help)])
        if len(content) + len(entry) > limits.MESSAGE - 2:
            return f"{content}\n…"
        content += entry
    return content


def _marks(line: StatementLine, locale: str, *, is_used: bool) -> list[str]:
    """Say what happened to a line since it was written."""
    is_set_aside = line.is_learned and not is_used
    marks = {
        "profile.muted": line.is_muted,
        "profile.learned": line.is_learned and not is_set_aside,
        "profile.set_aside": is_set_aside,
        "profile.lowered": not line.is_learned and is_lowered(line.weight),
        "profile.raised": not line.is_learned and is_raised(line.weight),
    }
    return [say(key, locale) for key, is_so in marks.items() if is_so]


def _buttons(card: ProfileCard, member_id: int, locale: str) -> discord.ui.View:
    items: list[Item] = [
        button(Press("profile", "edit", member_id), say("profile.edit.button", locale), PRIMARY),
        button(Press("profile", "check", member_id), say("profile.check.button", locale)),
        _learning_button(card, member_id, locale),
        button(Press("reader", "choose", member_id), say("profile.reads.button", locale)),
    ]
    if any(line.is_learned or line.weight != 1 for line in card.statements):
        items.append(button(Press("profile", "unlearn", member_id), say("profile.unlearn.button", locale)))
    if declared := _declared(card):
        mute, delete = say("profile.mute.placeholder", locale), say("profile.delete.placeholder", locale)
        items.append(
            select(Press("profile", "mute", member_id), mute, _options(declared, is_chosen=True), can_be_empty=True)
        )
        items.append(select(Press("profile", "delete", member_id), delete, _options(declared, is_chosen=False)))
    if learned := _learned(card):
        delete, options = say("profile.delete_learned.placeholder", locale), _options(learned, is_chosen=False)
        items.append(select(Press("profile", "delete_learned", member_id), delete, options))
    return view(*items)


def _declared(card: ProfileCard) -> list[StatementLine]:
    return [line for line in card.statements if not line.is_learned]


def _learned(card: ProfileCard) -> list[StatementLine]:
    """Return the newest first: Discord shows 25 in a select, and those that are deleted make room for the next."""
    return [line for line in reversed(card.statements) if line.is_learned]


def _learning_button(card: ProfileCard, member_id: int, locale: str) -> discord.ui.Button[discord.ui.View]:
    if card.learns_from_help:
        return button(Press("profile", "stop_learning", member_id), say("profile.stop_learning.button", locale))
    return button(Press("profile", "learn", member_id), say("profile.learn.button", locale))


def _options(lines: Sequence[StatementLine], *, is_chosen: bool) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            label=plain(line.text, limits.OPTION_LABEL),
            value=str(line.statement_id),
            default=is_chosen and line.is_muted,
        )
        for line in lines
    ]
