"""HTML, XHTML and MHTML to lines: parse the tree, mark its boilerplate, write its blocks.

May import the shared modules of formats and below.
"""
