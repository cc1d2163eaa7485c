"""Letters written with a change: one line each, so that every occasion has one name."""

from collections.abc import Sequence
from datetime import datetime

from bot.store.outbox import new_nonce
from bot.store.unit_of_work import UnitOfWork
from models import HelpInteraction, Invitation, Member, OutboxLetter, Question


def post_question(work: UnitOfWork, question: Question, now: datetime) -> None:
    """Open the question's thread."""
    work.outbox.add(
        OutboxLetter(
            guild_id=question.guild_id, kind="post", key=post_key(question.id), nonce=new_nonce(), due_at=now,
            request_id=question.id,
        )
    )  # fmt: skip


def post_key(request_id: int) -> str:
    """Name the occasion of opening a question's thread."""
    return f"post:{request_id}"


async def invite(work: UnitOfWork, question: Question, invitations: Sequence[Invitation], now: datetime) -> None:
    """Ask these people, once the thread they are asked into is there."""
    post = await work.outbox.find(post_key(question.id))
    for invitation in invitations:
        work.outbox.add(
            OutboxLetter(
                guild_id=question.guild_id, kind="invitation", key=f"invitation:{invitation.id}", nonce=new_nonce(),
                due_at=now, request_id=question.id, invitation_id=invitation.id, member_id=invitation.member_id,
                after_id=post.id if post else None,
            )
        )  # fmt: skip


def ask_outcome(work: UnitOfWork, question: Question, part: HelpInteraction, now: datetime) -> None:
    """Ask the asker how it went with this helper's answer."""
    work.outbox.add(
        OutboxLetter(
            guild_id=question.guild_id, kind="outcome", key=f"outcome:{part.id}", nonce=new_nonce(), due_at=now,
            request_id=question.id, member_id=question.asker_id,
        )
    )  # fmt: skip


async def tell_thread(
    work: UnitOfWork, question: Question, text: str, occasion: str, now: datetime, **params: str | int
) -> None:
    """Say a line in the question's thread, once for each occasion."""
    key = f"{text}:{occasion}"
    if await work.outbox.find(key) is not None:
        return
    post = await work.outbox.find(post_key(question.id))
    work.outbox.add(
        OutboxLetter(
            guild_id=question.guild_id, kind="notice", key=key, nonce=new_nonce(), due_at=now,
            request_id=question.id, text=text, params=params, after_id=post.id if post else None,
        )
    )  # fmt: skip


def tell_member(work: UnitOfWork, question: Question, member_id: int, text: str, now: datetime) -> None:
    """Say a line about a question to one person, once."""
    work.outbox.add(
        OutboxLetter(
            guild_id=question.guild_id, kind="notice", key=f"{text}:{question.id}", nonce=new_nonce(), due_at=now,
            request_id=question.id, member_id=member_id, text=text,
        )
    )  # fmt: skip


async def check_messages(work: UnitOfWork, member: Member, now: datetime) -> None:
    """Send a test direct message; one that is still on its way is enough, and leaves now."""
    waiting = await work.outbox.find_waiting(member.guild_id, "direct_message_check", member.id)
    if waiting is not None:
        waiting.due_at = now
        return
    nonce = new_nonce()
    work.outbox.add(
        OutboxLetter(
            guild_id=member.guild_id, kind="direct_message_check", key=f"check:{nonce}", nonce=nonce, due_at=now,
            member_id=member.id,
        )
    )  # fmt: skip


async def post_panel(work: UnitOfWork, guild_id: int, now: datetime) -> None:
    """Put the panel into the community's help channel; one that is still on its way is enough, and leaves now."""
    waiting = await work.outbox.find_waiting(guild_id, "panel")
    if waiting is not None:
        waiting.due_at = now
        return
    nonce = new_nonce()
    work.outbox.add(OutboxLetter(guild_id=guild_id, kind="panel", key=f"panel:{nonce}", nonce=nonce, due_at=now))
