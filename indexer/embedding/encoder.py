"""Encode texts as unit vectors, by a compiled model (onnxruntime) or, if there is none, by torch.

Nothing here imports torch, transformers or sentence_transformers until a model has to be prepared or
runs in torch: opening a prepared model costs 0.7 s in a fresh process, those imports 5-6 s more.

A vector depends on its text alone and not on the other texts of a call, because the next build reuses
the vectors of unchanged text. So every text goes through the model by itself, in one thread, and
several threads run at once; which thread takes which text changes nothing. `indexer.embedding.onnx_graph` has the measurements.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.errors import YinjuError, message_of
from indexer.messages import Message, message

from .hub import first_line, load_from_hub

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Raise it whenever models are compiled in another way, so that their vectors change. It is part of each
# identity and of the name of each prepared folder: those of an older number are then not found.
RECIPE = 1

ONNX, TORCH = "onnx", "torch"
Part = TypeVar("Part")
MODEL_FILE, TOKENIZER_FILE, CARD_FILE = "model.onnx", "tokenizer.json", "encoder.json"
SOURCE_FOLDER = "source"

# Texts that a thread takes at a time: enough to make the cost of handing out work negligible, few
# enough to report progress several times a second at 200 texts a second.
_CHUNK_SIZE = 16
# A run of 75 tokens takes some 10 MB. More threads than this gain little where cores share caches.
_MAX_THREADS = 8


class Encoder(Protocol):
    """The interface of a model for the rest of the program."""

    @property
    def identity(self) -> str:
        """Model name and a hash of what decides its vectors; kept in the manifest."""

    @property
    def dim(self) -> int:
        """Number of columns of every result."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows of shape (n, dim) for questions."""

    def encode_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return unit rows of shape (n, dim) for passages.

        Args:
            on_progress: called with how many texts are done.
        """


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The description of a prepared folder, its ``encoder.json``."""

    recipe: int  # the RECIPE that prepared it
    backend: str  # ONNX, or TORCH where compiling failed
    name: str  # as the user knows the model
    source: str  # what sentence-transformers loads, for TORCH: a name, a path, or SOURCE_FOLDER
    identity: str  # name and a hash of what decides the vectors
    dim: int  # components of a vector
    max_seq_length: int  # tokens; longer texts are cut off
    pad_id: int  # the token for an empty text
    prompts: Mapping[str, str]  # "query" and "passage", each put before its texts
    fidelity: float | None  # least cosine to torch over the sample texts
    reason: str  # why it is TORCH, else empty
    files: Mapping[str, Mapping[str, Any]]  # file name -> {"bytes", "sha256"}


def read_card(folder: Path) -> ModelCard:
    """Read ``encoder.json`` and check the sizes of the files it names.

    Raises:
        YinjuError: the folder is damaged; the message says how to mend it.
    """
    try:
        card = ModelCard(**json.loads((folder / CARD_FILE).read_text(encoding="utf-8")))
        for name, expected in card.files.items():
            found = (folder / name).stat().st_size
            if found != expected["bytes"]:
                wanted = expected["bytes"]
                raise YinjuError("found.model_file_size", file=name, found=found, expected=wanted)
    except (YinjuError, OSError, TypeError, KeyError, ValueError) as error:
        reason, mend = message_of(error), _deletion_hint(folder)
        raise YinjuError("model.damaged", reason=reason, mend=mend) from error
    if card.recipe != RECIPE:
        found, mend = card.recipe, _deletion_hint(folder)
        raise YinjuError(
            "model.other_format", folder=folder, found=found, expected=RECIPE, mend=mend
        )
    return card


def _deletion_hint(folder: Path) -> Message:
    return message("mend.delete_model", folder=folder)


def write_card(folder: Path, card: ModelCard) -> None:
    """Write ``encoder.json`` into ``folder``."""
    text = json.dumps(asdict(card), indent=2, ensure_ascii=False)
    (folder / CARD_FILE).write_text(text + "\n", encoding="utf-8")


class _BaseEncoder:
    """The common part of both encoders: a card, and prompts put before the texts."""

    def __init__(self, card: ModelCard) -> None:
        self._card = card

    @property
    def identity(self) -> str:
        """Model name and a hash of what decides its vectors; kept in the manifest."""
        return self._card.identity

    @property
    def dim(self) -> int:
        """Number of columns of every result."""
        return self._card.dim

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit rows of shape (n, dim) for questions."""
        return self._encode(self._card.prompts["query"], texts, None)

    def encode_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return unit rows of shape (n, dim) for passages; see `Encoder`."""
        return self._encode(self._card.prompts["passage"], texts, on_progress)

    def _encode(
        self, prompt: str, texts: Sequence[str], on_progress: Callable[[int], None] | None
    ) -> NDArray[np.float32]:
        rows = np.empty((len(texts), self.dim), np.float32)

        def run(chunk: range) -> int:
            for index in chunk:
                rows[index] = self._encode_text(prompt, texts[index])
            return chunk.stop

        for done in self._schedule(run, _cut_into_chunks(len(texts))):
            if on_progress is not None:
                on_progress(done)
        return rows

    def _schedule(self, run: Callable[[range], int], chunks: list[range]) -> Iterator[int]:
        return map(run, chunks)

    def _encode_text(self, prompt: str, text: str) -> NDArray[np.float32]:
        """Return the unit vector of one text, (dim,)."""
        raise NotImplementedError


class OnnxEncoder(_BaseEncoder):
    """A compiled model: onnxruntime and tokenizers, nothing else."""

    def __init__(self, folder: Path, card: ModelCard) -> None:
        """Open the graph and the tokenizer in ``folder``.

        Raises:
            YinjuError: either file cannot be read.
        """
        super().__init__(card)
        self._session, self._tokenizer = open_session(folder)
        self._tokenizer.enable_truncation(card.max_seq_length)

    def _schedule(self, run: Callable[[range], int], chunks: list[range]) -> Iterator[int]:
        return run_in_threads(run, chunks)

    def _encode_text(self, prompt: str, text: str) -> NDArray[np.float32]:
        # Without special tokens an empty text has no token at all.
        ids = self._tokenizer.encode(prompt + text).ids or [self._card.pad_id]
        tokens = np.array([ids], np.int64)
        feed = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
        vector: NDArray[np.float32] = self._session.run(None, feed)[0][0]
        return vector


def open_session(folder: Path) -> tuple[Any, Any]:
    """Return the graph in ``folder`` as a session of onnxruntime, and its tokenizer.

    Raises:
        YinjuError: either file cannot be read.
    """
    import onnxruntime as ort
    from tokenizers import Tokenizer

    options = ort.SessionOptions()
    # Use one thread a run, and as many runs at once as there are cores. This is as fast as one run
    # over all cores, never splits sums differently, and leaves no pool of threads that spins.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = ort.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    # Catch all: both libraries raise exceptions of their own that derive from Exception alone.
    except Exception as error:
        raise YinjuError(
            "model.does_not_open", reason=first_line(error), mend=_deletion_hint(folder)
        ) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return session, tokenizer


class TorchEncoder(_BaseEncoder):
    """The fallback for models that cannot be compiled: sentence-transformers itself."""

    def __init__(self, folder: Path, card: ModelCard) -> None:
        """Load the model with sentence-transformers.

        Raises:
            YinjuError: it no longer loads.
        """
        super().__init__(card)
        inside = card.source == SOURCE_FOLDER
        self._model = load_model(str(folder / SOURCE_FOLDER) if inside else card.source)

    def _encode_text(self, prompt: str, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = encode_with_torch(self._model, prompt, [text])[0]
        return vector


def encode_with_torch(
    model: SentenceTransformer, prompt: str, texts: Sequence[str]
) -> NDArray[np.float32]:
    """Return unit rows of shape (n, dim), each of a batch of its own so that none depends on another."""
    rows = model.encode(
        list(texts),
        prompt=prompt,
        batch_size=1,
        normalize_embeddings=True,
        show_progress_bar=False,
        convert_to_numpy=True,
    )
    return np.asarray(rows, np.float32)


def load_model(name: str) -> SentenceTransformer:
    """Load a sentence-transformers model from a folder, the hub's local cache or the hub.

    Raises:
        YinjuError: it is in none of these places, or does not load.
    """
    from sentence_transformers import SentenceTransformer

    # Every architecture has eager attention, and the exporter takes it.
    options: dict[str, Any] = {"model_kwargs": {"attn_implementation": "eager"}}
    loaded: SentenceTransformer = load_from_hub(
        SentenceTransformer, name, message("mend.built_in_model"), **options
    )
    return loaded


def _cut_into_chunks(count: int) -> list[range]:
    return [range(start, min(start + _CHUNK_SIZE, count)) for start in range(0, count, _CHUNK_SIZE)]


def run_in_threads(run: Callable[[Part], int], chunks: Sequence[Part]) -> Iterator[int]:
    """Yield the results of `run` in order; use this thread alone if there is little work."""
    threads = min(_count_cores(), _MAX_THREADS, len(chunks))
    if threads < 2:
        yield from map(run, chunks)
        return
    pool = ThreadPoolExecutor(threads, thread_name_prefix="encode")
    try:
        yield from pool.map(run, chunks)
    finally:
        # After an interrupt or a failed text do not wait for the rest of a corpus.
        pool.shutdown(cancel_futures=True)


def _count_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
