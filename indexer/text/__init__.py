"""What all stages know of Chinese text: folding, segmenting, the lexicon, numbers, patterns of lines.

Imports config, errors and types only.
"""
