"""A review is called a review, in every message about it."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

import discord
import pytest

from bot.domain.drafts import Stage
from bot.services.requests.contents import QuestionNotice
from bot.services.results import DraftView
from bot.ui.letters import letter as rendered
from tests.house.texts import catalogue, placeholders
from tests.ui.shown import contents, draft, letter

REVIEW = replace(draft("Two of the runs differ."), stage=Stage.REVIEW, link=None)
NOTICES = sorted(
    key.removeprefix("draft.")
    for key in catalogue("en")
    if key.startswith(("draft.asker.", "draft.thread.")) and key.removeprefix("draft.") in catalogue("en")
)


def about_review(content: Any) -> Any:  # noqa: ANN401
    """Return the content, about a review where it is about a draft; None where it is about neither."""
    if not is_dataclass(content):
        return None
    drafts = [each.name for each in fields(content) if isinstance(getattr(content, each.name), DraftView)]
    return replace(content, **dict.fromkeys(drafts, REVIEW)) if drafts else None  # type: ignore[type-var]


def said(content: object, kind: str) -> str:
    """Return every word of a message."""
    shown = rendered(letter(kind, content, user_id=5))
    items = shown.view.children if shown.view else []
    labels = " ".join(str(getattr(each, "label", "")) for each in items if isinstance(each, discord.ui.Button))
    return f"{shown.content} {shown.title} {shown.embed.to_dict() if shown.embed else ''} {labels}".lower()


async def test_every_message_about_a_review_calls_it_one() -> None:
    about = [
        (kind, changed)
        for kind, made in contents("Two of the runs differ.").items()
        for each in made
        if (changed := about_review(each)) is not None
    ]

    assert len(about) > 5
    assert not {kind for kind, content in about if "draft" in said(content, kind)}


@pytest.mark.parametrize("key", NOTICES)
async def test_every_line_about_a_review_calls_it_one(key: str) -> None:
    params = dict.fromkeys(placeholders(catalogue("en")[key]), 1)

    assert "draft" not in said(QuestionNotice(REVIEW, False, key, params), "notice")  # noqa: FBT003
