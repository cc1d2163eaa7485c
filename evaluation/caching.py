"""Vectors kept on disk, so that a text is encoded once and not in every run."""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from bot.routing.ports import MultilingualEmbedder, Role, Vectors, WarmingEmbedder, to_bytes, to_vector
from evaluation.history import clipped

BATCH = 64
"""Texts after which what was encoded is on disk."""
PROBE = clipped("How do I find out, jak zjistím, nitajuaje, whether a text this long is still read to its end? " * 20)
"""What tells whether an encoder still reads texts as it did when its vectors were kept, long ones included."""
_SAME = 1e-3
"""How far two vectors of one text may lie apart."""


class VectorFile:
    """One encoder's vectors of texts in one role, by what each text says exactly."""

    def __init__(self, file: Path) -> None:
        """Use `file`, made with its folder if need be."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("CREATE TABLE IF NOT EXISTS vector (text BLOB PRIMARY KEY, vector BLOB NOT NULL)")

    def read(self) -> dict[bytes, Vectors]:
        """Return everything that is kept, float32[d] by the name of its text."""
        with closing(sqlite3.connect(self._file)) as connection:
            return {name: to_vector(vector) for name, vector in connection.execute("SELECT text, vector FROM vector")}

    def keep(self, vectors: Mapping[bytes, Vectors]) -> None:
        """Keep float32[d] by the name of its text, in place of what was kept of it."""
        rows = [(name, to_bytes(vector)) for name, vector in vectors.items()]
        with closing(sqlite3.connect(self._file)) as connection, connection:
            connection.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)

    def clear(self) -> None:
        """Keep nothing any longer."""
        with closing(sqlite3.connect(self._file)) as connection, connection:
            connection.execute("DELETE FROM vector")


class CachedEmbedder:
    """An encoder that is asked for each text once, in this run and all later ones."""

    def __init__(self, encoder: WarmingEmbedder, folder: Path) -> None:
        """Stand before `encoder`, with what `folder` keeps of it."""
        self._encoder = encoder
        name = re.sub(r"[^\w.-]", "-", encoder.model_id)
        self._files = {role: VectorFile(folder / f"{name}.{role}.sqlite3") for role in Role}
        self._vectors = {role: file.read() for role, file in self._files.items()}

    @property
    def model_id(self) -> str:
        """Name the encoder's space."""
        return self._encoder.model_id

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._encoder.dimension

    @property
    def is_warm(self) -> bool:
        """Tell whether the encoder would be asked now."""
        return self._encoder.is_warm

    @property
    def failure(self) -> str | None:
        """Say why the encoder isn't answering."""
        return self._encoder.failure

    async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
        """Return float32[n, d] of unit length, encoding what isn't kept.

        Raises:
            Unavailable: something isn't kept, and the encoder refuses.
        """
        await self.prepare(texts, role)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            row[:] = self._vectors[role][_name(text)]
        return vectors

    async def prepare(self, texts: Iterable[str], role: Role, advance: Callable[[int], object] | None = None) -> None:
        """Encode what isn't kept, long texts first, saying to `advance` how many more are done.

        Raises:
            Unavailable: the encoder refuses.
        """
        missing = self.missing(texts, role)
        for start in range(0, len(missing), BATCH):
            await self._encode(missing[start : start + BATCH], role)
            if advance:
                advance(len(missing[start : start + BATCH]))

    def missing(self, texts: Iterable[str], role: Role) -> list[str]:
        """Return the texts that would have to be encoded, each once, the longest first."""
        known = self._vectors[role]
        return sorted({text for text in texts if _name(text) not in known}, key=lambda text: (-len(text), text))

    async def check(self) -> None:
        """Forget what is kept if the encoder reads texts differently now.

        Raises:
            Unavailable: the encoder refuses.
        """
        for role, vectors in self._vectors.items():
            (now,) = await self._encoder.embed([PROBE], role)
            then = vectors.get(_name(PROBE))
            if then is None or then.shape != now.shape or np.abs(then - now).max() > _SAME:
                vectors.clear()
                self._files[role].clear()
                self._take(role, {_name(PROBE): now})

    async def _encode(self, texts: Sequence[str], role: Role) -> None:
        encoded = await self._encoder.embed(texts, role)
        self._take(role, {_name(text): vector for text, vector in zip(texts, encoded, strict=True)})

    def _take(self, role: Role, vectors: Mapping[bytes, Vectors]) -> None:
        self._vectors[role].update(vectors)
        self._files[role].keep(vectors)


class CachedMultilingual(CachedEmbedder):
    """A multilingual encoder that is asked for each text once; for its language once a run."""

    def __init__(self, encoder: MultilingualEmbedder, folder: Path) -> None:
        """Stand before `encoder`, with what `folder` keeps of it."""
        super().__init__(encoder, folder)
        self._multilingual = encoder
        self._is_english: dict[str, bool] = {}

    async def are_english(self, texts: Sequence[str]) -> list[bool]:
        """Tell which of `texts` are English.

        Raises:
            Unavailable: something wasn't asked before, and the encoder refuses.
        """
        missing = list({text: None for text in texts if text not in self._is_english})
        for start in range(0, len(missing), BATCH):
            some = missing[start : start + BATCH]
            self._is_english.update(zip(some, await self._multilingual.are_english(some), strict=True))
        return [self._is_english[text] for text in texts]


def _name(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
