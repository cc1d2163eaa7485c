"""The doors to fifteen minutes as they happen."""

import discord

from bot.client import Morsel
from bot.domain.rows import Row
from bot.services.office_hours.looking_back import LONGEST_NOTE, Helped, LookingBack
from bot.services.office_hours.meeting import Meeting
from bot.services.requests.revealing import Moderator
from bot.texts import say
from bot.ui import meeting
from bot.ui.doors import MODERATOR, Door, Presses, on, settle, show
from bot.ui.forms import note_form
from bot.ui.items import Press, fields


class Meetings(Door):
    """The doors to `Meeting` and `LookingBack`."""

    def __init__(self, presses: Presses, meeting_now: Meeting, looking_back: LookingBack) -> None:
        """Take the use cases behind these doors."""
        super().__init__(presses)
        self._meeting, self._looking_back = meeting_now, looking_back

    @on("meeting", "here", Row.BOOKING)
    async def here(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Keep that a person is there."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        arrival = await self._meeting.here(booking_id, interaction.user.id)
        await show(interaction, meeting.arrived(arrival, interaction.locale.value))

    @on("meeting", "not_here", Row.BOOKING)
    async def not_here(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Keep that the other one isn't."""
        await interaction.response.defer()
        is_first = await self._meeting.not_here(booking_id, interaction.user.id)
        key = "meeting.noted_asker" if is_first else "meeting.noted_host"
        await settle(interaction, say(key, interaction.locale.value))

    @on("meeting", "more", Row.BOOKING)
    async def five_more(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Let both go on."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        until = await self._meeting.five_more(booking_id, interaction.user.id)
        ends = discord.utils.format_dt(until, "t")
        await interaction.followup.send(say("meeting.five_more", interaction.locale.value, ends=ends), ephemeral=True)

    @on("meeting", "helped", Row.BOOKING)
    async def helped(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Keep that it helped."""
        await self._keep(interaction, booking_id, "helped")

    @on("meeting", "partly", Row.BOOKING)
    async def partly(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Keep that it helped in part."""
        await self._keep(interaction, booking_id, "partly")

    @on("meeting", "not_yet", Row.BOOKING)
    async def not_yet(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Keep that it hasn't helped yet."""
        await self._keep(interaction, booking_id, "not_yet")

    @on("meeting", "note", Row.BOOKING)
    async def write_note(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Open the form of a note; one row is read first, for a form can't follow a deferral."""
        written = await self._looking_back.own_note(booking_id, interaction.user.id)
        await interaction.response.send_modal(
            note_form(Press("meeting", "keep", booking_id), written, LONGEST_NOTE, interaction.locale.value)
        )

    @on("meeting", "keep", Row.BOOKING)
    async def keep_note(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Keep the note."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._looking_back.keep_note(booking_id, interaction.user.id, fields(interaction).get("words", ""))
        await interaction.followup.send(say("meeting.note_kept", interaction.locale.value), ephemeral=True)

    @on("meeting", "appeal", Row.BOOKING)
    async def appeal(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Ask the moderators."""
        await interaction.response.defer()
        await self._looking_back.appeal(booking_id, interaction.user.id)
        await settle(interaction, say("meeting.appealed", interaction.locale.value))

    @on("meeting", "excuse", Row.BOOKING, needs=MODERATOR)
    async def excuse(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Let it pass."""
        await interaction.response.defer()
        await self._looking_back.excuse(_moderator(interaction), booking_id)
        await settle(interaction, say("meeting.passed", interaction.locale.value))

    @on("meeting", "leave", Row.BOOKING, needs=MODERATOR)
    async def leave(self, interaction: discord.Interaction, booking_id: int) -> None:
        """Leave it as it is."""
        await interaction.response.defer()
        await self._looking_back.leave(_moderator(interaction), booking_id)
        await settle(interaction, say("meeting.left", interaction.locale.value))

    async def _keep(self, interaction: discord.Interaction, booking_id: int, helped: Helped) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        is_settled = await self._looking_back.impression(booking_id, interaction.user.id, helped)
        key = "meeting.thanks_settled" if is_settled else "meeting.thanks"
        await interaction.followup.send(say(key, interaction.locale.value), ephemeral=True)


def _moderator(interaction: discord.Interaction) -> Moderator:
    is_moderator = interaction.permissions.manage_messages
    return Moderator(interaction.guild_id or 0, interaction.user.id, is_moderator=is_moderator)


async def setup(bot: Morsel) -> None:
    """Open the doors."""
    await bot.add_cog(Meetings(bot.presses, bot.use_cases.meeting, bot.use_cases.looking_back))
