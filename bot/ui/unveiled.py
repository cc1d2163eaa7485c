"""Where the wish to know who asked stands, in words; pure, apart from needing a running event loop."""

from collections.abc import Mapping, Sequence

from bot.services.results import Unveiled
from bot.texts import say
from bot.ui.items import Press, button, view
from bot.ui.render import Rendered
from bot.ui.written import inline

_TOLD: Mapping[bool | None, str] = {True: "reveal.told", None: "reveal.telling", False: "reveal.untold"}
"""What is said of the asker's message, by whether it arrived."""


def revealed_because(reasons: Sequence[str], locale: str) -> str:
    """Return what an asker reads after two moderators learned their name: the reason of one, or of both."""
    shown = {name: inline(each) for name, each in zip(("reason", "other_reason"), reasons, strict=False)}
    return say("asker.revealed" if len(shown) == 1 else "asker.revealed_both", locale, **shown)


def unveiled(found: Unveiled, locale: str) -> Rendered:
    """Return what a moderator sees: the reason, a button where they may agree, the name where two have."""
    reason = inline(found.reason)
    if found.asker_user_id is not None:
        return Rendered(say(_TOLD[found.is_told], locale, asker=f"<@{found.asker_user_id}>"))
    if found.is_revealed:
        return Rendered(say("reveal.known", locale))
    if found.is_own:
        return Rendered(say("reveal.wait", locale, reason=reason))
    agree = button(Press("reveal", "agree", found.reveal_id), say("reveal.agree.button", locale))
    return Rendered(say("reveal.look_first", locale, reason=reason), view=view(agree))
