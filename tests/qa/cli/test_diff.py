"""What `yinju clean --diff` shows: every change, its rule and place, and nothing raw."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indexer.cleaning.diff import DiffLine, DiffPart, RuleCount, Summary, find_hunks, summarise
from indexer.cleaning.trail import Change, Trail
from indexer.text.visible import escape_invisible
from qa.cli.diff import format_difference, to_segments
from tests.conftest import ROOT


def apply_changes(raw: str, *changes: tuple[str, str, str]) -> Trail:
    """Return a trail that replaces, for each (rule, old, new), the first `old` of the text by `new`."""
    trail = Trail(raw)
    for rule, old, new in changes:
        start = trail.text.index(old)
        trail = trail.apply(rule, [Change(start, start + len(old), new)])
    return trail


def format_trail(trail: Trail, *, coloured: bool = False) -> str:
    rows = format_difference(find_hunks(trail), summarise(trail))
    return "".join(s.text for row in rows for s in to_segments(row, coloured=coloured))


def format_parts(*parts: tuple[str, str]) -> str:
    return "".join(s.text for s in to_segments(list(parts), coloured=False)).removesuffix("\n")


def test_edits_of_one_line_are_shown_together() -> None:
    trail = apply_changes(
        "標題\n\n互聯(lián)網(wǎng)金融??發展\n\n末段\n",
        ("pinyin", "(lián)", ""),
        ("pinyin", "(wǎng)", ""),
        ("repair", "??", "。"),
    )
    assert format_trail(trail).splitlines()[:4] == [
        "@@ 3: pinyin ×2, repair [-??-]{+。+}",
        "1   標題",
        "3 ~ 互聯[-(lián)-]網[-(wǎng)-]金融[-??-]{+。+}發展",
        "5   末段",
    ]


def test_whole_removed_lines_have_a_sign_of_their_own() -> None:
    trail = apply_changes("正文\n下載\n\n評論\n又一段\n", ("site", "下載\n\n評論\n", ""))
    (hunk,) = find_hunks(trail)
    assert [line.is_removed for line in hunk.lines] == [True, True, True]
    assert format_trail(trail).splitlines()[:6] == [
        "@@ 2-4: site",
        "1   正文",
        "2 - [-下載-]",
        "3 - [-\\n-]",
        "4 - [-評論-]",
        "5   又一段",
    ]


def test_a_removed_line_end_is_shown_with_the_line_that_goes_with_it() -> None:
    """The same clean text comes of removing the line end before a line or the one after it."""
    (hunk,) = find_hunks(apply_changes("正文\n下載\n又一段", ("site", "\n下載", "")))
    assert hunk.lines == (DiffLine(2, (DiffPart("removed", "下載\n"),)),)


def test_a_joined_line_is_not_a_removed_one() -> None:
    trail = apply_changes("市場快速\n增長。\n", ("hard-wrap", "\n", ""))
    assert format_trail(trail).splitlines()[:3] == [
        "@@ 1: hard-wrap",
        "1 ~ 市場快速[-\\n-]",
        "2   增長。",
    ]


def test_lines_in_a_row_that_one_rule_changed_are_one_hunk() -> None:
    trail = Trail("　甲\n　乙\n丙\n　丁").apply(
        "indent", [Change(0, 1), Change(3, 4), Change(8, 9)]
    )
    assert [[line.number for line in hunk.lines] for hunk in find_hunks(trail)] == [[1, 2], [4]]
    assert format_trail(trail).count("丙") == 1  # beside both, shown once


def test_an_edit_of_several_lines_puts_what_it_inserts_at_its_end() -> None:
    trail = apply_changes("甲乙\n丙丁\n戊", ("repair", "乙\n丙", "X"))
    (hunk,) = find_hunks(trail)
    assert hunk.lines == (
        DiffLine(1, (DiffPart("kept", "甲"), DiffPart("removed", "乙\n"))),
        DiffLine(
            2, (DiffPart("removed", "丙"), DiffPart("inserted", "X"), DiffPart("kept", "丁\n"))
        ),
    )


def test_what_an_edit_puts_back_is_kept() -> None:
    trail = apply_changes("甲ABC乙", ("repair", "甲ABC乙", "甲AXC乙"), ("none", "X", "B"))
    assert find_hunks(trail) == []
    assert summarise(trail) == Summary(5, 0, 0, 0, 0, (RuleCount("repair+none", 1, 0, 0),))


def test_long_stretches_are_shortened_and_their_length_told() -> None:
    trail = apply_changes("一" * 500 + "(yī)" + "二" * 500 + "注" * 300, ("pinyin", "(yī)", ""))
    assert f"1 ~ <… 476 kept …>{'一' * 24}[-(yī)-]{'二' * 24}<… 776 kept …>\n" in format_trail(
        trail
    )
    trail = apply_changes("甲" + "注" * 300 + "乙", ("note", "注" * 300, ""))
    assert f"甲[-{'注' * 40}-]<… 220 removed …>[-{'注' * 40}-]乙\n" in format_trail(trail)


def test_a_long_run_of_removed_lines_is_shortened() -> None:
    site = "".join(f"第{n}行\n" for n in range(1, 1001))
    text = format_trail(apply_changes(f"正文\n{site}末段", ("site", site, "")))
    assert "     - <… 994 lines removed, 5,862 characters …>\n" in text
    assert text.count("行-]") == 6


def test_line_ends_are_only_counted() -> None:
    raw = "甲\r\n乙(yǐ)\r\n\r\n丙\r\n"
    ends = [Change(m.start(), m.end(), "\n") for m in re.finditer("\r\n", raw)]
    trail = Trail(raw).apply("newline", ends)
    start = trail.text.index("(yǐ)")
    text = format_trail(trail.apply("pinyin", [Change(start, start + 4)]))
    assert text.startswith("@@ 2: pinyin, newline [-\\r-]\n2 ~ 乙[-(yǐ)-][-\\r-]\n")
    assert "\n3 more lines differ only in the kind of their line end.\n" in text


def test_counts_by_hand() -> None:
    trail = apply_changes(
        "聯(lián)網??業\n廣告", ("a", "(lián)", ""), ("b", "??", "XYZ"), ("a", "\n廣告", "")
    )
    trail = trail.apply("c", [Change(0, 0, "#")])
    assert summarise(trail) == Summary(
        kept=3,
        removed=9,
        changed=2,
        changed_into=3,
        added=1,
        rules=(RuleCount("a", 2, 9, 0), RuleCount("b", 1, 2, 3), RuleCount("c", 1, 0, 1)),
    )
    assert "Of 14 raw characters 3 were kept, 9 removed and 2 changed into 3; 1 were added" in (
        format_trail(trail)
    )


def test_nothing_changed() -> None:
    assert format_trail(Trail("甲\n")) == "Cleaning changed nothing: 2 characters.\n"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u200bb", "a\\u200bb"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("\ue000", "\\ue000"),
        ("葛\U000e0100", "葛\\U000e0100"),
        ("\ufe0f\u3164\u2800", "\\ufe0f\\u3164\\u2800"),
        ("\t\xa0\r\0", "\\t\\xa0\\r\\x00"),
        ("\ud800", "\\ud800"),
        ("a\\n", "a\\\\n"),
        ("\u0301a\u0301", "\\u0301a\u0301"),
        ("重(zhòng)，　「甲」Ｂ", "重(zhòng)，　「甲」Ｂ"),
    ],
)
def test_what_is_unseen_is_escaped(text: str, escaped: str) -> None:
    assert escape_invisible(text) == escaped


def test_an_ideographic_space_is_escaped_where_it_was_removed() -> None:
    assert format_parts(("removed", "　"), ("kept", "甲　乙")) == "[-\\u3000-]甲　乙"


def test_marks_of_the_text_itself_are_escaped() -> None:
    text = format_parts(("kept", "a[-b-]"), ("removed", "c-]{+d+}"), ("kept", "<… 3 kept …>"))
    assert text == "a\\[-b\\-][-c\\-]\\{+d\\+}-]\\<… 3 kept …>"


_CHARS = "甲乙\n\r[]-{}+\\<…\x1b\u200b\u0301x "


@st.composite
def edited(draw: st.DrawFn) -> Trail:
    trail = Trail(draw(st.text(_CHARS, max_size=40)))
    for number in range(draw(st.integers(0, 3))):
        cuts = sorted(draw(st.lists(st.integers(0, len(trail.text)), max_size=8)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        changes = [Change(a, b, draw(st.text(_CHARS, max_size=3))) for a, b in pairs]
        trail = trail.apply(f"rule{number}", changes)
    return trail


def raw_lines(raw: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", raw)


@given(edited())
def test_applying_all_hunks_gives_the_clean_text(trail: Trail) -> None:
    lines = raw_lines(trail.raw)
    clean = [*lines, ""]
    for line in (line for hunk in find_hunks(trail) for line in hunk.lines):
        assert line.raw == "".join(lines[line.number - 1 : line.number])
        assert line.is_changed
        clean[line.number - 1] = line.clean
    assert "".join(clean) == trail.text


@given(edited())
def test_lines_are_in_order_and_none_is_shown_twice(trail: Trail) -> None:
    numbers = []
    for hunk in find_hunks(trail):
        around = [hunk.before, *hunk.lines, hunk.after]
        numbers += [line.number for line in around if line]
    assert numbers == sorted(set(numbers))


@given(edited())
def test_counts_add_up(trail: Trail) -> None:
    summary = summarise(trail)
    assert summary.raw == len(trail.raw)
    assert summary.clean == len(trail.text)
    assert sum(one.edits for one in summary.rules) == len(trail.edits)
    assert sum(one.removed for one in summary.rules) == summary.removed + summary.changed
    assert sum(one.inserted for one in summary.rules) == summary.added + summary.changed_into


_TOKEN = re.compile(r"\\(?:x..|u....|U.{8}|.)|\[-|-\]|\{\+|\+\}|.", re.DOTALL)
_CLOSES = {"[-": "-]", "{+": "+}"}


def read_back(text: str) -> list[tuple[str, str]]:
    """Parse the parts of a line from its plain form."""
    parts, kind, at = [("kept", "")], "kept", 0
    closing = ""
    while at < len(text):
        token = _TOKEN.match(text, at)[0]  # type: ignore[index]
        if kind == "kept" and token in _CLOSES:
            kind, closing = ("removed" if token == "[-" else "inserted"), _CLOSES[token]
            parts.append((kind, ""))
        elif kind != "kept" and token == closing:
            kind = "kept"
            parts.append((kind, ""))
        else:
            # Brackets that are no mark here are two characters of the text; look at the second anew.
            token = token if token.startswith("\\") else token[0]
            escape = token[1:] in {*"[]-{}+<"}
            decoded = token[1:] if escape else token.encode("ascii").decode("unicode_escape") \
                if token.startswith("\\") else token  # fmt: skip
            parts[-1] = (kind, parts[-1][1] + decoded)
        at += len(token)
    return [part for part in parts if part[1]]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["kept", "removed", "inserted"]),
            st.text(_CHARS, min_size=1, max_size=8),
        ),
        max_size=6,
    ),
)
def test_the_plain_marks_are_unambiguous(parts: list[tuple[str, str]]) -> None:
    # Kept text has no marks: two such parts would be read as one, and do not follow in a line.
    assume(("kept", "kept") not in pairwise(kind for kind, _ in parts))
    text = format_parts(*parts)
    assert text.isprintable() or "\u0301" in text
    assert read_back(text) == parts


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("互聯(lián)網(wǎng)\x1b[31m金融報告。\n\n正文。\n", encoding="utf-8")
    return path


COMMAND = (sys.executable, "-m", "qa.cli.main", "clean", "--diff")


def test_a_pipe_gets_plain_marks_whatever_the_environment_says(report: Path) -> None:
    result = subprocess.run(
        [*COMMAND, report],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "FORCE_COLOR": "1", "TERM": "xterm-256color"},
        check=True,
    )
    assert "1 ~ 互聯[-(lián)-]網[-(wǎng)-][-\\x1b-][31m金融報告。\n" in result.stdout
    assert "\x1b" not in result.stdout


def run_on_terminal(report: Path, **env: str) -> str:
    pty = pytest.importorskip("pty")
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    leader, follower = pty.openpty()
    try:
        # The output is shorter than what a terminal holds back until it is read.
        subprocess.run(
            [*COMMAND, report],
            stdout=follower,
            cwd=ROOT,
            env={**kept, "TERM": "xterm-256color", **env},
            check=True,
        )
        return str(os.read(leader, 65536), "utf-8")
    finally:
        os.close(leader)
        os.close(follower)


def test_a_terminal_gets_colours_and_no_marks(report: Path) -> None:
    text = run_on_terminal(report)
    assert (
        "互聯\x1b[9;31m(lián)\x1b[0m網\x1b[9;31m(wǎng)\x1b[0m\x1b[9;31m\\x1b\x1b[0m[31m金" in text
    )
    assert "[-" not in text


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_without_colours_gets_marks(report: Path, env: dict[str, str]) -> None:
    text = run_on_terminal(report, **env)
    assert "網[-(wǎng)-]" in text
    assert "\x1b" not in text


def test_diff_and_json_exclude_each_other(report: Path) -> None:
    result = subprocess.run(
        [*COMMAND, "--json", report], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "--diff and --json exclude each other" in result.stderr
