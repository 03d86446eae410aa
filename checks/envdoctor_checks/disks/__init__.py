"""DSK: caches, disks and file systems."""
