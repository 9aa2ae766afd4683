"""What each path answers, one file each: read, answer."""
