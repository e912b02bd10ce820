"""Ranked passages to an answer: what to quote, how sure it is, what must be noted, why.

Imports retrieval and what that imports.
"""
