ALTER TABLE agent_release ADD COLUMN published BIGINT NOT NULL DEFAULT 0;

CREATE INDEX instances_demote ON instances (demote_at);

CREATE INDEX instances_live ON instances (deleted, lifecycle, lock_owner);

CREATE INDEX instance_history_event ON instance_history (event, at);
