"""The parts of the web page, a module a tab; ui.py puts them together.

Imports server and below; nothing of the command line.
"""
