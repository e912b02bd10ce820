"""Encode texts as vectors: prepare a model once, compile it to int8 ONNX, encode.

May import config, errors and messages of indexer.
"""
