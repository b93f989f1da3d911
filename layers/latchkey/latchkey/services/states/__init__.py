"""AWS Step Functions: starting executions of one state machine."""
