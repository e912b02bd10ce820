"""A follow-up question to one that stands alone.

May import retrieval, context and below; nothing of answering.
"""
