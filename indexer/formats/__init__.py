"""Files of each format to lines of text: one function a format, chosen by suffix in `indexer/load.py`.

May import document, text, config, errors and messages of indexer.
"""
