"""HTML, XHTML and MHTML to lines: parse the tree, drop what is around the report, write its blocks.

Imports the shared modules of formats.
"""
