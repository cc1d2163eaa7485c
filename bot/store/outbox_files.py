"""Files that wait to leave with a letter."""

from sqlalchemy import delete, select

from bot.store.transactions import Session, Store, Writes
from models import OutboxFile


class OutboxFiles(Store[Session]):
    """The store of files on their way; each is called by the occasion of its letter, and goes when that has left."""

    def add(self: "OutboxFiles[Writes]", file: OutboxFile) -> None:
        """Keep a file until its letter has left, or is given up."""
        self._session.add(file)

    async def find(self, key: str) -> OutboxFile | None:
        """Return the file that goes with the letter of this occasion."""
        return await self._session.scalar(select(OutboxFile).where(OutboxFile.key == key))

    async def forget(self: "OutboxFiles[Writes]", key: str) -> None:
        """Forget the file of an occasion, if there is one."""
        await self._session.execute(delete(OutboxFile).where(OutboxFile.key == key))
