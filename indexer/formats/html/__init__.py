"""HTML, XHTML and MHTML to lines: parse the tree, drop what is around the report, write its blocks.

May import the shared modules of formats and below.
"""
