import hashlib
import traceback
from pathlib import Path

import pytest

from bot.routing import worker
from bot.routing.worker import EncodingFailed, LoadFailed, Model, ModelRefused, NotLoaded


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


def test_a_missing_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_PACKAGE", "no_such_package_here")
    with pytest.raises(ModelRefused, match="is not installed"):
        worker.load(Model())


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


class Quoting:
    """A model whose error quotes what it was given."""

    def encode(self, texts: list[str], **_: bool) -> None:
        raise ValueError(texts[0])


def test_an_encoding_error_leaves_without_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_loaded", [Quoting()])
    with pytest.raises(EncodingFailed) as caught:
        worker.encode(["private" * 2])
    assert "privateprivate" not in "".join(traceback.format_exception(caught.value))
