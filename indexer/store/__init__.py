"""A snapshot on disk: catalogue (SQLite), BM25 (tantivy), vectors (FAISS), and which one is current.

Imports parsed_report, cleaning.trail, structure.outline and text.
"""
