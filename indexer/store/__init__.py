"""A snapshot on disk: catalogue (SQLite), BM25 (tantivy), vectors (FAISS), and which one is current.

May import parsed_report, cleaning.trail, structure, text and what lies below them.
"""
