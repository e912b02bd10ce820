"""Load PDF files: read glyphs, arrange them into lines, and find the glyphs of a piece of text.

May import layout and, for scanned pages, picture.
"""
