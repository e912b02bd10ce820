"""Clean text to structure: headings, tables of contents, lists, passages and windows.

May import text and types of indexer.
"""
