"""`yinju eval` as scripts see it, with a fake encoder: what it prints, writes and exits with."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from indexer.build import build_index
from indexer.config import Config
from qa.cli.main import main
from qa.evaluation.gold import read_gold_questions, read_squad
from qa.evaluation.run import find_relevant_passages, run_gold
from qa.evaluation.squad import OWN_PARAGRAPH, PARAGRAPH_REMOVED, open_squad_index, run_squad
from qa.index import Index
from tests.conftest import FakeEncoder

REPORT = "一、蘋果\n\n蘋果的產量是五萬噸。\n\n二、梨\n\n梨的價格下降了百分之三。\n"
GOLD = [
    ("g1", "fact", "苹果的产量是多少?", True, ["5万吨", "五万吨"]),
    ("g2", "fact", "梨的价格下降了多少?", True, ["百分之三"]),
    ("g3", "unanswerable", "桃的产量是多少?", False, []),
]
SQUAD = {
    "data": [
        {
            "paragraphs": [
                {
                    "context": "蘋果的產量是五萬噸。\n蘋果很好。",
                    "qas": [{"id": "x", "question": "苹果的产量是多少?", "answers": [{"text": "五万吨"}]}],
                },
                {
                    "context": "梨的價格下降了百分之三。",
                    "qas": [
                        {"id": "x", "question": "梨的价格如何?", "answers": [{"text": "下降"}]},
                        {"question": "没有答案吗?", "answers": []},
                    ],
                },
            ]
        }
    ]
}  # fmt: skip


class Shell:
    """Run the command line in this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], patch: Any) -> None:
        self.folder, self._capsys, self._patch = folder, capsys, patch

    def __call__(self, *args: str | Path) -> tuple[int, str, str]:
        """Return (exit code, standard output, standard error) of `yinju eval ARGS`."""
        self._patch.setattr(sys, "argv", ["yinju", "eval", *map(str, args)])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as exit:
            main()
        code = exit.value.code
        return (int(code or 0), *self._capsys.readouterr())

    def json(self, *args: str | Path) -> Any:
        """Return what `yinju eval ARGS --json` prints."""
        code, out, err = self(*args, "--json")
        assert code == 0, err
        return json.loads(out)


def write_gold(path: Path, rows: Sequence[tuple[Any, ...]]) -> None:
    keys = ("id", "type", "question", "answerable", "evidence")
    lines = [json.dumps(dict(zip(keys, row, strict=True))) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def shell(
    tmp_path: Path,
    fake_encoder: FakeEncoder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Shell:
    """Make a folder with a report, its index, a gold set and a SQuAD file."""
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    build_index(Config(tmp_path / "index", None, tmp_path), [tmp_path / "report.txt"])
    write_gold(tmp_path / "gold.jsonl", GOLD)
    (tmp_path / "squad.json").write_text(json.dumps(SQUAD), encoding="utf-8")
    monkeypatch.setenv("YINJU_INDEX", str(tmp_path / "index"))
    monkeypatch.setenv("YINJU_CACHE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path, capsys, monkeypatch)


def test_gold_measures_keep_their_keys(shell: Shell) -> None:
    printed = shell.json("gold.jsonl")
    assert {
        "questions", "answerable", "evidence_recall", "citations_per_factual_answer",
        "answerable_refused", "unanswerable", "unanswerable_refused", "latency_ms_p50", "by_type",
        "intervals",
    } <= set(printed)  # fmt: skip
    assert (printed["questions"], printed["answerable"], printed["unanswerable"]) == (3, 2, 1)
    assert set(printed["by_type"]) == {"fact", "unanswerable"}
    code, out, _ = shell("gold.jsonl")
    assert code == 0
    assert "Recall@10" in out


def test_passages_that_hold_a_snippet_are_relevant(shell: Shell) -> None:
    index = Index.open(Config(shell.folder / "index", None, shell.folder))
    golds = read_gold_questions(shell.folder / "gold.jsonl")
    first, second, third = find_relevant_passages(index.snapshot.catalogue, golds)
    texts = {p.id: p.text for p in index.snapshot.catalogue.passages([*first, *second]).values()}
    assert [texts[i] for i in first] == ["蘋果的產量是五萬噸。"]
    assert [texts[i] for i in second] == ["梨的價格下降了百分之三。"]
    assert third == set()
    assert run_gold(index, golds)[1].scores["mrr@10"] == 1.0


def test_a_saved_run_needs_no_index(shell: Shell, tmp_path: Path) -> None:
    printed = shell.json("gold.jsonl", "--out", "a.json")
    again = shell.json("a.json", "--index", "nowhere")
    assert again["evidence_recall"] == printed["evidence_recall"]
    assert again["intervals"]["auroc"] == printed["intervals"]["auroc"]
    assert shell("a.json", "--report", "page.html", "--index", "nowhere")[0] == 0
    assert "<svg" in (tmp_path / "page.html").read_text(encoding="utf-8")
    compared = shell.json("--compare", "a.json", "a.json")
    assert compared["flipped"] == []
    assert {one["verdict"] for one in compared["measures"].values()} == {
        "no difference beyond noise"
    }
    assert "0 questions flipped." in shell("--compare", "a.json", "a.json")[1]


def test_the_gate_exits_with_1_where_a_measure_fell(shell: Shell, tmp_path: Path) -> None:
    shell("gold.jsonl", "--out", "base.json", "--brief")
    assert shell("gold.jsonl", "--baseline", "base.json")[0] == 0
    values = json.loads((tmp_path / "base.json").read_text(encoding="utf-8"))
    right = {"recall": 1.0, "abstained": False, "rr": 1.0, "confidence": 0.9}
    values["questions"] = [{"id": f"m{i}", **right} for i in range(30)]
    (tmp_path / "base.json").write_text(json.dumps(values), encoding="utf-8")
    wrong = [(f"m{i}", "fact", "梨的价格下降了多少?", True, ["没有的话"]) for i in range(30)]
    write_gold(tmp_path / "wrong.jsonl", wrong)
    code, _, err = shell("wrong.jsonl", "--baseline", "base.json")
    assert code == 1
    assert "evidence recall is worse beyond noise: 1.0000 -> 0.0000" in err
    assert "below base.json" in err


def test_a_sweep_has_a_row_a_combination(shell: Shell) -> None:
    printed = shell.json("gold.jsonl", "--set", "fusion.alpha=0,1", "--set", "answer.threshold=0,1")
    assert [one["settings"] for one in printed] == [
        {"fusion.alpha": alpha, "answer.threshold": threshold}
        for alpha in (0, 1)
        for threshold in (0, 1)
    ]
    assert [one["refusal_answerable"] for one in printed] == [0.0, 1.0, 0.0, 1.0]
    _, out, _ = shell("gold.jsonl", "--set", "fusion.alpha=0.3,0.5")
    assert "fusion.alpha=0.3" in out
    assert "fusion.alpha=0.5" in out


def test_squad_is_read_with_ids_of_its_own(shell: Shell) -> None:
    squad = read_squad(shell.folder / "squad.json")
    assert len(squad.paragraphs) == 2
    assert [(q.id, q.paragraph, q.answers) for q in squad.questions] == [
        ("x", 0, ("五万吨",)),
        ("1-1", 1, ("下降",)),
    ]
    assert squad.draw(None) is squad.draw(9) is squad
    assert len(squad.draw(1).questions) == 1


def test_squad_asks_with_and_without_the_own_paragraph(shell: Shell) -> None:
    squad = read_squad(shell.folder / "squad.json")
    config = Config(shell.folder / "unused", None, shell.folder)
    with open_squad_index(squad, config, None, lambda *_: None) as index:
        own, removed, *_ = run_squad(index, squad)
    assert (own.type, removed.type, removed.repeats) == (OWN_PARAGRAPH, PARAGRAPH_REMOVED, own.id)
    assert own.scores["recall@1"] == own.scores["answer_in_top1"] == 1.0
    assert set(own.timings_ms) >= {"encode", "search", "total"}
    assert all("五萬噸" not in text.text for text in (*removed.quotes, *removed.passages))


def test_squad_from_the_command_line(shell: Shell, tmp_path: Path) -> None:
    printed = shell.json("--squad", "squad.json", "--index", "kept")
    assert (printed["answerable"], printed["unanswerable"]) == (2, 2)
    assert {"recall@1", "mrr@10", "ndcg@10", "answer_in_top3", "auroc", "aurc",
            "refusal_unanswerable", "latency_ms_p95", "search_ms_p50", "encode_ms_p50",
            "search_to_encode"} <= set(printed)  # fmt: skip
    again = shell.json("--squad", "squad.json", "--index", "kept", "--questions", "1")
    assert (again["questions"], again["answerable"], again["unanswerable"]) == (1, 1, 1)


def test_what_does_not_go_together_is_one_line(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("{}", encoding="utf-8")
    cases = [
        ((), "give one of: gold questions or a saved run, --squad FILE, --compare A B"),
        (("gold.jsonl", "--squad", "squad.json"), "give one of"),
        (("gold.jsonl", "--questions", "5"), "--questions goes with --squad"),
        (("gold.jsonl", "--brief"), "--brief goes with --out"),
        (("gold.jsonl", "--set", "x.y=1"), "no setting is called x.y; there are fusion.alpha"),
        (("gold.jsonl", "--set", "fusion.alpha=0,1", "--out", "a.json"), "need just one"),
        (("no.json",), "is not a saved run"),
        (("none.json",), "cannot be read"),
        (("gold.jsonl", "--baseline", "none.json"), "cannot be read"),
        (("gold.jsonl", "--out", "none/a.json"), "cannot be written"),
        (("--squad", "none.json"), "cannot be read"),
        (("--squad", "no.json"), "is not in the SQuAD layout"),
        (("--squad", "squad.json", "--index", "index"), "holds other documents"),
        (("--compare", "no.json", "no.json"), "is not a saved run"),
    ]
    for arguments, message in cases:
        code, _, err = shell(*arguments)
        lines = [line for line in err.splitlines() if line.startswith("yinju: ")]
        assert (code, len(lines)) == (2, 1), (arguments, err)
        assert message in lines[0], arguments
        assert "Traceback" not in err
