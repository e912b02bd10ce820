"""A question to ranked passages: hybrid search, then windows, sentences and passages scored, or a cross-encoder.

May import matching, question, settings and types of qa, and indexer.
"""
