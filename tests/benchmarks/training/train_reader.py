"""Train the reader: a cross-encoder on the default encoder's weights, by an adapter of low rank.

It reads question, context and text together and gives two numbers: how well this text answers among
the others (fitted listwise), and whether it answers at all (fitted pair by pair). Trains on a CPU or a
GPU from what reader_pack.py packed; goes on from its last checkpoint; needs torch and transformers.

    python -m tests.benchmarks.training.train_reader PACKED OUT [--epochs 6] [--rank 32] ...
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

BOS, PAD, EOS, UNK = 0, 1, 2, 3
_LINEAR = ("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense")


class Adapted(nn.Module):
    """A linear layer with an adapter of low rank beside it (Hu et al. 2021, LoRA)."""

    def __init__(self, linear: nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(
            torch.randn(rank, linear.in_features) / math.sqrt(linear.in_features)
        )
        self.up = nn.Parameter(torch.zeros(linear.out_features, rank))
        self.scale = alpha / rank

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (
            self.linear(x)
            + functional.linear(functional.linear(x, self.down), self.up) * self.scale
        )


class Reader(nn.Module):
    """The encoder, mean pooling, and two numbers for each pair."""

    def __init__(
        self, packed: Path, rank: int, alpha: float, dropout: float, layers: int = 0
    ) -> None:
        from transformers import BertConfig, BertModel

        super().__init__()
        saved = np.load(packed / "model.npz")
        config = json.loads(str(saved["config"]))
        self.used = saved["used"]
        config |= {
            "vocab_size": len(self.used),
            "hidden_dropout_prob": dropout,
            "attention_probs_dropout_prob": dropout,
        }
        if layers:
            config["num_hidden_layers"] = layers
        self.encoder = BertModel(BertConfig(**config), add_pooling_layer=False)
        state = {
            name: torch.from_numpy(saved[name].astype(np.float32))
            for name in saved.files
            if name not in ("config", "used")
        }
        missing, _ = self.encoder.load_state_dict(state, strict=False)
        assert not [m for m in missing if "position_ids" not in m], missing
        for parameter in self.encoder.parameters():
            parameter.requires_grad_(False)
        if rank:
            for name, module in list(self.encoder.named_modules()):
                if isinstance(module, nn.Linear) and name.endswith(_LINEAR):
                    parent = self.encoder.get_submodule(name.rpartition(".")[0])
                    setattr(parent, name.rpartition(".")[2], Adapted(module, rank, alpha))
        else:
            for name, parameter in self.encoder.named_parameters():
                parameter.requires_grad_(name.startswith("encoder.layer"))
        for name, parameter in self.encoder.named_parameters():
            if "LayerNorm" in name and "encoder.layer" in name:
                parameter.requires_grad_(True)
        self.heads = nn.Linear(config["hidden_size"], 2)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the two numbers of each pair, shape (n, 2).

        Args:
            ids: shape (n, length).
            mask: 1 for tokens, 0 for padding, of the same shape.
        """
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(states.dtype)
        return self.heads(((states * weights).sum(1) / weights.sum(1)).float())

    def trained(self) -> dict[str, torch.Tensor]:
        """Return what training changes, by name."""
        return {n: p.detach().cpu() for n, p in self.named_parameters() if p.requires_grad}


@torch.no_grad()
def compress(model: Reader, start: dict[str, torch.Tensor], rank: int) -> dict[str, np.ndarray]:
    """Cut what training added to each matrix to a rank, in the model too, and return what ships."""
    kept = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if parameter.ndim == 2 and not name.startswith("heads"):
            u, s, v = torch.linalg.svd((parameter - start[name]).float(), full_matrices=False)
            up, down = (
                (u[:, :rank] * s[:rank].sqrt()).half(),
                (v[:rank] * s[:rank].sqrt()[:, None]).half(),
            )
            parameter.copy_(start[name] + up.float() @ down.float())
            kept[f"{name}.up"], kept[f"{name}.down"] = up.cpu().numpy(), down.cpu().numpy()
        else:
            kept[name] = parameter.detach().half().cpu().numpy()
    return kept


class Table:
    """Token ids of texts."""

    def __init__(self, data: Any, name: str) -> None:
        self._ids, self._begins = data[f"{name}.ids"], data[f"{name}.begins"]

    def __getitem__(self, at: int) -> np.ndarray:
        return self._ids[self._begins[at] : self._begins[at + 1]]


class Groups:
    """The groups of a set."""

    def __init__(self, data: Any, name: str) -> None:
        self.asked, self.begins, self.rows, self.labels = (
            data[f"set.{name}.{key}"] for key in ("asked", "begins", "rows", "labels")
        )
        self.facts = json.loads(str(data[f"set.{name}.facts"]))

    def __len__(self) -> int:
        return len(self.asked)


def collate(
    pairs: Sequence[tuple[np.ndarray, np.ndarray]], device: str
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ids and mask of pairs, padded: bos question eos eos text eos."""
    length = max(len(q) + len(t) + 4 for q, t in pairs)
    length += -length % 8
    ids = np.full((len(pairs), length), PAD, np.int64)
    for row, (q, t) in zip(ids, pairs, strict=True):
        row[0], row[1 + len(q)], row[2 + len(q)], row[3 + len(q) + len(t)] = BOS, EOS, EOS, EOS
        row[1 : 1 + len(q)] = q
        row[3 + len(q) : 3 + len(q) + len(t)] = t
    tensor = torch.from_numpy(ids)
    if device != "cpu":
        tensor = tensor.pin_memory().to(device, non_blocking=True)
    return tensor, (tensor != PAD).long()


def hide_shared(q: np.ndarray, t: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Return the text with a share of the question's words in it unknown, so that it counts none."""
    hit = np.isin(t, q) & (rng.random(len(t)) < share)
    return np.where(hit, UNK, t)


def draw(
    groups: Groups, at: int, most: int, rng: np.random.Generator
) -> tuple[list[int], np.ndarray]:
    """Return texts of a group and their labels: those that answer, two at most, and hard negatives."""
    rows = groups.rows[groups.begins[at] : groups.begins[at + 1]]
    labels = groups.labels[groups.begins[at] : groups.begins[at + 1]]
    right, wrong = np.flatnonzero(labels), np.flatnonzero(labels == 0)
    if len(right) > 2:
        right = rng.choice(right, 2, replace=False)
    room = min(most - len(right), len(wrong))
    if room < len(wrong):
        # The nearer, the more often: those are what has to be told apart.
        weights = 1 / (np.arange(len(wrong)) + 3.0)
        wrong = rng.choice(wrong, room, replace=False, p=weights / weights.sum())
    chosen = np.concatenate([right, wrong])
    return rows[chosen].tolist(), labels[chosen]


def loss_of(
    scores: torch.Tensor,
    labels: torch.Tensor,
    sizes: Sequence[int],
    weights: torch.Tensor,
    pos: float,
) -> torch.Tensor:
    """Return the listwise loss of the first number plus the pairwise one of the second."""
    at = 0
    n, width = len(sizes), max(sizes)
    grid = scores.new_full((n, width), -1e4)
    hit = scores.new_zeros((n, width))
    for i, size in enumerate(sizes):
        grid[i, :size] = scores[at : at + size, 0]
        hit[i, :size] = labels[at : at + size]
        at += size
    has = hit.sum(1) > 0
    logs = functional.log_softmax(grid, 1)
    listed = -torch.logsumexp(logs.masked_fill(hit == 0, -1e4), 1)
    total = (listed * has * weights).sum() / (has * weights).sum().clamp(min=1)
    flat = torch.repeat_interleave(weights, torch.tensor(sizes, device=scores.device))
    flat = flat * torch.where(labels > 0, pos, 1.0)
    pairs = functional.binary_cross_entropy_with_logits(scores[:, 1], labels, reduction="none")
    return total + (pairs * flat).sum() / flat.sum()


@torch.no_grad()
def read_all(
    model: Reader,
    sets: Groups,
    tables: tuple[Table, Table],
    device: str,
    batch: int,
    depth: int = 50,
) -> list[np.ndarray]:
    """Return the numbers of every group's texts, arrays of shape (texts, 2)."""
    model.eval()
    asked, texts = tables
    jobs = [
        (g, k, asked[sets.asked[g]], texts[sets.rows[k]])
        for g in range(len(sets))
        for k in range(sets.begins[g], min(sets.begins[g + 1], sets.begins[g] + depth))
    ]
    jobs.sort(key=lambda job: len(job[2]) + len(job[3]))
    flat = np.zeros((len(sets.rows), 2), np.float32)
    for start in range(0, len(jobs), batch):
        part = jobs[start : start + batch]
        ids, mask = collate([(q, t) for _, _, q, t in part], device)
        with torch.autocast(device.split(":")[0], torch.bfloat16):
            scores = model(ids, mask)
        flat[[k for _, k, _, _ in part]] = scores.float().cpu().numpy()
    return [
        flat[sets.begins[g] : min(sets.begins[g + 1], sets.begins[g] + depth)]
        for g in range(len(sets))
    ]


def auroc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Return the area under the ROC curve of two lists of scores."""
    if not right or not wrong:
        return float("nan")
    a, b = np.array(right), np.sort(wrong)
    below = np.searchsorted(b, a, "left") + np.searchsorted(b, a, "right")
    return float(below.mean() / 2 / len(b))


def measure(sets: Groups, scores: Sequence[np.ndarray], depth: int = 50) -> dict[str, Any]:
    """Return recall at 1, 3, 10 of reading and of retrieval, and how well near misses are told apart."""
    found: dict[str, list[list[float]]] = defaultdict(list)
    sure: dict[str, list[float]] = defaultdict(list)
    for g, (facts, read) in enumerate(zip(sets.facts, scores, strict=True)):
        _, _, wording, answerable = facts
        labels = sets.labels[sets.begins[g] : sets.begins[g + 1]][:depth]
        top = float(read[:, 1].max()) if len(read) else -9.0
        sure["right" if answerable else "wrong"].append(top)
        if answerable:
            order = np.argsort(-read[:, 0], kind="stable")
            hits = labels[order]
            row = [float(hits[:k].any()) for k in (1, 3, 10)] + [
                float(labels[:k].any()) for k in (1, 3, 10)
            ]
            found["all"].append(row)
            if wording:
                found[wording].append(row)
    out: dict[str, Any] = {k: [round(float(x), 3) for x in np.mean(v, 0)] for k, v in found.items()}
    out["auroc"] = round(auroc(sure["right"], sure["wrong"]), 3)
    if sure["wrong"] and sure["right"]:
        limit = np.quantile(sure["right"], 0.05)
        out["refused_at_5"] = round(float(np.mean(np.array(sure["wrong"]) < limit)), 3)
    return out


def batches(
    sets: Sequence[tuple[Groups, float]], size: int, rng: np.random.Generator
) -> Iterator[list[tuple[Groups, int]]]:
    """Yield batches of an epoch: a set counts as often as its share says (2.5: two or three times)."""
    plan = []
    for groups, share in sets:
        times = share + rng.random(len(groups))
        plan += [(groups, g) for g in range(len(groups)) for _ in range(int(times[g]))]
    order = rng.permutation(len(plan))
    for start in range(0, len(plan) - size // 2, size):
        yield [plan[i] for i in order[start : start + size]]


def train(options: argparse.Namespace) -> None:
    """Train, measure after each epoch, and keep the adapter and the curves."""
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    data = np.load(options.packed / "data.npz")
    tables = (Table(data, "questions"), Table(data, "texts"))
    names = sorted({key.split(".")[1] for key in data.files if key.startswith("set.")})
    dev = {n: Groups(data, n) for n in names if n.startswith("dev")}
    shares = dict(part.split("=") for part in options.mix.split(","))
    fit = [(Groups(data, name), float(share)) for name, share in shares.items()]
    model = Reader(options.packed, options.rank, options.alpha, options.dropout, options.layers).to(
        device
    )
    slow = [p for n, p in model.named_parameters() if p.requires_grad and not n.startswith("heads")]
    optimiser = torch.optim.AdamW(
        [
            {"params": slow, "lr": options.rate},
            {"params": model.heads.parameters(), "lr": options.rate * 3},
        ],
        weight_decay=0.01,
        fused=device == "cuda",
    )
    start = {n: p.detach().clone() for n, p in model.named_parameters()} if not options.rank else {}
    per_epoch = sum(len(g) * s for g, s in fit) / options.batch
    steps = int(per_epoch * options.epochs)
    began = time.time()

    def rate_at(step: int) -> float:
        """Return the share of the rate: up at first, then down along a cosine of steps or time."""
        spent = (time.time() - began) / options.seconds if options.seconds else 0.0
        done = min(1.0, max(step / steps, spent))
        return min(1.0, (step + 1) / (0.05 * steps)) * max(
            0.02, 0.5 * (1 + math.cos(math.pi * done))
        )

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate_at)
    step, curve = 0, []
    options.out.mkdir(parents=True, exist_ok=True)
    checkpoint = options.out / "checkpoint.pt"
    epoch = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=False)
        model.load_state_dict(saved["model"], strict=False)
        optimiser.load_state_dict(saved["optimiser"])
        step, epoch, curve = saved["step"], saved["epoch"], saved["curve"]
        for _ in range(step):
            schedule.step()
    while epoch < options.epochs:
        model.train()
        total, seen = 0.0, 0
        for batch in batches(fit, options.batch, rng):
            pairs, labels, sizes, weights = [], [], [], []
            for groups, g in batch:
                rows, marks = draw(groups, g, options.texts, rng)
                if not rows:
                    continue
                q = tables[0][groups.asked[g]]
                hide = options.hide if rng.random() < options.hide_groups else 0.0
                for row in rows:
                    t = tables[1][row]
                    pairs.append((q, hide_shared(q, t, hide, rng) if hide else t))
                labels.append(marks)
                sizes.append(len(rows))
                weights.append(1.0)
            order = np.argsort([len(q) + len(t) for q, t in pairs], kind="stable")
            scores = torch.zeros(len(pairs), 2, device=device)
            pieces, cuts = [], np.array_split(order, options.pieces)
            for cut in cuts:
                ids, mask = collate([pairs[i] for i in cut], device)
                with torch.autocast(device.split(":")[0], torch.bfloat16):
                    pieces.append(model(ids, mask))
            flat = torch.cat(pieces).float()
            back = torch.from_numpy(np.argsort(np.concatenate(cuts))).to(device)
            scores = flat[back]
            marks = torch.from_numpy(np.concatenate(labels)).to(device).float()
            loss = loss_of(scores, marks, sizes, torch.tensor(weights, device=device), options.pos)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(slow, 1.0)
            optimiser.step()
            schedule.step()
            step, seen = step + 1, seen + 1
            if step % 50 == 0:
                total += float(loss.detach())
                print(
                    f"step {step}/{steps} loss {float(loss.detach()):.3f} {time.time() - began:.0f}s",
                    flush=True,
                )
            if options.seconds and time.time() - began > options.seconds:
                break
        epoch += 1
        row: dict[str, Any] = {"epoch": epoch, "loss": round(total / max(1, seen // 50), 4)}
        last = epoch >= options.epochs or (
            options.seconds and time.time() - began > options.seconds
        )
        if last or epoch % options.every == 0:
            for name, groups in dev.items():
                row[name] = measure(
                    groups, read_all(model, groups, tables, device, options.read_batch)
                )
        row["seconds"] = round(time.time() - began)
        curve.append(row)
        print(json.dumps(row), flush=True)
        torch.save(
            {
                "model": model.trained(),
                "optimiser": optimiser.state_dict(),
                "step": step,
                "epoch": epoch,
                "curve": curve,
            },
            checkpoint,
        )
        if last:
            break
    kept = {n: t.half().numpy() for n, t in model.trained().items()}
    if not options.rank:
        kept = compress(model, start, options.ship_rank)
        row = {"compressed": options.ship_rank}
        for name, groups in dev.items():
            row[name] = measure(groups, read_all(model, groups, tables, device, options.read_batch))
        curve.append(row)
    settings = {k: str(v) if isinstance(v, Path) else v for k, v in vars(options).items()}
    (options.out / "run.json").write_text(
        json.dumps({"settings": settings, "curve": curve}, indent=1)
    )
    np.savez(options.out / "adapter.npz", **kept)


def main(argv: Sequence[str] | None = None) -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("packed", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--mix", default="own=3,pub=1", help="sets and how often each is read an epoch"
    )
    for name, default in (
        ("epochs", 6), ("batch", 64), ("texts", 8), ("rank", 32), ("layers", 0), ("seed", 0),
        ("pieces", 8), ("read-batch", 512), ("ship-rank", 64), ("every", 1), ("seconds", 0),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", type=int, default=default)
    for name, value in (
        ("alpha", 64.0), ("dropout", 0.1), ("rate", 4e-4), ("pos", 3.0), ("hide", 0.4), ("hide-groups", 0.25),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", type=float, default=value)
    train(parser.parse_args(argv))


if __name__ == "__main__":
    main()
