"""Train an adapter for questions on the default encoder: lay wording comes nearer to what answers it.

The vectors of passages stay as they are, so that indexes do; only the encoder of questions changes. A
question is drawn to the windows that answer it and away from all other windows of its index.

    python -m tests.benchmarks.training.train_query PACKED OUT [--epochs 4] [--rank 16]
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from .train_reader import BOS, EOS, PAD, Reader


class Questions:
    """Questions, the vectors of their index and which of these answer."""

    def __init__(self, data: Any, name: str, vectors: torch.Tensor) -> None:
        self.vectors = vectors
        self.ids, self.begins = data[f"{name}.q"], data[f"{name}.qb"]
        self.right, self.bounds = data[f"{name}.p"], data[f"{name}.pb"]
        self.wordings = json.loads(str(data[f"{name}.w"]))

    def __len__(self) -> int:
        return len(self.begins) - 1

    def tokens(self, rows: Any, device: str) -> tuple[torch.Tensor, torch.Tensor]:
        """Return ids and mask of some questions."""
        parts = [self.ids[self.begins[i] : self.begins[i + 1]] for i in rows]
        ids = np.full((len(parts), max(map(len, parts)) + 2), PAD, np.int64)
        for row, part in zip(ids, parts, strict=True):
            row[0], row[1 + len(part)] = BOS, EOS
            row[1 : 1 + len(part)] = part
        tensor = torch.from_numpy(ids).to(device)
        return tensor, (tensor != PAD).long()

    def hits(self, rows: Any, device: str) -> torch.Tensor:
        """Return which windows answer, shape (questions, windows)."""
        grid = torch.zeros(len(rows), len(self.vectors), dtype=torch.bool)
        for at, i in enumerate(rows):
            grid[at, self.right[self.bounds[i] : self.bounds[i + 1]]] = True
        return grid.to(device)


def embed(model: Reader, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Return unit vectors, shape (n, dim)."""
    states = model.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    weights = mask.unsqueeze(-1).float()
    return functional.normalize((states * weights).sum(1) / weights.sum(1), dim=-1)


@torch.no_grad()
def measure(model: Reader, questions: Questions, device: str) -> dict[str, list[float]]:
    """Return recall at 1, 10, 50 of the windows by cosine, by wording."""
    model.eval()
    found: dict[str, list[list[float]]] = defaultdict(list)
    for start in range(0, len(questions), 256):
        rows = range(start, min(start + 256, len(questions)))
        scores = embed(model, *questions.tokens(rows, device)) @ questions.vectors.T
        order = scores.topk(min(50, scores.shape[1]), 1).indices
        hit = questions.hits(rows, device).gather(1, order).float().cpu()
        for i, h in zip(rows, hit, strict=True):
            row = [float(h[:k].max()) for k in (1, 10, 50)]
            found["all"].append(row)
            found[questions.wordings[i] or "-"].append(row)
    return {k: [round(float(x), 3) for x in np.mean(v, 0)] for k, v in found.items()}


def main() -> None:
    """Train and measure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("packed", type=Path)
    parser.add_argument("out", type=Path)
    for name, value in (("epochs", 4), ("rank", 16), ("batch", 64), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=value)
    for name, value in (
        ("rate", 2e-4),
        ("tau", 0.02),
        ("anchor", 5.0),
        ("own", 3.0),
        ("held", 0.15),
    ):
        parser.add_argument(f"--{name}", type=float, default=value)
    o = parser.parse_args()
    torch.manual_seed(o.seed)
    rng = np.random.default_rng(o.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    data = np.load(o.packed / "dense.npz")
    vectors = {
        name: functional.normalize(
            torch.from_numpy(data[f"{name}.V"].astype(np.float32)), dim=-1
        ).to(device)
        for name in ("own", "gold", "companies", "pub")
    }
    sets = {
        n: Questions(data, n, vectors["pub" if n == "lay" else n])
        for n in ("own", "gold", "companies", "pub", "lay")
    }
    model = Reader(o.packed, o.rank, 2.0 * o.rank, 0.1).to(device)
    plain = Reader(o.packed, o.rank, 2.0 * o.rank, 0.0).to(device).eval()
    # The last questions of the own set are held out: those of whole reports.
    held = {"own": len(sets["own"]), "pub": len(sets["pub"]), "lay": len(sets["lay"])}
    plan = [("own", i) for i in range(int(held["own"] * (1 - o.held))) for _ in range(int(o.own))]
    plan += [("pub", i) for i in range(held["pub"])] + [
        ("lay", i) for i in range(int(held["lay"] * (1 - o.held))) for _ in range(2)
    ]
    slow = [p for p in model.encoder.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(slow, lr=o.rate, weight_decay=0.01)
    steps = len(plan) // o.batch * o.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1, (s + 1) / (0.1 * steps)) * max(0.02, 1 - s / steps)
    )
    curve, began = [], time.time()

    def report(epoch: int) -> None:
        row = {
            "epoch": epoch,
            **{n: measure(model, sets[n], device) for n in ("gold", "companies")},
        }
        for n in ("own", "lay"):
            tail = range(int(held[n] * (1 - o.held)), held[n])
            part = Questions(data, n, sets[n].vectors)
            part.begins, part.bounds = part.begins[tail[0] :], part.bounds[tail[0] :]
            part.wordings = part.wordings[tail[0] :]
            row[f"{n}-held"] = measure(model, part, device)
        row["seconds"] = round(time.time() - began)
        curve.append(row)
        print(json.dumps(row), flush=True)

    report(0)
    for epoch in range(o.epochs):
        model.train()
        by_set: dict[str, list[int]] = defaultdict(list)
        batches = []
        for at in rng.permutation(len(plan)):
            name, i = plan[at]
            key = "pub" if name == "lay" else name
            by_set[name].append(i)
            if len(by_set[name]) == o.batch:
                batches.append((name, by_set.pop(name)))
            del key
        for name, rows in batches:
            ids, mask = sets[name].tokens(rows, device)
            with torch.autocast(device, torch.bfloat16):
                vector = embed(model, ids, mask)
            with torch.no_grad():
                before = embed(plain, ids, mask)
            logs = functional.log_softmax(vector @ sets[name].vectors.T / o.tau, 1)
            hit = sets[name].hits(rows, device)
            loss = -torch.logsumexp(logs.masked_fill(~hit, -1e4), 1).mean()
            loss = loss + o.anchor * (1 - (vector * before).sum(1)).mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(slow, 1.0)
            optimiser.step()
            schedule.step()
        report(epoch + 1)
    o.out.mkdir(parents=True, exist_ok=True)
    kept = {n: t.half().numpy() for n, t in model.trained().items() if not n.startswith("heads")}
    np.savez(o.out / "query.npz", **kept)
    settings = {k: str(v) if isinstance(v, Path) else v for k, v in vars(o).items()}
    (o.out / "query.json").write_text(json.dumps({"settings": settings, "curve": curve}, indent=1))


if __name__ == "__main__":
    main()
