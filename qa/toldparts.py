"""The parts of an error in Chinese: what was found in a file, why something failed, what mends it.

The tables of this module and of `qa.web.views.messages` have a row for each wording: a pattern, and a template in
which `{2}` is the pattern's second group as it was found, and `{2~}` the same told in Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Table = tuple[tuple[re.Pattern[str], str], ...]
_FIELD = re.compile(r"\{(\d)(~?)\}")


def table(rows: Iterable[tuple[str, str]]) -> Table:
    """Patterns and templates, the first that fits being taken."""
    return tuple((re.compile(pattern), template) for pattern, template in rows)


_PARTS = table(
    (
        # a file's content
        (r"an empty file", "空文件"),
        (r"something else", "无法识别的内容"),
        (r"a (\.\w+) file", "{1} 文件"),
        (r"a PDF", "PDF 文件"),
        (r"a program", "程序文件"),
        (r"an? (PNG|JPEG|GIF|TIFF) picture", "{1} 图片"),
        (r"a picture", "图片"),
        (r"an RTF text", "RTF 文本"),
        (r"HTML or XML", "HTML 或 XML"),
        (r"PostScript", "PostScript 文件"),
        (r"an? (gzip|7z|RAR) archive", "{1} 压缩包"),
        (r"a compressed file", "压缩文件"),
        (r"an SQLite database", "SQLite 数据库"),
        (r"a zip archive", "zip 压缩包"),
        (r"a zip archive, as (\.\w+) files are", "zip 压缩包（{1} 文件就是这样的）"),
        (r"a zip archive \((.+?) and (\S+) are such\)", "zip 压缩包（{1} 和 {2} 文件就是这样的）"),
        (r"a zip archive of another kind", "别的 zip 压缩包"),
        (r"a zip archive that is cut off or damaged", "不完整或已损坏的 zip 压缩包"),
        (r"an old (Word|Excel|PowerPoint) file \((\.\w+)\)", "旧版 {1} 文件（{2}）"),
        (r"an old office file", "旧版办公软件的文件"),
        (r"a file of an old office program", "旧版办公软件的文件"),
        (r"a file of an old office program, as (\.\w+)", "旧版办公软件的文件（如 {1}）"),
        (r"a file of an old office program \((.+)\)", "旧版办公软件的文件（{1}）"),
        (r"a file locked by a password, or encrypted", "有密码或已加密的文件"),
        (r"a damaged file \((.*)\)", "已损坏的文件（{1}）"),
        (r"a PDF locked by a password", "有密码的 PDF"),
        (r"a PDF that is cut off", "不完整的 PDF"),
        (r"a damaged PDF", "已损坏的 PDF"),
        (r"a PDF without pages", "没有页面的 PDF"),
        (r"a PDF whose pages take all memory or never end", "页面会耗尽内存或没有尽头的 PDF"),
        (r"a PDF none of whose pages can be read", "没有一页能读的 PDF"),
        (
            r"a PDF none of whose pages can be read, pages? (.+?) (?:is|are) too full",
            "没有一页能读的 PDF（第 {1} 页文字过多）",
        ),
        (r"a text without %PDF at its beginning", "开头没有 %PDF 的文本"),
        (r"a document of Word 2007 or later", "Word 2007 或更高版本的文档"),
        (r"a workbook of Excel 2007 or later", "Excel 2007 或更高版本的工作簿"),
        (r"a presentation of PowerPoint 2007 or later", "PowerPoint 2007 或更高版本的演示文稿"),
        (r"a table as text", "文本表格"),
        # what mends it
        (r"copy it again, or (save|export) it anew", "请重新复制，或重新保存"),
        (r"copy or download it again", "请重新复制或下载"),
        (r"export it anew", "请重新导出"),
        (r"export it anew from the program that made it", "请用生成它的程序重新导出"),
        (r"print it anew", "请重新打印成 PDF"),
        (r"convert it to PDF", "请转换成 PDF"),
        (r"open it and save it as (\S+)", "请打开后另存为 {1}"),
        (r"open it and save it as (\S+) anew", "请打开后重新保存为 {1}"),
        (r"open it in the program that made it and save it as (\S+)", "请用生成它的程序另存为 {1}"),
        (r"open it, take the password off and save it as (\S+)", "请打开，去掉密码，另存为 {1}"),
        (
            r"open it with the password and save it without, e\.g\. (.+)",
            "请用密码打开，另存为不带密码的文件，例如 {1}",
        ),
        (r"open it in a viewer and print it to a new PDF", "请用阅读器打开，打印成新的 PDF"),
        (r"rename it to what it is", "请改成它本来的后缀"),
        (r"rename it to what it is, or save it as (\S+)", "请改成它本来的后缀，或另存为 {1}"),
        (r"rename it to (\.\w+)", "请把后缀改为 {1}"),
        (r"rename it to (\.\w+) if it is one", "如果是文本，请把后缀改为 {1}"),
        (
            r"rename it to (\.\w+), or download it again without a login page",
            "请把后缀改为 {1}；如果下载到的是登录页，请重新下载",
        ),
        (r"reports are read from text", "报告要有文字"),
        (r"unpack it(?: first)?", "请先解压"),
        # what goes beyond a limit
        (r"its ([\d.]+ MB)", "大小为 {1}"),
        (r"its ([\d,]+) characters", "有 {1} 字"),
        (r"its ([\d,]+) characters or more", "至少有 {1} 字"),
        (r"its ([\d,]+) characters up to page (\d+)", "到第 {2} 页已有 {1} 字"),
        (r"its ([\d,]+) pages", "有 {1} 页"),
        (r"its ([\d,]+) rows or more", "至少有 {1} 行"),
        (r"its ([\d,]+) cells or more", "至少有 {1} 个单元格"),
        (r"its ([\d,]+) places for cells, .*", "至少占 {1} 个单元格的位置，几乎都是空的"),
        (r"its ([\d,]+) HTML tags", "有 {1} 个 HTML 标签"),
        (r"its (\d+) HTML elements inside one another, .*", "HTML 元素至少嵌套了 {1} 层"),
        (r"the (\d+ MB) that it unpacks to", "解压后有 {1}"),
        (r"the (\d+ MB) that its part (.+) unpacks to", "其中的 {2} 解压后有 {1}"),
        (r"its (\d+ x \d+)", "有 {1} 像素"),
        (r"its", "像素过多"),
        # why a page is not drawn
        (r"it takes too much memory or time", "要用的内存或时间太多"),
        # an index
        (r"its manifest cannot be read \((.*)\)", "读不出它的清单（{1}）"),
        (r"CURRENT names the snapshot (.+)", "CURRENT 里的快照名是 {1}"),
        (r"(\S+) is missing", "缺少 {1}"),
        (r"(.+) has (\d+) bytes and should have (\d+)", "{1} 有 {2} 字节，应为 {3} 字节"),
        (r"(\d+) (.+), expected (\d+)", "{2~}有 {1}，应为 {3}"),
        (r"(\S+) is not what was written", "{1} 与写入时不同"),
        (r"passages in the catalogue", "目录里的段落"),
        (r"windows in the catalogue", "目录里的窗口"),
        (r"passages in the lexical index", "词汇索引里的段落"),
        (r"components of a vector", "向量的维数"),
        (r"vectors", "向量"),
        # a model
        (r"(.+) has (\d+) bytes, (\d+) expected", "{1} 有 {2} 字节，应为 {3} 字节"),
        (r"(\S+) is not installed", "没有安装 {1}"),
        (r"(\S+ \S+) is installed", "安装的是 {1}"),
        (r"without --model the built-in model is used", "不用 --model 就是内置的模型"),
        (r"without --reranker none is used", "不用 --reranker 就不重排"),
        # a line of a gold set
        (r"KeyError: (.+)", "缺少 {1}"),
        (r"JSONDecodeError: (.+)", "不是 JSON：{1}"),
        (r"TypeError: expected a list, found (.+)", "应为列表，却是 {1}"),
        (r"the first run", "第一次评测"),
        (r"the second run", "第二次评测"),
        # what an operating system says
        (r"No such file or directory", "没有这个文件"),
        (r"Permission denied", "没有权限"),
        (r"No space left on device", "磁盘已满"),
        (r"Read-only file system", "磁盘是只读的"),
        (r"File exists", "已有同名的文件"),
        (r"Is a directory", "这是文件夹"),
        (r"Not a directory", "这不是文件夹"),
        (r"File name too long", "文件名太长"),
        (r"Input/output error", "读写磁盘出错"),
        # the same with their number and, where there is one, the file
        (r"\[Errno \d+\] ([^:]+): (.+)", "{2}：{1~}"),
        (r"\[Errno \d+\] ([^:]+)", "{1~}"),
    )
)


def told_part(phrase: str) -> str:
    """A part of a message in Chinese; as it is where it is not known.

    >>> told_part("rename it to .pdf")
    '请把后缀改为 .pdf'
    """
    return told_by(_PARTS, phrase)


def told_by(rows: Table, text: str) -> str:
    """A text told by the first row that fits it whole; as it is where none does."""
    for pattern, template in rows:
        match = pattern.fullmatch(text)
        if match:
            return _filled(template, match)
    return text


def _filled(template: str, match: re.Match[str]) -> str:
    def field(found: re.Match[str]) -> str:
        value: str = match[int(found[1])]
        if not found[2]:
            return value
        told = told_part(value)
        # Latin letters stand apart from the Chinese before them.
        apart = told[:1].isascii() and template[: found.start()][-1:].isalpha()
        return f" {told}" if apart else told

    return _FIELD.sub(field, template)
