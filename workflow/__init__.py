"""The domain: what a case of 依申请公开 is and what the law does with it.

The law (calendar, clock, machine, guards, outcomes, report) is pure: values in, values out, `today`
an argument. `service` puts a transaction around it, `store` keeps it, `commands` is the shell's door.
"""
