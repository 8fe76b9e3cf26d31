"""Logging in with the account of the office's own directory (统一身份认证), by OpenID Connect."""
