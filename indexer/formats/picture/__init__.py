"""Load scans and pictures by OCR.

May import layout and the shared modules of formats.
"""
