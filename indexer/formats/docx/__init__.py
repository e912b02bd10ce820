"""Word documents to lines: headings by style, list numbers as Word shows them, tables, notes.

Imports the shared modules of formats.
"""
