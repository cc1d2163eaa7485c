"""The encoder in a process of its own: timed, killed when it hangs, started again when it is lost."""

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import numpy as np
import structlog
from pebble import ProcessExpired, ProcessPool

from bot.errors import Unavailable
from bot.routing import worker
from bot.routing.cost import chunks
from bot.routing.ports import Role, Unreadable, Vectors
from bot.routing.suspects import Suspects
from bot.tasks import spawn

log = structlog.get_logger(__name__)

_Result = TypeVar("_Result")

_LOADING = "The model is still being loaded."
_REFUSED = "The model failed on this text before, so it is not read again."
_CLOSED = "The encoder is switched off."


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for the encoder, in seconds."""

    load: float = 600
    """For loading; a model named on the hub is downloaded in this time."""
    chunk: float = 20
    """For one chunk of eight texts."""
    first_retry: float = 1
    """Before the first restart; doubled at each one that follows without an answer in between."""
    longest_retry: float = 300

    def before_retry(self, failures: int) -> float:
        """Return the wait in seconds after `failures` (at least 1) lives in a row without an answer."""
        return min(self.longest_retry, self.first_retry * 2.0 ** min(failures - 1, 30))


@dataclass(slots=True)
class _Life:
    """One child process with its model, from warm to lost."""

    pool: ProcessPool
    lost: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class EncoderProcess:
    """An `Embedder` whose model lives in one spawned process; until it is warm every call is refused at once.

    Each life has a pool of its own and loads the model as that pool's first piece of work: Pebble reports a failing
    initializer as a broken pool without the reason, and hands work to a fresh worker that never loaded anything.
    """

    def __init__(
        self,
        model: worker.Model | None = None,
        patience: Patience | None = None,
        load: Callable[[worker.Model], None] = worker.load,
        encode: Callable[[Sequence[str], Role], Vectors] = worker.encode,
    ) -> None:
        """Choose the model; nothing starts before `start`. `load` and `encode` must be functions of a module."""
        self._model = model or worker.Model()
        self._patience = patience or Patience()
        self._load = load
        self._encode = encode
        self._pools: set[ProcessPool] = set()
        self._life: _Life | None = None
        self._keeper: asyncio.Task[object] | None = None
        self._settled = asyncio.Event()
        self._failure: str | None = None
        self._failures = 0
        self._suspects = Suspects()
        self._is_refused = False
        self._dimension = 0

    @property
    def model_id(self) -> str:
        """Name the model as it was chosen."""
        return self._model.name

    @property
    def dimension(self) -> int:
        """Return the length of a vector; 0 until the model was warm once."""
        return self._dimension

    @property
    def is_warm(self) -> bool:
        """Tell whether `embed` would be tried now."""
        return self._life is not None

    @property
    def failure(self) -> str | None:
        """Say in a sentence why the encoder isn't answering; None while it is warm or loads for the first time."""
        return self._failure

    async def start(self) -> None:
        """Begin to warm the model in the background and return at once; a second call does nothing."""
        if self._keeper is None:
            self._keeper = spawn("encoder", self._revive())

    async def wait_warm(self) -> None:
        """Wait until the model is warm, or until the present try to load it has failed; needs `start`.

        Raises:
            Unavailable: it failed, or was closed; further tries may go on in the background.
        """
        await self._settled.wait()
        if self._life is None:
            raise self._unavailable()

    async def close(self) -> None:
        """End the child process (3 s at most) and refuse everything from now on; idempotent."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait({self._keeper})
        if self._life is not None:
            self._life.lost.set_result(_CLOSED)
        self._life, self._failure = None, _CLOSED
        self._settled.set()
        await self._end_processes()

    async def embed(self, texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
        """Encode `texts` as float32[n, d], rows of unit length, handing over each chunk after the one before.

        So a question that comes then waits for one chunk of this call, not for the rest. Cancelling a call lets its
        current chunk end: Pebble would kill the process for it.

        Raises:
            Unreadable: the model failed on one of these texts, now or earlier.
            Unavailable: the model isn't warm, was lost, or took too long.
        """
        life = self._alive()
        if any(map(self._suspects.is_refused, texts)):
            raise Unreadable("error.encoder", reason=_REFUSED)
        vectors = np.empty((len(texts), self._dimension), dtype=np.float32)
        for chunk in chunks(texts, self._suspects.goes_alone):
            vectors[chunk] = await self._read(life, list(texts[chunk]), role)
        return vectors

    async def _read(self, life: _Life, texts: list[str], role: Role) -> Vectors:
        """Have the child encode one chunk, and remember it if that is what it fails on."""
        try:
            vectors = await self._call(life, self._encode, texts, role)
        except Unreadable:
            self._suspects.blame(texts)
            raise
        self._suspects.clear(texts)
        return vectors

    def _alive(self) -> _Life:
        if self._life is None:
            raise self._unavailable()
        return self._life

    async def _call(self, life: _Life, function: Callable[..., _Result], *arguments: object) -> _Result:
        """Have the child do one chunk of work."""
        future = self._submit(life, function, arguments)
        either: set[asyncio.Future[Any]] = {future, life.lost}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not future.done():
            future.cancel()
            raise self._unavailable(life.lost.result())
        if error := future.exception():
            kind = Unreadable if isinstance(error, _FAILED_ON_TEXT) else Unavailable
            raise kind("error.encoder", reason=_sentence(error)) from error
        self._failures = 0
        return future.result()

    def _submit(
        self, life: _Life, function: Callable[..., _Result], arguments: tuple[object, ...]
    ) -> asyncio.Future[_Result]:
        try:
            work = life.pool.schedule(function, args=arguments, timeout=self._patience.chunk)
            future: asyncio.Future[_Result] = asyncio.wrap_future(work)
        except RuntimeError as error:
            self._lose(life, _sentence(error))
            raise self._unavailable(_sentence(error)) from error
        # Watched here rather than by the caller, who may be cancelled before the worker turns out to hang.
        future.add_done_callback(partial(self._lose_if_gone, life))
        return future

    async def _revive(self) -> None:
        """Try until the model is warm or refused; while it is warm, no task of ours waits in the loop."""
        while self._life is None and not self._is_refused:
            await self._end_processes()
            await self._pause()
            await self._try_to_live()
        if self._is_refused:
            log.error("model_refused", reason=self._failure)
            await self._end_processes()

    async def _pause(self) -> None:
        if self._failures:
            seconds = self._patience.before_retry(self._failures)
            log.warning("encoder_lost", reason=self._failure, retry_seconds=seconds)
            await asyncio.sleep(seconds)

    async def _try_to_live(self) -> None:
        self._settled.clear()
        pool = ProcessPool(max_workers=1, context=multiprocessing.get_context("spawn"))
        self._pools.add(pool)
        try:
            await self._warm(pool)
        except _FAILED as error:
            self._failures += 1
            self._failure = _sentence(error)
            self._is_refused = isinstance(error, worker.ModelRefused)
        else:
            self._life, self._failure = _Life(pool), None
            log.info("encoder_warm", model=self.model_id, dimension=self._dimension)
        self._settled.set()

    async def _end_processes(self) -> None:
        while self._pools:
            await asyncio.to_thread(_stop, self._pools.pop())

    def _lose(self, life: _Life, reason: str) -> None:
        """Refuse everyone who waits for this life, and begin another; only its first loss counts."""
        if life.lost.done():
            return
        life.lost.set_result(reason)
        self._life, self._failure = None, reason
        self._failures += 1
        self._settled.clear()
        self._keeper = spawn("encoder", self._revive())

    def _lose_if_gone(self, life: _Life, done: asyncio.Future[Any]) -> None:
        if not done.cancelled() and isinstance(error := done.exception(), _GONE):
            self._lose(life, _sentence(error))

    async def _warm(self, pool: ProcessPool) -> None:
        """Load the model and encode a word: what a model does first is slow, and its shape tells the dimension."""
        patience = self._patience.load
        # The first piece of work starts the process, which takes some 10 ms.
        loading = await asyncio.to_thread(pool.schedule, self._load, args=(self._model,), timeout=patience)
        await asyncio.wrap_future(loading)
        ready = await asyncio.wrap_future(
            pool.schedule(self._encode, args=(["ready"], Role.QUESTION), timeout=patience)
        )
        self._dimension = ready.shape[1]
        if self._model.dimension not in {None, self._dimension}:
            msg = (
                f"The model {self._model.name} gives vectors of {self._dimension} numbers instead of the expected"
                f" {self._model.dimension}: name another model, or correct the expected dimension."
            )
            raise worker.ModelRefused(msg)

    def _unavailable(self, reason: str | None = None) -> Unavailable:
        return Unavailable("error.encoder", reason=reason or self._failure or _LOADING)


class MultilingualProcess(EncoderProcess):
    """The encoder of many languages, which can tell English from the others."""

    async def are_english(self, texts: Sequence[str]) -> list[bool]:
        """Tell which of `texts` are English, as far as can be told; about 0.1 ms each.

        Raises:
            Unavailable: the model isn't warm, was lost, or took too long.
        """
        return await self._call(self._alive(), worker.are_english, list(texts))


_GONE = (TimeoutError, ProcessExpired, RuntimeError, worker.NotLoaded)
"""What means that this child is gone or of no more use (a broken pool is a RuntimeError)."""
_FAILED_ON_TEXT = (TimeoutError, ProcessExpired, worker.EncodingFailed)
"""What means that the child failed on the very texts it was given, and not before it came to them."""
_FAILED = (*_GONE, worker.ModelRefused, worker.LoadFailed, worker.EncodingFailed)


def _sentence(error: BaseException) -> str:
    """Say what happened, in our own words unless they are the worker's: a library's may quote what was encoded."""
    if isinstance(error, worker.ModelRefused | worker.LoadFailed):
        return str(error)
    if isinstance(error, TimeoutError):
        return "The encoder took too long and is being restarted."
    if isinstance(error, worker.EncodingFailed):
        return f"The model could not read this text ({error})."
    return f"The encoder's process ended unexpectedly ({type(error).__qualname__}) and is being restarted."


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()
