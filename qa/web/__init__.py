"""The web page that ui.py puts together: a module a tab wires it, `views/` and `templates/` make its HTML, `static/` is its
style and scripts.

May import server and below; nothing of the command line.
"""
