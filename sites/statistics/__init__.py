"""统计公报: figures of a period, as charts that the server draws, each with its table beside it."""
