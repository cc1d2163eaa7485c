"""Writing the learned part of bot/routing/fusion.toml, with where it came from."""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.routing import worker
from bot.routing.fusion import Fusion
from evaluation.encoding import versioned
from evaluation.fitting import PENALTY
from evaluation.replaying import NEEDS

_TABLE = "[learned]"
_COMMAND = "python -m evaluation fit"
_MODEL = f"conditional logit over everybody who could have answered, L2 {PENALTY:g}"
_FIGURE_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights, and where they came from."""

    weights: Fusion
    questions: int
    out_of_fold: Mapping[str, Mapping[str, float]]
    """Figures by community, reached with weights that were learned without it."""
    sha256: Mapping[str, str]
    """Of the files learned from, by name."""

    def tables(self) -> Iterator[str]:
        """Yield the file's tables."""
        yield _table("learned", asdict(self.weights))
        encoders = ", ".join(map(versioned, (worker.PACKAGED_MODEL, worker.PACKAGED_MULTILINGUAL)))
        provenance = {"command": _COMMAND, "model": _MODEL, "encoders": encoders, "questions": self.questions}
        yield _table("learned.provenance", provenance)
        yield _table("learned.provenance.sha256", self.sha256)
        for community, figures in self.out_of_fold.items():
            known = {name: figure for name, figure in figures.items() if math.isfinite(figure)}
            rounded = {name: round(figure, _FIGURE_DIGITS) for name, figure in known.items()}
            yield _table(f"learned.provenance.out_of_fold.{_key(community)}", rounded)


def write(file: Path, learned: Learned) -> None:
    """Write the learned weights in place of those in `file`; what stands before them stays."""
    before, _, _ = file.read_text(encoding="utf-8").partition(f"\n{_TABLE}\n")
    file.write_text("\n\n".join([before.rstrip(), *learned.tables()]) + "\n", encoding="utf-8")


def digests(folders: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of every file that is learned from, by folder and name."""
    files = [folder / name for folder in folders for name in NEEDS]
    return {f"{file.parent.name}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _table(name: str, entries: Mapping[str, object]) -> str:
    return "\n".join([f"[{name}]", *(f"{_key(key)} = {json.dumps(value)}" for key, value in entries.items())])


def _key(key: str) -> str:
    """Return a key as TOML takes it: in quotes, unless it is a word."""
    return key if key.isidentifier() and key.isascii() else json.dumps(key)
