"""What must be said to whom, and its delivery.

`due` says which reminders are due (pure); `watching` asks the store which cases they can concern;
`playing` tells those of a docket.
"""
