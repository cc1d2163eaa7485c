"""Topics: questions whose vectors lie close together, and whether any helper offers what they are about."""

from statistics import NormalDist

import numpy as np
from sklearn.cluster import HDBSCAN
from sklearn.decomposition import PCA

from bot.domain.disclosure import FEWEST, Crowd
from bot.routing.ports import Vectors
from bot.statistics.record import Mask, Whole

NO_TOPIC = -1
_DIMENSIONS = 20
"""Without this, 5,000 questions take half a minute."""
_CORE = 2
"""Neighbours that tell how dense it is around a question; with more, small communities have no topic at all."""
_FEWEST_TOPICS = 3
_BY_CHANCE = 0.05
_OF_A_NORMAL = 1.4826
"""Times the median distance from the median: the standard deviation, where values are spread normally."""


def clustered(vectors: Vectors, askers: Whole) -> Whole:
    """Return the topic of each question, from 0 on, or `NO_TOPIC`; one that doesn't hide its askers is none.

    The same questions always make the same topics.

    Source: Campello, Moulavi & Sander 2013, https://doi.org/10.1007/978-3-642-37456-2_14
    """
    few = PCA(min(_DIMENSIONS, *vectors.shape), svd_solver="covariance_eigh").fit_transform(vectors)
    found: Whole = HDBSCAN(min_cluster_size=FEWEST, min_samples=_CORE, copy=True).fit_predict(few).astype(np.int64)
    kept = [topic for topic in range(found.max() + 1) if Crowd.of(askers[found == topic].tolist()).hides()]
    numbers = {topic: number for number, topic in enumerate(kept)}
    return np.array([numbers.get(topic, NO_TOPIC) for topic in found.tolist()], dtype=np.int64)


def offered(vectors: Vectors, topics: Whole, offers: Vectors) -> Mask | None:
    """Tell which topics some helper's statement is near to; None where there are too few topics to tell.

    How near texts are that have something in common differs from one encoder to the next, and there is no one figure
    for it. But a statement is about few of the topics, so what is usual between statements and topics is how near those
    are that have nothing in common. A statement is near a topic where it is nearer than chance makes the nearest of so
    many, but for one topic in twenty. The median and the distances from it, which a third of the pairs can't shift
    much, stand for the mean and the deviation. Topics are seen from the middle of all questions: what questions of a
    community have in common is near to everything.
    """
    count = int(topics.max(initial=NO_TOPIC)) + 1
    if count < _FEWEST_TOPICS:
        return None
    if not len(offers):
        return np.zeros(count, dtype=np.bool_)
    middles = np.stack([vectors[topics == topic].mean(axis=0) for topic in range(count)]) - vectors.mean(axis=0)
    near = offers @ (middles / np.linalg.norm(middles, axis=1, keepdims=True)).T
    usual = float(np.median(near))
    spread = _OF_A_NORMAL * float(np.median(np.abs(near - usual)))
    is_near: Mask = near.max(axis=0) > usual + spread * NormalDist().inv_cdf(1 - _BY_CHANCE / len(offers))
    return is_near
