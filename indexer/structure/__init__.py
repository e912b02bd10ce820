"""Clean text to structure: headings, tables of contents, lists, passages and windows.

Imports text and types.
"""
