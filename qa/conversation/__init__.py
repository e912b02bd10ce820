"""A follow-up question to one that stands alone.

Imports matching, question and types of qa, and indexer.
"""
