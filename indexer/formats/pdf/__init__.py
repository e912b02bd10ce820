"""PDF files to lines: glyphs, the lines that they form, and which raw text each came from.

Imports formats.layout and the shared modules of formats.
"""
