"""The web page: wiring only, no logic that qa or indexer could own."""
