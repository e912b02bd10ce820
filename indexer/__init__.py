"""From report files to a searchable snapshot: load, clean, outline, cut, encode, write.

`build` is the whole flow. Imports nothing of qa or ui.
"""
