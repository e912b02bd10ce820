"""A page of a report's file as an image, with the quotation highlighted on it.

May import views, context and indexer.formats.pdf.
"""
