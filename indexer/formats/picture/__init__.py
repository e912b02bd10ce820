"""Scans and pictures to lines, by OCR.

Imports formats.layout and the shared modules of formats.
"""
