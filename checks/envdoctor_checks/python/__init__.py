"""PY: which Python runs, and what comes before its library and packages."""
