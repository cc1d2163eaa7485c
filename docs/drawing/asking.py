"""One `/ask` from form to message, as it was seen in a rehearsal."""

from collections.abc import Iterator
from typing import Final

from docs.drawing.markdown import mermaid
from docs.drawing.rehearsal import Call, rehearsed

STOPS: Final = (
    ("bot.client", "Morsel.on_interaction"),
    ("bot.ui.doors", "Presses.dispatch"),
    ("bot.services.people.admitting", "Admitting.admit"),
    ("cogs.ask", "Ask.send"),
    ("bot.services.requests.asking", "Asking.ask"),
    ("bot.routing.router", "Router.read"),
    ("bot.routing.router", "Router.rank"),
    ("bot.routing.router", "Router.similar"),
    ("bot.store.unit_of_work", "UnitOfWork.lock"),
    ("bot.store.requests", "Requests.add"),
    ("bot.services.requests.posting", "Posting.open"),
    ("bot.services.requests.seating", "fill_seats"),
    ("bot.store.invitations", "Invitations.add"),
    ("bot.store.outbox", "Outbox.add"),
    ("bot.services.outbox.delivering", "Delivering.deliver"),
    ("bot.store.outbox", "Outbox.claim"),
    ("bot.services.outbox.composing", "compose"),
    ("bot.ui.messenger", "DiscordMessenger.send"),
    ("bot.ui.letters", "letter"),
)
"""Where a question stops on its way: modules and functions. The rehearsal says who calls, and in which order."""

DISCORD: Final = "Discord"


class NotSeen(Exception):
    """A stop was renamed or isn't passed any more: STOPS is to follow."""


def asking() -> str:
    """Draw which function calls which.

    Raises:
        NotSeen: the rehearsal didn't come by a stop.
    """
    first: dict[tuple[str, str], Call] = {}
    for call in rehearsed().calls:
        first.setdefault((call.module, call.name), call)
    missing = [f"{module}: {name}" for module, name in STOPS if (module, name) not in first]
    if missing:
        raise NotSeen(", ".join(missing))
    seen = [call for stop, call in first.items() if stop in STOPS]
    return mermaid(["sequenceDiagram", *_participants(seen), *(_arrow(call) for call in seen)])


def _participants(seen: list[Call]) -> Iterator[str]:
    yield f"    participant {DISCORD}"
    for module in dict.fromkeys(call.module for call in seen):
        yield f"    participant {_id(module)} as {_file(module)}"


def _arrow(call: Call) -> str:
    modules = {module for module, _ in STOPS}
    caller = next((module for module in call.caller if module in modules - {call.module}), None)
    return f"    {_id(caller) if caller else DISCORD}->>{_id(call.module)}: {call.name}"


def _id(module: str) -> str:
    return module.replace(".", "_")


def _file(module: str) -> str:
    return module.removeprefix("bot.").removeprefix("services.").replace(".", "/")
