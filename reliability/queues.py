"""What became of places in queues: no one is forgotten, called twice, or starts again at the end."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from bot.ui.items import Press
from reliability.hours import IN_LINE
from reliability.sentences import is_told
from reliability.standin.world import Interaction
from reliability.tables import Hour, QueuePlace, Tables

_JOINED: Final = ("queue.joined", "queue.joined_first")
_CALLS: Final = "queue.turn:"


def lost_places(tables: Tables, answered: Iterable[Interaction]) -> Iterator[str]:
    """Yield what was promised to people in queues and isn't so, long after the last hour."""
    answered = list(answered)
    yield from _still_waiting(tables)
    yield from _not_carried_over(tables)
    yield from _never_called(tables, answered)
    yield from _never_joined(tables, answered)


def doubled_calls(tables: Tables, sent: Iterable[Interaction]) -> Iterator[str]:
    """Yield who was called more often than they came; after holding a place, or joining again, that is right."""
    again = Counter[int]()
    by_person = {(place.occurrence_id, place.user_id): place.id for place in tables.places}
    for interaction, press in _presses(sent):
        if press.verb == "hold":
            again[press.row] += 1
        elif press.verb == "send":
            again[by_person.get((press.row, interaction.user_id), 0)] += 1
    for place_id, calls in _calls(tables).items():
        if calls > 1 + again[place_id]:
            yield f"place {place_id} was called {calls} times"


def _still_waiting(tables: Tables) -> Iterator[str]:
    for place in tables.places:
        if place.state in IN_LINE:
            yield f"place {place.id} stands in a queue that is over"


def _not_carried_over(tables: Tables) -> Iterator[str]:
    """Yield who was told that their place is kept and has none in the next hour, or a later one than they had."""
    hours = {hour.id: hour for hour in tables.hours}
    told = {letter.key.split(":")[1] for letter in tables.letters if letter.key.startswith("queue.carried_over:")}
    for place in tables.places:
        if place.state != "carried_over":
            continue
        later = [each for each in tables.places if _follows(each, place, hours)]
        if not later:
            yield f"place {place.id} was carried over to nowhere"
        elif min(each.since for each in later) > place.since:
            yield f"place {place.id} was carried over to the end of the queue"
        if str(place.id) not in told:
            yield f"nobody told place {place.id} that it was carried over"


def _follows(place: QueuePlace, earlier: QueuePlace, hours: dict[int, Hour]) -> bool:
    here, before = hours[place.occurrence_id], hours[earlier.occurrence_id]
    is_same = place.user_id == earlier.user_id and here.office_hours_id == before.office_hours_id
    return is_same and here.starts_at > before.starts_at


def _never_called(tables: Tables, answered: Iterable[Interaction]) -> Iterator[str]:
    """Yield hosts who were told more often that a person is invited than anyone was."""
    hours = {place.id: place.occurrence_id for place in tables.places}
    calls = Counter[int]()
    for place_id, times in _calls(tables).items():
        calls[hours[place_id]] += times
    told = Counter(press.row for each, press in _presses(answered) if is_told(each, ["queue.next"]))
    for hour_id, times in told.items():
        if times > calls[hour_id]:
            yield f"{times} were said to be called in hour {hour_id}, and {calls[hour_id]} were"


def _never_joined(tables: Tables, answered: Iterable[Interaction]) -> Iterator[str]:
    kept = {(place.occurrence_id, place.user_id) for place in tables.places}
    for interaction, press in _presses(answered):
        if press.verb == "send" and is_told(interaction, _JOINED) and (press.row, interaction.user_id) not in kept:
            yield f"{press} got a place, and there is no such place"


def _calls(tables: Tables) -> Counter[int]:
    """Return how often each place was called, whether or not the message arrived."""
    return Counter(int(letter.key.split(":")[1]) for letter in tables.letters if letter.key.startswith(_CALLS))


def _presses(interactions: Iterable[Interaction]) -> Iterator[tuple[Interaction, Press]]:
    for interaction in interactions:
        press = Press.parse(str(interaction.payload["data"].get("custom_id", "")))
        if press is not None and press.kind == "queue":
            yield interaction, press
