"""The command line as scripts see it: keys, exit codes, one clear line for an error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from qa.evaluation.gold import read_gold_file
from qa.index import Index
from tests.conftest import ROOT

HEAVY = (
    "torch",
    "transformers",
    "sentence_transformers",
    "gradio",
    "jinja2",
    "pypinyin",
    "pypdfium2",
    "docx",
)


def run_yinju(*args: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qa.cli.main", *map(str, args)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **env},
        check=False,
    )


@pytest.fixture(scope="module")
def folder(corpus_index: Index) -> Path:
    return corpus_index.config.index


def parse_lines(result: subprocess.CompletedProcess[str]) -> list[Any]:
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_index_summary(tmp_path: Path, model_cache: Path) -> None:
    report = tmp_path / "a.txt"
    report.write_text("一、現狀\n\n市場規模為一萬億元。\n", encoding="utf-8")
    (tmp_path / "bad.pdf").write_bytes(b"no pdf")
    arguments = ("index", tmp_path, "--index", tmp_path / "index", "--json")
    result = run_yinju(*arguments)
    assert result.returncode == 2
    assert result.stderr.count("\n") >= 1
    assert "bad.pdf: is not a readable PDF" in result.stderr
    summary = json.loads(result.stdout)
    assert {k: summary[k] for k in ("documents", "passages", "windows", "added", "updated", "unchanged", "removed")} == {
        "documents": 1, "passages": 1, "windows": 1, "added": 1, "updated": 0, "unchanged": 0, "removed": 0,
    }  # fmt: skip
    assert [Path(f["path"]).name for f in summary["failed"]] == ["bad.pdf"]
    assert summary["seconds"] >= 0
    (tmp_path / "bad.pdf").unlink()
    report.unlink()
    (tmp_path / "b.txt").write_text("梨的價格下降。\n", encoding="utf-8")
    (summary,) = parse_lines(run_yinju(*arguments, "--sync"))
    assert (summary["removed"], summary["documents"]) == (1, 1)


def test_ask_object(folder: Path) -> None:
    (answer,) = parse_lines(
        run_yinju("ask", "2018年全行业的发放额是多少?", "--index", folder, "--json")
    )
    assert {
        "id",
        "question",
        "answer",
        "abstained",
        "confidence",
        "citations",
        "passages",
        "timings_ms",
    } <= set(answer)
    assert answer["abstained"] is False
    assert 0 <= answer["confidence"] <= 1
    (citation, *_) = answer["citations"]
    assert set(citation) == {
        "document", "title", "headings", "quote", "start", "end", "raw_start", "raw_end", "page", "score", "header",
        "lead",
    }  # fmt: skip
    assert citation["document"].endswith("corpus/reports/internet-consumer-finance.txt")
    assert citation["title"] == "互聯網消費金融發展研究報告"
    assert set(answer["passages"][0]) == {
        "document", "title", "headings", "text", "start", "end", "score", "lexical", "dense", "chance",
    }  # fmt: skip


def test_ask_for_a_person(folder: Path) -> None:
    result = run_yinju("ask", "企业开发了哪三种附加收入?", "--index", folder)
    assert result.returncode == 0
    assert "1. 增值服务" in result.stdout
    assert "[3] " in result.stdout
    refused = run_yinju("ask", "德国总理的年薪是多少?", "--index", folder, "--lang", "en")
    assert refused.stdout.startswith("The reports do not say.")


def test_ask_batch_keeps_order_and_history(folder: Path, tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    rows = [
        {
            "id": "b",
            "question": "那2022年呢?",
            "history": ["2016年争取一名有效用户的平均花费是多少?"],
        },
        {"id": 1, "question": "冷藏区的温度范围是多少?"},
    ]
    batch.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    answers = parse_lines(run_yinju("ask", "--batch", batch, "--index", folder))
    assert [answer["id"] for answer in answers] == ["b", 1]
    assert answers[0]["understood"] == "2022年争取一名有效用户的平均花费是多少?"
    assert "312元" in answers[0]["answer"]


def test_search(folder: Path, tmp_path: Path) -> None:
    (found,) = parse_lines(run_yinju("search", "冷藏车", "-k", "3", "--index", folder, "--json"))
    assert len(found) == 3
    batch = tmp_path / "queries.jsonl"
    batch.write_text('{"id": "a", "query": "行业收入"}\n', encoding="utf-8")
    (row,) = parse_lines(
        run_yinju("search", "--batch", batch, "--by", "document", "--index", folder)
    )
    assert (row["id"], row["query"]) == ("a", "行业收入")
    assert len({result["document"] for result in row["results"]}) == len(row["results"]) == 3


def test_clean() -> None:
    report = ROOT / "corpus/reports/internet-consumer-finance.txt"
    (cleaned,) = parse_lines(run_yinju("clean", report, "--json"))
    assert set(cleaned) == {"title", "text", "edits", "outline", "truncated", "encoding"}
    assert cleaned["truncated"] is True
    assert cleaned["encoding"] == "utf-8"
    assert set(cleaned["edits"][0]) == {"rule", "raw_start", "raw_end", "removed", "inserted"}
    assert [node["number"] for node in cleaned["outline"]] == [
        "一、",
        "二、",
        "三、",
        "四、",
        "五、",
    ]
    assert run_yinju("clean", report).stdout == cleaned["text"] + "\n"


def test_eval(folder: Path) -> None:
    (measures,) = parse_lines(
        run_yinju("eval", ROOT / "corpus/gold/cold-chain.jsonl", "--index", folder, "--json")
    )
    assert measures["questions"] == len(read_gold_file(ROOT / "corpus/gold/cold-chain.jsonl"))
    assert set(measures["by_type"]) >= {"fact", "list", "unanswerable"}


def write_file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_bad_input_gets_one_clear_line(folder: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    bad = write_file(tmp_path / "bad.jsonl", '{"id": 1}\n')
    cases: list[tuple[tuple[str | Path, ...], str]] = [
        (("index", nowhere), "no such file or folder"),
        (("ask", "问题", "--index", nowhere), "make one with: yinju index PATH"),
        (("ask", "  ", "--index", folder), "the question is empty"),
        (("ask", "。。。", "--index", folder), "the question is empty"),
        (("ask", "问" * 1001, "--index", folder), "the question has 1001 characters"),
        (
            ("ask", "--batch", write_file(tmp_path / "q.jsonl", '\n{"id": 1, "question": "?"}\n'), "--index", folder),
            'q.jsonl:2: "question" is empty',
        ),
        (("ask", "--index", folder), "give either a question or --batch"),
        (("ask", "--flag"), "No such option: --flag"),
        (("ask", "问题", "--index", folder, "--model", "x/y"), "rebuild it with: yinju index"),
        (("ask", "--batch", nowhere, "--index", folder), "cannot be read"),
        (("ask", "--batch", bad, "--index", folder), 'bad.jsonl:1: expected an object with "id" and "question"'),
        (("search", "问题", "-k", "0"), "Invalid value for '-k'"),
        (("search", "--batch", write_file(tmp_path / "x.jsonl", "{"), "--index", folder), "x.jsonl:1: is not JSON"),
        (("clean", nowhere), "no such file"),
        (("clean", write_file(tmp_path / "a.xyz", "x")), "cannot read a file of this kind"),
        (("eval", nowhere, "--index", folder), "cannot be read"),
        (("eval", bad, "--index", folder), "is not a gold question"),
        (("eval", write_file(tmp_path / "e.jsonl", ""), "--index", folder), "holds no question"),
        (("nonsense",), "No such command"),
    ]  # fmt: skip
    for arguments, message in cases:
        result = run_yinju(*arguments)
        assert result.returncode == 2, (arguments, result)
        assert message in result.stderr, (arguments, result.stderr)
        assert result.stderr.count("\n") == 1, (arguments, result.stderr)
        assert result.stdout == ""


def test_describe_mends_a_report(tmp_path: Path, model_cache: Path) -> None:
    write_file(tmp_path / "a.md", "# 苹果公报\n\n今年苹果产量320万吨。\n")
    where = ("--index", tmp_path / "index")
    run_yinju("index", tmp_path / "a.md", *where)
    told = run_yinju("describe", tmp_path / "a.md", "title=果业公报", "names=红富士", *where)
    assert "果业公报" in told.stdout
    assert "names: 红富士 (user)" in told.stdout
    wrong = run_yinju("describe", tmp_path / "a.md", "name=红富士", *where)
    assert wrong.returncode == 2
    assert "expected one of title" in wrong.stderr
    assert wrong.stderr.count("\n") == 1


def test_an_empty_index_is_named(tmp_path: Path, model_cache: Path) -> None:
    write_file(tmp_path / "a.txt", "只有標題\n")
    assert run_yinju("index", tmp_path / "a.txt", "--index", tmp_path / "i").returncode == 0
    result = run_yinju("ask", "问题", "--index", tmp_path / "i")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "the index is empty" in result.stderr


def test_asking_imports_nothing_heavy(folder: Path) -> None:
    code = (
        "import sys; sys.argv = ['yinju', 'ask', '冷藏区的温度范围是多少?', '--index', sys.argv[1]]\n"
        "from qa.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert "摄氏度" in result.stdout
    assert result.stdout.splitlines()[-1] == "[]"


def test_a_quotation_may_end_inside_emphasis(tmp_path: Path, model_cache: Path) -> None:
    first = "蘋果產量在這一年裡增長了百分之五並且還在繼續增長之中沒有停下來的樣子。" * 4
    text = f"# 果品\n\n近年來，**{first}梨的產量下降了百分之三。**{first}"
    write_file(tmp_path / "a.md", text)
    assert run_yinju("index", tmp_path / "a.md", "--index", tmp_path / "i").returncode == 0
    (answer,) = parse_lines(
        run_yinju("ask", "梨的产量下降了多少?", "--index", tmp_path / "i", "--json")
    )
    (citation, *_) = answer["citations"]
    assert "梨的產量下降了百分之三。" in citation["quote"]
    assert "*" not in citation["quote"]
    assert text[citation["raw_start"] : citation["raw_end"]].replace("**", "") == citation["quote"]


@pytest.mark.parametrize("command", [[], ["ask"], ["eval"]])
def test_short_help(command: list[str]) -> None:
    short, long = (run_yinju(*command, option) for option in ("-h", "--help"))
    assert short.returncode == 0
    assert "--help" in short.stdout
    assert short.stdout == long.stdout


def test_version_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from ui import app\n"
        "app(['--version'], standalone_mode=False)\n"
        f"print(sorted(set({(*HEAVY, 'numpy', 'onnxruntime', 'tantivy', 'faiss')}) & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.splitlines() == [f"yinju {metadata.version('yinju')}", "[]"]
