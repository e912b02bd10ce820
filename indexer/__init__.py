"""From report files to a searchable snapshot: load, clean, outline, cut, encode, write; `build.py` is the whole flow.

Also `messages.py` and `locale/`, the words of the whole program in each language. Imports nothing of qa or ui.
"""
