"""Many reports, one answer: they are read into a database, which is asked what the sick machines have in common."""
