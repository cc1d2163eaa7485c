"""`python -m evaluation.stand_in FOLDER [--data DIR]`: make a panel of `reviewers` of what communities asked.

A member's past papers are the questions they answered early; of the later ones, those they answered too are rated 5,
others of their community 2, and those of other communities 1. It shows whether a way of telling how well a text fits a
person is worth having, where researchers' own ratings are kept for the end.
"""

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from evaluation.folders import DEFAULT, NotFound, find_runs
from evaluation.history import History, Question
from evaluation.learning import MIXED, Ground
from evaluation.reviewers import NEEDS
from evaluation.tasks import NEEDS as TASK_NEEDS

FEWEST = 3
"""Questions a member must have answered early."""
MOST = 12
"""Questions that stand for a member's past papers, the latest ones."""
OTHERS = 20
"""Questions that a member is compared on and didn't answer, of their own community and of others alike."""
ANSWERED, SAME, ELSEWHERE = 5, 2, 1
"""How expert a member counts as."""

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class StandIn:
    """Members by what they answered, early and late; questions by their words."""

    early: Mapping[str, Sequence[str]] = field(repr=False)
    late: Mapping[str, Sequence[str]] = field(repr=False)
    later: Sequence[Question] = field(repr=False)
    """All that were asked late."""
    origins: Mapping[str, str] = field(repr=False)
    """The community that each question came from, by its id."""

    @classmethod
    def of(cls, history: History, origins: Mapping[str, str]) -> Self:
        """Part a history in two halves of as many questions."""
        questions = sorted(history.questions, key=lambda question: (question.at, question.id))
        middle, words = questions[len(questions) // 2].at, {question.text for question in questions}
        halves: tuple[dict[str, list[str]], ...] = (defaultdict(list), defaultdict(list))
        for answer in sorted(history.answers, key=lambda answer: answer.at):
            halves[answer.at >= middle][answer.member] += [text for text in answer.texts if text in words]
        early, late = ({member: list(dict.fromkeys(some)) for member, some in half.items()} for half in halves)
        return cls(early, late, [question for question in questions if question.at >= middle], origins)

    def members(self) -> list[str]:
        """Return those who answered often enough early, and something that was asked late."""
        asked = {question.text for question in self.later}
        often = [member for member, some in self.early.items() if len(some) >= FEWEST]
        return sorted(member for member in often if asked & set(self.late.get(member, ())))

    def profiles(self) -> Iterator[Record]:
        """Yield each member's past papers."""
        for member in self.members():
            papers = [{"title": text} for text in self.early[member][-MOST:]]
            yield {"version": 1, "member": member, "papers": papers}

    def ratings(self) -> Iterator[Record]:
        """Yield how expert each member counts as; what they didn't answer is drawn by a fixed seed."""
        for member in self.members():
            chance, answered = random.Random(member), set(self.late[member])
            own = [question for question in self.later if question.text in answered]
            ((home, _),) = Counter(self.origins[question.id] for question in own).most_common(1)
            others = [question for question in self.later if question.text not in answered]
            same = [question for question in others if self.origins[question.id] == home]
            elsewhere = [question for question in others if self.origins[question.id] != home]
            for expertise, some in ((ANSWERED, own), (SAME, same), (ELSEWHERE, elsewhere)):
                for question in some if expertise == ANSWERED else chance.sample(some, min(OTHERS, len(some))):
                    yield {"member": member, "paper": question.id, "expertise": expertise}

    def papers(self) -> Iterator[Record]:
        """Yield what was asked late."""
        yield from ({"id": question.id, "title": question.text} for question in self.later)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the panel down; return 1 where there is nothing to make it of."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.stand_in", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write the panel: name it reviewers_stand_in")
    parser.add_argument("--data", type=Path, default=DEFAULT, metavar="DIR", help="the benchmark's folder")
    options = parser.parse_args(arguments)
    try:
        ground = Ground.survey(find_runs(options.data, TASK_NEEDS)[0])
    except NotFound as refusal:
        print(refusal, file=sys.stderr)
        return 1
    panel = StandIn.of(History.read(ground.folders[MIXED]), ground.origins)
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, some in zip(NEEDS, (panel.papers(), panel.profiles(), panel.ratings()), strict=True):
        _write(options.folder / name, some)
    print(f"{len(panel.members())} members are in {options.folder}.")
    return 0


def _write(file: Path, some: Iterable[Record]) -> None:
    file.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in some), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
