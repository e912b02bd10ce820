"""Raw text to clean text: `rules.py` lists what finds noise and damage, `trail.py` records every edit.

May import structure, text, document and messages of indexer.
"""
