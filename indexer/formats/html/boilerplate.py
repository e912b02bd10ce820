"""Which elements of a web page are around the report: menus, links elsewhere, comments, notices.

Whatever no rule here speaks against stays, since a line too many costs less than a line lost. The
rules look at what an element is (<nav>), what it is called (class="sidebar"), and whether it is
little but links; and spare whatever holds the better part of the page's running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from indexer.text.fold import fold_chars
from indexer.text.quantities import RECENT_YEAR_DIGITS

from .tree import Element, PageTree

# Elements and roles that are around by themselves; inside an article only those of the second set.
_LANDMARKS = frozenset(
    "nav header footer aside menu dialog form select button fieldset navigation banner contentinfo"
    " complementary search alertdialog menubar toolbar tablist".split()
)
_ALWAYS = frozenset("nav menu dialog select button navigation search alertdialog menubar".split())
_CONTENT = frozenset(("article", "main", "articleBody"))
# Words of which the names of classes and ids are made.
_NAMES = frozenset(
    "nav navbar navigation menu submenu topnav topbar toolbar breadcrumb breadcrumbs crumb crumbs"
    " sidebar footer foot copyright share sharing bdshare bdsharebuttonbox ad ads adv advert"
    " advertisement sponsor guanggao login signin register popup modal pagination pager qrcode"
    " erweima friendlink friendlinks subscribe newsletter feedback daohang mianbaoxie footernav"
    " leftnav rightnav leftmenu rightmenu topmenu mainnav".split()
)
# Those that a report's own parts may have too; believed of links and of short lines.
_MAYBE = frozenset(
    "social related relate recommend recommended recommendation recommendations tuijian hotnews"
    " hotlist ranking rank banner links weizhi header head top tags".split()
)
# What visitors write, and what is asked of them: running text that is not the report's.
_TALK = frozenset(
    "comment comments commentlist pinglun cookie cookies consent gdpr cmt disqus reply replies".split()
)
_SPOKEN = _NAMES | _MAYBE | _TALK
# What is never around by its name.
_FRAMES = frozenset("table h1 h2 h3 h4 h5 h6".split())
_NEVER = frozenset("body html h1 article main td tr table".split())
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_RELATED = re.compile(
    r"(?:更多|大家)?(?:相关|延伸|推荐|扩展|热门|最新|精彩|猜你|为你|为您|你可能|您可能|大家都|友情|本站|热点|今日)"
    r"(?:的)?(?:阅读|推荐|新闻|文章|文档|资讯|报道|链接|喜欢|感兴趣|关注|在看|在搜|下载|资料|内容|排行|搜索|专题|标签|导航)[^。]{0,6}"
    r"|(?:热门|点击|阅读)?排行榜?|关键[词字][::]?|标签[::]?|分享(?:到|至)?[::]?|上一[篇条]|下一[篇条]"
)
_MENU = re.compile(
    r"首页|设为首页|加入收藏|关于我们|联系我们|网站地图|友情链接|免责声明|隐私政策|登录|注册|返回顶部|打印本?页"
    r"|关闭窗口|上一[篇条页]|下一[篇条页]|收藏本站|客户端|无障碍|english|rss"
)
_BUTTON = re.compile(
    r"(?:点击)?(?:阅读|查看|展开)(?:原文|全文|更多)|打印本?页|关闭窗口|返回(?:顶部|列表|首页)"
)
# What no menu says: where a list of files or sources begins, and a sentence.
_TOLD = re.compile(r"^(?:附[件录表图::]|参考|注释|资料来源|数据来源)|[。;]$|。(?=[^。]{8})")
# When a report was published may stand in a line of the site's.
_DATE = re.compile(rf"{RECENT_YEAR_DIGITS}[-年/.]\d{{1,2}}[-月/.]\d")
_PLACE = re.compile(
    r"\W{0,3}(?:(?:您|你)?(?:现在)?(?:所在|的)*(?:当前)?(?:的)?位置|当前(?:所在)?(?:的)?(?:位置|页面))"
)
_LEGAL = re.compile(
    r"icp备|icp证|公网安备|copyright\s*(?:©|\(c\)|\d)|©\s*\d{4}|网站标识码"
    r"|(?:分享|转发)(?:到|至)[^。]{0,4}(?:微信|微博|朋友圈|qq)|(?:字号|字体)[::]\s*[\[【(]?\s*[大小]"
    r"|^\W*(?:上|下)一[篇条][::]"
)
# A report may say these of itself; below its text and beside it the site says them.
_BELOW = re.compile(r"版权所有|技术支持[::]|扫一扫|站长信箱")
_SHORT, _LONGEST_LEGAL, _LONGEST_PLACE = 20, 160, 120
_MAX_SIZE = 200
# Of what is called by such a name, and of running text, that may be the report after all.
_LARGE_SHARE = 0.25
_MAIN_SHARE = 0.85
_DENSE = 0.6


def mark_around(page: PageTree) -> None:
    """Sets `around` and `kept` of a page's elements, and takes `hidden` off where it cannot be."""
    elements = page.elements
    body = elements[0]
    _measure(elements)
    revealed = [e for e in elements if e.hidden and e.chars and e.chars * 2 >= body.chars]
    if revealed:  # shown by a script, as some sites show their articles
        for element in revealed:
            element.hidden = False
        _measure(elements)
    shown = [element for element in elements if not element.hidden]
    _by_name(shown, max(1, body.weight))
    main = _main(elements)
    _spare_notes(shown, main)
    _links(shown, main)
    _lines(shown, main)
    _related(shown)
    _keep_title(shown, page)
    left = _left(elements)
    if left < _SHORT and left * 3 < body.chars:
        for element in elements:
            element.around = False  # a page of nothing but links is a list of links


def _left(elements: list[Element]) -> int:
    """How much text is not around."""
    gone: set[int] = set()
    left = 0
    for element in elements:
        if not element.kept and (element.around or element.hidden or id(element.parent) in gone):
            gone.add(id(element))
        else:
            left += sum(ink(child) for child in element.children if isinstance(child, str))
    return left


def ink(text: str) -> int:
    """How many characters of a text are no white space."""
    return len("".join(text.split()))


def _measure(elements: list[Element]) -> None:
    """Sums of each element's own text and its children's, from the last element to the first."""
    in_link: set[int] = set()
    for element in elements:
        if (element.tag == "a" and "href" in element.attributes) or id(element.parent) in in_link:
            in_link.add(id(element))
    for element in reversed(elements):
        element.chars = element.linked = element.links = element.inward = 0
        element.weight = element.size = 0
        element.data = element.framed = False
        linked = id(element) in in_link
        for child in element.children:
            if isinstance(child, Element):
                if child.hidden:
                    continue
                element.linked += child.linked
                element.links += child.links
                element.inward += child.inward
                element.weight += child.weight
                element.chars += child.chars
                element.size += child.size + 1
                element.data |= child.data
                element.framed |= child.framed or child.tag in _FRAMES
            else:
                size = ink(child)
                element.chars += size
                element.linked += size if linked else 0
                told = size >= _SHORT or element.tag in ("td", "th", "h1")
                element.weight += size if told and not linked else 0
        if element.tag == "a" and linked and element.chars:
            element.links += 1
            element.inward += element.attributes.get("href", "").startswith("#")
        element.data |= element.tag in ("th", "caption")
    for element in elements:
        above = element.parent
        element.in_data = bool(above and above.in_data) or (element.tag == "table" and element.data)


def words_of(element: Element) -> set[str]:
    """The words that class and id are made of, in lower case."""
    named = f"{element.attributes.get('class', '')} {element.attributes.get('id', '')}"
    return {word.lower() for word in _WORD.findall(named)} | set(named.lower().split())


def _inside(element: Element) -> bool:
    """Whether an element stands in an article, so that its footer is the article's."""
    above = element.parent
    while above is not None:
        if above.tag in _CONTENT or above.attributes.get("itemprop") in _CONTENT:
            return True
        above = above.parent
    return False


def _by_name(shown: list[Element], weight: int) -> None:
    """What its tag, role, class or id says to be around."""
    for element in shown:
        parts = {element.tag, element.attributes.get("role", "")}
        landmark: Set[str] = parts & _LANDMARKS
        named = words_of(element) if element.attributes else set()
        if element.attributes.get("aria-hidden") == "true":
            landmark = _ALWAYS  # a window that opens over the page
        if not (landmark or named & _SPOKEN) or element.tag in _NEVER:
            continue
        share = element.weight / weight
        if share >= 0.5 or not element.chars:
            continue
        if landmark & _ALWAYS or named & _TALK:
            element.around = True
        elif not element.data:
            slight = element.linked >= _DENSE * element.chars or element.chars < 3 * _SHORT
            clear = bool(landmark or named & _NAMES) and share < _LARGE_SHARE
            # A form may be around a whole page, as in ASP.NET.
            by_name = bool(named & (_NAMES | _MAYBE)) and slight
            element.around = by_name or (clear and not _inside(element))


def _spare_notes(shown: list[Element], main: Element) -> None:
    """Notes in the midst of the text, as <aside> and <footer> are inside an article."""
    if main.tag in ("body", "html"):
        return
    inside = {id(main)}
    for element in shown:
        if id(element.parent) not in inside:
            continue
        inside.add(id(element))
        dense = element.linked >= _DENSE * element.chars
        if element.tag in ("aside", "footer", "header") and not dense:
            element.around &= bool(words_of(element) & _SPOKEN)


def _main(elements: list[Element]) -> Element:
    """The innermost element that holds nearly all of the text that is not around."""
    spent: dict[int, int] = {}
    for element in reversed(elements):
        left = 0 if element.around or element.hidden else spent.get(id(element), element.weight)
        if element.parent is not None and left != element.weight:
            above = element.parent
            spent[id(above)] = spent.get(id(above), above.weight) - (
                0 if element.hidden else element.weight - left
            )
    main = elements[0]
    total = spent.get(id(main), main.weight)
    going = True
    while going:
        going = False
        for child in main.children:
            if isinstance(child, Element) and not child.around and not child.hidden:
                left = spent.get(id(child), child.weight)
                if left and left >= _MAIN_SHARE * total:
                    main, going = child, True
                    break
    return main


def _links(shown: list[Element], main: Element) -> None:
    """Blocks of little but links: outside the main block, and above its first words."""
    holding = set(_above(main))
    is_content = main.tag in _CONTENT or any(e.tag in _CONTENT for e in _above(main))
    begun = False
    in_main: set[int] = set()
    for element in shown:
        if element is main or id(element.parent) in in_main:
            in_main.add(id(element))
        if element in holding or element is main or element.tag == "a":
            continue
        inside = id(element) in in_main
        begun = begun or (inside and (element.tag in ("h1", "h2") or _runs(element)))
        dense = element.chars > 0 and element.linked >= _DENSE * element.chars
        if not dense or element.in_data:
            continue
        if _is_small(element, _SHORT) and _BUTTON.fullmatch(_text(element)):
            element.around = True
        if element.links < 2 or (_is_small(element, 400) and _TOLD.search(_text(element))):
            continue
        menu = _is_small(element, 400) and bool(_MENU.search(_text(element).lower()))
        outside = not inside and element.links >= 3 and not element.data
        early = inside and not begun and not is_content and element.links >= 3
        contents = element.links >= 3 and element.inward == element.links
        if menu or outside or contents or (early and not element.data):
            element.around = True


def _runs(element: Element) -> bool:
    """Whether an element has running text of its own."""
    if element.tag == "a":
        return False
    own = "".join(child for child in element.children if isinstance(child, str)).strip()
    return ink(own) >= 2 * _SHORT or (ink(own) >= _SHORT and own[-1] in "。；：！？")


def _above(element: Element) -> Iterator[Element]:
    above = element.parent
    while above is not None:
        yield above
        above = above.parent


def _is_small(element: Element, chars: int) -> bool:
    """Whether an element has that little text, and little else to look through for it."""
    return 0 < element.chars <= chars and element.size <= _MAX_SIZE


def _text(element: Element) -> str:
    """The text of an element, folded and without white space; only for short ones."""
    pieces: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            pieces.append(piece)
        elif not piece.hidden:
            waiting += reversed(piece.children)
    return fold_chars("".join("".join(pieces).split()))


def _lines(shown: list[Element], main: Element) -> None:
    """Short lines that say where one is on the site, whose the site is, what comes next."""
    inside = {id(main)}
    last = 0
    for at, element in enumerate(shown):
        if id(element.parent) in inside:
            inside.add(id(element))
            last = at if not element.around and _runs(element) else last
    for at, element in enumerate(shown):
        if not _is_small(element, _LONGEST_LEGAL) or element.in_data:
            continue
        if element.tag in ("body", "html", "a", "h1") or element is main:
            continue
        text = _text(element).lower()
        if _PLACE.match(text) and element.chars <= _LONGEST_PLACE and element.links:
            element.around |= not _holds_heading(element)
        elif "。" not in text.rstrip("。") and not _DATE.search(text):
            below = at > last or id(element) not in inside
            legal = _LEGAL.search(text) or (below and _BELOW.search(text))
            element.around |= bool(legal) and not _holds_heading(element)


def _holds_heading(element: Element) -> bool:
    return any(isinstance(c, Element) and c.tag in ("h1", "h2", "h3") for c in element.children)


def _related(shown: list[Element]) -> None:
    """A short line that says 相关阅读, and the links below it."""
    places: dict[int, dict[int, int]] = {}
    for element in shown:
        if not _is_small(element, _SHORT) or element.around:
            continue
        if not _RELATED.fullmatch(_text(element)):
            continue
        head = element
        while head.parent is not None and head.parent.chars == head.chars:
            head = head.parent
        above = head.parent
        if above is None:
            continue
        rest = above.chars - head.chars
        if above.linked - head.linked >= _DENSE * rest and above.tag not in ("body", "td"):
            above.around = True
            continue
        if id(above) not in places:
            places[id(above)] = {id(child): at for at, child in enumerate(above.children)}
        at = places[id(above)][id(head)]
        for later in range(at + 1, len(above.children)):
            child = above.children[later]
            if isinstance(child, str):
                if child.strip():
                    break
                continue
            if child.chars and not (child.links and child.linked >= _DENSE * child.chars):
                break
            if child.chars:
                child.around = head.around = True


def _keep_title(shown: list[Element], page: PageTree) -> None:
    """The report's title may stand in what is around."""
    heads = [element for element in shown if element.tag == "h1" and element.chars]
    told = "".join(fold_chars(page.title + page.properties.get("og:title", "")).split())
    around = [e for e in heads if e.around or any(a.around for a in _above(e))]
    if len(around) < len(heads):
        return
    for element in around:
        if element.chars >= 4 and _text(element) in told and not element.links:
            element.kept = True
            element.around = False
