"""Raw text to clean text: rules that find noise and damage, and the trail of every edit.

Imports structure, text, document and config.
"""
