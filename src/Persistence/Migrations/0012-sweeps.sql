ALTER TABLE backups ADD COLUMN sweep_at BIGINT NULL;
CREATE INDEX backups_sweep ON backups (sweep_at);
