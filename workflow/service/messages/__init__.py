"""What people are told: what is due, whom it reaches and how, what was sent, what is taken back."""
