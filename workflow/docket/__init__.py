"""Whole cases as files: a docket (contracts/docket.md), a timeline, a published table as cases."""
