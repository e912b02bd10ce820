"""What a running server keeps: the live index, indexing jobs, evaluation runs, feedback, turns.

May import evaluation, qa.index and below; nothing of the web page.
"""
