"""Does cleaning take time and memory in proportion to the text?

Cleans texts of 1, 2, 5 and 10 MB in UTF-8, made of numbered lines of the shipped reports and of noise
as several sites add it, and the same text as one line; then looks for damage that could not be
repaired. Each size is measured in a process of its own, so that its peak memory is its own.

    python -m tests.benchmarks.cleaning [--sizes 1 2 5 10]
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = (
    "corpus/reports/internet-consumer-finance.txt",
    "corpus/reports/ev-charging.md",
    "corpus/sources/cold-chain.txt",
)
NOISE = (
    "某某行业报告_第{n}页",
    "第 {n} 页 共 9999 页",
    "登录后查看全文",
    "某某文库 www.example.com",
    "已阅读{n}页，还剩9页未读，继续免费阅读",
    "某行業(yè)的聯(lián)網(wǎng)建設第{n}期",
    "ä¸\xadå›½å¸‚åœº第{n}期",
    "甯傚満瑙勬ā鎵╁ぇ，第{n}期。",
    "增長趨勢??缇畴娚唐脚_通過提供跨境支付{n}",
    "市\u200b场\ue123规模{n}",
)


def make_text(size: int, seed: int = 0) -> str:
    """Return at least `size` bytes of text in which no line repeats."""
    rng = random.Random(seed)
    lines = [
        line
        for name in SOURCES
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if line.strip()
    ]
    made: list[str] = []
    written = number = 0
    while written < size:
        number += 1
        line = f"{rng.choice(lines)}（{number}）"
        if number % 10 == 0:
            line += "\n" + NOISE[number // 10 % len(NOISE)].format(n=number // 10)
        made.append(line)
        written += len(line.encode()) + 1
    return "\n".join(made)


def measure_text(megabytes: float, one_line: bool) -> dict[str, float]:
    """Return seconds and peak memory for one text, in this process."""
    from indexer.cleaning.clean import clean
    from indexer.cleaning.damage import find_damage
    from indexer.load import LoadedFile

    clean(LoadedFile("互聯(lián)網(wǎng)", "txt"))  # once before it counts: dictionaries are read
    text = make_text(int(megabytes * 1e6))
    if one_line:
        text = text.replace("\n", "")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    trail = clean(LoadedFile(text, "txt")).trail
    cleaned = time.perf_counter()
    find_damage(trail.text)
    return {
        "megabytes": megabytes,
        "characters": len(text),
        "edits": len(trail.edits),
        "clean_seconds": round(cleaned - began, 2),
        "damage_seconds": round(time.perf_counter() - cleaned, 2),
        "peak_mb_above_start": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
        // 1024,
    }


def main() -> None:
    """Measure each size in a process of its own, print a line on each, write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=float, nargs="+", default=[1, 2, 5, 10])
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--single", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measure_text(args.one, args.single)))
        return
    results: dict[str, list[dict[str, float]]] = {"lines": [], "one_line": []}
    print(
        f"{'':9} {'MB':>4} {'edits':>8} {'clean s':>8} {'damage s':>9} {'peak MB':>8} {'ratio':>6}"
    )
    for kind, rows in results.items():
        for size in args.sizes:
            command = [sys.executable, __file__, "--one", str(size)]
            command += ["--single"] if kind == "one_line" else []
            process = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
            row = json.loads(process.stdout)
            rows.append(row)
            # The time per megabyte relative to that of the first size; 1 is linear.
            first = rows[0]["clean_seconds"] / rows[0]["megabytes"]
            row["ratio"] = round(row["clean_seconds"] / size / max(first, 0.01), 2)
            print(
                f"{kind:9} {size:4g} {row['edits']:8} {row['clean_seconds']:8} "
                f"{row['damage_seconds']:9} {row['peak_mb_above_start']:8} {row['ratio']:6}"
            )
    path = ROOT / "tests/benchmarks/results/cleaning.json"
    path.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
