"""Applicants' own accounts (我的账户): how somebody comes in, what they hold there, the requests they see, what they take
away. An account is a help, never a condition: number and query code open every request without it."""
