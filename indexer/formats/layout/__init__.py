"""Layout of a page: text with boxes to lines in reading order, tables and headings; for PDF and OCR.

May import the shared modules of formats; nothing of pdf or picture, which use it.
"""
