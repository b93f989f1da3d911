"""What every role may do over all actions of IAM, as an evaluator judges that is not ours."""
