"""What encoders made of people's texts: one vector for each text and encoder."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, literal, select

from bot.store.columns import AnyRow, fetched, made_of
from bot.store.transactions import Session, Store, Writes
from models import DraftVector, Question, QuestionVector, Statement, StatementVector

Stored = Mapping[str, bytes]
"""float32, little-endian, unit length, by model."""


class Vectors(Store[Session]):
    """The store of the vectors of one kind of text, whatever that is."""

    def __init__(
        self, session: Session, owner: str, vector: type[StatementVector] | type[QuestionVector] | type[DraftVector]
    ) -> None:
        """Take part in this session's transaction."""
        super().__init__(session)
        self._vector = vector
        self._owner_name = f"{owner}_id"
        self._owner: ColumnElement[int] = getattr(vector, self._owner_name)

    async def of(self, text_ids: Select[int] | Sequence[int]) -> dict[int, dict[str, bytes]]:
        """Return the vectors of these texts, by text and model; texts without any are left out."""
        wanted = select(self._owner, self._vector.model_id, self._vector.vector).where(self._owner.in_(text_ids))
        return await made_of(await fetched(self._session, wanted), _by_text)

    def add(self: "Vectors[Writes]", text_id: int, vectors: Stored) -> None:
        """Keep the vectors of a text that has none yet."""
        for model_id, vector in vectors.items():
            self._session.add(self._row(text_id, model_id, vector))

    async def _models(self) -> list[str]:
        """Return the encoders of which there are vectors, from one to the next by their index: there are few."""
        found = [""]
        while after := await self._session.scalar(
            select(func.min(self._vector.model_id)).where(self._vector.model_id > found[-1])
        ):
            found.append(after)
        return found[1:]

    async def forget_models(self: "Vectors[Writes]", kept: Sequence[str]) -> int:
        """Delete what every other encoder made of the texts that all the `kept` have read, and return how many."""
        others = [each for each in await self._models() if each not in kept]
        if not others:
            return 0
        are_read = (
            select(self._owner)
            .where(self._vector.model_id.in_(kept))
            .group_by(self._owner)
            .having(func.count() == len(kept))
        )
        result: Any = await self._session.execute(
            delete(self._vector)
            .where(self._vector.model_id.in_(others), self._owner.in_(are_read))
            .execution_options(synchronize_session=False)
        )
        return int(result.rowcount)

    def _row(self, text_id: int, model_id: str, vector: bytes) -> StatementVector | QuestionVector | DraftVector:
        return self._vector(**{self._owner_name: text_id}, model_id=model_id, vector=vector)


class TextVectors(Vectors[Session]):
    """The store of the vectors of texts that are read again for a changed model: statements and questions alike."""

    def __init__(
        self,
        session: Session,
        text: type[Statement] | type[Question],
        vector: type[StatementVector] | type[QuestionVector],
    ) -> None:
        """Take part in this session's transaction."""
        super().__init__(session, text.__tablename__, vector)
        self._text = text

    async def missing(self, model_id: str, limit: int, after: int = 0) -> Sequence[tuple[int, str]]:
        """Return ids and texts, beginning `after` an id, of up to `limit` texts that this encoder hasn't read."""
        rows = await self._session.execute(
            select(self._text.id, self._text.text)
            .where(self._text.id > after, self._is_missing(model_id))
            .order_by(self._text.id)
            .limit(limit)
        )
        return [(row.id, row.text) for row in rows]

    async def encode(self: "TextVectors[Writes]", vectors: Mapping[int, bytes], model_id: str) -> None:
        """Keep what an encoder made of texts, those that are still there."""
        there = set(await self._session.scalars(select(self._text.id).where(self._text.id.in_(list(vectors)))))
        for text_id in sorted(there):
            await self._session.merge(self._row(text_id, model_id, vectors[text_id]))

    async def count(self, model_ids: Sequence[str], text_ids: Select[int]) -> tuple[int, int]:
        """Return how many vectors these texts still lack, and how many they ought to have."""
        chosen = text_ids.subquery()
        texts = await self._session.scalar(select(func.count()).select_from(chosen)) or 0
        there = await self._session.scalar(
            select(func.count()).where(self._owner.in_(select(chosen.c.id)), self._vector.model_id.in_(model_ids))
        )
        return texts * len(model_ids) - (there or 0), texts * len(model_ids)

    def _is_missing(self, model_id: str) -> ColumnElement[bool]:
        is_read = select(literal(1)).where(self._owner == self._text.id, self._vector.model_id == model_id)
        return ~is_read.exists()


def _by_text(rows: Sequence[AnyRow]) -> dict[int, dict[str, bytes]]:
    found: dict[int, dict[str, bytes]] = {}
    for text_id, model_id, vector in rows:
        found.setdefault(text_id, {})[model_id] = vector
    return found
