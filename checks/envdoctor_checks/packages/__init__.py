"""PKG: installed packages."""
