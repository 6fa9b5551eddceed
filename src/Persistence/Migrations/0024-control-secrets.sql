CREATE TABLE control_secrets (
  id VARCHAR(36) NOT NULL PRIMARY KEY,
  value LONGTEXT NOT NULL
) {options};
