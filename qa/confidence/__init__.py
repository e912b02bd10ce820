"""How probable it is that a quotation answers the question, and what a threshold costs.

May import matching and question of qa, and indexer.
"""
