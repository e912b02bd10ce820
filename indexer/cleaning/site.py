"""What sites put around the text of a report: prompts, page numbers, other documents, watermarks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from indexer.text.fold import fold_chars
from indexer.text.patterns import HEADING_START

from .trail import Change
from .wrapping import Context

_PAGE_LINE = re.compile(r"^(?P<title>\S.{1,80}?)_第\d{1,4}页[ \t]*(?:\n|$)", re.MULTILINE)


def _export_lines(text: str) -> list[re.Match[str]]:
    """Page lines of an export: the same title with two page numbers or more."""
    matches = list(_PAGE_LINE.finditer(fold_chars(text)))
    titles = Counter(match["title"] for match in matches)
    return [match for match in matches if titles[match["title"]] > 1]


def export_title(text: str) -> str | None:
    """The title that an export's page lines (`…_第1頁`) carry, in the report's own script."""
    match = next(iter(_export_lines(text)), None)
    return text[match.start("title") : match.end("title")] if match else None


def page_lines(text: str, context: Context) -> Iterator[Change]:
    """The page lines of an export."""
    return (Change(match.start(), match.end()) for match in _export_lines(text))


# A site's closing block: the heading line, then numbered notices about files and uploads.
_NOTICE_HEAD = re.compile(r"^[ \t]*温馨提示[ \t]*[::]?[ \t]*$", re.MULTILINE)
_NOTICE_LINE = re.compile(r"[ \t]*(?:[•·*-][ \t]*)?\d{1,2}[.、)][ \t]*\S.*")
_NOTICE_WORDS = re.compile(r"本站|上传|下载|侵权|附件|软件|网站|用户|文库|版权|预览")


_NUMBER_OF_LINE = re.compile(r"\D*(\d+)")
# What may stand below the notices: nothing, or the site's comment form.
_AFTER_NOTICES = re.compile(r"\s*(?:评论|\d+/\d+|(?:提交|发表)评论|\s)*\Z")


def site_notices(text: str, context: Context) -> Iterator[Change]:
    """From 溫馨提示 over the notices below it, at the end of the text.

    Only where most of them speak of files and site, and no further than their numbers go on.
    """
    folded = fold_chars(text)
    for head in _NOTICE_HEAD.finditer(folded):
        end, notices, site = head.end(), 0, 0
        for line in re.compile(r"\n([^\n]*)").finditer(folded, head.end()):
            content = line.group(1)
            if not content.strip():
                continue
            number = _NUMBER_OF_LINE.match(content)
            if not _NOTICE_LINE.fullmatch(content) or not number or int(number[1]) != notices + 1:
                break
            notices += 1
            site += bool(_NOTICE_WORDS.search(content))
            end = line.end()
        if notices >= 2 and site * 2 >= notices and _AFTER_NOTICES.match(folded, end):
            yield Change(head.start(), end)


# A prompt is a line of its own without a full stop; each alternative is one kind of prompt.
_PROMPT = re.compile(
    r"^[ \t>»【\[(]*(?:"
    r"(?:请|立即|马上|您需要)?先?(?:登录|登陆|注册)(?:/?(?:登录|注册))?(?:账号|帐号)?(?:后|即可|才能|以)?"
    r"[^。,\n]{0,8}(?:查看|阅读|下载|浏览|继续|预览|复制)[^。,\n]{0,12}"
    r"|(?:开通|成为|续费|加入|升级)?(?:vip|会员)[^。,\n]{0,8}(?:下载|免费|特权|专享|折扣?|免券)[^。,\n]{0,12}"
    r"|(?:立即|马上|点击|免费|限时)(?:领取|领|兑换)[^。,\n]{0,6}(?:下载券|优惠券|代金券|积分|财富值|红包)"
    r"|(?:领取|消耗|需要|使用|赠送|剩余|获得)[ ]?\d+[ ]?[个张]?(?:下载券|优惠券|代金券|积分|财富值)(?:下载|查看)?"
    r"|(?:微信|手机)?(?:扫码|扫一扫|扫描|长按|识别)[^。\n]{0,8}(?:二维码|小程序|关注)[^。\n]{0,16}"
    r"|(?:欢迎|敬请|请)(?:关注|搜索|添加)[^。\n]{0,8}公众号[^。\n]{0,24}|微信(?:公众)?号[::][^。\n]{0,24}"
    r"|(?:关注|搜索)(?:微信)?公众号[::,][^。\n]{0,24}"
    r"|(?:获取|查看|阅读|下载)?更多(?:精彩)?(?:资料|内容|文档|信息|报告|资讯|详情|干货|下载)[^。\n]{0,8}"
    r"(?:请|尽在|就上)(?:关注|访问|登录|搜索|下载|点击)?[^。\n]{0,24}"
    r"|(?:广告|推广|赞助商链接)[\])】](?:[^\n]{0,60})"
    r"|(?:点赞|收藏|分享|打印|举报|纠错|转存|投诉)(?:[ \t|·/]+(?:点赞|收藏|分享|打印|举报|纠错|转存|投诉|\d+))+"
    r"|(?:正在|页面)?加载中[^。\n]{0,6}|(?:展开|收起)(?:全部|全文|更多)|(?:返回|回到)顶部|(?:上一篇|下一篇)[::][^。\n]{0,40}"
    r"|(?:本文档?|该文档|文档|资料)由?[^。\n]{0,12}(?:文库|网站?|用户|会员)[^。\n]{0,8}(?:整理|上传|提供|收集|分享)[^。\n]{0,12}"
    r")[ \t】\])…>»!]*(?:\n|$)",
    re.MULTILINE | re.IGNORECASE,
)


def prompts(text: str, context: Context) -> Iterator[Change]:
    """Lines that ask to log in, to pay, to follow or to share."""
    return (Change(m.start(), m.end()) for m in _PROMPT.finditer(fold_chars(text)))


_PAGE_NUMBER = re.compile(
    r"^[ \t]*(?:第[ ]?(\d{1,4})[ ]?页(?:[,/ ]*共[ ]?\d{1,4}[ ]?页)?|[-–—·][ ]?(\d{1,4})[ ]?[-–—·]"
    r"|(\d{1,4})[ ]?/[ ]?\d{1,4}|page (\d{1,4})(?: of \d{1,4})?|(\d{1,4}))[ \t]*(?:\n|$)",
    re.MULTILINE | re.IGNORECASE,
)
# Page numbers stand this far from one another; those of a column of a table stand close.
_PAGE = 150


def page_numbers(text: str, context: Context) -> Iterator[Change]:
    """Lines of nothing but a page number: three or more of one form that count up by one."""
    forms: dict[int, list[re.Match[str]]] = {}
    for match in _PAGE_NUMBER.finditer(fold_chars(text)):
        forms.setdefault(match.lastindex or 0, []).append(match)
    for form, found in forms.items():
        for run in _counting(form, found):
            if len(run) >= 3:
                yield from (Change(match.start(), match.end()) for match in run)


def _counting(form: int, found: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Runs of lines that stand a page apart and count up by one."""
    run = found[:1]
    for before, match in pairwise(found):
        follows = int(match[form]) == int(before[form]) + 1
        if not follows or match.start() - before.end() < _PAGE:
            yield run
            run = []
        run.append(match)
    yield run


_RELATED = re.compile(
    r"^[ \t]*(?:相关(?:文档|推荐|资料|文章|阅读|下载)(?:推荐)?|猜你(?:喜欢|想看)|为您推荐|热门(?:文档|推荐|下载)"
    r"|最新(?:文档|上传)|(?:您|你)可能(?:还)?(?:感兴趣|喜欢|关注)[^\n]{0,8}|大家(?:都|还)在看)[::]?[ \t]*$",
    re.MULTILINE,
)
# What the title of another document has, or the line below it.
_TITLE_WORDS = re.compile(
    r"\.(?:docx?|pdf|pptx?|xlsx?|txt)\b|报告|论文|方案|总结|分析|研究|计划|规划|制度|模板|合同|范文|试题|课件"
    r"|\d+[ ]?(?:页|次下载|人阅读|次阅读|下载|阅读|浏览)|\d(?:\.\d)?[ ]?分"
)
_MOST_RELATED = 20


def related_documents(text: str, context: Context) -> Iterator[Change]:
    """A block that lists other documents: its heading and the titles below, up to a sentence."""
    folded = fold_chars(text)
    done = 0
    for head in _RELATED.finditer(folded):
        if head.start() < done:  # a heading within the list of another
            continue
        end, titles, named = head.end(), 0, 0
        for line in re.compile(r"\n([^\n]*)").finditer(folded, head.end()):
            told = line[1].strip()
            if not told:
                continue
            if len(told) > 50 or told[-1] in "。;:!?" or re.match(rf"{HEADING_START}.*", told):
                break
            titles += 1
            named += bool(_TITLE_WORDS.search(told))
            if titles > _MOST_RELATED:
                break
            if _TITLE_WORDS.search(told):
                end = line.end()
        if named >= 2:
            done = end
            yield Change(head.start(), end)


_WATERMARK = re.compile(
    r"文库|https?:|www\.|\.(?:com|cn|net)\b|水印|试读|预览|样稿|仅供(?:学习|参考|内部|个人|交流)|严禁|请勿(?:传播|转载|外传)|内部资料|资料网"
)
_LONGEST_MARK, _LEAST_TITLE = 60, 6


def recurring_lines(text: str, context: Context) -> Iterator[Change]:
    """The title as a running header, and a site's mark: lines that stand three times or more.

    A heading that each chapter has (现状, 建议) recurs as well; it is neither.
    """
    folded = fold_chars(text)
    places: dict[str, list[re.Match[str]]] = {}
    first = None
    for match in re.finditer(r"^[ \t]*(\S[^\n]*?)[ \t]*(?:\n|\Z)", folded, re.MULTILINE):
        first = first or match[1]
        if len(match[1]) <= _LONGEST_MARK and match[1][-1] not in "。;!?":
            places.setdefault(match[1], []).append(match)
    for line, found in places.items():
        is_title = line == first and len(line) >= _LEAST_TITLE
        if len(found) >= 3 and (is_title or _WATERMARK.search(line)):
            yield from (Change(m.start(), m.end()) for m in found[is_title:])


def doubled_title(text: str, context: Context) -> Iterator[Change]:
    """The first line once more below itself."""
    match = re.match(r"\s*(\S[^\n]{3,80})\n\s*(\1[ \t]*(?:\n|$))", fold_chars(text))
    if match:
        yield Change(match.start(2), match.end(2))


# Ten characters in a row, each with one space behind it; punctuation may stand among them.
_SPACED = re.compile(
    r"(?<![^\n \u3400-\u9fff,。、;:])(?:[\u3400-\u9fff,。、;:()《》“”!?\d%] ){10,}[\u3400-\u9fff,。、;:()《》“”!?\d%]"
)


def spaced_out(text: str, context: Context) -> Iterator[Change]:
    """Spaces between every two characters."""
    for match in _SPACED.finditer(fold_chars(text)):
        yield from (Change(at, at + 1) for at in range(match.start() + 1, match.end(), 2))
