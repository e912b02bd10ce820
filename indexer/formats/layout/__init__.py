"""Positioned text to reading order: columns, tables, headings by size, for PDF and OCR alike.

May import the shared modules of formats; nothing of pdf or picture, which use it.
"""
