"""A question to ranked passages: hybrid search, windows, sentences, passages, or a cross-encoder.

Imports matching, question, settings and types of qa, and indexer.
"""
