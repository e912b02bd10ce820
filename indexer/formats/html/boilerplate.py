"""Find the boilerplate of a web page: menus, links to other pages, comments, notices of the site.

An element stays unless a rule speaks against it, since a line too many costs less than a lost line.
The rules look at an element's tag (<nav>), its class and id (class="sidebar"), and its share of
links. They spare elements that contain most of the page's running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from indexer.text.fold import fold_chars
from indexer.text.quantities import RECENT_YEAR_DIGITS

from .tree import Element, PageTree

# Tags and roles of boilerplate; inside an article only those of the second set.
_LANDMARKS = frozenset(
    "nav header footer aside menu dialog form select button fieldset navigation banner contentinfo"
    " complementary search alertdialog menubar toolbar tablist".split()
)
_ALWAYS = frozenset("nav menu dialog select button navigation search alertdialog menubar".split())
_CONTENT = frozenset(("article", "main", "articleBody"))
# Words in the names of classes and ids that stand for boilerplate.
_CLEAR_NAMES = frozenset(
    "nav navbar navigation menu submenu topnav topbar toolbar breadcrumb breadcrumbs crumb crumbs"
    " sidebar footer foot copyright share sharing bdshare bdsharebuttonbox ad ads adv advert"
    " advertisement sponsor guanggao login signin register popup modal pagination pager qrcode"
    " erweima friendlink friendlinks subscribe newsletter feedback daohang mianbaoxie footernav"
    " leftnav rightnav leftmenu rightmenu topmenu mainnav".split()
)
# Words that parts of a report may have too; they count for links and for short lines only.
_AMBIGUOUS_NAMES = frozenset(
    "social related relate recommend recommended recommendation recommendations tuijian hotnews"
    " hotlist ranking rank banner links weizhi header head top tags".split()
)
# Words for what visitors write and what they are asked: running text that is not the report's.
_VISITOR_NAMES = frozenset(
    "comment comments commentlist pinglun cookie cookies consent gdpr cmt disqus reply replies".split()
)
_BOILERPLATE_NAMES = _CLEAR_NAMES | _AMBIGUOUS_NAMES | _VISITOR_NAMES
_STRUCTURE = frozenset("table h1 h2 h3 h4 h5 h6".split())
# Elements that are never boilerplate because of their name.
_NEVER_BY_NAME = frozenset("body html h1 article main td tr table".split())
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
# What no menu has: the beginning of a list of attachments or sources, and a sentence.
_NO_MENU = re.compile(r"^(?:附[件录表图::]|参考|注释|资料来源|数据来源)|[。;]$|。(?=[^。]{8})")
# A line with a date stays: it may say when the report was published.
_DATE = re.compile(rf"{RECENT_YEAR_DIGITS}[-年/.]\d{{1,2}}[-月/.]\d")
_BREADCRUMB = re.compile(
    r"\W{0,3}(?:(?:您|你)?(?:现在)?(?:所在|的)*(?:当前)?(?:的)?位置|当前(?:所在)?(?:的)?(?:位置|页面))"
)
_SITE_NOTICE = re.compile(
    r"icp备|icp证|公网安备|copyright\s*(?:©|\(c\)|\d)|©\s*\d{4}|网站标识码"
    r"|(?:分享|转发)(?:到|至)[^。]{0,4}(?:微信|微博|朋友圈|qq)|(?:字号|字体)[::]\s*[\[【(]?\s*[大小]"
    r"|^\W*(?:上|下)一[篇条][::]"
)
# A report may contain these too; below its text or outside of it they are the site's.
_SITE_NOTICE_BELOW = re.compile(r"版权所有|技术支持[::]|扫一扫|站长信箱")
# In characters without white space.
_SHORT_TEXT, _MAX_NOTICE, _MAX_BREADCRUMB = 20, 160, 120
_MAX_DESCENDANTS = 200
# An element with this share of the page's running text is no boilerplate because of its name.
_LARGE_SHARE = 0.25
# The main element contains at least this share of the running text outside of boilerplate.
_MAIN_SHARE = 0.85
# A block of links has at least this share of its text in links.
_LINK_DENSITY = 0.6


def mark_boilerplate(page: PageTree) -> None:
    """Set `boilerplate` and `keep` of a page's elements.

    `hidden` is cleared for an element with half of the page's text or more: a script shows it.
    """
    elements = page.elements
    body = elements[0]
    _measure(elements)
    revealed = [e for e in elements if e.hidden and e.chars and e.chars * 2 >= body.chars]
    if revealed:  # some sites show their articles by a script
        for element in revealed:
            element.hidden = False
        _measure(elements)
    visible = [element for element in elements if not element.hidden]
    _mark_by_name(visible, max(1, body.text_weight))
    main = _find_main(elements)
    _keep_notes(visible, main)
    _mark_link_blocks(visible, main)
    _mark_site_lines(visible, main)
    _mark_related(visible)
    _keep_title(visible, page)
    remaining = _count_remaining(elements)
    if remaining < _SHORT_TEXT and remaining * 3 < body.chars:
        for element in elements:
            element.boilerplate = False  # a page of nothing but links is a list of links


def _count_remaining(elements: list[Element]) -> int:
    """Return how many characters are left outside of boilerplate."""
    gone: set[int] = set()
    remaining = 0
    for element in elements:
        if not element.keep and (
            element.boilerplate or element.hidden or id(element.parent) in gone
        ):
            gone.add(id(element))
        else:
            remaining += sum(
                count_visible_chars(child) for child in element.children if isinstance(child, str)
            )
    return remaining


def count_visible_chars(text: str) -> int:
    """Return how many characters of a text are no white space."""
    return len("".join(text.split()))


def _measure(elements: list[Element]) -> None:
    """Set the counts of each element: those of its own text plus those of its children."""
    in_link: set[int] = set()
    for element in elements:
        if (element.tag == "a" and "href" in element.attributes) or id(element.parent) in in_link:
            in_link.add(id(element))
    for element in reversed(elements):
        element.chars = element.link_chars = element.link_count = element.inner_links = 0
        element.text_weight = element.descendants = 0
        element.has_data_table = element.has_structure = False
        in_a_link = id(element) in in_link
        for child in element.children:
            if isinstance(child, Element):
                if child.hidden:
                    continue
                element.link_chars += child.link_chars
                element.link_count += child.link_count
                element.inner_links += child.inner_links
                element.text_weight += child.text_weight
                element.chars += child.chars
                element.descendants += child.descendants + 1
                element.has_data_table |= child.has_data_table
                element.has_structure |= child.has_structure or child.tag in _STRUCTURE
            else:
                size = count_visible_chars(child)
                element.chars += size
                element.link_chars += size if in_a_link else 0
                counts = size >= _SHORT_TEXT or element.tag in ("td", "th", "h1")
                element.text_weight += size if counts and not in_a_link else 0
        if element.tag == "a" and in_a_link and element.chars:
            element.link_count += 1
            element.inner_links += element.attributes.get("href", "").startswith("#")
        element.has_data_table |= element.tag in ("th", "caption")
    for element in elements:
        above = element.parent
        element.in_data_table = bool(above and above.in_data_table) or (
            element.tag == "table" and element.has_data_table
        )


def read_name_words(element: Element) -> set[str]:
    """Return the words in an element's class and id, in lower case."""
    named = f"{element.attributes.get('class', '')} {element.attributes.get('id', '')}"
    return {word.lower() for word in _WORD.findall(named)} | set(named.lower().split())


def _is_in_article(element: Element) -> bool:
    """Return whether an element stands in an article, so that its footer is the article's."""
    above = element.parent
    while above is not None:
        if above.tag in _CONTENT or above.attributes.get("itemprop") in _CONTENT:
            return True
        above = above.parent
    return False


def _mark_by_name(visible: list[Element], weight: int) -> None:
    """Mark elements whose tag, role, class or id stands for boilerplate."""
    for element in visible:
        parts = {element.tag, element.attributes.get("role", "")}
        landmark: Set[str] = parts & _LANDMARKS
        named = read_name_words(element) if element.attributes else set()
        if element.attributes.get("aria-hidden") == "true":
            landmark = _ALWAYS  # a window that opens over the page
        if not (landmark or named & _BOILERPLATE_NAMES) or element.tag in _NEVER_BY_NAME:
            continue
        share = element.text_weight / weight
        if share >= 0.5 or not element.chars:
            continue
        if landmark & _ALWAYS or named & _VISITOR_NAMES:
            element.boilerplate = True
        elif not element.has_data_table:
            minor = (
                element.link_chars >= _LINK_DENSITY * element.chars
                or element.chars < 3 * _SHORT_TEXT
            )
            clear = bool(landmark or named & _CLEAR_NAMES) and share < _LARGE_SHARE
            # A form may contain the whole page, as in ASP.NET.
            by_name = bool(named & (_CLEAR_NAMES | _AMBIGUOUS_NAMES)) and minor
            element.boilerplate = by_name or (clear and not _is_in_article(element))


def _keep_notes(visible: list[Element], main: Element) -> None:
    """Unmark <aside>, <footer> and <header> in the main element: they are the report's notes."""
    if main.tag in ("body", "html"):
        return
    inside = {id(main)}
    for element in visible:
        if id(element.parent) not in inside:
            continue
        inside.add(id(element))
        dense = element.link_chars >= _LINK_DENSITY * element.chars
        if element.tag in ("aside", "footer", "header") and not dense:
            element.boilerplate &= bool(read_name_words(element) & _BOILERPLATE_NAMES)


def _find_main(elements: list[Element]) -> Element:
    """Return the innermost element with nearly all of the running text outside of boilerplate."""
    remaining_weight: dict[int, int] = {}
    for element in reversed(elements):
        remaining = (
            0
            if element.boilerplate or element.hidden
            else remaining_weight.get(id(element), element.text_weight)
        )
        if element.parent is not None and remaining != element.text_weight:
            above = element.parent
            remaining_weight[id(above)] = remaining_weight.get(id(above), above.text_weight) - (
                0 if element.hidden else element.text_weight - remaining
            )
    main = elements[0]
    total = remaining_weight.get(id(main), main.text_weight)
    going = True
    while going:
        going = False
        for child in main.children:
            if isinstance(child, Element) and not child.boilerplate and not child.hidden:
                remaining = remaining_weight.get(id(child), child.text_weight)
                if remaining and remaining >= _MAIN_SHARE * total:
                    main, going = child, True
                    break
    return main


def _mark_link_blocks(visible: list[Element], main: Element) -> None:
    """Mark blocks of links: outside the main element, and above its first running text."""
    main_ancestors = set(_ancestors(main))
    is_content = main.tag in _CONTENT or any(e.tag in _CONTENT for e in _ancestors(main))
    begun = False
    in_main: set[int] = set()
    for element in visible:
        if element is main or id(element.parent) in in_main:
            in_main.add(id(element))
        if element in main_ancestors or element is main or element.tag == "a":
            continue
        inside = id(element) in in_main
        begun = begun or (inside and (element.tag in ("h1", "h2") or _has_running_text(element)))
        dense = element.chars > 0 and element.link_chars >= _LINK_DENSITY * element.chars
        if not dense or element.in_data_table:
            continue
        if _is_small(element, _SHORT_TEXT) and _BUTTON.fullmatch(_fold_text(element)):
            element.boilerplate = True
        if element.link_count < 2 or (
            _is_small(element, 400) and _NO_MENU.search(_fold_text(element))
        ):
            continue
        menu = _is_small(element, 400) and bool(_MENU.search(_fold_text(element).lower()))
        outside = not inside and element.link_count >= 3 and not element.has_data_table
        early = inside and not begun and not is_content and element.link_count >= 3
        contents = element.link_count >= 3 and element.inner_links == element.link_count
        if menu or outside or contents or (early and not element.has_data_table):
            element.boilerplate = True


def _has_running_text(element: Element) -> bool:
    """Return whether an element itself contains running text."""
    if element.tag == "a":
        return False
    own = "".join(child for child in element.children if isinstance(child, str)).strip()
    return count_visible_chars(own) >= 2 * _SHORT_TEXT or (
        count_visible_chars(own) >= _SHORT_TEXT and own[-1] in "。；：！？"
    )


def _ancestors(element: Element) -> Iterator[Element]:
    above = element.parent
    while above is not None:
        yield above
        above = above.parent


def _is_small(element: Element, chars: int) -> bool:
    """Return whether an element has at most `chars` characters, and few elements to search."""
    return 0 < element.chars <= chars and element.descendants <= _MAX_DESCENDANTS


def _fold_text(element: Element) -> str:
    """Return the text of a short element, folded and without white space."""
    pieces: list[str] = []
    waiting: list[Element | str] = [element]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            pieces.append(piece)
        elif not piece.hidden:
            waiting += reversed(piece.children)
    return fold_chars("".join("".join(pieces).split()))


def _mark_site_lines(visible: list[Element], main: Element) -> None:
    """Mark short lines of the site: breadcrumbs, legal notices, links to the next article."""
    inside = {id(main)}
    last = 0
    for at, element in enumerate(visible):
        if id(element.parent) in inside:
            inside.add(id(element))
            last = at if not element.boilerplate and _has_running_text(element) else last
    for at, element in enumerate(visible):
        if not _is_small(element, _MAX_NOTICE) or element.in_data_table:
            continue
        if element.tag in ("body", "html", "a", "h1") or element is main:
            continue
        text = _fold_text(element).lower()
        if _BREADCRUMB.match(text) and element.chars <= _MAX_BREADCRUMB and element.link_count:
            element.boilerplate |= not _has_heading(element)
        elif "。" not in text.rstrip("。") and not _DATE.search(text):
            below = at > last or id(element) not in inside
            legal = _SITE_NOTICE.search(text) or (below and _SITE_NOTICE_BELOW.search(text))
            element.boilerplate |= bool(legal) and not _has_heading(element)


def _has_heading(element: Element) -> bool:
    return any(isinstance(c, Element) and c.tag in ("h1", "h2", "h3") for c in element.children)


def _mark_related(visible: list[Element]) -> None:
    """Mark headings like 相关阅读 (related reading) with the links below them."""
    places: dict[int, dict[int, int]] = {}
    for element in visible:
        if not _is_small(element, _SHORT_TEXT) or element.boilerplate:
            continue
        if not _RELATED.fullmatch(_fold_text(element)):
            continue
        heading = element
        while heading.parent is not None and heading.parent.chars == heading.chars:
            heading = heading.parent
        above = heading.parent
        if above is None:
            continue
        rest = above.chars - heading.chars
        if above.link_chars - heading.link_chars >= _LINK_DENSITY * rest and above.tag not in (
            "body",
            "td",
        ):
            above.boilerplate = True
            continue
        if id(above) not in places:
            places[id(above)] = {id(child): at for at, child in enumerate(above.children)}
        at = places[id(above)][id(heading)]
        for later in range(at + 1, len(above.children)):
            child = above.children[later]
            if isinstance(child, str):
                if child.strip():
                    break
                continue
            if child.chars and not (
                child.link_count and child.link_chars >= _LINK_DENSITY * child.chars
            ):
                break
            if child.chars:
                child.boilerplate = heading.boilerplate = True


def _keep_title(visible: list[Element], page: PageTree) -> None:
    """Keep the report's title if every <h1> stands in boilerplate."""
    headings = [element for element in visible if element.tag == "h1" and element.chars]
    titles = "".join(fold_chars(page.title + page.properties.get("og:title", "")).split())
    marked = [e for e in headings if e.boilerplate or any(a.boilerplate for a in _ancestors(e))]
    if len(marked) < len(headings):
        return
    for element in marked:
        if element.chars >= 4 and _fold_text(element) in titles and not element.link_count:
            element.keep = True
            element.boilerplate = False
