"""Accounts of applicants, without their pages."""
