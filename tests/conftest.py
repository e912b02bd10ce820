"""What several test modules share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.build import build_index
from indexer.config import Config, read_config
from indexer.embedding.open import open_encoder, open_reader
from qa.index import Index

ROOT = Path(__file__).parents[1]
# Beside a developer's checkout, never on a user's machine.
SHARED = ROOT.parent / "shared"

IndexFiles = Callable[..., Index]
IndexTexts = Callable[[Mapping[str, str]], Index]


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """The user's cache (or YINJU_CACHE) with the default model and its reader prepared in it."""
    cache = read_config().cache
    open_encoder(None, cache)
    open_reader(cache)
    return cache


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the seed report and its gold questions."""
    if not (SHARED / "seed").is_dir():
        pytest.skip("the seed report is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def seed_file(shared: Path) -> Path:
    """The seed report."""
    return next((shared / "seed").glob("*.txt"))


@pytest.fixture(scope="session")
def index_files(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> IndexFiles:
    """Index files and folders with the real model, in an index of their own."""

    def index(*paths: Path) -> Index:
        config = Config(tmp_path_factory.mktemp("real") / "index", None, model_cache)
        build_index(config, list(paths))
        return Index.open(config)

    return index


@pytest.fixture(scope="session")
def index_texts(index_files: IndexFiles, tmp_path_factory: pytest.TempPathFactory) -> IndexTexts:
    """Index reports, given as {file name: text}, with the real model."""

    def index(texts: Mapping[str, str]) -> Index:
        folder = tmp_path_factory.mktemp("texts")
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        return index_files(*(folder / name for name in sorted(texts)))

    return index


@pytest.fixture(scope="session")
def corpus_index(index_files: IndexFiles) -> Index:
    """The shipped reports, indexed with the real model."""
    return index_files(ROOT / "corpus" / "reports")


@pytest.fixture(scope="session")
def seed_index(shared: Path, index_files: IndexFiles) -> Index:
    """The seed report, indexed with the real model."""
    return index_files(shared / "seed")


@dataclass
class FakeEncoder:
    """One component a topic: how often its character occurs, then made a unit vector.

    `encoded` counts the passages that it was given.
    """

    identity: str = "fake-1"
    topics: str = "蘋苹梨桃"
    encoded: int = 0

    @property
    def dim(self) -> int:
        return len(self.topics) + 1

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [[*(text.count(topic) for topic in self.topics), 0.01] for text in texts]
        counts = np.array(rows, dtype=np.float32).reshape(len(texts), self.dim)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._vectors(texts)

    def encode_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.encoded += len(texts)
        return self._vectors(texts)


@pytest.fixture
def fake_encoder(monkeypatch: pytest.MonkeyPatch) -> FakeEncoder:
    """Puts a FakeEncoder where indexing and asking open the model."""
    encoder = FakeEncoder()
    for module in ("indexer.build", "qa.index"):
        monkeypatch.setattr(f"{module}.open_encoder", lambda *args: encoder)
    return encoder
