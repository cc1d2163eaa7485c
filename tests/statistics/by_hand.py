"""The statistics a second time, in plain Python over what was drawn: no tables, no numpy, no SciPy."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from statistics import NormalDist

from playground.year import Matter, Year

WEEK = timedelta(weeks=1)
Z = NormalDist().inv_cdf(0.975)


def wilson(some: int, everyone: int) -> tuple[float, float]:
    """Return Wilson's interval, from his formula."""
    part, square = some / everyone, Z * Z / everyone
    middle = (part + square / 2) / (1 + square)
    spread = Z * math.sqrt(part * (1 - part) / everyone + square / (4 * everyone)) / (1 + square)
    return middle - spread, middle + spread


def monday_of(moment: datetime) -> datetime:
    """Return the Monday before, at midnight by UTC."""
    day = moment.astimezone(UTC).date() - timedelta(days=moment.astimezone(UTC).weekday())
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def asked_in(drawn: Year, until: datetime, weeks: int) -> list[Matter]:
    """Return what was asked in so many weeks; in a busy year no week waits for another."""
    return [each for each in drawn.questions if until - weeks * WEEK <= each.at < until]


def first_answer(matter: Matter, until: datetime) -> datetime | None:
    """Return when a person other than its asker first answered."""
    return min((at for at, person in matter.answers if person != matter.asker_id and at < until), default=None)


def kaplan_meier(stories: Sequence[tuple[float, bool]]) -> list[tuple[float, float, float, float]]:
    """Return each length after which a wait ended, the part that waits longer, and its log(−log) interval."""
    ended = Counter(seconds for seconds, has_ended in stories if has_ended)
    left = sorted(seconds for seconds, _ in stories)
    waiting, variance, curve = 1.0, 0.0, []
    at_risk, place = len(stories), 0
    for moment in sorted(ended):
        while place < len(left) and left[place] < moment:
            place, at_risk = place + 1, at_risk - 1
        waiting *= 1 - ended[moment] / at_risk
        if at_risk == ended[moment]:
            curve.append((moment, 0.0, 0.0, 0.0))
            break
        variance += ended[moment] / (at_risk * (at_risk - ended[moment]))
        spread = Z * math.sqrt(variance) / math.log(waiting)
        curve.append((moment, waiting, waiting ** math.exp(-spread), waiting ** math.exp(spread)))
    return curve


def waits(matters: Iterable[Matter], until: datetime) -> list[tuple[float, bool]]:
    """Return how long each waited, and whether that has ended; one that was closed waits to the end."""
    told = []
    for each in matters:
        answer = first_answer(each, until)
        told.append(((answer or until) - each.at, answer is not None))
    return [(length.total_seconds(), has_ended) for length, has_ended in told]


def reached(curve: Sequence[tuple[float, float, float, float]], part: float) -> list[float | None]:
    """Return when so large a part has ended, by the curve and by the two ends of its interval."""
    return [next((step[0] for step in curve if step[place] <= 1 - part + 1e-12), None) for place in (1, 2, 3)]


def after(curve: Sequence[tuple[float, float, float, float]], seconds: float) -> tuple[float, float, float]:
    """Return the part that waits longer than that, and its interval."""
    steps = [step[1:] for step in curve if step[0] <= seconds]
    return steps[-1] if steps else (1.0, 1.0, 1.0)


def count(matters: Iterable[Matter], is_counted: Callable[[Matter], object]) -> int:
    """Return of how many that is so."""
    return sum(bool(is_counted(each)) for each in matters)


def is_hidden(people: Counter[int]) -> bool:
    """Tell whether they are five or more, and no one or two of them outweigh the rest."""
    largest = [count for _, count in people.most_common(2)]
    return len(people) >= 5 and 2 * largest[0] <= people.total() and 10 * sum(largest) <= 9 * people.total()


def count_in(happened: Iterable[tuple[datetime, int]], until: datetime, weeks: int) -> int:
    """Return how many things are counted in so many weeks: those of a quiet week are counted with the next ones."""
    by_week: dict[datetime, Counter[int]] = {}
    for at, person in happened:
        by_week.setdefault(monday_of(at), Counter())[person] += 1
    total, waiting = 0, Counter[int]()
    for monday in sorted(each for each in by_week if each < until):
        waiting += by_week[monday]
        if is_hidden(waiting):
            total += waiting.total() if monday >= until - weeks * WEEK else 0
        elif is_hidden(by_week[monday]):
            total += by_week[monday].total() if monday >= until - weeks * WEEK else 0
        else:
            continue
        waiting = Counter()
    return total
