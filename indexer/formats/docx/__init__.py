"""Load Word documents: headings by style, list numbers as Word shows them, tables, notes.

May import the shared modules of formats and below.
"""
