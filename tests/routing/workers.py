"""Children for `EncoderProcess` without a model: functions of a module, so that a spawned process finds them."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.routing import worker
from bot.routing.ports import Role, Vectors
from bot.routing.worker import EncodingFailed, LoadFailed, Model, ModelRefused, NotLoaded

_calls: list[int] = []


def load_nothing(model: Model) -> None:
    pass


def load_languages(model: Model) -> None:
    """Load what tells languages apart, beside a model that only has to be there."""
    worker._load_languages()
    worker._loaded[:] = [Nothing()]


class Nothing:
    """A model that is never asked."""

    def encode(self, texts: list[str], role: Role) -> Vectors:
        raise NotImplementedError


def load_refused(model: Model) -> None:
    msg = f"The package {model.name} is not installed."
    raise ModelRefused(msg)


def load_at_second_try(model: Model) -> None:
    """`model.name` is a file that remembers the first try."""
    first = Path(model.name)
    if not first.exists():
        first.touch()
        msg = "The hub is down."
        raise LoadFailed(msg)


def load_forever(model: Model) -> None:
    time.sleep(600)


def load_dies(model: Model) -> None:
    os._exit(3)


def encode(texts: Sequence[str], role: Role) -> Vectors:
    """Tell the process and how many calls it has seen; some texts are orders."""
    _calls.append(len(texts))
    if "hang" in texts:
        time.sleep(600)
    if "die" in texts:
        os._exit(3)
    if "raise" in texts:
        raise EncodingFailed("ValueError")
    if "lose" in texts:
        raise NotLoaded
    return np.asarray([[os.getpid(), len(_calls), len(texts)]] * len(texts), dtype=np.float32)


def encode_role(texts: Sequence[str], role: Role) -> Vectors:
    """Tell what each text is said to be."""
    return np.asarray([[role is Role.QUESTION, role is Role.STATEMENT]] * len(texts), dtype=np.float32)
