"""Ranked passages to an answer: what to quote, how sure it is, what must be noted, why.

May import retrieval, context and below; nothing of conversation.
"""
