"""The words of an evaluation, in each language that the page speaks.

What a gold set names itself, such as a type of question that is not here, is shown as it is.
"""

from __future__ import annotations

from .measures import Measure

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Evaluation: {name}",
        "about": "{n} questions, model {model}, threshold {threshold}",
        "comma": ", ",
        "none_named": "not named",
        "measures": "Measures",
        "brackets": "In brackets: 95 % intervals, from 1,000 drawings of as many questions.",
        "meaning": "What do these measures mean?",
        "meaning_types": "Kinds of questions",
        "all": "all",
        "questions": "questions",
        "plots": "Confidence and speed",
        "risk_plot": "Risk over coverage",
        "risk_told": "Were only the questions answered that the program is surest of, so many of "
        "the answers would be wrong. The lower the line, the better.",
        "risk_x": "coverage: share answered",
        "risk_y": "risk: share of those wrong",
        "every": "all questions",
        "confidence_plot": "Confidences",
        "confidence_told": "The further apart the two kinds lie, the better they can be told apart. "
        "What lies left of the threshold is refused.",
        "confidence_x": "confidence",
        "confidence_y": "share of its kind",
        "answerable": "answerable ({n})",
        "unanswerable": "unanswerable ({n})",
        "threshold": "threshold {t}",
        "time_plot": "Time a question",
        "time_told": "The middle of a line is the median; its steep end are the slowest questions.",
        "time_x": "% of questions that take no longer",
        "time_y": "milliseconds",
        "total": "answer",
        "search": "search",
        "encode": "encode the question",
        "drawing": "{y} over {x}: {names}",
        "missed": "Evidence not cited: {n}",
        "refused": "Answerable, but refused: {n}",
        "invented": "Unanswerable, but answered: {n}",
        "first": "The first {n}; the saved run has all.",
        "after": "after: {text}",
        "sure": "confidence {c}",
        "expected": "Expected evidence",
        "quoted": "Quoted",
        "would_quote": "Would have quoted",
        "passages": "Top passages",
        "no_evidence": "none: the reports do not say",
        "nothing": "nothing",
        "cited": "cited",
        "uncited": "not cited",
        "holds": "holds evidence",
        "score": "score {s}",
        "only_in": "{n} questions are only in {name} and not compared.",
        "span": "{low} to {high}",
        "times": "Times also depend on what else the computer did.",
        "most": "The first {n} are shown.",
        "flip_better": "right now",
        "flip_worse": "wrong now",
        "flip_other": "changed",
        "no_comparison": "no comparison",
        "every_shipped": "all that ship",
        "from_chat": "from the chat",
        "intro": "Nothing has been evaluated yet",
        "intro_what": "An evaluation asks all questions of a gold set and counts how often the "
        "right passage is quoted, and how often a question that the reports do not answer is "
        "refused. Choose a set above and run it; the result stays, so that later ones can be "
        "compared with it.",
        "intro_gold": "A gold set is a file of questions whose answers are known, one JSON object a "
        "line, with the fields id, type, question, answerable and evidence (the words that the "
        "answer must quote). corpus/gold/README.md describes them; an example:",
        "intro_chat": "Or ask in the chat and click “Make it a gold question” below an answer: it "
        "is added to the gold set chat with what was quoted as its evidence, and after a refusal "
        "as a question that the reports do not answer.",
    },
    "zh": {
        "title": "评测：{name}",
        "about": "{n} 题，模型 {model}，门槛 {threshold}",
        "comma": "，",
        "none_named": "未注明",
        "measures": "指标",
        "brackets": "括号里是 95 % 区间：把题目重新抽取 1000 次得出。",
        "meaning": "这些指标是什么意思？",
        "meaning_types": "题目的类型",
        "all": "全部",
        "questions": "题数",
        "plots": "把握与速度",
        "risk_plot": "风险与覆盖率",
        "risk_told": "如果只回答最有把握的那一部分问题，其中会有多少答错。线越低越好。",
        "risk_x": "覆盖率：作答的比例",
        "risk_y": "风险：其中答错的比例",
        "every": "全部题目",
        "confidence_plot": "把握的分布",
        "confidence_told": "两类题离得越远，越容易分清。门槛左边的都会拒答。",
        "confidence_x": "把握",
        "confidence_y": "占同类题的比例",
        "answerable": "报告能回答（{n}）",
        "unanswerable": "报告不能回答（{n}）",
        "threshold": "门槛 {t}",
        "time_plot": "每题用时",
        "time_told": "线的正中是中位数，右端陡起的是最慢的几题。",
        "time_x": "用时不超过此值的题（%）",
        "time_y": "毫秒",
        "total": "作答",
        "search": "检索",
        "encode": "编码问题",
        "drawing": "纵轴为{y}，横轴为{x}：{names}",
        "missed": "没有引到证据：{n}",
        "refused": "能回答却拒答：{n}",
        "invented": "不能回答却作答：{n}",
        "first": "只列前 {n} 题，保存的结果里有全部。",
        "after": "上文：{text}",
        "sure": "把握 {c}",
        "expected": "应有的证据",
        "quoted": "引用了",
        "would_quote": "本会引用",
        "passages": "排在最前的段落",
        "no_evidence": "无：报告没有写",
        "nothing": "无",
        "cited": "引到了",
        "uncited": "没有引到",
        "holds": "含有证据",
        "score": "得分 {s}",
        "only_in": "有 {n} 题只在 {name} 里，没有比较。",
        "span": "{low} 至 {high}",
        "times": "用时还受电脑当时其他工作的影响。",
        "most": "只列前 {n} 题。",
        "flip_better": "变对",
        "flip_worse": "变错",
        "flip_other": "有变",
        "no_comparison": "不比较",
        "every_shipped": "随附的全部",
        "from_chat": "问答中记入的",
        "intro": "还没有评测过",
        "intro_what": "评测会把题集里的问题全部问一遍，统计有多少题引到了应有的原文、有多少报告没有写的"
        "题被正确拒答。在上面选一个题集，点“开始评测”；结果会保留，以后可以互相比较。",
        "intro_gold": "题集是一份已知答案的问题：JSON Lines 文件（.jsonl），每行一题，字段有 id、type、"
        "question、answerable 和 evidence（答案必须引到的原文）。格式见 corpus/gold/README.md，例如：",
        "intro_chat": "也可以先在“问答”里提问，再点回答下面的“记入题集”：这一题会记入题集 chat，证据就是"
        "引用的原文；被拒答的，则记为报告不能回答的题。",
    },
}

# What a measure is called; in English by its own label.
MEASURE_NAMES: dict[str, dict[str, str]] = {
    "zh": {
        "evidence_recall": "证据引到率",
        "citation_precision": "引用准确率",
        "list_item_recall": "列表项引到率",
        "list_item_precision": "列表项准确率",
        "answer_in_top1": "第一处引用含答案",
        "answer_in_top3": "前三处引用含答案",
        "recall@1": "前 1 段召回率",
        "recall@5": "前 5 段召回率",
        "recall@10": "前 10 段召回率",
        "mrr@10": "MRR@10",
        "ndcg@10": "nDCG@10",
        "refusal_unanswerable": "不能回答的题拒答率",
        "refusal_answerable": "能回答的题拒答率",
        "auroc": "把握的 AUROC",
        "aurc": "风险曲线下面积",
        "risk@0.5": "覆盖率 0.5 时的风险",
        "risk@0.8": "覆盖率 0.8 时的风险",
        "risk@1": "覆盖率 1 时的风险",
        "citations_per_factual_answer": "事实题每答引用数",
        "latency_ms_p50": "作答毫秒，中位数",
        "latency_ms_p95": "作答毫秒，95 %",
        "search_ms_p50": "检索毫秒，中位数",
        "search_ms_p95": "检索毫秒，95 %",
        "encode_ms_p50": "编码毫秒，中位数",
        "search_to_encode": "检索与编码用时之比",
    },
}

# What a measure tells, in a line for who meets it for the first time.
EXPLAINED: dict[str, dict[str, str]] = {
    "en": {
        "evidence_recall": "Of the answerable questions, how many quote all of their evidence; a "
        "list counts by its share of items. Higher is better.",
        "citation_precision": "Of what is quoted, how much holds evidence. Higher is better.",
        "list_item_recall": "Of the items that a list should have, how many are quoted. Higher is "
        "better.",
        "list_item_precision": "Of the items quoted as a list, how many belong to it. Higher is "
        "better.",
        "answer_in_top1": "Of the answerable questions, how many have evidence in the first quotation. "
        "Higher is better.",
        "answer_in_top3": "The same for the first three quotations.",
        "recall@1": "Of the passages that hold the answer, how many the search puts first. Higher "
        "is better.",
        "recall@5": "The same for its first 5 passages.",
        "recall@10": "The same for its first 10 passages.",
        "mrr@10": "Mean of 1 / place of the first passage that holds the answer: 1 if it is always "
        "first, 0.5 if second. Higher is better.",
        "ndcg@10": "How high all passages that hold the answer stand among the first 10: 1 if "
        "nothing stands above them. Higher is better.",
        "refusal_unanswerable": "Of the questions that the reports do not answer, how many are "
        "rightly refused. Higher is better.",
        "refusal_answerable": "Of the questions that they do answer, how many are wrongly refused. "
        "Lower is better.",
        "auroc": "How often an answerable question gets more confidence than an unanswerable one: 1 "
        "is always, 0.5 is chance. Higher is better.",
        "aurc": "The mean share of wrong answers over all thresholds, strict to generous. Lower is "
        "better.",
        "risk@0.5": "The share of wrong answers if only the surest half is answered. Lower is "
        "better.",
        "risk@0.8": "The same if the surest 80 % are answered.",
        "risk@1": "The same if every question is answered, also those that the reports do not answer.",
        "citations_per_factual_answer": "How many quotations with evidence an answer that is no list "
        "has. Neither more nor fewer is better.",
        "latency_ms_p50": "Half of the questions are answered within this time.",
        "latency_ms_p95": "All but the slowest 5 % are answered within this time.",
        "search_ms_p50": "Half of the searches take no longer.",
        "search_ms_p95": "All but the slowest 5 % of the searches take no longer.",
        "encode_ms_p50": "Half of the questions are encoded by the model within this time.",
        "search_to_encode": "How long a search takes, measured in encodings of its question.",
    },
    "zh": {
        "evidence_recall": "能回答的题里，引到全部证据的比例；列表题按引到的项数算。越高越好。",
        "citation_precision": "引用的内容里，含有证据的比例。越高越好。",
        "list_item_recall": "列表题应有的各项里，引到的比例。越高越好。",
        "list_item_precision": "作为列表引用的各项里，确实属于它的比例。越高越好。",
        "answer_in_top1": "能回答的题里，第一处引用就含有证据的比例。越高越好。",
        "answer_in_top3": "同上，看前三处引用。",
        "recall@1": "含有答案的段落里，被检索排在第一的比例。越高越好。",
        "recall@5": "同上，看前 5 段。",
        "recall@10": "同上，看前 10 段。",
        "mrr@10": "含有答案的第一段排名的倒数，取平均：总在第一是 1，总在第二是 0.5。越高越好。",
        "ndcg@10": "含有答案的各段在前 10 段里排得多靠前：前面没有别的段落是 1。越高越好。",
        "refusal_unanswerable": "报告没有答案的题里，正确拒答的比例。越高越好。",
        "refusal_answerable": "报告有答案的题里，被错误拒答的比例。越低越好。",
        "auroc": "任取一道能回答的和一道不能回答的题，前者把握更高的机会：1 是总能分清，0.5 等于瞎猜。越高越好。",
        "aurc": "从严到宽各种门槛下，答错比例的平均。越低越好。",
        "risk@0.5": "只回答最有把握的一半题时，答错的比例。越低越好。",
        "risk@0.8": "同上，回答最有把握的 80 %。",
        "risk@1": "同上，全部都答，报告没有答案的也答。",
        "citations_per_factual_answer": "不是列表的答案里，平均有几处引用含有证据。多少没有好坏之分。",
        "latency_ms_p50": "一半的题在这个时间内答完。",
        "latency_ms_p95": "除了最慢的 5 %，都在这个时间内答完。",
        "search_ms_p50": "一半的检索不超过这个时间。",
        "search_ms_p95": "除了最慢的 5 %，检索都不超过这个时间。",
        "encode_ms_p50": "一半的问题由模型编码不超过这个时间。",
        "search_to_encode": "检索一次的用时，相当于编码同一问题用时的多少倍。",
    },
}

# What a type of question is called; in English as the gold set writes it.
TYPE_NAMES: dict[str, dict[str, str]] = {
    "zh": {
        "fact": "事实",
        "why": "原因",
        "list": "列表",
        "paraphrase": "换说法",
        "traditional": "繁体",
        "noise": "损坏处",
        "follow_up": "追问",
        "unanswerable": "不能回答",
        "own paragraph": "有原段落",
        "paragraph removed": "去掉原段落",
    },
}

TYPES_EXPLAINED: dict[str, dict[str, str]] = {
    "en": {
        "fact": "asks for one fact",
        "why": "asks for a reason",
        "list": "asks for several items",
        "paraphrase": "shares few words with the report",
        "traditional": "is asked in Traditional script",
        "noise": "needs a damaged place of the report",
        "follow_up": "goes on from an earlier question",
        "unanswerable": "asks for what the reports do not say",
    },
    "zh": {
        "fact": "问一件事实",
        "why": "问原因",
        "list": "问几项内容",
        "paraphrase": "与报告用词很少相同",
        "traditional": "用繁体字提问",
        "noise": "答案在报告的损坏处",
        "follow_up": "接着上一个问题问",
        "unanswerable": "问的是报告没有写的",
    },
}

# What happened to a question, and what a comparison concludes; in English by their own name.
_SAID: dict[str, dict[str, str]] = {
    "zh": {
        "refused": "拒答",
        "answered": "作答",
        "cited": "引到证据",
        "partly cited": "引到一部分证据",
        "not cited": "没有引到证据",
        "better": "变好",
        "worse": "变差",
        "higher": "变高",
        "lower": "变低",
    },
}


def measure_name(measure: Measure, language: str) -> str:
    """What a measure is called."""
    return MEASURE_NAMES.get(language, {}).get(measure.key, measure.label)


def type_name(name: str, language: str) -> str:
    """What a type of question is called."""
    return TYPE_NAMES.get(language, {}).get(name, name)


def said(name: str, language: str) -> str:
    """An outcome's state or a comparison's verdict, in words."""
    return _SAID.get(language, {}).get(name, name)
