"""One module a format, from a file's bytes to lines; `indexer.load` says which takes which."""
