"""What came of all scenes, added up, as a table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from reliability.judging import Verdict
from reliability.lateness import Delay
from reliability.scene import Scene

SHOWN = 20
"""Different lines of each thing that went wrong."""


@dataclass(slots=True)
class Report:
    """Sums over scenes, and a line for everything that went wrong."""

    kills: int = 0
    starts: int = 0
    interactions: int = 0
    acknowledged: int = 0
    messages: int = 0
    threads: int = 0
    met: int = 0
    made_up: int = 0
    slowest: float = 0.0
    warnings: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    delays: dict[str, Delay] = field(default_factory=dict)

    def add(self, scene: Scene, verdict: Verdict, kills: int) -> None:
        """Add a scene that was played."""
        world = scene.discord.world
        self.kills += kills
        self.starts += scene.bot.starts
        self.interactions += len(world.interactions)
        self.acknowledged += sum(each.acknowledged_at is not None for each in world.interactions.values())
        self.messages += len(world.written)
        self.threads += len(world.threads)
        self.met += scene.ledger.met
        self.made_up += scene.ledger.made_up
        self.slowest = max(self.slowest, scene.slowest)
        self.warnings += scene.bot.warnings
        self.said += scene.said()
        self._add_wrong("lost", verdict.lost)
        self._add_wrong("doubled", verdict.doubled)
        self._add_wrong("deadlines missed", scene.ledger.missed)
        for what, delay in scene.delays().items():
            self.delays.setdefault(what, Delay()).add(delay)
            self._add_wrong("later than by one sweep", delay.passed_by)
        self._add_wrong("contradictions in the tables", sorted(scene.conflicts))
        self._add_wrong("told what nobody should read", verdict.broken)
        self._add_wrong("never acknowledged by a bot that ran", scene.people.unanswered)
        self._add_wrong("errors logged", scene.bot.faults)
        self._add_wrong(
            "calls the stand-in doesn't know", [f"{each.method} {each.path}" for each in scene.discord.unknown_calls]
        )

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing went wrong."""
        return not any(self.wrong.values())

    def __str__(self) -> str:
        """Return the table, and what went wrong below it."""
        rows = [
            ("kills", self.kills),
            ("starts", self.starts),
            ("interactions sent", self.interactions),
            ("interactions acknowledged", self.acknowledged),
            ("messages of the bot in the world", self.messages),
            ("threads in the world", self.threads),
            ("deadlines met while it ran", self.met),
            ("deadlines made up after a start", self.made_up),
            ("slowest to be done with what was due", f"{self.slowest:.1f} s"),
            *((name, len(lines)) for name, lines in self.wrong.items()),
        ]
        table = ["| figure | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
        return "\n".join([*table, *self._lateness(), *self._details()])

    def _lateness(self) -> list[str]:
        """Return a table of what was due, by kind."""
        head = "| due | times | passed by a whole sweep | messages | within one interval | median | longest |"
        rows = (_late_row(what, delay) for what, delay in sorted(self.delays.items()))
        return ["", head, "|---|---|---|---|---|---|---|", *rows]

    def _add_wrong(self, name: str, lines: Sequence[str]) -> None:
        self.wrong.setdefault(name, []).extend(lines)

    def _details(self) -> list[str]:
        said = [f"\noccasions: {dict(sorted(self.said.items()))}"]
        warned = [f"\nwarnings: {dict(self.warnings)}"] if self.warnings else []
        wrong = [f"\n{name}:\n{_listed(lines)}" for name, lines in self.wrong.items() if lines]
        return [*said, *warned, *wrong]


def _late_row(what: str, delay: Delay) -> str:
    start = f"| {what} | {delay.due} | {len(delay.passed_by)} | {len(delay.intervals)} |"
    if not delay.intervals:
        return f"{start} | | |"
    within = sum(each <= 1 for each in delay.intervals) / len(delay.intervals)
    return f"{start} {within:.1%} | {median(delay.intervals):.2f} | {max(delay.intervals):.2f} |"


def _listed(lines: Sequence[str]) -> str:
    shown = Counter(lines).most_common(SHOWN)
    return "\n".join(f"- {line}" if times == 1 else f"- {times} × {line}" for line, times in shown)
