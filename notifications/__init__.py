"""Delivery: the worker, its rounds over what is due, and the channels. Which reminders a day has stands in
workflow/reminders, what goes to whom in workflow/service/messages."""
