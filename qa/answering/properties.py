"""Questions about a report itself: who wrote it, when it was published, by whom.

What is known of a report (`indexer.structure.about`) answers them with the line that says so.
"""

from __future__ import annotations

import re

from indexer.store.catalogue import Catalogue
from indexer.text.segment import Segmenter
from indexer.types import Document, Passage, Span
from qa.confidence.estimate import to_probability

from .quoting import Draft, Quote

_TOLD = "发布|公布|印发|发表|出版|撰写|编写|编制|写"
_WHEN = "什么时候|什么时间|何时|哪一?天|哪一?日|哪一?年|几月几[号日]|几号"
_ASKED = {
    "author": re.compile(r"作者|(?:是|由)?谁(?:来)?(?:撰写|执笔|写)|执笔人|撰稿人|撰写人"),
    "date": re.compile(
        rf"(?:{_TOLD})的?(?:时间|日期)|(?:{_WHEN})(?:{_TOLD})|(?:{_TOLD})[于是在的]*(?:{_WHEN})"
    ),
    "organisation": re.compile(
        rf"(?:{_TOLD})(?:机构|单位)|(?:哪个|哪家|哪些|什么|谁)(?:机构|单位|公司|部门)?(?:{_TOLD})"
    ),
}
# What a report is called, and what else such a question may have.
_SELF = re.compile(
    r"[这该本那]?[份篇个]?(?:报告|文件|文章|研报|纪要|公告|文档|日报|公报|白皮书|年报|材料|全文)|"
    r"请问|[的是由在于有谁呢吗了?]|哪位|哪些人|什么人|多少|何人"
)
# The log-odds that the line answers: it is found by its label.
_ODDS = 3.0


def tell_property(
    question: str, document: Document, catalogue: Catalogue, segmenter: Segmenter
) -> Draft | None:
    """Return the line of a report that answers a question about the report itself, if it is one.

    Args:
        question: folded, without the name of the report.
    """
    for name, asked in _ASKED.items():
        found = asked.search(question)
        if not found:
            continue
        rest = _SELF.sub("", question[: found.start()] + " " + question[found.end() :])
        known = next((p for p in document.about if p.name == name and p.end), None)
        if known is None or segmenter.content_words(rest):
            return None
        text = catalogue.trail(document.id).text
        start = text.rfind("\n", 0, known.start) + 1
        end = text.find("\n", known.end)
        span = Span(start, len(text) if end < 0 else end)
        passage = Passage(
            -1, document.id, span.start, span.end, "paragraph", (), text[span.start : span.end]
        )
        sure = {"base": _ODDS}
        return Draft(
            (Quote(passage, span, 0.0),), None, False,
            contributions=sure, confidence=to_probability(sure),
        )  # fmt: skip
    return None
