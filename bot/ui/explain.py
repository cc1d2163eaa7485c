"""Why a person was asked, in words; pure, apart from needing a running event loop for views."""

import math
from collections.abc import Mapping, Sequence

import discord
from discord.utils import format_dt

from bot.services.results import DraftView, Explanation
from bot.texts import say
from bot.ui import limits
from bot.ui.items import Press, button, view
from bot.ui.looks import called, to_read, told
from bot.ui.render import Wordings, link, reason

_REASONS: Wordings = ("why.reason", "why.learned_reason", "why.no_reason")
_MEANING = {"nearest": 2.0, "near": 0.5, "middling": -0.5, "far": -math.inf}
_WORDS = {"many": 1.0, "some": 0.0, "few": -math.inf}
"""Standard deviations from the middle of everyone who was compared."""
_HABIT = {"often": 1.3, "middling": 0.75, "seldom": -math.inf}
"""Times the middle of everyone who was compared."""


def explanation(result: Explanation, locale: str) -> str:
    """Return in words why a person was asked."""
    told = [
        reason(_REASONS, result.reason, locale, is_learned=result.is_learned),
        *_likeness(result, locale),
        say(f"why.habit.{_step(result.availability, _HABIT)}", locale),
        say("why.asked_before" if result.freshness < 1 else "why.rested", locale),
        *([say("why.exploratory", locale)] if result.is_exploratory else []),
    ]
    return "\n".join([_heading(result, locale), *(f"- {each}" for each in told)])


def explanations(results: Sequence[Explanation], locale: str) -> str:
    """Return why a member was asked the last times, as many as a message holds."""
    if not results:
        return say("why.never", locale)
    shown = explanation(results[0], locale)
    for each in results[1:]:
        longer = f"{shown}\n\n{explanation(each, locale)}"
        shown = longer if len(longer) <= limits.MESSAGE else shown
    return shown


def figures(results: Sequence[Explanation], locale: str) -> str:
    """Return the numbers behind the same choices, for those who like to see them."""
    return "\n".join(line for each in results for line in (_heading(each, locale), f"- {_numbers(each, locale)}"))


def figures_view(invitation_id: int, locale: str) -> discord.ui.View:
    """Return the button that shows the numbers of one invitation; 0: of the last ones."""
    return view(button(Press("why", "figures", invitation_id), say("why.figures.button", locale)))


def _heading(result: Explanation, locale: str) -> str:
    request = result.request
    where = link(request.guild_id, request.thread_id) if request.thread_id else called(request, locale)
    heading = say("why.heading", locale, when=format_dt(result.asked_at, "R"), thread=where)
    return f"{heading} ({to_read(request, locale)})" if isinstance(request, DraftView) else heading


def _likeness(result: Explanation, locale: str) -> list[str]:
    """Say where a member stood by topic; nothing where no one differed, as with a model that wasn't there."""
    evidence, keys = result.evidence, list[str]()
    if evidence.dense or evidence.profile:
        keys.append(f"why.meaning.{_step(max(evidence.dense, evidence.profile), _MEANING)}")
    if evidence.bm25 or evidence.tfidf:
        keys.append(f"why.words.{_step(max(evidence.bm25, evidence.tfidf), _WORDS)}")
    return [told(result.request, key, locale) for key in keys]


def _numbers(result: Explanation, locale: str) -> str:
    return told(
        result.request,
        "why.numbers",
        locale,
        expertise=f"{result.expertise:.2f}",
        availability=f"{result.availability:.2f}",
        freshness=f"{result.freshness:.2f}",
        wave=result.wave,
        version=result.policy_version,
    )


def _step(amount: float, steps: Mapping[str, float]) -> str:
    """Return the first step whose amount is reached; the last one is reached by all."""
    return next(name for name, least in steps.items() if amount >= least)
