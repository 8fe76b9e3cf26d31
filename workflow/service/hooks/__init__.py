"""What other systems are told of cases (数据推送): to which addresses, what was delivered (docs/decisions/0061)."""
