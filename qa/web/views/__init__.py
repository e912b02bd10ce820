"""Render HTML: conversation, panel of sources, cleaning, reports, evaluation.

Imports server and below; nothing of Gradio.
"""
