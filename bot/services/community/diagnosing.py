"""Looking for what is missing, each with its fix."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import faults
from bot.clock import Clock
from bot.faults import Fault
from bot.routing.ports import WarmingEmbedder
from bot.routing.router import Router
from bot.services.ports import ChannelUse, Messenger, Read, TryLater
from bot.services.results import Finding
from bot.services.sweeping import in_turn
from bot.store.unit_of_work import ReadingWork
from models import GuildSettings

NAMED = 5
"""Rows that are named, of those that can't be read."""
_ENGLISH = ("doctor.encoder_warm", "doctor.encoder_warming", "doctor.encoder_down")
_MULTILINGUAL = ("doctor.multilingual_warm", "doctor.multilingual_warming", "doctor.multilingual_down")
"""What is said of a model that is there, that loads, and that is down."""


@dataclass(frozen=True, slots=True)
class Diagnosing:
    """Use cases around health."""

    read: Read
    router: Router
    messenger: Messenger
    clock: Clock

    async def examine(self, guild_id: int) -> list[Finding]:
        """Return what was looked at, in the order in which things should be mended."""
        looked = await in_turn("guild_settings", [(guild_id, guild_id)], self._settings)
        async with self.read() as work:
            missing, wanted = await self._vectors(work, guild_id)
            due, retried = await work.outbox.waiting(self.clock.now(), guild_id)
            broken = [each for each in faults.known() if await work.is_of(each.table, each.row_id, guild_id)]
        findings = [finding for settings in looked for finding in await self._chosen(guild_id, settings)]
        return [*findings, *self._encoders(), _vectors(missing, wanted), _letters(due, retried), *_faults(broken)]

    async def _settings(self, guild_id: int, _guild_ids: Sequence[int]) -> GuildSettings | None:
        async with self.read() as work:
            return await work.guilds.settings(guild_id)

    async def _chosen(self, guild_id: int, settings: GuildSettings | None) -> list[Finding]:
        """Look at the places that a community chose."""
        channel_id = settings.help_channel_id if settings else None
        is_out = self.messenger.is_out(guild_id)
        findings = [Finding(is_in_order=False, key="doctor.outage")] if is_out else self._channel(channel_id)
        if channel_id is not None and not is_out:
            findings.append(_panel(is_posted=await self._has_panel(settings)))
            findings += [*self._places(settings), self._events(guild_id)]
        return findings

    def _channel(self, channel_id: int | None) -> list[Finding]:
        if channel_id is None:
            return [Finding(is_in_order=False, key="doctor.not_set_up")]
        found = self._missing(channel_id, "help", "doctor.channel_hidden")
        return found or [Finding(is_in_order=True, key="doctor.channel_fine", params={"channel": channel_id})]

    def _places(self, settings: GuildSettings | None) -> list[Finding]:
        """Look at where only some may read: those who are asked, and moderators."""
        if settings is None:
            return []
        found = [*self._private(settings), *self._moderators(settings.moderator_channel_id)]
        return [*found, *self._rooms(settings.room_channel_id), *self._meeting(settings)]

    def _meeting(self, settings: GuildSettings) -> list[Finding]:
        channel_id = settings.meeting_channel_id
        if channel_id in {None, settings.room_channel_id} or self.messenger.sees(channel_id or 0):
            return []
        return [Finding(is_in_order=False, key="doctor.meeting_channel_hidden", params={"channel": channel_id or 0})]

    def _private(self, settings: GuildSettings) -> list[Finding]:
        chosen = settings.private_channel_id
        if self.messenger.takes_private_threads(chosen or settings.help_channel_id or 0):
            return [Finding(is_in_order=True, key="doctor.private_threads_fine")]
        if chosen is None and not self.messenger.sees(settings.help_channel_id or 0):
            # Of a channel that is hidden nothing else is known; that it is was said already.
            return []
        found = self._missing(chosen, "private", "doctor.private_channel_hidden") if chosen else []
        return found or [Finding(is_in_order=False, key="doctor.no_private_threads")]

    def _moderators(self, channel_id: int | None) -> list[Finding]:
        if channel_id is None:
            return [Finding(is_in_order=False, key="doctor.no_moderator_channel")]
        found = self._missing(channel_id, "moderators", "doctor.moderator_channel_hidden")
        return found or [Finding(is_in_order=True, key="doctor.moderator_channel_fine", params={"channel": channel_id})]

    def _rooms(self, channel_id: int | None) -> list[Finding]:
        if channel_id is None:
            return []
        found = self._missing(channel_id, "private", "doctor.room_channel_hidden")
        return found or [Finding(is_in_order=True, key="doctor.rooms_fine", params={"channel": channel_id})]

    def _missing(self, channel_id: int, place: ChannelUse, hidden: str) -> list[Finding]:
        """Return what the bot may not do where it has to, each with its fix; nothing where it may do all."""
        missing = self.messenger.missing_permissions(channel_id, place)
        if missing is None:
            return [Finding(is_in_order=False, key=hidden, params={"channel": channel_id})]
        return [
            Finding(
                is_in_order=False, key="doctor.permission_missing", params={"permission": each, "channel": channel_id}
            )
            for each in missing
        ]

    def _events(self, guild_id: int) -> Finding:
        may_make = self.messenger.may_make_events(guild_id)
        return Finding(is_in_order=may_make, key="doctor.events_fine" if may_make else "doctor.no_events")

    async def _has_panel(self, settings: GuildSettings | None) -> bool:
        if settings is None or settings.panel_channel_id is None or settings.panel_message_id is None:
            return False
        if not self.messenger.sees(settings.help_channel_id or 0):
            return True
        try:
            return await self.messenger.is_there(settings.panel_channel_id, settings.panel_message_id)
        except TryLater:
            # Hidden, or Discord is busy: the channel's own findings say more than a guess would.
            return True

    async def _vectors(self, work: ReadingWork, guild_id: int) -> tuple[int, int]:
        """Return how many vectors of a community's texts are missing, and how many there ought to be."""
        models = [encoder.model_id for encoder in self.router.encoders]
        statements = await work.statement_vectors.count(models, work.statements.ids(guild_id))
        questions = await work.question_vectors.count(models, work.questions.ids(guild_id))
        return statements[0] + questions[0], statements[1] + questions[1]

    def _encoders(self) -> list[Finding]:
        found = [_encoder(_ENGLISH, self.router.english)] if self.router.english else []
        if self.router.multilingual is None:
            return [*found, Finding(is_in_order=False, key="doctor.english_only")]
        return [*found, _encoder(_MULTILINGUAL, self.router.multilingual)]


def _encoder(said: tuple[str, str, str], encoder: WarmingEmbedder) -> Finding:
    warm, warming, down = said
    if encoder.is_warm:
        return Finding(is_in_order=True, key=warm, params={"model": encoder.model_id})
    if encoder.failure is None:
        return Finding(is_in_order=False, key=warming)
    return Finding(is_in_order=False, key=down, params={"failure": encoder.failure})


def _panel(*, is_posted: bool) -> Finding:
    return Finding(is_in_order=is_posted, key="doctor.panel_fine" if is_posted else "doctor.panel_missing")


def _vectors(missing: int, wanted: int) -> Finding:
    key = "doctor.encoding" if missing else "doctor.encoded"
    percent = 100 * (wanted - missing) // max(wanted, 1)
    return Finding(
        is_in_order=not missing, key=key, params={"done": wanted - missing, "all": wanted, "percent": percent}
    )


def _faults(broken: Sequence[Fault]) -> list[Finding]:
    """Say what can't be read, and how it is mended; nothing where all can."""
    zones = [each for each in broken if each.column == "zone"]
    rows = [each for each in broken if not each.column]
    said = (("doctor.unreadable", rows), ("doctor.unknown_zones", zones))
    return [
        Finding(is_in_order=False, key=key, params={"count": len(some), "rows": ", ".join(map(_named, some[:NAMED]))})
        for key, some in said
        if some
    ]


def _named(fault: Fault) -> str:
    return f"`{fault.table}` {fault.row_id} (`{fault.reference}`)"


def _letters(due: int, retried: int) -> Finding:
    key = "doctor.letters_retried" if retried else "doctor.letters_fine"
    return Finding(is_in_order=not retried, key=key, params={"due": due, "retried": retried})
