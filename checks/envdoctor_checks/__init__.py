"""The built-in checks: one module a family, loaded by entry point like any plugin."""
