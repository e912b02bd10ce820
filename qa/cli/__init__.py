"""The command line, without `yinju serve`, which ui.py adds.

May import evaluation, serialize, qa.index and below; nothing of the web page.
"""
