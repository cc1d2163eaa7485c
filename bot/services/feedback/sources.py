"""What there is to read of a draft: its link, or its file, whose bytes wait until the thread has them."""

from bot.domain.lifecycle import Visibility
from bot.domain.links import clean_link
from bot.services.feedback.holding import waiting_file
from bot.services.feedback.inspecting import Looked, neutral_name
from bot.services.feedback.letters import guide_key
from bot.store.unit_of_work import UnitOfWork
from models import Draft, OutboxFile


def typed_link(typed: str) -> str | None:
    """Return the link that was typed; None where there is none.

    Raises:
        Invalid: it isn't one that others can open.
    """
    return clean_link(typed).address if typed.strip() else None


async def replace_source(work: UnitOfWork, draft: Draft, link: str | None, file: Looked | None) -> None:
    """Let what was handed in last be what there is to read in this round."""
    key = guide_key(draft.id, draft.round)
    await work.outbox_files.forget(key)
    draft.link, draft.file_format = link, None
    if file is not None and file.content is not None:
        draft.file_format = file.format
        row = OutboxFile(key=key, request_id=draft.id, name=file.name, content=file.content, found=file.found)
        work.outbox_files.add(row)


async def hide_name(work: UnitOfWork, draft: Draft) -> None:
    """Let the file of an author who stays unknown be called as any other is."""
    kept = await waiting_file(work, draft) if Visibility(draft.visibility).is_hidden else None
    if kept is not None:
        kept.name = neutral_name(draft.file_format)
