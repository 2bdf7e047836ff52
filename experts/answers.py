"""The experts' room answers nothing by itself: evaluation, which also knows the chair, answers out of `experts.reads`."""
