"""Files of each format to lines of text: one function a format, chosen by suffix in `indexer.load`.

Imports cleaning, text, config and the modules that its formats share.
"""
