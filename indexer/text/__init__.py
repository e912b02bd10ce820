"""What all stages know of Chinese text: folding, segmenting, the lexicon, quantities, patterns of lines.

May import config, errors and messages of indexer.
"""
