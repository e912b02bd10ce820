"""The seed report section by section: no noise is left and nothing genuine is lost.

The expected text comes from the raw file by a method of its own, in this module: lines are
dropped by their position, readings by a pattern, and no rule is used.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from indexer.cleaning.clean import clean
from indexer.cleaning.rules import RULES
from indexer.load import load
from indexer.report import CleanedReport, clean_report

# Any Latin letters in parentheses behind an ideograph that are written small: a reading. The
# genuine ones of this report, (SEO) and (SEM), are capitals.
READING = re.compile(r"(?<=[\u3400-\u9fff])\([^()A-Z\u3400-\u9fff\d]{1,7}\)")
STEP = re.compile(r"\?\?([^\n?]{4,8})_")
SECTION = re.compile(r"(?m)^(?=[一二三四五六七八九十]、|\([一二三四五六七八九十]\))")
FIRST_NOTICES, LAST_NOTICES, FORM = 9, 7, 3

# Letters and digits of the title and of each section, and the beginning of their SHA-256. These
# are figures of the file, taken once; they change only if the file does.
FIGURES = (
    (13, "acf8115b"),
    (3, "ed5499a7"),
    (576, "8250fffb"),
    (9, "b32418af"),
    (335, "ba26711c"),
    (561, "65f64563"),
    (431, "01b928aa"),
    (395, "96b783d1"),
    (8, "a5adaa7e"),
    (176, "225abea0"),
    (186, "1da078ab"),
    (328, "9ef74f03"),
    (8, "b4e73ab2"),
    (544, "eac86660"),
    (332, "5c22aa6f"),
    (443, "30274ca8"),
    (9, "cd54d0aa"),
    (613, "08ca71c4"),
    (694, "e33f6417"),
    (482, "061d3025"),
)


def sections(text: str) -> list[str]:
    """The text before the first heading, then each heading with the text below it."""
    return ["".join(c for c in part if c.isalnum()) for part in SECTION.split(text)]


def expected_sections(raw: str) -> list[str]:
    lines = [line for line in raw.split("\n") if line.strip()]
    # Five page lines, reading progress, download, copyright, label; at the end the heading of the
    # notices, the notices, and the comment form.
    body = lines[FIRST_NOTICES : len(lines) - FORM - LAST_NOTICES - 1]
    assert READING.sub("", body[0]).endswith("一、前言")
    title, first = READING.sub("", body[0])[:-4], body[0][-4:]
    whole = READING.sub("", "\n".join([title, first, *body[1:]]))

    def in_step(match: re.Match[str]) -> str:
        return (b"\xbf" + (match[1] + "_").encode("gbk")).decode("gbk")

    repaired, count = STEP.subn(in_step, whole)
    assert count == 1
    return sections(repaired)


def differing_sections(text: str, expected: list[str]) -> list[int]:
    """The numbers of the sections that are not as expected; [-1] if their count differs."""
    found = sections(text)
    if len(found) != len(expected):
        return [-1]
    return [n for n, (a, b) in enumerate(zip(found, expected, strict=True)) if a != b]


@pytest.fixture(scope="module")
def seed(seed_file: Path) -> CleanedReport:
    return clean_report(seed_file)


def test_every_section_has_all_of_its_characters(seed: CleanedReport) -> None:
    assert differing_sections(seed.trail.text, expected_sections(seed.loaded.text)) == []


def test_every_section_has_its_figures(seed: CleanedReport) -> None:
    found = [
        (len(part), hashlib.sha256(part.encode()).hexdigest()[:8])
        for part in sections(seed.trail.text)
    ]
    assert found == list(FIGURES)


def test_every_annotation_is_gone_and_no_other_parenthesis(seed: CleanedReport) -> None:
    raw, text = seed.loaded.text, seed.trail.text
    assert len(READING.findall(raw)) == 789
    assert READING.findall(text) == []
    kept = [m[0] for m in re.finditer(r"\([^()\n]*\)", text)]
    body = raw[raw.index("一、") : raw.rindex("溫")]
    assert kept == [m[0] for m in re.finditer(r"\([^()\n]*\)", READING.sub("", body))]


def test_punctuation_is_kept(seed: CleanedReport) -> None:
    """All of it but what stands in the lines that go; the stop that a lost byte took is back."""
    raw = READING.sub("", seed.loaded.text).split("\n")
    start = next(n for n, line in enumerate(raw) if line.endswith("一、前言"))
    end = max(n for n, line in enumerate(raw) if re.fullmatch("溫.{3}", line))
    body = "\n".join(raw[start:end])
    for mark in ",:;、《》。":
        assert seed.trail.text.count(mark) == body.count(mark) + (mark == "。"), mark


def test_each_noise_line_is_gone(seed: CleanedReport) -> None:
    """By where they stand: no line of the head or of the foot is left, nor any long part of one."""
    lines = [line.strip() for line in seed.loaded.text.split("\n") if line.strip()]
    noise = lines[:FIRST_NOTICES] + lines[-(FORM + LAST_NOTICES + 1) :]
    assert len(noise) == 20
    assert sum(bool(re.match(r"•\s*\d\. ", line)) for line in noise) == LAST_NOTICES
    kept = set(seed.trail.text.split("\n"))
    assert [line for line in noise if READING.sub("", line) in kept or line in kept] == []
    long = [READING.sub("", line)[at : at + 12] for line in noise for at in range(0, len(line), 6)]
    title = seed.title
    left = [part for part in long if len(part) == 12 and part in seed.trail.text]
    assert [part for part in left if part not in title] == []


@pytest.mark.parametrize(
    "rule",
    [
        "page-line", "reading-progress", "download-line", "copyright-line", "section-label",
        "site-notices", "comment-box", "pinyin", "gbk-out-of-step", "glued-title",
    ],
)  # fmt: skip
def test_the_comparison_sees_a_rule_that_is_missing(rule: str, seed_file: Path) -> None:
    loaded = load(seed_file)
    text = clean(loaded, tuple(r for r in RULES if r.name != rule)).trail.text
    assert differing_sections(text, expected_sections(loaded.text)) != []


def test_the_comparison_sees_a_sentence_that_is_missing(seed: CleanedReport) -> None:
    text, expected = seed.trail.text, expected_sections(seed.loaded.text)
    sentences = [m.span() for m in re.finditer(r"[^。\n]+。", text)]
    assert len(sentences) > 140
    for start, end in sentences:
        assert differing_sections(text[:start] + text[end:], expected) != []
