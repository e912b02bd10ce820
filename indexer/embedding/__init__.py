"""Text to vectors: prepare a model once, compile it to int8 ONNX, encode.

Imports config and errors only.
"""
