"""Keeping a profile: what a member can help with, when, and how often they may be asked."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from bot.calendars.phrases import Text
from bot.calendars.typed import LANGUAGES, take_zone
from bot.calendars.typed_hours import take_usual_hours
from bot.calendars.zones import may_mean, newer_name, read_zone
from bot.clock import Clock
from bot.domain import hours, wording
from bot.domain.attention import Rate
from bot.domain.draft_reading import LongestRead
from bot.domain.drafts import Area
from bot.domain.limits import Deed
from bot.domain.statements import split_statements
from bot.errors import Invalid
from bot.routing.ports import StoredText
from bot.routing.router import Router
from bot.services import limits
from bot.services.office_hours import announcing
from bot.services.people import letters
from bot.services.people.languages import read_languages
from bot.services.ports import Begin, Nudge, Read
from bot.services.requests.holding import hold_member
from bot.services.requests.views import pause_of
from bot.services.results import DirectMessages, ProfileCard, StatementLine
from bot.services.routing.community import offer_of
from bot.store.statements import LEARNED
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Member, Statement

_HOURS = re.compile(r"(?<![a-z+-])[0-9]")
"""What is meant for hours; the digits of "UTC+3" aren't."""
_LONGEST_SHOWN = 50
LONGEST_LEARNING = 500
"""Characters of what a member is learning."""


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """What a member submits, as they typed it."""

    statements: str = field(repr=False)
    learning: str = field(repr=False, default="")
    languages: str = field(repr=False, default="")
    clock: str = field(repr=False, default="")
    """A zone, usual hours, or both: "Europe/Paris 9-18"."""
    rate: Rate = Rate.ONE_A_DAY


@dataclass(frozen=True, slots=True)
class Profiling:
    """Use cases around profiles; holds no state of its own."""

    begin: Begin
    read: Read
    router: Router
    nudge: Nudge
    clock: Clock

    async def card(self, guild_id: int, user_id: int) -> ProfileCard:
        """Return everything a member may see about themselves; a new member has an empty card."""
        async with self.read() as work:
            member = await work.members.find(guild_id, user_id)
            return await _card(work, user_id, member, self.clock.now())

    async def save(self, guild_id: int, user_id: int, form: ProfileForm, locale: str = "en") -> ProfileCard:
        """Replace a member's profile by the form; with something to ask them about, they are opted in.

        The first time, a test message looks whether direct messages reach them. Statements that stay keep
        their vectors, mutes and ids.

        Raises:
            Invalid: a zone, hours or a language that isn't known, or too long a text.
            LimitReached: too many statements, or one too long.
        """
        lines = split_statements(form.statements)
        learning = wording.within(form.learning, LONGEST_LEARNING, "profile.learning_too_long") or None
        languages = read_languages(form.languages, locale)
        zone, begins, ends = read_clock(form.clock)
        vectors = await self._encode_new(guild_id, user_id, lines)
        async with self.begin() as work:
            member = await self._member(work, guild_id, user_id)
            is_first_time = member.direct_messages == "unknown" and not member.is_helper
            member.learning, member.languages, member.rate = learning, list(languages), form.rate
            member.begins, member.ends = begins, ends
            await _move(work, member, zone, self.clock.now())
            await self._replace_statements(work, member, lines, vectors)
            member.is_helper = bool(lines) and form.rate is not Rate.NEVER
            if is_first_time and member.is_helper:
                await letters.check_messages(work, member, self.clock.now())
            snapshot = await _snapshot(work, member, self.clock.now())
        self.nudge()
        return self._publish(snapshot)

    async def set_zone(self, guild_id: int, user_id: int, name: str) -> ProfileCard:
        """Keep a member's time zone.

        Raises:
            Invalid: no such zone exists.
        """
        zone = read_zone(name)
        async with self.begin() as work:
            member = await self._member(work, guild_id, user_id)
            await _move(work, member, zone, self.clock.now())
            card = await _card(work, user_id, member, self.clock.now())
        self.nudge()
        return card

    async def mute(self, guild_id: int, user_id: int, statement_ids: Collection[int]) -> ProfileCard:
        """Mute exactly these of a member's statements: kept, and never a reason to ask."""
        async with self.begin() as work:
            member = await self._member(work, guild_id, user_id)
            await work.statements.set_muted(member.id, statement_ids)
            snapshot = await _snapshot(work, member, self.clock.now())
        return self._publish(snapshot)

    async def delete(self, guild_id: int, user_id: int, statement_ids: Collection[int]) -> ProfileCard:
        """Delete these of a member's statements, and no one else's; a member without any left is opted out."""
        async with self.begin() as work:
            member = await self._member(work, guild_id, user_id)
            own = await work.statements.of(member.id)
            await work.statements.delete({each.id for each in own}.intersection(statement_ids))
            declared = {each.id for each in own if each.source != LEARNED}
            member.is_helper = member.is_helper and not declared.issubset(statement_ids)
            snapshot = await _snapshot(work, member, self.clock.now())
        return self._publish(snapshot)

    async def set_learning(self, guild_id: int, user_id: int, *, learns_from_help: bool) -> ProfileCard:
        """Begin or stop to learn from what a member helps with.

        While it is off, nothing is learned, and what was learned before is set aside: listed, deletable, and used again
        only if they turn it on again.
        """
        async with self.begin() as work:
            member = await self._member(work, guild_id, user_id)
            member.learns_from_help = learns_from_help
            snapshot = await _snapshot(work, member, self.clock.now())
        return self._publish(snapshot)

    async def unlearn(self, guild_id: int, user_id: int) -> ProfileCard:
        """Forget everything that was learned about a member: their statements count again as they were written."""
        async with self.begin() as work:
            member = await self._member(work, guild_id, user_id)
            await work.statements.unlearn(member.id, self.clock.now())
            snapshot = await _snapshot(work, member, self.clock.now())
        return self._publish(snapshot)

    async def read_drafts(
        self, guild_id: int, user_id: int, longest: LongestRead | None, areas: Collection[Area]
    ) -> ProfileCard:
        """Let a member be asked to read drafts of so many minutes at most, about these areas (none: anything).

        None: they read none any more; what they have taken stays theirs.
        """
        async with self.begin() as work:
            member = await self._member(work, guild_id, user_id)
            member.longest_read = None if longest is None else longest.value
            member.read_areas = [each.value for each in Area if longest is not None and each in areas]
            return await _card(work, user_id, member, self.clock.now())

    async def check_messages(self, guild_id: int, user_id: int) -> None:
        """Send a test direct message whose button proves that it arrived."""
        async with self.begin() as work:
            member = await self._member(work, guild_id, user_id)
            await limits.hold(work, member.id, Deed.CHECK, self.clock.now())
            member.direct_messages = "unknown"
            await letters.check_messages(work, member, self.clock.now())
        self.nudge()

    async def confirm_messages(self, member_id: int, user_id: int) -> None:
        """Note that a test direct message arrived.

        Raises:
            NotFound: there is no such member.
            NotAllowed: it was another person's.
        """
        async with self.begin() as work:
            member = await hold_member(work, member_id, user_id)
            member.direct_messages, member.told_closed_at = "open", None

    async def _member(self, work: UnitOfWork, guild_id: int, user_id: int) -> Member:
        """Return whose profile is about to change, in a locked community; each change counts."""
        await work.lock(guild_id)
        member = await work.members.ensure(guild_id, user_id, self.clock.now())
        await limits.hold(work, member.id, Deed.PROFILE, self.clock.now())
        return member

    async def _encode_new(self, guild_id: int, user_id: int, lines: Sequence[str]) -> dict[str, dict[str, bytes]]:
        """Encode the lines that aren't there yet, before the transaction: vectors by text hash and model.

        A member who may not save any more is refused before that.
        """
        async with self.read() as work:
            member = await work.members.find(guild_id, user_id)
            if member is not None:
                await limits.require(work, member.id, Deed.PROFILE, self.clock.now())
        known = {wording.text_hash(line.text) for line in (await self.card(guild_id, user_id)).statements}
        new = [line for line in lines if wording.text_hash(line) not in known]
        return dict(zip(map(wording.text_hash, new), await self.router.encode(new, user_id), strict=True))

    async def _replace_statements(
        self, work: UnitOfWork, member: Member, lines: Sequence[str], vectors: dict[str, dict[str, bytes]]
    ) -> None:
        wanted = {wording.text_hash(line): line for line in lines}
        existing = await work.statements.of(member.id)
        gone = [each.id for each in existing if each.source != LEARNED and each.text_hash not in wanted]
        await work.statements.delete(gone)
        for each in existing:
            if each.text_hash in wanted:
                # What was learned before counts as their own words once they write it themselves.
                each.source, each.request_id = "declared", None
        kept = {each.text_hash for each in existing if each.id not in gone}
        now = self.clock.now()
        new = [
            Statement(member_id=member.id, text=line, text_hash=key, added_at=now)
            for key, line in wanted.items()
            if key not in kept
        ]
        work.statements.add_all(new)
        await work.flush()
        for statement in new:
            work.statement_vectors.add(statement.id, vectors.get(statement.text_hash, {}))

    def _publish(self, snapshot: "_Snapshot") -> ProfileCard:
        """Let the next question find the member as they are since the commit, and return their card."""
        self.router.replace(snapshot.guild_id, snapshot.member_id, snapshot.offer)
        return snapshot.card


@dataclass(frozen=True, slots=True)
class _Snapshot:
    guild_id: int
    member_id: int
    offer: list[StoredText]
    card: ProfileCard


async def _snapshot(work: UnitOfWork, member: Member, now: datetime) -> _Snapshot:
    await work.flush()
    offer = await offer_of(work, member.guild_id, member.id)
    return _Snapshot(member.guild_id, member.id, offer, await _card(work, member.user_id, member, now))


async def _move(work: UnitOfWork, member: Member, zone: str | None, now: datetime) -> None:
    """Keep where a member lives; a host with hours on another clock is asked which one they should follow."""
    # An older name of the same zone, kept before, is no move.
    is_new, member.zone = zone != newer_name(member.zone), zone
    if is_new and member.zone is not None:
        await announcing.ask_which_clock(work, member, now)


def read_clock(written: str) -> tuple[str | None, time | None, time | None]:
    """Read "Europe/Paris 9-18" or "9am to 5pm, Nairobi", either part alone, or nothing; hours are read as offers' are.

    Raises:
        Invalid: no such zone exists, it could be several, or the hours read as nothing or as two things.
    """
    text = Text(written, LANGUAGES)
    zone = take_zone(text)
    begins, ends = _usual_hours(text, written)
    left = text.left()
    if _HOURS.search(left) and not may_mean(left):
        raise Invalid("profile.unknown_hours", hours=_shown(written))
    if left and zone:
        raise Invalid("profile.unknown_zone", zone=_shown(written))
    return read_zone(_as_typed(left, written)) if left else zone, begins, ends


def _usual_hours(text: Text, written: str) -> tuple[time | None, time | None]:
    try:
        return take_usual_hours(text) or (None, None)
    except Invalid as refusal:
        if refusal.key != "time.unreadable":
            raise
        raise Invalid("profile.unknown_hours", hours=_shown(written)) from None


def _as_typed(left: str, written: str) -> str:
    """Return what is left of a text with its own capitals, where it stands there in one piece."""
    found = re.search(re.escape(left), written, re.IGNORECASE)
    return found[0] if found else left


def _shown(written: str) -> str:
    return wording.clean_line(written)[:_LONGEST_SHOWN]


def write_clock(card: ProfileCard, locale: str) -> str:
    """Write a zone and usual hours as `read_clock` reads them, with a zone guessed from the reader's language."""
    zone = card.zone or (None if card.statements else hours.guess_zone(locale))
    usual = None if card.begins is None or card.ends is None else "-".join(hours.write_hours(card.begins, card.ends))
    return " ".join(part for part in (zone, usual) if part)


async def _card(work: ReadingWork, user_id: int, member: Member | None, now: datetime) -> ProfileCard:
    if member is None:
        return ProfileCard(user_id=user_id, is_helper=False, rate=Rate.ONE_A_DAY, statements=())
    lines = tuple(
        StatementLine(
            each.statement.id,
            each.statement.text,
            is_muted=each.statement.is_muted,
            is_learned=each.statement.source == LEARNED,
            weight=each.weight,
        )
        for each in await work.statements.weighed(member.id)
    )
    return ProfileCard(
        user_id=user_id,
        is_helper=member.is_helper,
        rate=Rate(member.rate),
        statements=lines,
        learning=member.learning,
        languages=tuple(member.languages),
        zone=member.zone,
        local=_local(member, now),
        begins=member.begins,
        ends=member.ends,
        direct_messages=_direct_messages(member),
        learns_from_help=member.learns_from_help,
        longest_read=None if member.longest_read is None else LongestRead(member.longest_read),
        read_areas=tuple(map(Area, member.read_areas)),
        pause=pause_of(member, now),
    )


def _local(member: Member, now: datetime) -> datetime | None:
    clock = hours.clock_of(member.zone) if member.zone else None
    return now.astimezone(clock) if clock else None


def _direct_messages(member: Member) -> DirectMessages:
    state: DirectMessages = member.direct_messages  # type: ignore[assignment]  # the constraint holds the same values
    return state
