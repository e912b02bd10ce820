"""From ranked passages to an answer: what to quote, how sure that is, the notes, and the reasons.

May import confidence, retrieval, context and below; nothing of conversation.
"""
