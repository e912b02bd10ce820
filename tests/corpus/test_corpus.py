"""The shipped reports are what corpus/make.py builds, and the gold sets fit them."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from opencc import OpenCC

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"
SEED_REPORT = ROOT.parent / "shared" / "seed" / "000_6a0759de044b6c6f.txt"
SEED_GOLD = ROOT.parent / "shared" / "gold" / "seed_dev.jsonl"
SOURCES = {
    "internet-consumer-finance.txt": "internet-consumer-finance.txt",
    "ev-charging.md": "ev-charging.md",
    "cold-chain.pdf": "cold-chain.txt",
}
TYPES = {
    "fact", "why", "list", "paraphrase", "traditional", "noise", "follow_up", "unanswerable"
}  # fmt: skip
PINYIN = re.compile(r"\(([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿ]+)\)")
HEADING = re.compile(r"#{1,3} |[一二三四五]、|\([一二三四]\)|第[一二三四五]+[章节] ")
simplify = OpenCC("t2s").convert


def fold(text: str) -> str:
    """What the gold sets compare: NFKC, Simplified, letters and digits only."""
    text = simplify(unicodedata.normalize("NFKC", text)).replace("著", "着")
    return "".join(char for char in text if char.isalnum()).lower()


def source(report: str) -> str:
    return (CORPUS / "sources" / SOURCES[report]).read_text(encoding="utf-8")


def report_text(name: str) -> str:
    return (CORPUS / "reports" / name).read_bytes().decode("utf-8")


@cache
def load_make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpus_make", CORPUS / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def make() -> ModuleType:
    for needed in ("fpdf", "pypinyin"):
        pytest.importorskip(needed, reason=f"corpus/make.py needs {needed}")
    return load_make()


def questions() -> list[dict[str, Any]]:
    files = sorted((CORPUS / "gold").glob("*.jsonl"))
    return [json.loads(line) for f in files for line in f.read_text("utf-8").splitlines()]


GOLD = questions()
ANSWERABLE = [pytest.param(q, id=q["id"]) for q in GOLD if q["answerable"]]


def level(line: str) -> int:
    """0 for text, 1 for the outermost headings of a report."""
    if not HEADING.match(line):
        return 0
    if line.startswith("#"):
        return len(line) - len(line.lstrip("#"))
    return 2 if re.match(r"\(|第[一二三四五]+节", line) else 1


def section_text(report: str, section: str) -> str:
    """The heading that contains `section` and what is under it, a chapter's sections included."""
    lines = source(report).splitlines()
    levels = [level(line) for line in lines]
    spans = []
    for start, own in enumerate(levels):
        if own and section in simplify(lines[start]):
            ends = (at for at in range(start + 1, len(lines)) if 0 < levels[at] <= own)
            spans.append("\n".join(lines[start : next(ends, len(lines))]))
    assert len(spans) == 1, f"{len(spans)} headings of {report} contain {section}"
    return spans[0]


# --- the reports --------------------------------------------------------------------------------


def test_rebuilding_gives_the_committed_text_reports(make: ModuleType) -> None:
    for name, text in make.text_reports().items():
        assert text == report_text(name), f"{name}: run python corpus/make.py"


def pdf_pages(data: bytes) -> list[str]:
    pdfium = pytest.importorskip("pypdfium2", reason="reading a PDF needs pypdfium2")
    with pdfium.PdfDocument(data) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_rebuilding_gives_the_text_of_the_committed_pdf(make: ModuleType) -> None:
    if not make.FONT.exists():
        pytest.skip(f"no font {make.FONT}; install fonts-noto-cjk")
    committed = (CORPUS / "reports" / "cold-chain.pdf").read_bytes()
    assert pdf_pages(make.pdf_report()) == pdf_pages(committed)


def test_pdf_holds_the_source_and_nothing_else() -> None:
    data = (CORPUS / "reports" / "cold-chain.pdf").read_bytes()
    assert len(data) < 400_000
    pages = pdf_pages(data)
    assert len(pages) >= 4
    text = source("cold-chain.pdf")
    title = text.partition("\n")[0]
    bodies = []
    for number, page in enumerate(pages, start=1):
        assert page.startswith(title)  # the running header
        footer = f"第 {number} 页 共 {len(pages)} 页"
        assert page.rstrip().endswith(footer)
        bodies.append(page.removeprefix(title).rstrip().removesuffix(footer))
    assert fold("".join(bodies)) == fold(text)


def test_pdf_extracts_ordinary_code_points() -> None:
    text = "".join(pdf_pages((CORPUS / "reports" / "cold-chain.pdf").read_bytes()))
    odd = re.findall("[\u2e80-\u2fdf\uf900-\ufaff\ue000-\uf8ff\ufffd\ufffe]", text)
    assert not odd, "radicals, compatibility ideographs or unmapped glyphs"


def test_damage_is_undone_by_its_inverse(make: ModuleType) -> None:
    """Everything done to the text is known, so taking it away again gives the clean source."""
    text = PINYIN.sub("", report_text("internet-consumer-finance.txt"))
    clean = source("internet-consumer-finance.txt")
    title = clean.partition("\n")[0]
    head, foot = make.site_head(title), make.site_foot()
    assert text.startswith(head)
    assert text.endswith(foot)
    body = text[len(head) : -len(foot)].strip()
    run = make.MISALIGNED.encode("gbk")[1:].decode("gbk")
    assert body.count("??" + run) == 1
    body = body.replace("??" + run, "。" + make.MISALIGNED)
    assert body == make.glue_title(clean).strip()


def test_damage_is_of_the_size_promised() -> None:
    text = report_text("internet-consumer-finance.txt")
    pypinyin = pytest.importorskip("pypinyin")
    annotations = re.findall("(.)" + PINYIN.pattern, text)
    assert len(annotations) > 500
    assert 100 <= len({char for char, _ in annotations}) <= 120
    for char, reading in annotations:
        known = pypinyin.pinyin(char, style=pypinyin.Style.TONE, heteronym=True)[0]
        assert reading in known, f"{char}({reading})"
        assert simplify(char) != char
    assert "(SEO)" in text
    assert "(SEM)" in text
    assert not source("internet-consumer-finance.txt").rstrip().endswith(("。", ":", "?"))


def test_misalign_gives_the_run_known_from_the_seed(make: ModuleType) -> None:
    assert make.misalign("趨勢。跨境電商平臺通過", "跨境電商平臺") == "趨勢??缇畴娚唐脚_通過"


@pytest.mark.parametrize(
    ("text", "word", "message"),
    [("沒有", "購物平臺", "0 times"), ("a。線上b", "線上", "not ASCII")],
)
def test_misalign_refuses(make: ModuleType, text: str, word: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make.misalign(text, word)


def test_annotate_reads_in_context(make: ModuleType) -> None:
    assert make.annotate("增長、長期", frozenset("長")) == "增長(zhǎng)、長(cháng)期"


def test_wrap_keeps_numbers_whole_and_punctuation_off_line_starts(make: ModuleType) -> None:
    assert make.wrap("收入为5,200亿。其中", 5, len) == ["收入为", "5,200", "亿。其中"]
    assert make.wrap("一二三，四", 3, len) == ["一二", "三，四"]


@pytest.mark.parametrize("report", SOURCES)
def test_figures_are_declared_illustrative(report: str) -> None:
    early = simplify(source(report))[:800]
    assert "数字为示例" in early or "数据为示例" in early


def test_length_of_the_reports() -> None:
    def han(report: str) -> int:
        return len(re.findall("[\u4e00-\u9fff]", source(report)))

    assert han("internet-consumer-finance.txt") >= 7_500
    assert han("ev-charging.md") >= 2_800
    assert han("cold-chain.pdf") >= 2_800


def without_titles(text: str) -> str:
    """Folded text without annotations and without 《titles》, which may be equal."""
    return fold(re.sub("《[^》]*》", "", PINYIN.sub("", text)))


@pytest.mark.skipif(not SEED_REPORT.exists(), reason="the seed report is not on this machine")
@pytest.mark.parametrize("report", SOURCES)
def test_nothing_is_copied_from_the_seed(report: str) -> None:
    size = 13
    seed = without_titles(SEED_REPORT.read_text(encoding="utf-8"))
    runs = {seed[at : at + size] for at in range(len(seed) - size + 1)}
    texts = [source(report)]
    if not report.endswith(".pdf"):
        texts.append(report_text(report))
    for text in map(without_titles, texts):
        assert not [text[at : at + size] for at in range(len(text)) if text[at : at + size] in runs]


# --- the gold sets ------------------------------------------------------------------------------


def test_gold_counts() -> None:
    types = Counter(q["type"] for q in GOLD)
    assert set(types) == TYPES
    assert len(GOLD) >= 75
    assert types["unanswerable"] >= 20
    documents = Counter(q["document"] for q in GOLD)
    assert set(documents) == set(SOURCES)
    assert min(documents.values()) >= 24


def test_gold_layout() -> None:
    assert len({q["id"] for q in GOLD}) == len(GOLD)
    assert len({(q["document"], q["question"], *q.get("history", ())) for q in GOLD}) == len(GOLD)
    for q in GOLD:
        assert q["answerable"] == (q["type"] != "unanswerable"), q["id"]
        assert bool(q["evidence"]) == q["answerable"] == ("section" in q), q["id"]
        assert ("history" in q) == (q["type"] == "follow_up"), q["id"]
        assert (simplify(q["question"]) != q["question"]) == (q["type"] == "traditional"), q["id"]


@pytest.mark.parametrize("question", ANSWERABLE)
def test_gold_evidence_stands_under_its_section(question: dict[str, Any]) -> None:
    under = fold(section_text(question["document"], question["section"]))
    for snippet in question["evidence"]:
        assert fold(snippet) in under, snippet


@pytest.mark.skipif(not SEED_GOLD.exists(), reason="the seed's gold set is not on this machine")
def test_gold_questions_are_our_own() -> None:
    lines = SEED_GOLD.read_text(encoding="utf-8").splitlines()
    theirs = {fold(json.loads(line)["question"]) for line in lines}
    alone = [q for q in GOLD if q["type"] != "follow_up"]  # 那…呢? has no words of its own
    assert not [q["id"] for q in alone if fold(q["question"]) in theirs]


def test_readme_examples_are_in_the_report() -> None:
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    text = report_text("internet-consumer-finance.txt")
    for example in ("發(fā)展", "??鹑诳萍计髽I", "(SEO)", "(SEM)"):
        assert f"`{example}`" in readme
        assert example in text
