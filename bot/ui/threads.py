"""What Discord says of a thread, read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import discord

from bot.domain.threads import Thread


def thread(data: Any) -> Thread:  # noqa: ANN401
    """Read what Discord says of a thread."""
    metadata, thread_id = data["thread_metadata"], int(data["id"])
    changed_at = datetime.fromisoformat(metadata["archive_timestamp"]).astimezone(UTC)
    return Thread(
        thread_id=thread_id,
        is_archived=bool(metadata["archived"]),
        is_locked=bool(metadata.get("locked")),
        changed_at=changed_at,
        last_said_at=discord.utils.snowflake_time(int(data.get("last_message_id") or thread_id)),
        silence=timedelta(minutes=metadata["auto_archive_duration"]),
    )
