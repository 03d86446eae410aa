"""ELF files and the dynamic loader."""
