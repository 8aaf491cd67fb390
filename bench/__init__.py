"""What Tech Force costs, as a ratio to the least that a Django page can cost here (`make bench`)."""
