"""From report files to a snapshot: load, clean, outline, passages, segment, encode, write."""
