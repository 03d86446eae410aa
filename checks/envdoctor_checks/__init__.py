"""The built-in checks: a package a family, loaded by entry point like any plugin."""
