"""The states of a request, as the lifecycle lets them follow one another."""

from collections import defaultdict

from bot.domain.lifecycle import Act, RequestState, after
from bot.errors import Conflict
from docs.drawing.markdown import mermaid


def states() -> str:
    """Draw which act leads from which state to which; acts that change nothing are left out."""
    acts = defaultdict[tuple[RequestState, RequestState], list[str]](list)
    for state in RequestState:
        for act in Act:
            to = _after(act, state)
            if to is not None and to != state:
                acts[state, to].append(act)
    lines = [f"    {state} --> {to}: {', '.join(names)}" for (state, to), names in acts.items()]
    return mermaid(["stateDiagram-v2", "    direction LR", *lines])


def _after(act: Act, state: RequestState) -> RequestState | None:
    try:
        return after(act, state)
    except Conflict:
        return None
