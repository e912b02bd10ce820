"""Values to HTML: conversation, source, cleaning, reports, evaluation, and their words.

Imports server and below; nothing of Gradio.
"""
