"""Values for the HTML of `templates/`: conversation, panel of sources, cleaning, reports, evaluation.

May import server and below; nothing of Gradio.
"""
