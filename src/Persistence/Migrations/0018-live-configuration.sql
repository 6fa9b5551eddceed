ALTER TABLE configurations ADD COLUMN values_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE instances ADD COLUMN configuration_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE instances ADD COLUMN configuration_due INT NOT NULL DEFAULT 0;
CREATE INDEX instances_configuration ON instances (configuration_id);
CREATE INDEX instances_configuration_due ON instances (configuration_due);
ALTER TABLE guests ADD COLUMN wait_for_restart VARCHAR(4000) NOT NULL DEFAULT '';
ALTER TABLE guests ADD COLUMN configuration_given_up VARCHAR(2000) NULL;
