"""日志留存: rotated files of logs, the front server's too, kept in a chain for as long as the rule packs ask."""
