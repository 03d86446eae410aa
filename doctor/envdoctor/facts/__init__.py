"""What can be known of a session: a package a subject, each module with its facts and their probes."""
