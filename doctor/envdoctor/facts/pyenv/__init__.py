"""pyenv's versions, its selection and its shims."""
