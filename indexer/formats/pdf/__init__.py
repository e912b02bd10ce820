"""PDF files to lines: glyphs, the lines that they form, and which raw text each came from.

May import layout and, for scanned pages, picture.
"""
