"""What the router knew of everyone at each question, so that weights can be tried without another replay."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from bot.routing.activity import Activity, Habits
from bot.routing.fusion import Fusion
from bot.routing.index import Scores
from bot.routing.owners import standardised
from bot.routing.ports import Match
from bot.routing.router import Router
from evaluation.fitting import Choice, Numbers
from evaluation.folders import records
from evaluation.history import History, Question
from evaluation.ranking import GUILD_ID, Ranking, by_policy
from evaluation.replaying import NEEDS, Replay

WEIGHTS = tuple(each.name for each in fields(Fusion))


@dataclass(frozen=True, slots=True)
class Sample:
    """One question, and what spoke for everyone; rows as in its scores."""

    question: Question
    members: Sequence[str]
    relevant: frozenset[str]
    scores: Scores
    habits: Habits

    def ranking(self, weights: Fusion) -> Ranking:
        """Rank everyone but the asker as the bot would with these weights, as if no one had been asked lately."""
        pairs = zip(self.weighed(weights), self.members, strict=True)
        order = by_policy([match for match, member in pairs if member != self.question.member], {})
        return {"qid": self.question.id, "ranking": [self.members[row] for row in order]}

    def weighed(self, weights: Fusion) -> list[Match]:
        """Return every row as the router would with these weights; its number stands for the member's."""
        expertise, availability = weights.expertise(self.scores), weights.availability(self.habits)
        pairs = zip(expertise.tolist(), availability.tolist(), strict=True)
        return [Match(row, 0, knows, answers) for row, (knows, answers) in enumerate(pairs)]

    def choice(self) -> Choice:
        """Return it as something to learn from, without the asker."""
        is_candidate = np.asarray([member != self.question.member for member in self.members])
        target = np.asarray([float(member in self.relevant) for member in self.members])[is_candidate]
        features = np.stack([self._feature(name) for name in WEIGHTS], axis=1)[is_candidate]
        return Choice(features, target / max(target.sum(), 1))

    def _feature(self, name: str) -> Numbers:
        """Return what a weight of this name is multiplied with, float64[m]."""
        if hasattr(self.scores, name):
            return np.asarray(getattr(self.scores, name), dtype=np.float64)
        return standardised(np.asarray(getattr(self.habits, name), dtype=np.float64))


async def gather(router: Router, folder: Path) -> list[Sample]:
    """Replay a folder, and keep what was known at each scored question."""
    replay = Replay(router, History.read(folder))
    relevant = {record["qid"]: frozenset(record["relevant"]) for record in records(folder / NEEDS[1])}
    samples: list[Sample] = []
    async for question, query in replay.questions(relevant):
        matches = await router.rank(GUILD_ID, query, question.at, limit=None)
        matches.sort(key=lambda match: match.member_id)
        member_ids = [match.member_id for match in matches]
        # As the router does, which counts two answers of one member at one moment once.
        activity = Activity.build(()).add(replay.answers)
        habits = activity.habits(np.asarray(member_ids, dtype=np.int64), question.at)
        members, answered = replay.roll.names(member_ids), relevant[question.id]
        samples.append(Sample(question, members, answered, _scores(matches), habits))
    return samples


def _scores(matches: Sequence[Match]) -> Scores:
    nothing = np.zeros(len(matches))
    return Scores(
        owner_ids=np.asarray([match.member_id for match in matches], dtype=np.int64),
        text_ids=np.asarray([match.statement_id for match in matches], dtype=np.int64),
        nearness=nothing.astype(np.float32),
        dense=np.asarray([match.evidence.dense for match in matches], dtype=np.float32),
        profile=np.asarray([match.evidence.profile for match in matches], dtype=np.float32),
        bm25=np.asarray([match.evidence.bm25 for match in matches], dtype=np.float32),
        tfidf=np.asarray([match.evidence.tfidf for match in matches], dtype=np.float32),
        is_match=np.asarray([match.expertise > 0 for match in matches], dtype=bool),
    )
