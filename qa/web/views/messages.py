"""Errors in the language of the page.

`YinjuError` speaks English, as the command line prints it. Here each message has its Chinese words;
one that is not known is shown as it is. Names, numbers, variables and commands are never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .labels import LABELS

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


# A whole message; those that fit more stand last.
_MESSAGES = table(
    (
        # a file that is not read
        (
            r"(.+?): is not a readable PDF: found (.+), expected a PDF; (.+)",
            "{1}：不能作为 PDF 读取，这是{2~}；{3~}",
        ),
        (
            r"(.+?): is not a readable (\S+) file: found (.+), expected (.+?); (.+)",
            "{1}：不能作为 {2} 读取，这是{3~}，应为{4~}；{5~}",
        ),
        (
            r"(.+?): (.+) are more than the limit of (\d+); split it, or set (YINJU_MAX_\w+) higher",
            "{1}：{2~}，超过上限 {3}；请拆分，或把环境变量 {4} 设大些，再启动 yinju serve",
        ),
        (
            r"(.+?): (its.*) pixels are more than the limit of (\d+) million; .*",
            "{1}：{2~}，超过上限 {3} 百万像素；请存得小一些，或分成几页",
        ),
        (
            r"(.+?): its part (.+) unpacks from (\d+) bytes to (\d+ MB), as no report does; .*",
            "{1}：其中的 {2} 由 {3} 字节解压成 {4}，报告不会如此；请打开后重新保存",
        ),
        (
            r"(.+?): cannot read a file of this kind \((.+)\); expected (.+?)"
            r"; (open it and save it as \S+)",
            "{1}：不读这类文件（{2}），能读的有 {3}；{4~}",
        ),
        (
            r"(.+?): cannot read a file of this kind \(no suffix\); expected (.+)",
            "{1}：文件没有后缀，能读的有 {2}",
        ),
        (
            r"(.+?): cannot read a file of this kind \((.+)\); expected (.+)",
            "{1}：不读这类文件（{2}），能读的有 {3}",
        ),
        (r"(.+?): is of a kind that is not read; expected (.+)", "{1}：不读这类文件，能读的有 {2}"),
        (r"(.+?): is larger than (\d+ MB); split it", "{1}：大于 {2}；请拆分"),
        (
            r"found (\d+) files, expected (\d+) at most; send fewer at once",
            "一次传了 {1} 个文件，最多 {2} 个；请分几次传",
        ),
        (r"(.+?): holds no text", "{1}：没有文字"),
        (r"(.+?): is empty; expected a picture", "{1}：是空文件，应为图片"),
        (r"(.+?): is neither a file nor a folder; .*", "{1}：既不是文件也不是文件夹"),
        (r"(.+?): no such file or folder; .*", "{1}：没有这个文件或文件夹"),
        (r"(.+?): no report there; .*", "{1}：这里没有能读的报告"),
        (r"(.+?): is not text: found (.+?); .*", "{1}：不是文本，而是{2~}；请改成它本来的后缀"),
        (
            r"(.+?): is not text but binary data, of no kind that is known; .*",
            "{1}：不是文本，而是无法识别的二进制数据；请改成它本来的后缀，或另存为文本",
        ),
        (
            r"(.+?): begins like (\S+) but does not decode: (.+); save it as UTF-8",
            "{1}：开头像 {2}，但不能解码（{3}）；请另存为 UTF-8",
        ),
        (
            r"(.+?): is not text in (.+?) or Big5 throughout: more than (\S+) of it .*",
            "{1}：有 {3} 以上的内容不是 {2} 或 Big5 文本，不能解码；请另存为 UTF-8",
        ),
        (
            r"(.+?): is not text in (\S+) nor in (.+?) or Big5; .*",
            "{1}：不是 {2} 文本，也不是 {3} 或 Big5；请重新保存",
        ),
        (
            r"(.+?): is not text in (.+?) or Big5; it seems to be (\S+); .*",
            "{1}：不是 {2} 或 Big5 文本，似乎是 {3}；请另存为 UTF-8",
        ),
        (r"(.+?): is not text in (.+?) or Big5; .*", "{1}：不是 {2} 或 Big5 文本；请另存为 UTF-8"),
        (r"(.+?): is no table of delimited text: (.+)", "{1}：不是用分隔符的文本表格：{2}"),
        (
            r"(.+?): holds null bytes, expected a table as text; .*",
            "{1}：含有空字节，应为文本表格；请重新导出为 UTF-8 的 CSV",
        ),
        (
            r"(.+?): is no web page: found null bytes, expected HTML; .*",
            "{1}：不是网页，含有空字节；请重新保存",
        ),
        (
            r"(.+?): is no web page: found (.+), expected HTML; (.+)",
            "{1}：不是网页，而是{2~}；{3~}",
        ),
        (r"(.+?): is not readable HTML: (.+)", "{1}：不是能读的 HTML：{2}"),
        (r"(.+?): holds no web page; .*", "{1}：里面没有网页；请重新保存为完整的网页（.html）"),
        (r"(.+?): is a damaged (\S+) file; .*", "{1}：{2} 文件已损坏；请重新保存网页"),
        (
            r"(.+?): is saved as a Strict Open XML document; .*",
            "{1}：保存的是“严格 Open XML 文档”；请打开后另存为 Word 文档（.docx）",
        ),
        (
            r"(.+?): is a scan or a picture without text of its own; to read it by OCR, "
            r"install the extra ocr: (.+ 'yinju\[ocr\]') \((.+)\)",
            "{1}：是没有文字的扫描件或图片；要用 OCR 识别，请安装：{2}（{3}）",
        ),
        (
            r"(.+?): cannot be made out \(the mean score of OCR is ([\d.]+), at least ([\d.]+) .*",
            "{1}：看不清（OCR 的平均得分为 {2}，至少要 {3}）；请重新扫描，要清楚、端正，200 dpi 以上",
        ),
        (
            r"(.+?): is not a readable picture; expected (.+) or (\w+)",
            "{1}：不是能读的图片，应为 {2} 或 {3}",
        ),
        (r"(.+?): is a broken picture: (.+); .*", "{1}：图片已损坏（{2}）；请重新导出或扫描"),
        # the index
        (
            r"(.+?): no index there; make one with: (.+)",
            "{1}：这里还没有索引；请到“报告”页上传报告，或运行 {2}",
        ),
        (
            r"(.+?): the index is empty; add reports with: (.+)",
            "{1}：索引里没有报告；请到“报告”页上传，或运行 {2}",
        ),
        (
            r"(.+?): the index has format (\S+), this program reads format (\S+); rebuild it with: (.+)",
            "{1}：索引的格式是 {2}，本程序的格式是 {3}；请运行 {4} 重建",
        ),
        (
            r"(.+?): the index was made with another version of the model (.+); rebuild it with: (.+)",
            "{1}：做这份索引的是模型 {2} 的另一版本；请运行 {3} 重建",
        ),
        (
            r"(.+?): the index was made with the model (.+), not (.+); rebuild it with: (.+)",
            "{1}：做这份索引的模型是 {2}，不是 {3}；请运行 {4} 重建",
        ),
        (
            r"(.+?): the index is damaged: (.+); remove the folder and index the reports again: (.+)",
            "{1}：索引已损坏：{2~}；请删去这个文件夹，再重新索引报告：{3}",
        ),
        (r"(.+?): cannot be made a folder: (.+)", "{1}：不能建成文件夹：{2~}"),
        (r"(.+?): another process is indexing into it; .*", "{1}：另有进程正在索引；请等它结束"),
        (
            r"(.+?): found no snapshot (.+) that can be read, expected one of (.*); list them .*",
            "{1}：没有能读的快照 {2}，现有 {3}",
        ),
        (r"(.+?): the index has no such report; .*", "{1}：索引里没有这份报告"),
        (
            r"(.+?): is damaged \((.+)\); mend it, or remove it to lose titles and tags",
            "{1}：已损坏（{2}）；请修好它，或删去它，但标题和标签也就没有了",
        ),
        (
            r"found (\d+) tags, expected (\d+) at most; leave some out",
            "有 {1} 个标签，最多 {2} 个；请去掉一些",
        ),
        (r"(.+), line (\d+): found (.+), expected one word", "{1} 第 {2} 行：{3}，应为一个词"),
        (
            r"(.+), line (\d+): found (.+), expected a word, and after it, .* class: (.+)",
            "{1} 第 {2} 行：{3}，应为一个词，后面可以有词频和词性，如 {4}",
        ),
        (
            r"(.+), line (\d+): found (.+), expected two words or more, parted by spaces: (.+)",
            "{1} 第 {2} 行：{3}，应为两个以上的词，用空格分开，如 {4}",
        ),
        (
            r"(.+?): is not UTF-8 \((.+)\); save it as UTF-8",
            "{1}：不是 UTF-8（{2}）；请另存为 UTF-8",
        ),
        (
            r"indexing stopped by an error of the program; the index is as it was",
            "程序出错，索引中止；索引没有改动",
        ),
        # models
        (r"The prepared model is damaged: (.+)\.", "准备好的模型已损坏：{1~}。"),
        (r"The prepared model does not open: (.*)", "准备好的模型打不开：{1}"),
        (r"(.+) is of format (\S+), (\S+) expected\.", "{1} 的格式是 {2}，应为 {3}。"),
        (
            r"Delete the folder (.+); the model is prepared anew at the next start\.",
            "请删去文件夹 {1}，下次启动时会重新准备模型。",
        ),
        (r"The model (.+) does not load: (.*)", "模型 {1} 不能载入：{2}"),
        (
            r"The model (.+) does not rank passages: (.+); --reranker .*",
            "模型 {1} 不能给段落排序：{2}",
        ),
        (
            r"There is no folder (.+), no such model in the local cache, and .* set HF_ENDPOINT to a "
            r"mirror; (.+)\.",
            "没有文件夹 {1}，本地缓存里没有这个模型，也连不上模型站。请给出已下载的模型的路径，"
            "或把 HF_ENDPOINT 设为镜像；{2~}。",
        ),
        (
            r"There is no model folder (.+)\. Check what --model says\.",
            "没有模型文件夹 {1}。请检查 --model。",
        ),
        (r"Cannot prepare the model in (.+): (.+)\.", "不能在 {1} 准备模型：{2~}。"),
        (
            r"The default model's weights are missing: (.+), (\S+) is needed\.",
            "缺少默认模型的权重：{1~}，需要 {2}。",
        ),
        (r"Run: (.+)", "请运行：{1}"),
        (r"Where pip finds no wheel for this platform: (.+)", "如果 pip 找不到本平台的安装包：{1}"),
        (r"Cannot read (.+): (.+)\.", "不能读取 {1}：{2~}。"),
        (
            r"(.+) is not the file that was expected: SHA-256 (\S+), expected (\S+) \((.+)\)\.",
            "{1} 不是所要的文件：SHA-256 是 {2}，应为 {3}（{4}）。",
        ),
        (r"(.+) is damaged: tensor (.+) is missing\.", "{1} 已损坏：缺少张量 {2}。"),
        (r"(\S+) is damaged: (.+)\.", "{1} 已损坏：{2}。"),
        # questions and what an answer opens
        (
            r"the server is busy: (\d+) questions wait; try again in a minute",
            "服务器正忙：有 {1} 个问题在等；请过一分钟再试",
        ),
        (r"the question is empty; ask something", "问题是空的；请写下问题"),
        (
            r"the question has (\d+) characters; ask in (\d+) or fewer",
            "问题有 {1} 字；请不要超过 {2} 字",
        ),
        (
            r"(.+?): (\S+-\S+) is no passage of this report, which has (\d+) characters; .*",
            "{1}：{2} 不是这份报告里的一段，报告有 {3} 字；请重新提问，再打开引用",
        ),
        (r"(.+?): has no page (.+) that could be shown", "{1}：没有能显示的第 {2} 页"),
        (r"(.+?): the file has changed since; .*", "{1}：文件在索引之后改动过；请重新索引"),
        (r"(.+?): page (\d+) cannot be shown: (.+)", "{1}：第 {2} 页不能显示：{3~}"),
        (r"(.+?): cannot be shown: (.+)", "{1}：不能显示：{2~}"),
        (r"threshold (.+): expected a number from 0 to 1", "门槛 {1}：应为 0 到 1 的数"),
        *((re.escape(LABELS["en"][name]), LABELS["zh"][name]) for name in ("broken", "stopped")),
        # evaluation
        (
            r"(.+):(\d+): is not a gold question \((.+)\); expected (.+), as (\S+) says",
            "{1} 第 {2} 行：不是题集里的题（{3~}）；应有 {4}，见 {5}",
        ),
        (
            r"(.+?): holds no question; expected JSON lines as (\S+) says",
            "{1}：里面没有题；应为每行一个 JSON，见 {2}",
        ),
        (r"'': no such gold set; .*", "还没有选题集；请选一个，或上传一个"),
        (r"(.+?): no such gold set; .*", "{1}：没有这个题集；请另选一个，或上传一个"),
        (r"(.+?): no such run is kept; .*", "{1}：没有保留这次评测；请另选一次"),
        (
            r"another evaluation is running; wait until it ends, or cancel it",
            "另一次评测还在进行；请等它结束，或先取消",
        ),
        (
            r"(.+?): is not a saved run \((.+)\); make one with: (.+)",
            "{1}：不是保存的评测（{2~}）；请运行 {3}",
        ),
        (
            r"the two runs have no question in common; .*",
            "两次评测没有相同的题，不能比较；它们用的是同一个题集吗？",
        ),
        (
            r"(.+?): the id (.+) stands twice; ids must be unique",
            "{1~}：题号 {2} 出现了两次，不能比较；题号不能重复",
        ),
        (
            r"ranking measures need a package that is not installed \((.+)\); install it with: (.+)",
            "计算排序指标要用的包没有安装（{1}）；请安装：{2}",
        ),
        (
            r"the model was not loaded, by an error of the program; its log says more",
            "程序出错，模型没有载入；原因写在运行 yinju serve 的终端里",
        ),
        (
            r"the evaluation stopped by an error of the program; its log says more",
            "程序出错，评测中止；原因写在运行 yinju serve 的终端里",
        ),
        # any file, and what has no words of ours
        (r"(.+?): cannot be written: (.+)", "{1}：不能写入：{2~}"),
        (r"(.+?): cannot be read: (.+)", "{1}：不能读取：{2~}"),
        (r"(\[Errno \d+\] .+)", "{1~}"),
        (r"'utf-8' codec can't encode .+", "文件名里有不是文字的字节；请改名"),
    )
)


def told_error(message: str, language: str) -> str:
    """A message of `YinjuError` in words of that language; each of its lines by itself.

    >>> told_error("空.txt: holds no text", "zh"), told_error("空.txt: holds no text", "en")
    ('空.txt：没有文字', '空.txt: holds no text')
    """
    if language != "zh":
        return message
    return "\n".join(told_by(_MESSAGES, line) for line in message.split("\n"))


_PLACES = ((r"\blines? (\d+(?:-\d+)?)", r"第 \1 行"), (r" and (\d+) more lines?", r"等另外 \1 行"))


_PAGES = ((r"\bpages? ([\d, -]+) (?:is|are)", r"第 \1 页"),)


_CHINESE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), template)
    for pattern, template in (
        (r"the report breaks off inside its last sentence", "此报告在结尾处中断"),
        (r"the file is cut off; pages may be missing", "文件不完整，可能缺页"),
        (r"(pages? .+?) damaged and could not be read", r"{\1}已损坏，没有读出"),
        (
            r"(pages? .+?) not read, holding more than ([\d,]+) characters.*",
            r"{\1}超过 \2 字，没有读出",
        ),
        (
            r"(pages? .+?) scans without text and were not read; .*(pip install .+)",
            r"{\1}是没有文字的扫描页，没有读出；安装 OCR：\2",
        ),
        (r"(pages? .+?) scans, read by OCR; .*", r"{\1}是扫描页，由 OCR 识别，引文请与原图核对"),
        (r"read by OCR; .*", "由 OCR 识别，引文请与原图核对"),
        (
            r"(?:page (\d+): )?(\d+) of (\d+) lines read with a score below [\d.]+, the worst \(([\d.]+)\) as (.+)",
            r"\3 行中有 \2 行识别得没有把握，最差的一行（\4）读作 \5",
        ),
        (
            r"(\d+) bytes? (?:is|are) no (\S+) and could not be read .*: (.+)",
            r"有 \1 个字节不是 \2，没有读出：{\3}",
        ),
        (r"the file is in several encodings: (.+)", r"文件混用了几种编码：{\1}"),
        (r"(\d+) characters are damaged", r"有 \1 个字已损坏"),
        (
            r"line (\d+): (.+?) cannot be read: (.+?)(?: \(section (.+)\))?",
            r"第 \1 行：“\2”无法识读",
        ),
        (r"(\d+) more lines have text that cannot be read", r"另有 \1 行含无法识读的文字"),
    )
)


def told_problem(problem: str, language: str) -> str:
    """A problem in words of that language.

    >>> told_problem("pages 3-5 are scans, read by OCR; check quotations against the page", "zh")
    '第 3-5 页是扫描页，由 OCR 识别，引文请与原图核对'
    """
    if language != "zh":
        return problem
    for pattern, template in _CHINESE:
        match = pattern.fullmatch(problem)
        if match:
            return re.sub(r"\{(.*)\}", lambda m: _places(m[1]), match.expand(template), count=1)
    return problem


def _places(text: str) -> str:
    """Lines and pages in Chinese."""
    for pattern, by in (*_PAGES, *_PLACES):
        text = re.sub(pattern, by, text)
    return text.replace(" in 第", "，第")
