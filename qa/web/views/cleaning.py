"""What cleaning changed in a report, as the web page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from indexer.cleaning.diff import Hunk, Line, hunks, summarise
from indexer.cleaning.trail import Trail
from indexer.text.fold import script_of
from indexer.text.visible import visible
from indexer.types import Document

from .html import spans
from .labels import LABELS
from .messages import told_problem

# A browser shows so many places without delay; `yinju clean --diff` shows all.
_MOST_HUNKS = 300
# Removed lines in a row that are folded away, but for the first.
_FOLDED = 6
# Characters of unchanged text beside an edit.
_BESIDE = 40

# What a rule of cleaning is called on the page; in English by its own name.
RULE_NAMES: dict[str, dict[str, str]] = {
    "zh": {
        "around-report": "网页的导航等",
        "look-alike": "形似字",
        "page-wrap": "跨页断句",
        "repeated-header": "重复的表头",
        "blank-lines": "空行",
        "comment-box": "评论框",
        "copyright-line": "版权提示",
        "doubled-title": "重复的标题",
        "download-line": "下载提示",
        "gbk-out-of-step": "错位的 GBK 字节",
        "gloss": "假名或注音",
        "glued-title": "标题与小标题相连",
        "hard-wrap": "句中换行",
        "indent": "行首行尾空格",
        "invisible": "看不见的字符",
        "markdown": "Markdown 标记",
        "mojibake": "乱码",
        "newline": "换行符",
        "page-line": "页码行",
        "page-number": "页码",
        "pinyin": "拼音注音",
        "private-use": "私用区字符",
        "reading-progress": "阅读进度",
        "recurring-line": "反复出现的行",
        "related-documents": "相关文档列表",
        "running-line": "页眉页脚",
        "section-label": "网站的栏目名",
        "site-notices": "网站声明",
        "site-prompt": "登录、付费等提示",
        "soft-wrap": "段内换行",
        "spaced-out": "字间空格",
        "wide-space": "标点旁的空格",
    },
}


def trail_html(document: Document, trail: Trail, language: str) -> str:
    """The panel of sources: counts by rule, then each place with what was there and what is."""
    label = LABELS[language]
    found = [hunk for hunk in hunks(trail) if not hunk.end_only]
    script = script_of(trail.text[:2000])
    parts = [problems_html(document, language), rules_html(trail, language)]
    parts += [_hunk_html(hunk, language) for hunk in found[:_MOST_HUNKS]]
    if len(found) > _MOST_HUNKS:
        parts.append(_note(label["more_places"].format(n=len(found) - _MOST_HUNKS)))
    facts = [document.path, document.format, document.encoding or ""]
    return (
        f'<header class="place"><h2 lang="{script}">{escape(document.title)}</h2>'
        f'<p class="path">{label["trail"]}</p><p class="meta">{spans([f for f in facts if f])}</p>'
        f'<button type="button" class="close-trail">{label["close_trail"]}</button></header>'
        f'<div class="text trail" tabindex="0" role="region" aria-label="{label["trail"]}" '
        f'lang="{script}">{"".join(parts)}</div>'
    )


def problems_html(document: Document, language: str) -> str:
    """What could not be read of a report, a line each."""
    told = [told_problem(problem, language) for problem in document.problems]
    return "".join(f'<p class="note">{escape(one)}</p>' for one in told)


def _note(text: str) -> str:
    return f'<p class="meta">{escape(text)}</p>'


def rules_html(trail: Trail, language: str) -> str:
    """What each rule removed and inserted, as a table."""
    label = LABELS[language]
    summary = summarise(trail)
    if not summary.rules:
        return _note(label["unchanged"])
    told = label["cleaned"].format(
        raw=f"{summary.raw:,}",
        kept=f"{summary.kept:,}",
        removed=f"{summary.removed:,}",
        changed=f"{summary.changed:,}",
        added=f"{summary.added:,}",
    )
    heads = "".join(f'<th scope="col">{label[name]}</th>' for name in ("edits", "minus", "plus"))
    rows = "".join(
        f'<tr><th scope="row">{escape(rule_name(one.rule, language))}</th><td>{one.edits:,}</td>'
        f"<td>{one.removed:,}</td><td>{one.inserted:,}</td></tr>"
        for one in summary.rules
    )
    return (
        f'<p class="meta">{told}</p><table class="rules"><thead><tr>'
        f'<th scope="col">{label["rule"]}</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def rule_name(rule: str, language: str) -> str:
    """A rule's name in words; of an edit that several rules made, all of them.

    >>> rule_name("pinyin+page-line", "zh")
    '拼音注音、页码行'
    """
    names = RULE_NAMES.get(language, {})
    between = "、" if language == "zh" else ", "
    return between.join(names.get(one, one) for one in rule.split("+"))


def _hunk_html(hunk: Hunk, language: str) -> str:
    label = LABELS[language]
    first, last = hunk.lines[0].number, hunk.lines[-1].number
    place = label["line" if first == last else "lines"].format(a=first, b=last)
    rules = dict.fromkeys(rule_name(edit.rule, language) for edit in hunk.edits)
    lines = [_line_html(hunk.before)] if hunk.before else []
    for gone, group in groupby(hunk.lines, key=lambda line: line.gone):
        lines += _run_html(list(group), gone, label)
    if hunk.after:
        lines.append(_line_html(hunk.after))
    head = f"<h3>{place}<small>{escape('、'.join(rules))}</small></h3>"
    return f'<section class="hunk">{head}{"".join(lines)}</section>'


def _run_html(lines: Sequence[Line], gone: bool, label: dict[str, str]) -> Iterator[str]:
    """Lines, a long run of removed ones folded away; removed blank lines only where that is all."""
    lines = [line for line in lines if not gone or line.raw.strip()] or lines
    if not gone or len(lines) <= _FOLDED:
        yield from map(_line_html, lines)
        return
    yield _line_html(lines[0])
    rest = "".join(map(_line_html, lines[1:]))
    told = label["folded"].format(n=len(lines) - 1)
    yield f"<details><summary>{told}</summary>{rest}</details>"


def _line_html(line: Line) -> str:
    parts = list(line.parts)
    shown = []
    for at, part in enumerate(parts):
        text = part.text
        if part.kind == "kept":
            text = _beside(text.rstrip("\r\n"), at > 0, at < len(parts) - 1)
        elif line.gone:
            text = text.rstrip("\r\n") or text
        inner = escape(visible(text, part.kind))
        tag = {"removed": "del", "inserted": "ins"}.get(part.kind)
        shown.append(f"<{tag}>{inner}</{tag}>" if tag else inner)
    kind = "changed" if line.changed else "near"
    return f'<p class="{kind}"><i aria-hidden="true">{line.number}</i>{"".join(shown)}</p>'


def _beside(text: str, after: bool, before: bool) -> str:
    """Unchanged text: its end before an edit, its beginning behind one, both beside none."""
    if len(text) <= 2 * _BESIDE + 8:
        return text
    head = text[:_BESIDE] if after or not before else ""
    tail = text[-_BESIDE:] if before or not after else ""
    return f"{head} … {tail}"
