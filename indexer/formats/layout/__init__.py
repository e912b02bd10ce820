"""Positioned text to reading order: columns, tables, headings by size, for PDF and OCR alike.

Imports nothing of the formats that use it.
"""
