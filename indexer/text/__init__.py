"""Chinese text, for all stages: folding, segmenting, the lexicon, quantities, patterns of lines.

May import config, errors and messages of indexer.
"""
