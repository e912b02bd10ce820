"""Load HTML, XHTML and MHTML: parse the tree, mark its boilerplate, write its blocks.

May import the shared modules of formats and below.
"""
