"""Set a report in the formats and layouts in which such reports come."""
