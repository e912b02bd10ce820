"""An evaluation in both languages: its words, a run's report, the HTML of the tab."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from corpus.training.questions import FACT_TYPES, MISSES, WORDINGS
from indexer.config import Config
from indexer.errors import YinjuError, verbatim
from indexer.messages import LANGUAGES, load_locale, say
from qa.evaluation.compare import compare
from qa.evaluation.gold import read_gold_questions
from qa.evaluation.measures import MEASURE_BY_KEY, MEASURES, RANKING
from qa.evaluation.outcome import Excerpt, Outcome
from qa.evaluation.report import MOST_SHOWN, render_report
from qa.evaluation.saved_run import Run, load_run, save_run
from qa.evaluation.squad import OWN_PARAGRAPH, PARAGRAPH_REMOVED
from qa.evaluation.words import evaluation_words, measure_name, state_name, type_name
from qa.server.evaluation_runs import EvaluationJob, EvaluationRuns
from qa.server.live_index import LiveIndex
from qa.web.views.evaluation import (
    comparison_html,
    earlier_choices,
    failure_html,
    gold_choices,
    intro_html,
    run_html,
    run_state_html,
    run_title,
)
from tests.conftest import ROOT

ABOUT = {"kind": "gold", "questions": "题集", "model": "模型", "settings": {}, "threshold": 0.6}
EVIL = "<img src=x onerror=hack()> \" & ' <script>hack()</script> {0} \\1"
# Names in Latin letters that the Chinese words contain.
LATIN_NAMES = {"MRR", "nDCG", "AUROC"}


class PageText(HTMLParser):
    """The text of a page, without its style, and the labels for screen readers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.languages: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.texts += [value or "" for name, value in attrs if name in ("aria-label", "title")]
        self.languages += [value or "" for name, value in attrs if name == "lang"]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "style":
            assert "url(" not in data
            self.tags.append("")
            return
        self.texts.append(data)

    @property
    def latin(self) -> set[str]:
        """Return the words in Latin letters."""
        return set(re.findall(r"[A-Za-z]+", " ".join(self.texts)))


def outcome(name: str, kind: str = "fact", abstained: bool = False, recall: float = 0) -> Outcome:
    """Return an outcome with every score and time, so that every measure is shown."""
    answerable, text = (
        kind not in ("unanswerable", PARAGRAPH_REMOVED),
        Excerpt("引文", "文", ("一",), 0.5),
    )
    scores = {"loss": 1 - recall, "refusal_unanswerable": float(abstained)}
    if answerable:
        keys = ("evidence_recall", "citation_precision", "list_item_recall", "list_item_precision",
                "answer_in_top1", "answer_in_top3", "citations_per_factual_answer",
                "refusal_answerable", *RANKING)  # fmt: skip
        scores = {"loss": 1 - recall, **dict.fromkeys(keys, recall)}
    return Outcome(
        id=name,
        type=kind,
        question="问？",
        answerable=answerable,
        abstained=abstained,
        confidence=0.2 if abstained else 0.8,
        recall=recall if answerable else None,
        scores=scores,
        evidence=("证据",) if answerable else (),
        history=("先问",),
        quotes=(text,),
        passages=(replace(text, text="证据"),),
        timings_ms={"total": 9.0, "search": 4.0, "encode": 3.0},
    )


OUTCOMES = (
    *(outcome(f"甲{i}", kind) for i, kind in enumerate(load_locale("zh")["question_types"])),
    outcome("乙", recall=1),
    outcome("丙", "list", recall=0.5),
    outcome("丁", abstained=True),
    outcome("戊", "unanswerable", abstained=True),
)
RUN = Run(ABOUT, OUTCOMES)


def other_run() -> Run:
    """Return a run over the same questions with others correct, and one new question."""
    turned = [replace(o, abstained=not o.abstained) for o in OUTCOMES[:3]]
    wrong = replace(OUTCOMES[-1], abstained=False)
    right = replace(OUTCOMES[-2], abstained=False, recall=1.0)
    return Run(ABOUT, (*turned, *OUTCOMES[4:-2], wrong, right, outcome("己")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_measure_and_type_has_its_words(language: str) -> None:
    for group in ("measures", "measures_explained"):
        assert list(load_locale(language)[group]) == list(MEASURE_BY_KEY)
    golds = read_gold_questions(ROOT / "corpus/gold")
    shipped = {gold.type for gold in golds} | {*FACT_TYPES}
    misses = {gold.miss for gold in golds} - {""} | {*MISSES}
    assert load_locale(language)["wordings"].keys() == {*WORDINGS}
    assert load_locale(language)["misses"].keys() == misses
    assert load_locale(language)["question_types_explained"].keys() == shipped
    assert load_locale(language)["question_types"].keys() == shipped | {
        OWN_PARAGRAPH,
        PARAGRAPH_REMOVED,
    }


def test_what_has_no_name_is_shown_as_it_is() -> None:
    assert (type_name("mine", "zh"), state_name("mine", "zh")) == ("mine", "mine")
    assert measure_name("auroc", "en") == "AUROC of the confidence"


def test_the_chinese_report_has_no_english_word() -> None:
    shown = PageText(render_report(RUN, "zh"))
    assert shown.latin == LATIN_NAMES
    assert shown.languages[0] == "zh-Hans"
    text = " ".join(shown.texts)
    for part in ("评测：题集", "证据引到率", "这些指标是什么意思？", "没有引到证据：", "门槛 0.6",
                 "纵轴为毫秒", "引到一部分证据", "上文：先问"):  # fmt: skip
        assert part in text


def test_the_english_report_has_no_chinese_word() -> None:
    shown = PageText(render_report(RUN))
    assert shown.languages[0] == "en"
    data = "题集模型甲乙丙丁戊问？引文一先证据"
    assert not {c for c in "".join(shown.texts) if c >= "一"} - set(data)
    for part in (
        "Evaluation: 题集",
        "evidence recall",
        "What do these measures mean?",
        "after: 先问",
    ):
        assert part in " ".join(shown.texts)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_measure_of_the_table_is_explained(language: str) -> None:
    page = render_report(RUN, language)
    assert page.count("<dt>") == len(MEASURES) + len(
        load_locale(language)["question_types_explained"]
    )
    for measure in MEASURES:
        assert load_locale(language)["measures_explained"][measure.key] in page
    brief = render_report(Run(ABOUT | {"kind": "squad"}, OUTCOMES[:1]), language)
    assert load_locale(language)["measures_explained"]["auroc"] not in brief
    assert evaluation_words(language)["meaning_types"] not in brief


def test_a_report_stands_alone_in_both_languages() -> None:
    for language in LANGUAGES:
        page = render_report(RUN, language)
        assert not {"script", "link", "img", "iframe", "a"} & set(PageText(page).tags)
        assert "http" not in page


def test_many_failures_are_cut_and_said_so() -> None:
    many = tuple(outcome(f"甲{i}") for i in range(MOST_SHOWN + 1))
    assert f"只列前 {MOST_SHOWN} 题" in render_report(Run(ABOUT, many), "zh")


def test_a_comparison_has_no_english_word() -> None:
    both = compare(OUTCOMES, other_run().outcomes)
    shown = PageText(comparison_html(both, ("20261124-183000-甲", "乙"), "zh"))
    assert shown.latin == LATIN_NAMES
    text = " ".join(shown.texts)
    for part in (
        "在误差之内",
        "有 1 题只在 2026-11-24 18:30:00 · 甲 里",
        "变对",
        "变错",
        "有变",
        "没有引到证据 → 拒答",
    ):
        assert part in text
    same = comparison_html(compare(OUTCOMES, OUTCOMES), ("甲", "乙"), "zh")
    assert "0 道结果不同 <" in same


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "html",
    [
        lambda language: render_report(evil_run(), language),
        lambda language: comparison_html(
            compare(evil_run().outcomes, turned(evil_run()).outcomes), (EVIL, EVIL), language
        ),
        lambda language: run_state_html(EvaluationJob(EVIL, 1, 2, state="running"), language),
        lambda language: run_state_html(
            EvaluationJob(EVIL, state="failed", error=verbatim(EVIL)), language
        ),
        lambda language: failure_html(verbatim(EVIL), language),
    ],
)
def test_markup_is_shown_and_never_markup(html: Callable[[str], str], language: str) -> None:
    shown = PageText(html(language))
    assert not {"img", "script", "iframe"} & set(shown.tags)
    assert EVIL in "".join(shown.texts)


def evil_run() -> Run:
    text = Excerpt(EVIL, EVIL, (EVIL,), 0.1)
    bad = replace(
        OUTCOMES[0], id=EVIL, type=EVIL, question=EVIL, evidence=(EVIL,), history=(EVIL,),
        quotes=(text,), passages=(text,),
    )  # fmt: skip
    return Run(ABOUT | {"questions": EVIL, "model": EVIL}, (bad, *OUTCOMES[1:]))


def turned(run: Run) -> Run:
    return Run(run.about, tuple(replace(o, abstained=not o.abstained) for o in run.outcomes))


def test_a_run_is_shown_in_a_frame_without_scripts() -> None:
    html = run_html(evil_run(), "zh")
    assert PageText(html).tags == ["iframe"]
    assert 'sandbox=""' in html


def test_an_empty_tab_says_what_to_do() -> None:
    shown = PageText(intro_html("zh"))
    example = next(text for text in shown.texts if text.startswith("{"))
    assert set(json.loads(example)) <= {"id", "type", "question", "answerable", "evidence"}
    line = json.loads(example)["question"]
    assert line in (ROOT / "corpus/gold/ev-charging.jsonl").read_text(encoding="utf-8")
    assert "corpus/gold/README.md" in " ".join(shown.texts)
    assert "chat" in intro_html("en")


def test_runs_and_gold_sets_have_names_for_people() -> None:
    assert run_title("20261124-183000-小-题集") == "2026-11-24 18:30:00 · 小-题集"
    assert run_title("我的") == "我的"
    assert earlier_choices(["我的"], "zh") == [("不比较", ""), ("我的", "我的")]
    assert gold_choices(["corpus/gold", "chat", "甲"], "zh") == [
        ("corpus/gold · 随附的全部", "corpus/gold"), ("chat · 问答中记入的", "chat"), ("甲", "甲"),
    ]  # fmt: skip


def _fails(folder: Path) -> list[Callable[[], object]]:
    """Return calls that fail, one for each error between a click and the page of a run."""
    runs = EvaluationRuns(LiveIndex(Config(folder, None, folder)))
    empty, bad, run = folder / "空.jsonl", folder / "坏.jsonl", folder / "runs/坏.json"
    run.parent.mkdir()
    empty.write_text("", encoding="utf-8")
    bad.write_text("{}\n", encoding="utf-8")
    run.write_text("{}", encoding="utf-8")
    twice = (*OUTCOMES, OUTCOMES[0])
    return [
        lambda: runs.save_gold_set(empty),
        lambda: runs.save_gold_set(bad),
        lambda: runs.save_gold_set(folder / "无.jsonl"),
        lambda: runs.start(""),
        lambda: runs.start("无"),
        lambda: runs.load_run("无"),
        lambda: runs.load_run("坏"),
        lambda: load_run(folder / "无.json"),
        lambda: save_run(folder / "无/无.json", RUN),
        lambda: compare(OUTCOMES, [outcome("庚")]),
        lambda: compare(OUTCOMES, twice),
    ]


def test_every_failure_is_told_in_chinese(tmp_path: Path) -> None:
    for fail in _fails(tmp_path):
        with pytest.raises(YinjuError) as caught:
            fail()
        shown = say(caught.value.message, "zh")
        assert shown != str(caught.value)
        assert say(caught.value.message, "en") == str(caught.value)


def test_a_gold_set_that_is_none_is_named_without_its_folder(tmp_path: Path) -> None:
    (tmp_path / "坏.jsonl").write_text("{}\n", encoding="utf-8")
    runs = EvaluationRuns(LiveIndex(Config(tmp_path, None, tmp_path)))
    with pytest.raises(YinjuError, match=r"^坏\.jsonl:1: is not a gold question"):
        runs.save_gold_set(tmp_path / "坏.jsonl")
    assert not (tmp_path / "gold").exists()
