"""The rules of cleaning, in their order: one entry a rule, with its reason and examples.

The tests try each example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.text.fold import fold_chars
from indexer.text.patterns import HEADING_START

from . import site
from .lookalikes import find_look_alikes
from .mojibake import find_mojibake, find_shifted_gbk
from .readings import find_kana_readings, find_pinyin_readings
from .rule import Rule, RuleContext, remove_pattern, replace_pattern, unwrap_pattern
from .running import find_page_wraps, find_repeated_headers, find_running_lines
from .trail import Change
from .wrapping import find_hard_wraps, find_soft_wraps, find_torn_lines


def _find_around(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove the spans that the file's format shows to be no part of the report."""
    return (Change(start, end) for start, end in context.around if start < end)


def _find_glued_title(text: str, context: RuleContext) -> Iterator[Change]:
    """Break a first line that is the title and, behind it, the first numbered heading."""
    folded = fold_chars(text)
    match = re.search(
        rf"^([^\n,。;:!?]{{4,60}}(?:报告|研究|分析|白皮书|指南|规划|综述|蓝皮书))(?={HEADING_START}\S)",
        folded,
        re.MULTILINE,
    )
    # Only at the start of the text: in running text 报告一、 may be a list of reports.
    if match and not folded[: match.start()].strip(" \n\t"):
        yield Change(match.end(), match.end(), "\n\n")


_WIDE_LINE = "在过去几年里市场规模保持了非常快速的增长势头并且还在继续增长之中呢"


RULES: tuple[Rule, ...] = (
    Rule(
        "around-report",
        "The file's own format shows what is no part of the report: a web page's menus and comments,"
        " a table of contents. First, since this rule goes by position and not by words.",
        _find_around,
    ),
    Rule(
        "mojibake",
        "Text was decoded with the wrong encoding; its bytes prove what it was. Early, since later"
        " rules would remove some of these bytes.",
        find_mojibake,
        (
            ("ä¸\xadå›½å¸‚åœº2020å¹´", "中国市场2020年"),
            ("ÖÐ¹úÊÐ³¡ÔÚ2020Äê", "中国市场在2020年"),
            ("甯傚満瑙勬ā鎵╁ぇ", "市场规模扩大"),
            ("Müller à Genève, naïve café", "Müller à Genève, naïve café"),
            ("锟斤拷烫烫烫", "锟斤拷烫烫烫"),
        ),
    ),
    Rule(
        "newline",
        "Files have line ends of other systems and form feeds; one kind keeps later rules simple.",
        replace_pattern(r"\r\n?|[\f\v\x85\u2028\u2029]", "\n"),
        (("甲\r\n乙\r丙", "甲\n乙\n丙"),),
    ),
    Rule(
        "invisible",
        "Zero-width, byte order and control characters break words that look whole.",
        replace_pattern(r"[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]+", ""),
        (("消\u200b费", "消费"), ("消\t费", "消\t费")),
    ),
    Rule(
        "look-alike",
        "A PDF's font gives a radical for the character that looks like it, and one sign for fi.",
        find_look_alikes,
        (("⼀个⾏业，⻓期", "一个行业，长期"), ("ﬁnance eﬀect", "finance effect"), ("①㎡", "①㎡")),
    ),
    Rule(
        "private-use",
        "These are characters of a site's own font, or Word's bullets; no other font shows them.",
        replace_pattern(r"[\ue000-\uf8ff\U000f0000-\U0010ffff]+", ""),
        (("消\ue123費", "消費"), ("\uf0b7 增長", " 增長")),
    ),
    Rule(
        "spaced-out",
        "A converter put a space behind every character.",
        site.find_spaced_out,
        (
            ("市 場 規 模 從 2 萬 億 元 增 長 至 今 。", "市場規模從2萬億元增長至今。"),
            ("甲 乙 丙 丁", "甲 乙 丙 丁"),
            (
                "企業 類型 收入 利潤 增速 人數 地區 年份 名次 備註",
                "企業 類型 收入 利潤 增速 人數 地區 年份 名次 備註",
            ),
        ),
    ),
    Rule(
        "gbk-out-of-step",
        "GBK bytes were read one byte late after a lost lead byte; jieba's dictionary proves it.",
        find_shifted_gbk,
        (
            ("增長趨勢??缇畴娚唐脚_通過提供跨境支付", "增長趨勢。跨境電商平臺通過提供跨境支付"),
            ("真的??我不知道_是的", "真的??我不知道_是的"),
        ),
    ),
    Rule(
        "pinyin",
        "A converter without a glyph for a character wrote its reading behind it.",
        find_pinyin_readings,
        (
            ("互聯(lián)網(wǎng)", "互聯網"),
            ("搜索引擎優(yōu)化(SEO)", "搜索引擎優化(SEO)"),
            ("本公司(lián)", "本公司(lián)"),
            ("重(zhòng)要與重(chóng)複", "重(zhòng)要與重(chóng)複"),
        ),
    ),
    Rule(
        "gloss",
        "A program put the reading in kana or bopomofo behind each hard word.",
        find_kana_readings,
        (
            (
                "報告(ほうこく)的結論(けつろん)指出市場(しじょう)在成長(せいちょう)，成本(せいほん)與價格(かかく)下降。",
                "報告的結論指出市場在成長，成本與價格下降。",
            ),
            ("股市(ㄍㄨˇ ㄕˋ)" * 6, "股市" * 6),
            ("位於日向(ひゅうが)的工廠", "位於日向(ひゅうが)的工廠"),
        ),
    ),
    Rule(
        "page-line",
        "An export repeats the title with a page number for each page.",
        site.find_page_lines,
        (("某報告_第1頁\n某報告_第2頁\n正文", "正文"), ("見該書_第2頁", "見該書_第2頁")),
    ),
    Rule(
        "reading-progress",
        "The site's reader shows how many pages were read.",
        remove_pattern(r"^[ \t]*已阅读\d+页[,,]?\s*还剩\d+页未读.*(?:\n|$)"),
        (("已閱讀5頁,還剩8頁未讀, 繼續免費閱讀\n正文", "正文"),),
    ),
    Rule(
        "download-line",
        "A button of the site.",
        remove_pattern(
            r"^[ \t]*(?:(?:点击|免费|立即)?下载(?:本文档|本文|文档|全文)|(?:继续)?免费阅读(?:全文)?"
            r"|(?:点击)?(?:展开|加载|阅读)(?:全文|更多)|收藏本文档?"
            r"|(?:登录|注册)后(?:可|即可)?(?:免费)?下载(?:本文档|全文|文档)?)[ \t]*(?:\n|$)"
        ),
        (
            ("下載本文檔\n正文", "正文"),
            ("登錄後下載速度提高了。", "登錄後下載速度提高了。"),
            ("下載本文檔的用戶增長。", "下載本文檔的用戶增長。"),
        ),
    ),
    Rule(
        "copyright-line",
        "The site's notice about the upload, not a sentence of the report.",
        remove_pattern(
            r"^[ \t]*版权(?:说明|声明)[::][^\n]*(?:上传|举报|认领|归属|收益)[^\n]*(?:\n|$)"
        ),
        (
            ("版權說明:本文檔由用戶上傳,若有侵權,請舉報\n正文", "正文"),
            ("1.版權說明:圖書須註明來源。", "1.版權說明:圖書須註明來源。"),
        ),
    ),
    Rule(
        "section-label",
        "The site's label above the text.",
        remove_pattern(r"^[ \t]*文档(?:简介|描述|介绍)[ \t]*(?:\n|$)"),
        (("文檔簡介\n正文", "正文"), ("文檔簡介如下", "文檔簡介如下")),
    ),
    Rule(
        "site-notices",
        "The site's closing block of numbered notices.",
        site.find_notices,
        (
            (
                "正文\n溫馨提示\n\n • 1. 本站資源需要軟件。\n • 2. 文件歸上傳用戶所有。\n",
                "正文\n\n",
            ),
            ("溫馨提示\n1.多喝水。\n2.早睡。", "溫馨提示\n1.多喝水。\n2.早睡。"),
        ),
    ),
    Rule(
        "comment-box",
        "The site's comment form.",
        remove_pattern(
            r"^[ \t]*(?:评论[ \t]*\n\s*)?\d{1,4}/\d{2,4}[ \t]*\n\s*(?:提交|发表)评论[ \t]*(?:\n|$)"
            r"|^[ \t]*(?:提交|发表)评论[ \t]*(?:\n|$)"
        ),
        (
            ("正文\n評論\n\n0/150\n\n提交評論", "正文\n"),
            ("評論認為,此舉有效。", "評論認為,此舉有效。"),
        ),
    ),
    Rule(
        "site-prompt",
        "A site asks to log in, to pay, to follow or to share.",
        site.find_prompts,
        (
            ("登錄後查看全文\n正文", "正文"),
            ("開通VIP免費下載\n正文", "正文"),
            ("掃碼關注公眾號\n正文", "正文"),
            ("收藏 分享 舉報\n正文", "正文"),
            ("【廣告】買保險,上某某網\n正文", "正文"),
            ("會員收入增長,登錄後下載的用戶減少。", "會員收入增長,登錄後下載的用戶減少。"),
            ("1.會員免費下載", "1.會員免費下載"),
            ("更多企業開始關注海外市場。", "更多企業開始關注海外市場。"),
        ),
    ),
    Rule(
        "related-documents",
        "A site lists other documents beside or below the text.",
        site.find_related_documents,
        (
            ("正文。\n相關文檔推薦\n某行業分析報告.doc\n年度總結.pdf\n", "正文。\n\n"),
            (
                "相關推薦\n第一,加強監管。\n第二,完善制度。",
                "相關推薦\n第一,加強監管。\n第二,完善制度。",
            ),
        ),
    ),
    Rule(
        "recurring-line",
        "The title as a running header, or a site's mark, stands on every page.",
        site.find_recurring_lines,
        (
            (
                "某某行業報告\n甲。\n某某行業報告\n乙。\n某某行業報告\n丙。",
                "某某行業報告\n甲。\n乙。\n丙。",
            ),
            ("甲。\n某某文庫\n乙。\n某某文庫\n丙。\n某某文庫\n", "甲。\n乙。\n丙。\n"),
            (
                "報告\n現狀\n甲。\n現狀\n乙。\n現狀\n丙。",
                "報告\n現狀\n甲。\n現狀\n乙。\n現狀\n丙。",
            ),
        ),
        formats=frozenset({"txt", "html", "docx"}),
    ),
    Rule(
        "running-line",
        "A page's header, footer and number recur on every page.",
        find_running_lines,
        formats=frozenset({"pdf", "image"}),
    ),
    Rule(
        "page-number",
        "A line of nothing but the number of the page.",
        site.find_page_numbers,
        (
            (
                "\n".join(f"{'市場持續擴大,' * 30}\n第{n}頁 共3頁" for n in (1, 2, 3)),
                "\n".join([f"{'市場持續擴大,' * 30}"] * 3) + "\n",
            ),
            ("1\n2\n3\n4", "1\n2\n3\n4"),
        ),
    ),
    Rule(
        "doubled-title",
        "The title of a web page and the title of the document are the same.",
        site.find_doubled_title,
        (("某行業報告\n某行業報告\n一、前言", "某行業報告\n一、前言"),),
    ),
    Rule(
        "repeated-header",
        "A table that continues on the next page has its header row there again.",
        find_repeated_headers,
        formats=frozenset({"pdf", "image"}),
    ),
    Rule(
        "page-wrap",
        "A page ends inside a sentence.",
        find_page_wraps,
        formats=frozenset({"pdf", "image"}),
    ),
    Rule(
        "hard-wrap",
        "A text file wrapped at a page's width breaks lines inside sentences.",
        find_hard_wraps,
        (
            (f"{_WIDE_LINE}\n" * 6 + "结束。\n另一段。", _WIDE_LINE * 6 + "结束。\n另一段。"),
            ("企業 類型 收入\n甲 乙 3", "企業 類型 收入\n甲 乙 3"),
        ),
        formats=frozenset({"txt"}),
    ),
    Rule(
        "torn-line",
        "A crawler or a PDF broke a line inside a sentence or a number. After the rules that know"
        " pages and widths: what is left is judged line by line.",
        find_torn_lines,
        (
            ("今年发展的\n主要目标\n是:增长5%。", "今年发展的主要目标是:增长5%。"),
            ("投资2\n975万元", "投资2\n975万元"),
            ("工程开工,完成80.\n8%,历时3\n个月。", "工程开工,完成80.8%,历时3个月。"),
            ("降低成本,提高效率\n优化流程", "降低成本,提高效率\n优化流程"),
            ("投资额,50,000\n40,000", "投资额,50,000\n40,000"),
            ("总投资36亿元,\n1.工程概况", "总投资36亿元,\n1.工程概况"),
        ),
        frozenset({"txt", "pdf", "image", "html", "docx"}),
    ),
    Rule(
        "soft-wrap",
        "In Markdown, lines without a blank line between them are one paragraph.",
        find_soft_wraps,
        (
            ("华东地区占了百分之\n三十五。\n\n另一段。", "华东地区占了百分之三十五。\n\n另一段。"),
            ("- 降低\n  成本。\n- 提高质量。", "- 降低成本。\n- 提高质量。"),
            ("# 标题\n正文\n| 甲 |\n```\n甲\n乙\n```", "# 标题\n正文\n| 甲 |\n```\n甲\n乙\n```"),
        ),
        frozenset({"md"}),
    ),
    Rule(
        "wide-space",
        "A PDF's text has a space where full-width punctuation left a gap.",
        replace_pattern(r"(?<=[，。；：、！？）》」”])[ \t]+(?=\S)", ""),
        (("甲， 乙", "甲，乙"), ("a, b", "a, b")),
        frozenset({"pdf", "image"}),
    ),
    Rule(
        "glued-title",
        "The title and the first heading stand on one line.",
        _find_glued_title,
        (
            ("中國某行業報告一、前言\n\n正文", "中國某行業報告\n\n一、前言\n\n正文"),
            ("正文。\n見報告一、報告二", "正文。\n見報告一、報告二"),
        ),
    ),
    Rule(
        "markdown",
        "Emphasis, links and code marks are not words of the report.",
        unwrap_pattern(
            # The lengths are bounded, so that a long line of opening marks takes no more time than
            # any other line.
            r"(?<!\*)\*\*(?=\S)([^*\n]{1,300}?)(?<=\S)\*\*|(?<![\w`])`([^`\n]{1,300})`"
            r"|(?<!!)\[([^\[\]\n]{1,300})\]\([^)\n]{1,500}\)",
        ),
        (("**增长**20%", "增长20%"), ("见[说明](a.html)。", "见说明。"), ("2*3*4", "2*3*4")),
        frozenset({"md"}),
    ),
    Rule(
        "indent",
        "Spaces at the ends of a line, ideographic spaces included, are layout.",
        replace_pattern(r"^[ \t\u3000\xa0]+(?=\S)|(?<![ \t\u3000\xa0])[ \t\u3000\xa0]+$", ""),
        (("　　近年來\n甲 乙 ", "近年來\n甲 乙"),),
        frozenset({"txt", "html", "docx", "pdf", "image"}),
    ),
    Rule(
        "blank-lines",
        "Removed lines leave gaps; one blank line separates paragraphs.",
        replace_pattern(r"\A\n+|(?<=\n\n)\n+|\n+\Z", ""),
        (("\n甲\n\n\n\n乙\n\n", "甲\n\n乙"),),
    ),
)
