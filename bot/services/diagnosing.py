"""Looking for what is missing, each with its fix."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.routing.router import Router
from bot.services.ports import Begin, Messenger, TryLater
from bot.services.results import Finding
from models import GuildSettings


@dataclass(frozen=True, slots=True)
class Diagnosing:
    """Use cases around health."""

    read: Begin
    router: Router
    messenger: Messenger
    clock: Clock
    encoder_failure: Callable[[], str | None]

    async def examine(self, guild_id: int) -> list[Finding]:
        """Return what was looked at, in the order in which things should be mended."""
        async with self.read() as work:
            settings = await work.guilds.settings(guild_id)
            stale, statements = await work.statements.count(self.router.model_id, guild_id)
            due, retried = await work.outbox.waiting(self.clock.now(), guild_id)
        channel_id = settings.help_channel_id if settings else None
        findings = self._channel(channel_id)
        if channel_id is not None:
            findings.append(_panel(is_posted=await self._has_panel(settings)))
        findings += [self._encoder(), _vectors(stale, statements), _letters(due, retried)]
        return findings

    def _channel(self, channel_id: int | None) -> list[Finding]:
        if channel_id is None:
            return [Finding(is_in_order=False, key="doctor.not_set_up")]
        missing = self.messenger.missing_permissions(channel_id)
        if missing is None:
            return [Finding(is_in_order=False, key="doctor.channel_hidden", params={"channel": channel_id})]
        found = [
            Finding(
                is_in_order=False, key="doctor.permission_missing", params={"permission": each, "channel": channel_id}
            )
            for each in missing
        ]
        return found or [Finding(is_in_order=True, key="doctor.channel_fine", params={"channel": channel_id})]

    async def _has_panel(self, settings: GuildSettings | None) -> bool:
        if settings is None or settings.panel_channel_id is None or settings.panel_message_id is None:
            return False
        try:
            return await self.messenger.is_there(settings.panel_channel_id, settings.panel_message_id)
        except TryLater:
            # Hidden, or Discord is busy: the channel's own findings say more than a guess would.
            return True

    def _encoder(self) -> Finding:
        primary = self.router.primary
        if primary is None or primary.is_warm:
            return Finding(is_in_order=True, key="doctor.encoder_warm", params={"model": self.router.model_id})
        failure = self.encoder_failure()
        if failure is None:
            return Finding(is_in_order=False, key="doctor.encoder_warming")
        return Finding(is_in_order=False, key="doctor.encoder_down", params={"failure": failure})


def _panel(*, is_posted: bool) -> Finding:
    return Finding(is_in_order=is_posted, key="doctor.panel_fine" if is_posted else "doctor.panel_missing")


def _vectors(stale: int, statements: int) -> Finding:
    key = "doctor.encoding" if stale else "doctor.encoded"
    return Finding(is_in_order=not stale, key=key, params={"done": statements - stale, "all": statements})


def _letters(due: int, retried: int) -> Finding:
    key = "doctor.letters_retried" if retried else "doctor.letters_fine"
    return Finding(is_in_order=not retried, key=key, params={"due": due, "retried": retried})
