"""Text that sites and exports add to a report: prompts, page numbers, other documents, watermarks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from indexer.text.fold import fold_chars
from indexer.text.patterns import STARTS_HEADING

from .rule import RuleContext
from .trail import Change

# What stands behind an offset, line by line.
_NEXT_LINE = re.compile(r"\n([^\n]*)")
_PAGE_LINE = re.compile(r"^(?P<title>\S.{1,80}?)_第\d{1,4}页[ \t]*(?:\n|$)", re.MULTILINE)


def _match_page_lines(text: str) -> list[re.Match[str]]:
    """Return the page lines `…_第1頁` of an export: those whose title stands in two or more."""
    matches = list(_PAGE_LINE.finditer(fold_chars(text)))
    titles = Counter(match["title"] for match in matches)
    return [match for match in matches if titles[match["title"]] > 1]


def find_export_title(text: str) -> str | None:
    """Return the title in an export's page lines, as it is written there; None without such lines."""
    match = next(iter(_match_page_lines(text)), None)
    return text[match.start("title") : match.end("title")] if match else None


def find_page_lines(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove the page lines of an export."""
    return (Change(match.start(), match.end()) for match in _match_page_lines(text))


# The block with which a site ends a text: a heading, then numbered notices about files and uploads.
_NOTICE_HEAD = re.compile(r"^[ \t]*温馨提示[ \t]*[::]?[ \t]*$", re.MULTILINE)
_NOTICE_LINE = re.compile(r"[ \t]*(?:[•·*-][ \t]*)?\d{1,2}[.、)][ \t]*\S.*")
_NOTICE_WORDS = re.compile(r"本站|上传|下载|侵权|附件|软件|网站|用户|文库|版权|预览")
_NUMBER_OF_LINE = re.compile(r"\D*(\d+)")
# Only the site's comment form may stand below the notices.
_AFTER_NOTICES = re.compile(r"\s*(?:评论|\d+/\d+|(?:提交|发表)评论|\s)*\Z")


def find_notices(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove the heading 溫馨提示 and the notices below it, at the end of the text.

    Most of the notices must speak of files or the site. The block ends where their numbers stop
    counting up.
    """
    folded = fold_chars(text)
    for head in _NOTICE_HEAD.finditer(folded):
        end, notices, about_site = head.end(), 0, 0
        for line in _NEXT_LINE.finditer(folded, head.end()):
            content = line[1]
            if not content.strip():
                continue
            number = _NUMBER_OF_LINE.match(content)
            if not _NOTICE_LINE.fullmatch(content) or not number or int(number[1]) != notices + 1:
                break
            notices += 1
            about_site += bool(_NOTICE_WORDS.search(content))
            end = line.end()
        if notices >= 2 and about_site * 2 >= notices and _AFTER_NOTICES.match(folded, end):
            yield Change(head.start(), end)


# A prompt is a line of its own without a full stop. Each alternative is one kind of prompt.
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


def find_prompts(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove lines that ask to log in, to pay, to follow or to share."""
    return (Change(match.start(), match.end()) for match in _PROMPT.finditer(fold_chars(text)))


_PAGE_NUMBER = re.compile(
    r"^[ \t]*(?:第[ ]?(\d{1,4})[ ]?页(?:[,/ ]*共[ ]?\d{1,4}[ ]?页)?|[-–—·][ ]?(\d{1,4})[ ]?[-–—·]"
    r"|(\d{1,4})[ ]?/[ ]?\d{1,4}|page (\d{1,4})(?: of \d{1,4})?|(\d{1,4}))[ \t]*(?:\n|$)",
    re.MULTILINE | re.IGNORECASE,
)
# At least so many characters stand between two page numbers; fewer between numbers of a column.
_MIN_PAGE = 150


def find_page_numbers(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove lines of nothing but a page number: three or more of one form that count up by one."""
    forms: dict[int, list[re.Match[str]]] = {}
    for match in _PAGE_NUMBER.finditer(fold_chars(text)):
        forms.setdefault(match.lastindex or 0, []).append(match)
    for form, matches in forms.items():
        for run in _counting_runs(form, matches):
            if len(run) >= 3:
                yield from (Change(match.start(), match.end()) for match in run)


def _counting_runs(form: int, matches: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Yield runs of page numbers that stand a page apart and count up by one.

    Args:
        form: the group of `_PAGE_NUMBER` that has the number.
    """
    run = matches[:1]
    for before, match in pairwise(matches):
        counts_up = int(match[form]) == int(before[form]) + 1
        if not counts_up or match.start() - before.end() < _MIN_PAGE:
            yield run
            run = []
        run.append(match)
    yield run


_RELATED = re.compile(
    r"^[ \t]*(?:相关(?:文档|推荐|资料|文章|阅读|下载)(?:推荐)?|猜你(?:喜欢|想看)|为您推荐|热门(?:文档|推荐|下载)"
    r"|最新(?:文档|上传)|(?:您|你)可能(?:还)?(?:感兴趣|喜欢|关注)[^\n]{0,8}|大家(?:都|还)在看)[::]?[ \t]*$",
    re.MULTILINE,
)
# Words and figures in the title of another document, or in the line below it.
_TITLE_WORDS = re.compile(
    r"\.(?:docx?|pdf|pptx?|xlsx?|txt)\b|报告|论文|方案|总结|分析|研究|计划|规划|制度|模板|合同|范文|试题|课件"
    r"|\d+[ ]?(?:页|次下载|人阅读|次阅读|下载|阅读|浏览)|\d(?:\.\d)?[ ]?分"
)
# A list of other documents is no longer than so many lines, its lines than so many characters.
_MAX_RELATED, _MAX_RELATED_LINE = 20, 50


def find_related_documents(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove a list of other documents: its heading and the titles below, up to a sentence."""
    folded = fold_chars(text)
    done = 0
    for head in _RELATED.finditer(folded):
        if head.start() < done:  # a heading inside the list of another
            continue
        end, lines, titles = head.end(), 0, 0
        for match in _NEXT_LINE.finditer(folded, head.end()):
            line = match[1].strip()
            if not line:
                continue
            if len(line) > _MAX_RELATED_LINE or line[-1] in "。;:!?" or STARTS_HEADING.match(line):
                break
            is_title = bool(_TITLE_WORDS.search(line))
            lines += 1
            titles += is_title
            if lines > _MAX_RELATED:
                break
            if is_title:
                end = match.end()
        if titles >= 2:
            done = end
            yield Change(head.start(), end)


_WATERMARK = re.compile(
    r"文库|https?:|www\.|\.(?:com|cn|net)\b|水印|试读|预览|样稿|仅供(?:学习|参考|内部|个人|交流)|严禁|请勿(?:传播|转载|外传)|内部资料|资料网"
)
# Characters: of a recurring line at most, of a title that recurs at least.
_MAX_RECURRING, _MIN_TITLE = 60, 6


def find_recurring_lines(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove the title as a running header, and a site's mark, if they stand three times or more.

    The title's first line stays. A heading that each chapter has (现状, 建议) recurs as well; it is
    neither a title nor a mark.
    """
    folded = fold_chars(text)
    matches_of: dict[str, list[re.Match[str]]] = {}
    first = None
    for match in re.finditer(r"^[ \t]*(\S[^\n]*?)[ \t]*(?:\n|\Z)", folded, re.MULTILINE):
        first = first or match[1]
        if len(match[1]) <= _MAX_RECURRING and match[1][-1] not in "。;!?":
            matches_of.setdefault(match[1], []).append(match)
    for line, matches in matches_of.items():
        is_title = line == first and len(line) >= _MIN_TITLE
        if len(matches) >= 3 and (is_title or _WATERMARK.search(line)):
            yield from (Change(match.start(), match.end()) for match in matches[is_title:])


def find_doubled_title(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove the second line if it is the first line again."""
    match = re.match(r"\s*(\S[^\n]{3,80})\n\s*(\1[ \t]*(?:\n|$))", fold_chars(text))
    if match:
        yield Change(match.start(2), match.end(2))


# Ten characters or more, each with one space behind it, and one last; punctuation may be among them.
_SPACED = re.compile(
    r"(?<![^\n \u3400-\u9fff,。、;:])(?:[\u3400-\u9fff,。、;:()《》“”!?\d%] ){10,}[\u3400-\u9fff,。、;:()《》“”!?\d%]"
)


def find_spaced_out(text: str, context: RuleContext) -> Iterator[Change]:
    """Remove the spaces of text that has one between every two characters."""
    for match in _SPACED.finditer(fold_chars(text)):
        yield from (Change(at, at + 1) for at in range(match.start() + 1, match.end(), 2))
