"""A page of a PDF as a picture, with the quotation lit on it.

Imports views, context and indexer.formats.pdf.
"""
