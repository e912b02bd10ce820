"""From a question to ranked passages: hybrid search, then windows, sentences and passage features.

A cross-encoder decides the final order if one is configured.
May import matching, question, settings and types of qa, and indexer.
"""
