"""The session's surroundings: search path, mounts, user directories, sudo, conda's activation."""
