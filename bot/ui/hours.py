"""Offered time as its host and as everyone sees it; pure, apart from needing a running event loop."""

from collections.abc import Sequence

import discord
from discord.utils import format_dt

from bot.domain.hours import own_clock
from bot.services.office_hours.contents import WhichClock
from bot.services.office_hours.offering_results import ComingHours, Offer, OwnHours, OwnOccurrence, Page
from bot.services.results import Letter
from bot.texts import say
from bot.ui import limits
from bot.ui.booking import local_hour
from bot.ui.items import Item, Press, button, pick, view
from bot.ui.render import PRIMARY, SUCCESS, Rendered, fitting
from bot.ui.rules import hours_words, rule_words
from bot.ui.written import inline, plain

_SHOWN = 120
"""Characters shown of what hours are about in a list."""
_TOPICS = (150, 60, 25, 0)
"""Characters shown of what each hour on a page is about: the most with which all of them fit into a message."""
_LISTED = 5
"""Times listed of one series."""


def offer(result: Offer, locale: str) -> Rendered:
    """Return what was understood, with what is needed to say yes, to change it or to leave it."""
    lines = [
        say("offer_time.understood", locale),
        say("offer_time.rule", locale, rule=rule_words(result.timetable, locale), hours=_hours(result, locale)),
        say("offer_time.clock", locale, zone=result.timetable.zone, now=f"{result.local:%H:%M}"),
        say("offer_time.first", locale, begins=format_dt(result.starts_at, "F"), ends=format_dt(result.ends_at, "t")),
    ]
    if result.own_zone is not None and result.own_zone != result.timetable.zone:
        own = [f"{each.astimezone(own_clock(result.own_zone)):%H:%M}" for each in (result.starts_at, result.ends_at)]
        lines.append(say("offer_time.own_clock", locale, begins=own[0], ends=own[1], zone=result.own_zone))
    if result.timetable.rule:
        lines.append(_last(result, locale))
    if result.is_moved:
        lines.append(say("offer_time.first_moved", locale))
    lines += [_about(result, locale), _opened(result, locale)]
    row = result.series_id
    return Rendered(
        "\n".join(lines),
        view=view(
            button(Press("offer", "confirm", row), say("offer_time.confirm.button", locale), SUCCESS),
            button(Press("offer", "change", row), say("offer_time.change.button", locale)),
            button(Press("offer", "drop", row), say("offer_time.drop.button", locale)),
        ),
    )


def offered(result: OwnHours, locale: str) -> Rendered:
    """Return what a host reads whose hours are there now."""
    first = result.coming[0].starts_at if result.coming else None
    when = format_dt(first, "F") if first else rule_words(result.timetable, locale)
    key = "offer_time.done_walk_in" if result.is_walk_in else "offer_time.done"
    return Rendered(say(key, locale, when=when), view=view(_see(locale)))


def own(result: Sequence[OwnHours], locale: str) -> Rendered:
    """Return everything that a host offers, with a select to change it."""
    more = button(Press("panel", "offer"), say("panel.offer.button", locale), PRIMARY)
    if not result:
        return Rendered(say("hours.none", locale), view=view(more))
    lines = [say("hours.heading", locale), *(line for each in result for line in _series_lines(each, locale))]
    options = [discord.SelectOption(label=_label(each, locale), value=str(each.series_id)) for each in result]
    chosen = pick(Press("hours", "series"), say("hours.pick.placeholder", locale), options)
    return Rendered(fitting(lines), view=view(chosen, more))


def series(result: OwnHours, locale: str) -> Rendered:
    """Return one series with everything its host may do about it."""
    items: list[Item] = []
    if result.coming:
        options = [_time_option(each, result, locale) for each in result.coming]
        items.append(pick(Press("hours", "time"), say("hours.pick_time.placeholder", locale), options))
    items.append(button(Press("hours", "change", result.series_id), say("hours.change.button", locale)))
    items.append(button(Press("hours", "end", result.series_id), say("hours.end.button", locale)))
    return Rendered(fitting(_series_lines(result, locale)), view=view(*items))


def changed(result: OwnHours, locale: str) -> Rendered:
    """Return what a host reads who changed a series."""
    return Rendered(fitting([say("hours.changed", locale), *_series_lines(result, locale)]), view=view(_see(locale)))


def occurrence(result: OwnOccurrence, locale: str) -> Rendered:
    """Return one time with everything its host may do about it."""
    lines = [_time_line(result, locale)]
    if result.booked:
        lines.append(say("hours.told", locale, count=result.booked))
    row = result.occurrence_id
    return Rendered(
        "\n".join(lines),
        view=view(
            button(Press("hours", "move", row), say("hours.move.button", locale)),
            button(Press("hours", "cancel", row), say("hours.cancel.button", locale)),
        ),
    )


def moved(result: OwnOccurrence, locale: str) -> str:
    """Return what a host reads who moved one time."""
    return say("hours.moved", locale, begins=format_dt(result.starts_at, "F"), ends=format_dt(result.ends_at, "t"))


def page(result: Page, locale: str) -> Rendered:
    """Return a page of what anyone may come to."""
    if not result.hours:
        offering = button(Press("panel", "offer"), say("panel.offer.button", locale), PRIMARY)
        return Rendered(say("office_hours.none", locale), view=view(offering))
    items: list[Item] = []
    if walk_ins := [_walk_in_option(each, result.zone, locale) for each in result.hours if each.is_walk_in]:
        items.append(pick(Press("browse", "queue"), say("office_hours.queue.placeholder", locale), walk_ins))
    if result.number > 0:
        items.append(button(Press("browse", "page", result.number - 1), say("office_hours.sooner.button", locale)))
    if result.number + 1 < result.pages:
        items.append(button(Press("browse", "page", result.number + 1), say("office_hours.later.button", locale)))
    drafts = (_listed(result, locale, longest) for longest in _TOPICS)
    content = next(each for each in drafts if len(each) <= limits.MESSAGE)
    return Rendered(content, view=view(*items) if items else None)


def which_clock(letter: Letter[WhichClock], locale: str) -> Rendered:
    """Ask a host who moved which clock their hours are to follow."""
    content = letter.content
    row, old, new = content.member_id, inline(content.old), inline(content.new)
    return Rendered(
        say("which_clock.ask", locale, old=old, new=new),
        view=view(
            button(Press("hours", "follow", row), say("which_clock.follow.button", locale), PRIMARY),
            button(Press("hours", "stay", row), say("which_clock.stay.button", locale)),
        ),
    )


def _hours(result: Offer | OwnHours, locale: str) -> str:
    return hours_words(result.timetable, locale)


def _about(result: Offer, locale: str) -> str:
    if result.topics is None:
        return say("offer_time.no_topics", locale)
    return say("offer_time.topics", locale, topics=inline(result.topics, 300))


def _last(result: Offer, locale: str) -> str:
    if result.last is None:
        return say("offer_time.goes_on", locale)
    return say("offer_time.last", locale, when=format_dt(result.last, "F"))


def _opened(result: Offer, locale: str) -> str:
    if result.is_walk_in:
        return say("offer_time.walk_in", locale)
    key = "offer_time.one_slot" if result.slots == 1 else "offer_time.slots"
    text = say(key, locale, count=result.slots)
    return f"{text} {say('offer_time.left_out', locale, count=result.left_out)}" if result.left_out else text


def _see(locale: str) -> Item:
    return button(Press("hours", "list"), say("hours.list.button", locale))


def _series_lines(result: OwnHours, locale: str) -> list[str]:
    about = inline(result.topics, _SHOWN) if result.topics else say("hours.profile_topics", locale)
    words, hours = rule_words(result.timetable, locale), _hours(result, locale)
    lines = [say("hours.series_line", locale, rule=words, hours=hours, topics=about)]
    lines += [_time_line(each, locale) for each in result.coming[:_LISTED]]
    return lines


def _time_line(result: OwnOccurrence, locale: str) -> str:
    begins, ends = format_dt(result.starts_at, "F"), format_dt(result.ends_at, "t")
    if not result.slots:
        return say("hours.walk_in_line", locale, begins=begins, ends=ends)
    return say("hours.time_line", locale, begins=begins, ends=ends, booked=result.booked, slots=result.slots)


def _time_option(each: OwnOccurrence, result: OwnHours, locale: str) -> discord.SelectOption:
    label = local_hour(each.starts_at, result.timetable.zone, locale)
    return discord.SelectOption(label=label[: limits.OPTION_LABEL], value=str(each.occurrence_id))


def _walk_in_option(each: ComingHours, zone: str | None, locale: str) -> discord.SelectOption:
    about = " · ".join(each.topics) or say("office_hours.anything", locale)
    label = f"{local_hour(each.starts_at, zone, locale)} · {about}"
    return discord.SelectOption(label=plain(label, limits.OPTION_LABEL), value=str(each.occurrence_id))


def _label(each: OwnHours, locale: str) -> str:
    label = f"{rule_words(each.timetable, locale)} · {_hours(each, locale)}"
    return label[: limits.OPTION_LABEL]


def _listed(result: Page, locale: str, longest: int) -> str:
    lines = [say("office_hours.heading", locale), *(_line(each, locale, longest) for each in result.hours)]
    return "\n".join(lines)


def _line(each: ComingHours, locale: str, longest: int) -> str:
    begins, ends = format_dt(each.starts_at, "F"), format_dt(each.ends_at, "t")
    free = _free(each, locale)
    line = say("office_hours.line", locale, begins=begins, ends=ends, host=f"<@{each.host_user_id}>", free=free)
    if not longest:
        return line
    return f"{line}\n  {inline(' · '.join(each.topics) or say('office_hours.anything', locale), longest)}"


def _free(each: ComingHours, locale: str) -> str:
    if each.is_walk_in:
        return say("office_hours.walk_in", locale)
    if each.free == 1:
        return say("office_hours.one_free", locale)
    return say("office_hours.free", locale, count=each.free) if each.free else say("office_hours.full", locale)
