"""What can be known of a session: one module a subject, each with its facts and the probes that fill them."""
