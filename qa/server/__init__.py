"""What a running server keeps: the live index, indexing jobs, evaluation runs, feedback, turns.

Imports evaluation, qa.index and below; nothing of the web page.
"""
