"""What people and other systems read: summary, result, sheet, notices, register."""
