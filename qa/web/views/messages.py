"""Errors in the language of the page.

`YinjuError` speaks English, as the command line prints it. Here each message has its Chinese words;
one that is not known is shown as it is. Names, numbers, variables and commands are never changed.
"""

from __future__ import annotations

import re

from qa.toldparts import table, told_by

from .labels import LABELS

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
