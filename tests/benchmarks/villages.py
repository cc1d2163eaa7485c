"""A made-up community of a few topics, larger than those of `communities`: there are people to choose among."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.evaluation.communities import Event, answered, asked, judged, write_routing

TOPICS = {
    "violins": "violins bows strings rosin luthiers varnish bridges pegs",
    "gardens": "gardens soil compost seeds frost pruning worms mulch",
    "ovens": "ovens bread yeast crust proofing flour steam dough",
}
_BEGINS = datetime(2020, 1, 1, 9, tzinfo=UTC)


def village(folder: Path, questions: int = 60, people: int = 36, scored: int = 14) -> Path:
    """Write a community whose people each know one topic; only the last questions are scored."""
    draw = random.Random(0)
    names = [f"person{number:02}" for number in range(people)]
    topic_of = {name: list(TOPICS)[number % len(TOPICS)] for number, name in enumerate(names)}
    events: list[Event] = []
    judgements: list[Event] = []
    for number in range(questions):
        at = _BEGINS + timedelta(hours=7 * number)
        topic = draw.choice(list(TOPICS))
        words = draw.sample(TOPICS[topic].split(), 3)
        question, asker = f"q{number:03}", draw.choice(names)
        events.append(asked(question, _written(at), asker, f"About {topic}", f"What of {' and '.join(words)}?"))
        experts = [name for name in names if topic_of[name] == topic and name != asker]
        helpers = draw.sample(experts, draw.randint(1, 2))
        for late, helper in enumerate(helpers, start=1):
            moment = _written(at + timedelta(hours=2 * late))
            events.append(answered(question, moment, helper, f"With {topic}, {words[0]} come first."))
        judgements.append(judged(question, *helpers))
    return write_routing(folder, events, judgements[-scored:])


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}"
