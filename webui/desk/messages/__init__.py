"""What a person is told: inbox, morning sheet, wishes, and what was sent to whom."""
