"""What all stages know of Chinese text: folding, segmenting, the lexicon, quantities, patterns of lines.

Imports config, errors and types only.
"""
