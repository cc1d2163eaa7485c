"""Panels of statistics as messages: text first, then a picture with a description, and the way to the others."""

import discord

from bot.domain.disclosure import SafeTable
from bot.domain.statistics import PanelName, StatsPanel
from bot.domain.windows import BLOCK
from bot.services.community.digesting import DigestBegins
from bot.services.community.letters import SharedPanel
from bot.services.community.sharing import SharedIn
from bot.services.results import Attachment, Letter
from bot.statistics import page
from bot.statistics.words import lines
from bot.texts import say
from bot.ui.items import Press, button, pick, view
from bot.ui.render import Rendered

PANELS = tuple(PanelName)
LENGTHS = SHORT, LONG = 4, BLOCK
"""Weeks that a viewer may look at."""
_PLACE = 100
"""Custom ids carry a panel's place times this, and the weeks."""


def panel(shown: StatsPanel, locale: str, *, has_digest: bool = False) -> Rendered:
    """Return a panel: what it means, its tables, its picture."""
    return Rendered(
        page.text(shown, locale),
        view=choices(shown.name, shown.weeks.count, locale, has_digest=has_digest),
        attachment=_picture(shown, locale),
    )


def shared(letter: Letter[SharedPanel], locale: str) -> Rendered:
    """Return a panel as all who moderate read it."""
    return Rendered(letter.content.text, attachment=letter.content.picture)


def shared_in(place: SharedIn, locale: str) -> str:
    """Say where all who moderate read a panel now."""
    key = "stats.sharing.done" if place.is_new else "stats.sharing.again"
    return say(key, locale, channel=f"<#{place.channel_id}>")


def archive(file: Attachment, locale: str) -> Rendered:
    """Return all tables as a file, with what is in it."""
    return Rendered(say("stats.archive.text", locale), attachment=file)


def digest_begins(begins: DigestBegins, locale: str) -> Rendered:
    """Say where and when moderators read digests from now on, with a way to end that."""
    first = discord.utils.format_dt(begins.at, "F")
    text = say("stats.digest.begins", locale, channel=f"<#{begins.channel_id}>", first=first)
    return Rendered(text, view=view(_digest_button(locale, has_digest=True)))


def digest_ended(locale: str) -> Rendered:
    """Say that there are no more digests, with a way to get them again."""
    return Rendered(say("stats.digest.ended", locale), view=view(_digest_button(locale, has_digest=False)))


def _digest_button(locale: str, *, has_digest: bool) -> discord.ui.Button[discord.ui.View]:
    verb, label = ("no_digest", "stats.no_digest.button") if has_digest else ("digest", "stats.digest.button")
    return button(Press("stats", verb), say(label, locale))


def first_counts(counted: SafeTable, weeks: int, locale: str) -> Rendered:
    """Return what is known while the rest is being counted."""
    shown = "\n".join(["```", *lines(counted, locale), "```"])
    return Rendered(f"{say('stats.counting', locale, weeks=weeks)}\n{shown}")


def choices(name: PanelName, weeks: int, locale: str, *, has_digest: bool = False) -> discord.ui.View:
    """Return the ways to the other panels, and to the other length of time."""
    options = [
        discord.SelectOption(label=say(f"stats.panel.{each}", locale), value=str(place), default=each == name)
        for place, each in enumerate(PANELS)
    ]
    other = SHORT if weeks == LONG else LONG
    return view(
        pick(Press("stats", "panel", row(name, weeks)), say("stats.choose", locale), options),
        button(Press("stats", "weeks", row(name, other)), say(f"stats.weeks.{other}", locale)),
        button(Press("stats", "share", row(name, weeks)), say("stats.sharing.button", locale)),
        button(Press("stats", "export", row(name, weeks)), say("stats.archive.button", locale)),
        _digest_button(locale, has_digest=has_digest),
    )


def row(name: PanelName, weeks: int) -> int:
    """Return what a custom id carries."""
    return PANELS.index(name) * _PLACE + weeks


def read_row(number: int) -> tuple[PanelName, int]:
    """Return what a custom id carries; what none of ours carries is the first panel, over the short time."""
    place, weeks = divmod(number, _PLACE)
    return PANELS[place] if place < len(PANELS) else PANELS[0], weeks if weeks in LENGTHS else SHORT


def _picture(shown: StatsPanel, locale: str) -> Attachment | None:
    if shown.picture is None:
        return None
    return Attachment(f"{shown.name}.png", shown.picture, page.picture_told(shown, locale))
