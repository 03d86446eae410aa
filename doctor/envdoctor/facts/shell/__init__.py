"""Shell syntax, start-up files, aliases."""
