CREATE INDEX instance_history_at ON instance_history (at);
