"""Scans and pictures to lines, by OCR.

May import layout and the shared modules of formats.
"""
