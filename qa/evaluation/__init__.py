"""Gold questions to measures with intervals, comparisons of runs, and a page that shows them.

May import qa.index and below; neither the web page nor the command line.
"""
