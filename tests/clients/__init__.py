"""Clients that generators make of the OpenAPI document, held to it by their types and walked against a real server: what
`make clients` runs (docs/testing.md). Nothing here is a test of `make test`; what needs neither network nor node is asked in
tests/webui/api/test_for_generators.py."""
