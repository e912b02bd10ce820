"""Open the encoder of an index and the reader, each prepared first where the cache lacks it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from indexer.errors import Progress, YinjuError

from .encoder import CARD_FILE, ONNX, RECIPE, OnnxEncoder, TorchEncoder, read_card
from .hub import looks_like_path
from .reader import Reader, reader_folder


def prepared_folder(model: str | None, cache: Path) -> Path:
    """Return the folder of a prepared model in the cache, whether it exists or not.

    A local model is identified by its path and its files' sizes and times, so that a changed one is
    prepared anew. A hub model is identified by its name, so that it stays the same and needs no
    network.

    Raises:
        YinjuError: ``model`` is a path and there is no folder.
    """
    if model is None:
        return cache / "encoders" / f"default-r{RECIPE}"
    digest = hashlib.sha256()
    path = Path(model).expanduser()
    if path.is_dir():
        resolved = path.resolve()
        digest.update(str(resolved).encode())
        for file in sorted(p for p in resolved.rglob("*") if p.is_file()):
            state = file.stat()
            digest.update(f"\n{file.relative_to(resolved)} {state.st_size}".encode())
            digest.update(f" {state.st_mtime_ns}".encode())
        label = resolved.name
    elif looks_like_path(model):
        raise YinjuError("model.no_folder", folder=path)
    else:
        digest.update(model.encode())
        label = model.rsplit("/", 1)[-1]
    label = "".join(c if c.isalnum() or c in "._-" else "-" for c in label)[:60].strip(".")
    return cache / "encoders" / f"{label}-{digest.hexdigest()[:16]}-r{RECIPE}"


def open_encoder(
    model: str | None, cache: Path, notify: Progress = lambda stage: None
) -> OnnxEncoder | TorchEncoder:
    """Open a model, and prepare it first if it is not in the cache.

    Only a name that is neither a folder nor prepared may lead to a network connection.

    Args:
        model: a name or path that sentence-transformers takes; None is the default model.
        notify: called with each stage of the preparation, and with the reason where a model has to run
            in torch.

    Raises:
        YinjuError: the model or its weights are missing, or the prepared folder is damaged.
    """
    folder = prepared_folder(model, cache)
    if not (folder / CARD_FILE).is_file():
        from .prepare import prepare_model

        prepare_model(model, folder, cache, notify)
    card = read_card(folder)
    return OnnxEncoder(folder, card) if card.backend == ONNX else TorchEncoder(folder, card)


def open_reader(cache: Path, notify: Progress = lambda stage: None) -> Reader:
    """Open the reader, and prepare it first if it is not in the cache.

    Args:
        notify: called with each stage of the preparation.

    Raises:
        YinjuError: the default model's weights are missing, or the prepared folder is damaged.
    """
    folder = reader_folder(cache)
    if not (folder / CARD_FILE).is_file():
        from .prepare_reader import prepare_reader

        prepare_reader(folder, cache, notify)
    return _open_once(folder)


# All indexes of a process share one reader: it keeps nothing of what it has read.
@lru_cache(maxsize=1)
def _open_once(folder: Path) -> Reader:
    return Reader(folder, read_card(folder))
