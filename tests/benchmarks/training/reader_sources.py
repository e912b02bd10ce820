"""Make the groups that the reader is trained on and guided by, and pack them.

From the fit split of corpus/training with near misses made of it, and from public data whose licences let
weights trained on it ship (../shared/train: CMRC 2018 train, STARD, Fin-Eva); to guide the training the
develop split and corpus/gold. Then pack and train:

    python -m tests.benchmarks.training.reader_sources WORK [--shared ../shared]
    python -m tests.benchmarks.training.reader_pack WORK/packed own=WORK/own.jsonl.gz \\
        ownmiss=WORK/ownmiss.jsonl.gz pub=WORK/pub.jsonl.gz pubmiss=WORK/pubmiss.jsonl.gz \\
        ownswap=… owncut=… ownlay=… ownmisslay=… pubswap=… pubcut=… publay=… \\
        dev-develop=WORK/develop.jsonl.gz dev-gold=WORK/gold.jsonl.gz
    python -m tests.benchmarks.training.train_reader WORK/packed WORK/run --rank 64 --alpha 128 \\
        --rate 3e-4 --pieces 2 --seconds 715 --mix own=4,ownmiss=3,ownswap=1.2,owncut=1.5,ownlay=1.5,\\
        ownmisslay=1.5,pub=.7,pubmiss=1,pubswap=.3,pubcut=.4,publay=.5

`WORK/run/adapter.npz` is what ships as indexer/embedding/data/reader.npz.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus.training.check import QUESTIONS
from corpus.training.manifest import HERE, read_manifest
from indexer.build import build_index
from indexer.config import Config, read_config
from indexer.text.fold import fold
from qa.evaluation.gold import GoldQuestion, read_gold_questions
from qa.index import Index
from qa.retrieval.reading import make_excerpts

from .reader_groups import Group, gather, read_all, write_groups
from .reader_lay import make_lay, read_words
from .reader_misses import make_misses
from .reader_swaps import make_cuts, make_swaps

ROOT = Path(__file__).parents[3]
# How many candidates are read of a question of ours, of a public one, of one whose text is removed.
OWN_DEPTH, PUBLIC_DEPTH, REMOVED_DEPTH, DEV_DEPTH = 40, 24, 16, 50
# Of one in so many public questions a second group is made, with its own text removed.
_REMOVED_EVERY = 4
_MISSES_OF_OWN, _MISSES_OF_PUBLIC = 0.6, 0.25
_SWAPS_OF_PUBLIC, _LAY_OF_PUBLIC = 0.6, 0.5
_SUBJECT = re.compile(r"[^，。（(,：:；\n]{2,16}")


def open_reports(work: Path, name: str, reports: Sequence[Path]) -> Index:
    """Index reports in a folder of their own, as far as they are not, and open the index."""
    config = Config(work / f"index-{name}", None, read_config().cache)
    build_index(config, reports)
    return Index.open(config)


def make_own(work: Path) -> list[Group]:
    """Return the groups of the fit split, on an index of its reports alone."""
    entries = [entry for entry in read_manifest() if entry.split == "fit"]
    files = {e.name: QUESTIONS / "fit" / f"{e.name}.jsonl" for e in entries}
    kept = [entry for entry in entries if files[entry.name].exists()]
    index = open_reports(work, "fit", [HERE / entry.file for entry in kept])
    questions = [q for entry in kept for q in read_gold_questions(files[entry.name])]
    return list(gather(index, questions, "own", OWN_DEPTH, add_missing=True))


def make_develop(work: Path) -> list[Group]:
    """Return the groups of the develop split, on an index of all reports of the set."""
    index = open_reports(work, "all", [HERE / entry.file for entry in read_manifest()])
    questions = read_gold_questions(QUESTIONS / "develop")
    return list(gather(index, questions, "develop", DEV_DEPTH))


def make_gold(work: Path) -> list[Group]:
    """Return the groups of corpus/gold, on the reports that ship."""
    index = open_reports(work, "gold", [ROOT / "corpus/reports"])
    return list(gather(index, read_gold_questions(ROOT / "corpus/gold"), "gold", DEV_DEPTH))


class PublicTexts:
    """Public texts as reports, one a file, each with a title."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._names: dict[tuple[str, str], str] = {}

    def add(self, source: str, title: str, text: str) -> str:
        """Write a text once and return the name of its file."""
        key = (title, text)
        if key not in self._names:
            self._names[key] = f"{source}-{len(self._names):05d}.md"
            path = self.folder / self._names[key]
            path.write_text(f"# {title}\n\n{text}\n", encoding="utf-8")
        return self._names[key]


def make_public(work: Path, train: Path) -> Iterator[Group]:
    """Yield the groups of the public data, on an index of all their texts."""
    texts = PublicTexts(work / "public")
    questions = []
    for row in _rows(train / "cmrc2018_train.jsonl.gz"):
        name = texts.add("cmrc", subject_of(row["passage"]), row["passage"])
        questions.append(_to_gold(row, "cmrc", name))
    for row in _rows(train / "fin_eva.jsonl.gz"):
        title = next(line for line in row["passage"].split("\n") if line.strip())
        questions.append(_to_gold(row, "fin", texts.add("fin", title[:30], row["passage"])))
    lay: dict[str, set[str]] = {}
    for row in _rows(train / "stard_pairs.jsonl.gz"):
        name = texts.add("stard", row["extra"]["title"], row["passage"])
        lay.setdefault(row["question"], set()).add(name)
    index = open_reports(work, "public", [texts.folder])
    numbers = {Path(d.path).name: d.id for d in index.documents()}
    known = [question for question in questions if question.evidence]
    random.Random(0).shuffle(known)
    for at, question in enumerate(known):
        yield from gather(index, [question], question.type, PUBLIC_DEPTH, add_missing=True)
        if at % _REMOVED_EVERY == 0:
            removed = replace(question, answerable=False, evidence=())
            own = frozenset([numbers[question.document]])
            yield from gather(index, [removed], "removed", REMOVED_DEPTH, own)
    for text, names in lay.items():
        yield _gather_lay(index, text, {numbers[name] for name in names})


def subject_of(text: str) -> str:
    """Return what a text of an encyclopedia is about: its first words."""
    match = _SUBJECT.match(text.strip().lstrip("《「“"))
    first = match.group() if match else text[:10]
    return re.split(r"[》」”]|是|为", first)[0] or first


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _to_gold(row: dict[str, Any], source: str, document: str) -> GoldQuestion:
    answers = tuple(a for a in row["answers"][:1] if a.strip())
    return GoldQuestion(
        row["id"], source, row["question"], True, answers, document=document, wording="formal"
    )


def _gather_lay(index: Index, question: str, documents: set[int]) -> Group:
    """Return the group of a lay question, which each text of its statutes answers."""
    asked, scope = index._understand(question, frozenset())
    found = index._retrieve(asked, scope=scope).candidates[:PUBLIC_DEPTH]
    excerpts = make_excerpts(found, index.snapshot.catalogue)
    labels = [int(excerpt.passage.document in documents) for excerpt in excerpts]
    if not any(labels):
        more = [one for document in documents for one in read_all(index, document)]
        excerpts, labels = [*excerpts, *more], [*labels, *(1 for _ in more)]
    texts = tuple((excerpt.context, excerpt.text) for excerpt in excerpts)
    return Group(fold(question), "stard", "lay", "colloquial", True, texts, tuple(labels))


def main(argv: Sequence[str] | None = None) -> None:
    """Write all groups to the folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    args = parser.parse_args(argv)
    args.work.mkdir(parents=True, exist_ok=True)
    own = make_own(args.work)
    public = list(make_public(args.work, args.shared / "train"))
    words = read_words(HERE / "lay_words.jsonl")
    named = [group for group in public if group.source != "stard"]
    for name, groups in {
        "own": own,
        "ownmiss": list(make_misses(own, _MISSES_OF_OWN)),
        "pub": public,
        "pubmiss": list(make_misses(named, _MISSES_OF_PUBLIC)),
        "ownswap": list(make_swaps(own, 1.0)),
        "pubswap": list(make_swaps(named, _SWAPS_OF_PUBLIC)),
        "owncut": list(make_cuts(own, 1.0)),
        "pubcut": list(make_cuts(named, _SWAPS_OF_PUBLIC)),
        "ownlay": list(make_lay(own, words, 1.0)),
        "ownmisslay": list(make_lay(list(make_misses(own, _MISSES_OF_OWN)), words, 1.0)),
        "publay": list(make_lay(named, words, _LAY_OF_PUBLIC)),
        "develop": make_develop(args.work),
        "gold": make_gold(args.work),
    }.items():
        print(name, write_groups(args.work / f"{name}.jsonl.gz", groups), "groups")


if __name__ == "__main__":
    main()
